"""Recipes that answer in words, over seeds, measured on the rows that they never saw.

    python -m tests.benchmarks.answers_in_words squad-reader squad-reader-no-attention --seeds 3 --shared squad \
        --set data.max_rows=10000 training.max_steps=2000

One line of JSON a run (figures of the test split, else validation; parameters; seconds of training), then a table with
the mean over seeds and, from two seeds on, the standard deviation.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine import verbs
from engine.runs.history import open_history
from engine.runs.run import Run

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES: dict[str, dict[str, object]] = {
    "squad": {"data.train": "squad/train-v1.1.json", "data.test": "squad/dev-v1.1.json"},
    "multi30k": {
        "data.train": "multi30k/train.de,multi30k/train.en",
        "data.validation": "multi30k/val.de,multi30k/val.en",
        "data.test": "multi30k/test_2016_flickr.de,multi30k/test_2016_flickr.en",
    },
    "ptb": {
        "data.train": "ptb/ptb.train.txt",
        "data.validation": "ptb/ptb.valid.txt",
        "data.test": "ptb/ptb.test.txt",
    },
    "shakespeare": {"data.train": "shakespeare/input.txt"},
    "dialogsum": {
        "data.train": "dialogsum/dialogsum.train.jsonl",
        "data.validation": "dialogsum/dialogsum.dev.jsonl",
        "data.test": "dialogsum/dialogsum.test.jsonl",
    },
}
"""What each data set says of a config, its files below the shared folder."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--shared", choices=FILES, default=None, help="a data set instead of the recipe's own")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--set", nargs="+", default=[])
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    for recipe in asked.recipes:
        for seed in range(asked.seeds):
            found.append(_trained(recipe, seed, asked))
            print(json.dumps(found[-1]), flush=True)
    for line in _table(found, asked.recipes):
        print(line)


def _trained(recipe: str, seed: int, asked: argparse.Namespace) -> dict[str, Any]:
    changes: dict[str, object] = dict(pair.split("=", 1) for pair in asked.set)
    files = FILES[asked.shared] if asked.shared else {}
    config = verbs.load_config(recipe, {**{key: _placed(one) for key, one in files.items()}, "seed": seed, **changes})
    run = verbs.create(config, asked.runs)
    began = time.perf_counter()
    for _ in verbs.train(run):
        pass
    seconds = time.perf_counter() - began
    history = open_history(run.journal)[0]
    began = time.perf_counter()
    evaluated = verbs.evaluate(Run.open(run.path))
    return {
        "recipe": recipe,
        "seed": seed,
        "seconds": round(seconds, 1),
        "evaluation_seconds": round(time.perf_counter() - began, 1),
        "parameters": history.started.num_parameters if history.started else 0,
        "split": evaluated.split,
        "rows": evaluated.num_rows,
        **{key: round(value, 5) for key, value in evaluated.metrics.items()},
        "run": str(run.path),
    }


def _placed(files: object) -> str:
    """A file, or two whose lines belong together."""
    return ",".join(str(SHARED / one) for one in str(files).split(","))


def _table(found: list[dict[str, Any]], recipes: Iterable[str]) -> list[str]:
    told = ("recipe", "seed", "split", "rows", "run")
    keys = [key for key in found[0] if key not in told]
    lines = ["| recipe | " + " | ".join(keys) + " |", "|---" * (len(keys) + 1) + "|"]
    for recipe in recipes:
        runs = [one for one in found if one["recipe"] == recipe]
        lines.append(f"| {recipe} | " + " | ".join(_spread([one[key] for one in runs]) for key in keys) + " |")
    return lines


def _spread(values: list[float]) -> str:
    middle = f"{statistics.mean(values):.4g}"
    return f"{middle} ± {statistics.stdev(values):.2g}" if len(values) > 1 else middle


if __name__ == "__main__":
    main()
