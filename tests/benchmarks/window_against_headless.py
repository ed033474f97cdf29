"""Window against headless: the same run in the window, its Training page open, and in a plain process.

    python -m tests.benchmarks.window_against_headless --rounds 3 --waiting default spin-1000 passive

The sides take turns. Time is taken from the journal, between the first and the last step told, so that starting,
reading and the last test do not count; the same config and seed give both sides the same batches. Aim: .97 of the
headless speed. `--waiting` says how idle OpenMP threads wait: on a processor with few cores, threads that spin take
time from the window.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine import events
from engine.runs.journal import JournalReader, parse
from tests.benchmarks.figures import WAITING, OthersLoad, print_table, run_child, tell, wait_until_quiet, worded

AIM = 0.97
SIDES = ("headless", "window")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--recipe", default="quick-look")
    parser.add_argument("--set", nargs="*", default=[], help="PATH=VALUE, put into the recipe")
    parser.add_argument("--waiting", nargs="+", choices=WAITING, default=list(WAITING))
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    parser.add_argument("--child", choices=SIDES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(_train(asked)))
        return
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    for turn in range(asked.rounds):
        for waiting in asked.waiting:
            for side in SIDES if turn % 2 == 0 else reversed(SIDES):
                one = _measure(side, waiting, asked)
                found.setdefault((waiting, side), []).append(one)
                tell(round=turn, waiting=waiting, side=side, **one)
    _print_table(found)


def _measure(side: str, waiting: str, asked: argparse.Namespace) -> dict[str, float]:
    wait_until_quiet(asked.patience, 0.15)
    arguments = ["--child", side, "--steps", str(asked.steps), "--recipe", asked.recipe, "--set", *asked.set]
    with OthersLoad() as load:
        found = run_child("tests.benchmarks.window_against_headless", arguments, WAITING[waiting])
    return {**found, "others_cores": round(load.cores, 2)}


def _print_table(found: dict[tuple[str, str], list[dict[str, float]]]) -> None:
    rows = []
    for (waiting, side), ones in sorted(found.items()):
        headless = np.array([one["steps_per_second"] for one in found[waiting, "headless"]])
        ratios = np.array([one["steps_per_second"] for one in ones]) / headless  # the same batches on both sides
        ratio = worded(ratios) if side == "window" else ""
        tokens = worded((one["tokens_per_second"] for one in ones), 0)
        cpu = worded((one["processor_seconds"] for one in ones), 1)
        others = worded((one["others_cores"] for one in ones), 2)
        seconds = worded((one["seconds"] for one in ones), 2)
        rows.append((waiting, side, seconds, tokens, ratio, f"{AIM}" if ratio else "", cpu, others))
    head = ("waiting", "side", "s, first to last step", "tokens/s", "ratio, pair by pair", "aim", "processor s")
    print_table((*head, "others' cores"), rows)


def _train(asked: argparse.Namespace) -> dict[str, float]:
    changes = {"training.max_steps": asked.steps, **dict(pair.split("=", 1) for pair in asked.set)}
    with tempfile.TemporaryDirectory() as folder:
        train = _in_window if asked.child == "window" else _headless
        began = time.process_time()
        journal = train(asked.recipe, changes, Path(folder))
        return {**_figures(journal), "processor_seconds": round(time.process_time() - began, 2)}


def _headless(recipe: str, changes: dict[str, object], folder: Path) -> Path:
    from engine import verbs

    run = verbs.create(verbs.load_config(recipe, changes), folder, "run")
    for _event in verbs.train(run):
        pass
    return run.journal


def _in_window(recipe_name: str, changes: dict[str, object], folder: Path) -> Path:
    from PySide6.QtCore import QEventLoop

    from studio.app import make_app
    from studio.main_window import MainWindow
    from studio.preferences import Preferences
    from studio.recipes import recipe
    from studio.workers.run_book import RunBook

    app = make_app("light", "en")
    book = RunBook(folder / "runs")
    window = MainWindow(book, Preferences(folder / "studio.ini"))
    window.resize(1440, 900)
    window.show()
    window.beginning.start(recipe(recipe_name).config.with_values(changes), "run")
    assert window.run is not None and window.place == "training"
    loop = QEventLoop()
    book.changed.connect(lambda: loop.quit() if book.active is None else None)
    loop.exec()
    window.close()
    del app
    return window.run / "journal.jsonl"


def _figures(journal: Path) -> dict[str, float]:
    """Tokens are those of the whole batches, without padding; both sides see the same ones."""
    told = [event for event in map(parse, JournalReader(journal).read_lines()) if event is not None]
    steps = [event for event in told if isinstance(event, events.StepsTaken)]
    seconds = steps[-1].time - steps[0].time
    num_steps = int(steps[-1].steps[-1] - steps[0].steps[-1])
    speeds = [event.tokens_per_second for event in told if isinstance(event, events.Progressed)]
    return {
        "seconds": round(seconds, 3),
        "steps": num_steps,
        "steps_per_second": round(num_steps / seconds, 3),
        "tokens_per_second": round(_tokens_per_step(told) * num_steps / seconds, 1),
        "tokens_per_second_told": round(float(np.median(speeds)), 1),
    }


def _tokens_per_step(told: list[events.Event]) -> float:
    """Told speeds times the seconds between them, over the steps between them."""
    progressed = [event for event in told if isinstance(event, events.Progressed)]
    tokens = sum(late.tokens_per_second * (late.seconds - early.seconds) for early, late in pairwise(progressed))
    return tokens / max(1, progressed[-1].step - progressed[0].step)


if __name__ == "__main__":
    sys.exit(main())
