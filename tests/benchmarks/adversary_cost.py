"""Adversary cost: one update under each adversary beside a plain one, in the processor's time.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.adversary_cost

Texts as long as IMDB's at 256 tokens, a vocabulary of 20,000 words, the recipes' BiLSTM with attention and our
Transformer. The kinds take turns update by update, so that what else the machine does meets them alike; word vectors
are normalized for those that ask for it. Aims: FGM 2.1, VAT 3.1, FreeLB with 3 steps 4 times plain training.
"""

from __future__ import annotations

import argparse
import time

import torch

from engine.config import adversary as choice
from engine.config.classifiers import FromScratch, Recurrent, Transformer
from engine.config.losses import CrossEntropy
from engine.config.optimizer import AdamW, ClipNorm
from engine.config.tasks.classification import Classification
from engine.config.training import TrainingConfig
from engine.data.tokens.batches import Batch
from engine.models.build import build
from engine.tasks.classification.task import ClassificationTask
from engine.training.adversary import make_adversary
from engine.training.device import place
from engine.training.optimizers import make_optimizer
from engine.training.step import take_turn
from tests.benchmarks.figures import OthersLoad, print_table, spread, tell, worded
from tests.engine.text_batch import text_batch

NUM_WORDS = 20_000
MODELS: dict[str, FromScratch] = {"BiLSTM": Recurrent(), "Transformer": Transformer()}
ADVERSARIES: dict[str, tuple[choice.Adversary, float | None]] = {
    "none": (choice.NoAdversary(), None),
    "FGM": (choice.FGM(), 2.1),
    "VAT": (choice.VAT(), 3.1),
    "VAT, as many unlabelled": (choice.VAT(), None),
    "FreeLB, 3 steps": (choice.FreeLB(), 4.0),
    "attention": (choice.AttentionAdversary(), None),
}


class Side:
    """One model under one adversary."""

    def __init__(self, spec: FromScratch, adversary: choice.Adversary) -> None:
        torch.manual_seed(0)
        self._placement = place(TrainingConfig(device="cpu"))
        model = build(
            spec,
            vocabulary_size=NUM_WORDS,
            num_labels=2,
            max_length=256,
            pad_token_id=0,
            labels=("neg", "pos"),
            loss=CrossEntropy(),
            frequencies=_zipf() if getattr(adversary, "normalize_embeddings", False) else None,
        )
        self._task = ClassificationTask(Classification(), model.train(), None, ("neg", "pos"), None, model.device)  # type: ignore[arg-type]
        self._adversary = make_adversary(adversary, self._task)
        self._optimizer = make_optimizer(AdamW(), model)

    def update(self, batch: Batch) -> float:
        """Seconds of the processor."""
        began = time.process_time()
        scaler = self._placement.make_scaler()
        take_turn(
            self._task, "model", [batch], self._optimizer, 1e-4, ClipNorm(), self._placement, scaler,
            adversary=self._adversary,
        )  # fmt: skip
        return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--updates", type=int, default=8, help="of each kind, after two that do not count")
    parser.add_argument("--batch", type=int, default=32)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name, spec in MODELS.items():
        with OthersLoad() as load:
            found = _measure(spec, asked.updates, asked.batch)
        for kind, times in found.items():
            ratios = [one / plain for one, plain in zip(times, found["none"], strict=True)]
            aim = ADVERSARIES[kind][1]
            ratio = round(spread(ratios)[1], 3)
            tell(model=name, adversary=kind, ratio=ratio, seconds=spread(times)[1], others_cores=round(load.cores, 2))
            rows.append((name, kind, worded(times), worded(ratios, 2), "" if aim is None else f"{aim}"))
    print_table(("model", "adversary", "CPU seconds an update", "times plain", "aim"), rows)


def _measure(spec: FromScratch, num_updates: int, size: int) -> dict[str, list[float]]:
    sides = {kind: Side(spec, adversary) for kind, (adversary, _) in ADVERSARIES.items()}
    found: dict[str, list[float]] = {kind: [] for kind in sides}
    generator = torch.Generator().manual_seed(0)
    for number in range(num_updates + 2):
        plain, unlabelled = (_batch(size, generator) for _ in range(2))
        for kind, side in sides.items():
            batch = _with(plain, unlabelled) if "unlabelled" in kind else plain
            seconds = side.update(batch)
            if number >= 2:
                found[kind].append(seconds)
    return found


def _batch(size: int, generator: torch.Generator) -> Batch:
    """Like a bucket of IMDB's: nearly all texts as long as the limit."""
    lengths = torch.randint(200, 257, (size,), generator=generator)
    mask = (torch.arange(256) < lengths[:, None]).long()
    ids = torch.randint(1, NUM_WORDS, mask.shape, generator=generator) * mask
    labels = torch.randint(0, 2, (size,), generator=generator)
    return text_batch(ids, mask, labels)


def _with(batch: Batch, unlabelled: Batch) -> Batch:
    return Batch(**{**vars(batch), "unlabelled": unlabelled})


def _zipf() -> torch.Tensor:
    return 1 / (1 + torch.arange(NUM_WORDS).float())


if __name__ == "__main__":
    main()
