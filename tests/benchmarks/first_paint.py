"""First paint: from the start of the process until the window's first picture, beside an empty PySide6 window.

    python -m tests.benchmarks.first_paint --rounds 9

Four sides take turns: an empty window with pyqtgraph imported, the same with an empty plot in it, Attune with a fresh
folder of runs, and Attune with thirty finished runs. `event` is the first Paint event of the window, `painted` the
moment when all of the window is drawn. Aim: 1.3 times the empty window. The processor seconds hardly feel what else
the machine does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from engine import events
from engine.config.run import RunConfig
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from tests.benchmarks.figures import measured_quietly, print_table, run_child, tell, worded

AIM = 1.3
SIDES = ("empty", "plot", "attune", "attune-30-runs")
_CHILD = "tests.benchmarks.first_paint_child"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--patience", type=float, default=20.0, help="seconds to wait for a quiet moment, each time")
    parser.add_argument("--quiet-below", type=float, default=0.15, help="cores in use by others that disturb")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = _take_turns(Path(folder), asked)
    _print_table(found)


def _take_turns(folder: Path, asked: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    runs = {"attune": folder / "no-runs", "attune-30-runs": folder / "runs"}
    _write_runs(runs["attune-30-runs"], 30)
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for side in SIDES:
        _paint(side, runs, folder)  # fills the caches of files and compiled modules
    for turn in range(asked.rounds):
        for side in SIDES[turn % len(SIDES) :] + SIDES[: turn % len(SIDES)]:
            one = measured_quietly(lambda side=side: _paint(side, runs, folder), asked.patience, asked.quiet_below)
            found[side].append(one)
            tell(side=side, **one)
    return found


def _paint(side: str, runs: dict[str, Path], folder: Path) -> dict[str, float]:
    settings = {"XDG_CONFIG_HOME": str(folder / "settings"), "XDG_DATA_HOME": str(folder / "data")}
    return run_child(_CHILD, [side, str(runs.get(side, folder))], settings)


def _print_table(found: dict[str, list[dict[str, float]]]) -> None:
    middle = {
        side: [np.median([one[key] for one in ones]) for key in ("painted", "cpu")] for side, ones in found.items()
    }
    rows = []
    for side, ones in found.items():
        ratio, cpu_ratio = (mine / empty for mine, empty in zip(middle[side], middle["empty"], strict=True))
        aim = f"{AIM}" if side.startswith("attune") else ""
        event, painted, cpu = (worded(one[key] for one in ones) for key in ("event", "painted", "cpu"))
        others = worded((one["others_cores"] for one in ones), 2)
        rows.append((side, event, painted, f"{ratio:.2f}", aim, cpu, f"{cpu_ratio:.2f}", others))
    times = ("first Paint event, s", "all painted, s", "ratio to empty", "aim", "processor s", "ratio of those")
    head = ("window", *times, "others' cores")
    print_table(head, rows)


def _write_runs(folder: Path, count: int) -> None:
    """Finished runs of 500 steps with ten evaluations, as a quick look leaves them."""
    for number in range(count):
        run = Run.create(RunConfig(), folder, f"Run {number + 1}")
        with JournalWriter(run.journal) as journal:
            for event in _events_of_a_run():
                journal.append(event)


def _events_of_a_run() -> list[events.Event]:
    labels = ["negative", "positive"]
    told: list[events.Event] = [
        events.RunStarted(
            total_steps=500,
            steps_per_epoch=100.0,
            num_parameters=400_000,
            rows={"train": 3200, "validation": 400, "test": 400},
            labels=labels,
            positive_label=labels[1],
            device="CPU",
            precision="fp32",
            process=1,
        )
    ]
    for last in range(10, 501, 10):
        steps = np.arange(last - 9, last + 1)
        column = {"model": 0.1 + np.exp(-steps / 100)}
        told.append(
            events.StepsTaken(
                steps=steps,
                losses=column,
                learning_rates=column,
                gradient_norms=column,
                accumulation=np.ones(len(steps), dtype=np.int64),
            )
        )
        if last % 50 == 0:
            share = 1 - 0.5 * float(np.exp(-last / 100))
            metrics = {"loss": 1 - share, "accuracy": share, "precision": share, "recall": share, "f1": share}
            told.append(events.Evaluated(step=last, split="validation", metrics=metrics, num_rows=400, intervals={}))
            told.append(
                events.CheckpointSaved(
                    step=last, path=f"checkpoints/step-{last}", is_best=True, metric="f1", value=share
                )
            )
    ended = events.RunFinished(step=500, state="finished", best=None, reason=events.Message("Finished."))
    return [*told, ended]


if __name__ == "__main__":
    sys.exit(main())
