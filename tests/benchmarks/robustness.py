"""Plain against adversarial training, before and after texts are misspelled and reworded against the model.

    python -m tests.benchmarks.robustness --data ../shared/data/fraud/fraud_call.file --positive fraud --seeds 3

Trains the recipe `fraud-adversarial` with each adversary and seed, attacks test rows with both methods on the best
weights, prints one line of JSON a run, then a table of means ± standard deviations over seeds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.command_line.printing import answered
from engine.records import ATTACK_METHODS
from engine.runs.history import open_history
from engine.runs.run import Run
from tests.benchmarks.figures import print_table, tell

_METRICS = ("precision", "recall", "accuracy")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=None, help="a labelled file (the recipe's own data)")
    parser.add_argument("--positive", default=None, help="the positive label")
    parser.add_argument("--adversaries", nargs="+", default=["none", "fgm"])
    parser.add_argument("--tokenizers", nargs="+", default=["auto"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=200, help="attacked test rows")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--set", nargs="+", default=[])
    asked = parser.parse_args()
    found = []
    for tokenizer in asked.tokenizers:
        for adversary in asked.adversaries:
            for seed in range(asked.seeds):
                found.append(_measured(asked, tokenizer, adversary, seed))
                tell(**found[-1])
    _print(found)


def _measured(asked: argparse.Namespace, tokenizer: str, adversary: str, seed: int) -> dict[str, Any]:
    changes: dict[str, object] = {
        "training.adversary.name": adversary,
        "data.tokenizer.name": tokenizer,
        "training.attacked_rows": 0,
        "training.baseline": False,
        "seed": seed,
        **dict(pair.split("=", 1) for pair in asked.set),
    }
    if asked.data is not None:
        changes |= {"data.train": asked.data, "task.positive_label": asked.positive}
    config = verbs.load_config("fraud-adversarial", changes)
    run = verbs.create(config, asked.runs, f"{tokenizer}-{adversary}-{seed}-{int(time.time())}")
    for _ in verbs.train(run):
        pass
    return {"tokenizer": tokenizer, "adversary": adversary, "seed": seed, **_attacked(run, asked.rows)}


def _attacked(run: Run, num_rows: int) -> dict[str, float]:
    progress = open_history(run.journal)[0].progress
    assert progress is not None
    figures = {"training_seconds": progress.seconds}
    for method in ATTACK_METHODS:
        began = time.perf_counter()
        robust = answered(verbs.attack(run, method, num_rows=num_rows))
        figures[f"{method}_seconds"] = time.perf_counter() - began
        figures |= {f"before_{name}": robust.before[name] for name in _METRICS}
        figures |= {f"{method}_{name}": robust.after[name] for name in _METRICS}
        figures[f"{method}_success"] = robust.success
    return figures


def _print(found: list[dict[str, Any]]) -> None:
    keys = [key for key in found[0] if key not in ("tokenizer", "adversary", "seed")]
    kinds = dict.fromkeys((one["tokenizer"], one["adversary"]) for one in found)
    rows = []
    for key in keys:
        cells = [_spread([one[key] for one in found if (one["tokenizer"], one["adversary"]) == kind]) for kind in kinds]
        rows.append([key.replace("_", " "), *cells])
    print_table(["", *(f"{tokenizer}, {adversary}" for tokenizer, adversary in kinds)], rows)


def _spread(values: list[float]) -> str:
    deviation = f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):.3f}{deviation}"


if __name__ == "__main__":
    main()
