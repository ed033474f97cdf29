"""Made-up answers of every kind."""

from __future__ import annotations

import numpy as np

from engine.records import Answers

THREE = ("delivery", "billing", "praise")


def made_answers(
    labels: tuple[str, ...] = ("normal", "spam"),
    num: int = 600,
    *,
    kind: str = "one",
    skill: float = 2.0,
    split: str = "test",
    labelled: bool = True,
    source: str = "",
    seed: int = 0,
    checkpoint: str = "step-40",
    words: int = 6,
) -> Answers:
    """Answers of a model that is right most of the time; with `skill` 0 it only guesses."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 1, (num, len(labels))).astype(np.float32)
    truths: np.ndarray
    if kind == "number":
        truths = chance.normal(3, 1, num)
        logits = (truths + chance.normal(0, 0.5, num)).astype(np.float32)[:, None]
    elif kind == "several":
        truths = chance.random((num, len(labels))) < 0.3
        logits += skill * (2 * truths - 1)
    else:
        truths = chance.choice(
            len(labels), num, p=np.linspace(2, 1, len(labels)) / np.linspace(2, 1, len(labels)).sum()
        )
        logits[np.arange(num), truths] += skill
    texts = [f"text {row} " + " ".join(["word"] * words) for row in range(1, num + 1)]
    return Answers(
        kind=kind,  # type: ignore[arg-type]
        labels=() if kind == "number" else labels,
        positive_label=labels[-1] if kind == "one" and len(labels) == 2 else None,
        loss="mse" if kind == "number" else "binary-cross-entropy" if kind == "several" else "cross-entropy",
        logits=logits,
        truths=truths if labelled else None,
        rows=np.arange(1, num + 1),
        num_tokens=np.full(num, words + 2, np.int32),
        texts=texts,
        split=split,
        source=source,
        checkpoint=checkpoint,
    )
