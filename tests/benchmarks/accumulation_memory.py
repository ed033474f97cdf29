"""Accumulation's memory: an update of 16 x 64 texts against one of 1 x 1,024, and whether their gradients agree.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.accumulation_memory

Each runs in a process of its own; what counts is its peak of resident memory (ru_maxrss), once with all that a process
with torch takes anyway and once above it, as measured before the update. Aim: at least 40 % less.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from engine.config.classifiers import Recurrent
from engine.config.losses import CrossEntropy
from engine.config.optimizer import AdamW, ClipNorm
from engine.config.tasks.classification import Classification
from engine.config.training import TrainingConfig
from engine.data.tokens.batches import Batch
from engine.models.build import build
from engine.tasks.classification.task import ClassificationTask
from engine.training.device import place
from engine.training.gradient_meter import GradientMeter
from engine.training.optimizers import make_optimizer
from engine.training.step import take_turn
from tests.benchmarks.figures import print_table, run_child, tell
from tests.engine.text_batch import text_batch

NUM_TEXTS = 1024
NUM_WORDS = 20_000
AIM = 0.4
KINDS = {"1 x 1,024": (1, False), "16 x 64": (16, False), "16 x 64, noise measured": (16, True)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--child", nargs=2, metavar=("KIND", "FILE"))
    parser.add_argument("--tokens", type=int, default=128)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    if asked.child:
        print(json.dumps(_update(asked.child[0], Path(asked.child[1]), asked.tokens)))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for place_of_kind, kind in enumerate(KINDS):
            file = Path(folder) / f"{place_of_kind}.safetensors"
            arguments = ["--tokens", str(asked.tokens), "--child", kind, str(file)]
            found[kind] = {**run_child("tests.benchmarks.accumulation_memory", arguments), "gradient": load_file(file)}
    _print(found)


def _print(found: dict[str, dict[str, object]]) -> None:
    whole = found["1 x 1,024"]
    rows = []
    for kind, one in found.items():
        saved, saved_above = (1 - one[name] / whole[name] for name in ("peak_mb", "above_mb"))  # type: ignore[operator]
        farthest = max(
            float((one["gradient"][name] - gradient).abs().max())  # type: ignore[index]
            for name, gradient in whole["gradient"].items()  # type: ignore[attr-defined]
        )
        shown = {name: value for name, value in one.items() if name != "gradient"}
        tell(kind=kind, **shown, saved=round(saved, 3), saved_above=round(saved_above, 3), farthest=farthest)
        cells = (f"{one['peak_mb']:.0f}", f"{one['above_mb']:.0f}", f"{saved:.0%}", f"{saved_above:.0%}")
        rows.append((kind, *cells, f"{one['seconds']:.1f}", f"{farthest:.1e}"))
    head = (
        "update",
        "peak MB",
        "of it by the update",
        "less in all",
        "less by the update",
        "CPU s",
        "gradient differs by",
    )
    print_table(head, rows)
    print(f"\nAim: at least {AIM:.0%} less.")


def _update(kind: str, file: Path, num_tokens: int) -> dict[str, float]:
    num_parts, is_measured = KINDS[kind]
    torch.manual_seed(0)
    model = build(
        Recurrent(dropout=0.0, embedding_dropout=0.0),
        vocabulary_size=NUM_WORDS,
        num_labels=2,
        max_length=num_tokens,
        pad_token_id=0,
        labels=("neg", "pos"),
        loss=CrossEntropy(),
    )
    task = ClassificationTask(Classification(), model.train(), None, ("neg", "pos"), None, model.device)  # type: ignore[arg-type]
    batches = _parts(num_parts, num_tokens)
    placement = place(TrainingConfig(device="cpu"))
    optimizer = make_optimizer(AdamW(), model)
    before = _peak()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    take_turn(
        task, "model", batches, optimizer, 1e-3, ClipNorm(max_norm=1e6), placement, placement.make_scaler(),
        gradients=GradientMeter() if is_measured else None,
    )  # fmt: skip
    peak = _peak()
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - used
    save_file({name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}, file)
    return {"peak_mb": peak, "above_mb": peak - before, "seconds": seconds}


def _parts(num_parts: int, num_tokens: int) -> list[Batch]:
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(1, NUM_WORDS, (NUM_TEXTS, num_tokens), generator=generator)
    labels = torch.randint(0, 2, (NUM_TEXTS,), generator=generator)
    size = NUM_TEXTS // num_parts
    return [
        text_batch(ids[start : start + size], labels=labels[start : start + size])
        for start in range(0, NUM_TEXTS, size)
    ]


def _peak() -> float:
    """MB; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main()
