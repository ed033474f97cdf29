"""Data room: how fast real data are read, examined and cut into tokens, and what bucketing by length saves.

    python -m tests.benchmarks.data_room --rounds 3

IMDB's 25,000 training reviews. Reading stands beside the csv module of the standard library, bucketed batches beside
batches drawn at random.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.data.diagnosis.doctor import diagnose
from engine.data.sources.tables import read_table
from engine.data.splitting.splits import load_splits
from engine.data.tokens.batches import BucketedBatches, collate
from engine.data.tokens.encoding import Encoded, encode
from engine.data.tokens.tokenizer import train_tokenizer
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet, worded

TRAIN = Path(__file__).resolve().parents[3] / "shared" / "data" / "imdb" / "train.csv"
_BATCH_SIZES = (16, 32, 64)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    asked = parser.parse_args()
    found: dict[str, list[float]] = {}
    others: list[float] = []
    for turn in range(asked.rounds):
        wait_until_quiet(asked.patience, 0.15)
        with tempfile.TemporaryDirectory() as folder, OthersLoad() as load:
            os.environ["ATTUNE_CACHE"] = folder
            measured = _measure()
        others.append(load.cores)
        for name, value in measured.items():
            found.setdefault(name, []).append(value)
        tell(
            round=turn, **{name: round(value, 4) for name, value in measured.items()}, others_cores=round(load.cores, 2)
        )
    print_table(("figure", "median (least to greatest)"), [(name, worded(values)) for name, values in found.items()])
    print(f"\nOthers' cores: {worded(others, 2)}")


def _measure() -> dict[str, float]:
    config = verbs.load_config("attention", {"data.train": str(TRAIN), "data.text": "text", "data.label": "label"})
    megabytes = TRAIN.stat().st_size / 1e6
    plain, _ = _timed(_read_with_csv_module)
    cold, table = _timed(lambda: read_table(config.data.train, config.data.builtin))
    warm, _ = _timed(lambda: read_table(config.data.train, config.data.builtin))
    report, _ = _timed(lambda: diagnose(config.data, config.task, 0))
    loading, splits = _timed(lambda: load_splits(config.data, config.task, 0))
    train = splits.splits["train"]
    learning, tokenizer = _timed(lambda: train_tokenizer(config.data.tokenizer, train["text"], config.data.max_length))
    whole, every_token = _timed(lambda: encode(train, tokenizer, 1_000_000, config.task.target, splits.labels))
    cut, encoded = _timed(lambda: encode(train, tokenizer, config.data.max_length, config.task.target, splits.labels))
    return {
        "rows": float(len(table.dataset)),
        "MB": megabytes,
        "read with the csv module, MB/s": megabytes / plain,
        "read the first time, MB/s": megabytes / cold,
        "read again (from the cache), MB/s": megabytes / warm,
        "first reading / csv module": plain / cold,
        "doctor, s": report,
        "doctor, rows/s": len(table.dataset) / report,
        "splits, s": loading,
        "vocabulary learned, s": learning,
        "tokens of whole texts, million": float(every_token.lengths.sum()) / 1e6,
        "encoded whole, million tokens/s": float(every_token.lengths.sum()) / whole / 1e6,
        f"encoded to {config.data.max_length}, million tokens/s": float(encoded.lengths.sum()) / cut / 1e6,
        **_padding(encoded, str(config.data.max_length)),
        **_padding(every_token, "none"),
    }


def _read_with_csv_module() -> int:
    csv.field_size_limit(2**31 - 1)
    with TRAIN.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def _padding(encoded: Encoded, limit: str) -> dict[str, float]:
    """Share of the tokens of one epoch that only fill up."""
    shares: dict[str, float] = {}
    for size in _BATCH_SIZES:
        order = np.random.default_rng(0).permutation(len(encoded))
        drawn = [order[start : start + size] for start in range(0, len(order), size)]
        bucketed = BucketedBatches(encoded, size, seed=0)
        kinds = {
            "at random": [collate(encoded, rows).input_ids.numel() for rows in drawn],
            "bucketed": [bucketed.at(place).input_ids.numel() for place in range(bucketed.batches_per_epoch)],
        }
        for kind, counts in kinds.items():
            share = 1 - float(encoded.lengths.sum()) / sum(counts)
            shares[f"padding, limit {limit}, batches of {size}, {kind}"] = share
    return shares


if __name__ == "__main__":
    sys.exit(main())
