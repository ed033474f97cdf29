"""All meters of a text GAN on one split: how like real text, how varied, how copied, how well the critic sees."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.data.tokens.detokenize import spaced
from engine.data.tokens.encoding import Encoded
from engine.metrics.diversity import openings
from engine.metrics.nearest import NearestText
from engine.metrics.text_meters import TextMeters
from engine.records import Sample, Samples
from engine.tasks.text_gan.writing import Writing

_MOST_HELD_OUT = 2000
_NUM_JUDGED = 500
_NUM_SHOWN = 200
_NUM_REAL_SHOWN = 100

Texts = Sequence[Sequence[int]]
"""Token ids, special ones included, without padding."""


class GanMeters:
    """Held-out texts of one split, made ready once; `measure` as often as you like."""

    def __init__(self, writing: Writing, train: Encoded, held_out: Encoded, seed: int) -> None:
        self._writing = writing
        self._train = texts_in(train)
        chosen = np.random.default_rng(seed).permutation(len(held_out))[:_MOST_HELD_OUT]
        real = texts_in(held_out)
        self._real = [real[index] for index in np.sort(chosen)]
        self._train_tokens = [writing.tokens(text) for text in self._train]
        self._meters = TextMeters(self._train_tokens, [writing.tokens(text) for text in self._real], seed=seed)
        self._nearest = NearestText(self._train_tokens)

    def real_text(self, num: int) -> Generator[None, None, dict[str, float]]:
        """Held-out texts, measured as if they were samples."""
        return (yield from self._meters.real_text(num))

    def measure(self, texts: Texts) -> Generator[None, None, dict[str, float]]:
        """Every meter of invented texts; "loss" is NLL_gen."""
        metrics = yield from self._meters.measure([self._writing.tokens(text) for text in texts])
        metrics["nll_gen"] = yield from self._writing.loss_per_token(self._real)
        metrics["nll_div"] = yield from self._writing.loss_per_token(texts)
        critic = yield from self._critic(texts)
        return {"loss": metrics["nll_gen"], **metrics, **critic}

    def centre_critic(self, texts: Texts) -> Generator[None, None, None]:
        """See `Writing.centre`; on as many invented texts as real ones."""
        count = min(_NUM_JUDGED, len(texts), len(self._real))
        yield from self._writing.centre(self._real[:count], texts[:count])

    def samples(self, texts: Texts, step: int, phase: str) -> Generator[None, None, Samples]:
        """What people get to see: some of the texts, judged, with the training texts nearest to them."""
        invented = yield from self._writing.judge(texts[:_NUM_SHOWN])
        real = yield from self._writing.judge(self._real[:_NUM_REAL_SHOWN])
        compared = []
        for sample in invented:
            compared.append(self.with_nearest(sample))
            if len(compared) % 50 == 0:
                yield
        found = openings([one.tokens for one in invented], self._train_tokens, joined=_joined)
        return Samples(step, phase, tuple(compared), tuple(real), tuple(found))

    def with_nearest(self, sample: Sample) -> Sample:
        """With the training text that shares most word pairs with it."""
        index, overlap = self._nearest.find(sample.tokens)
        nearest = self._writing.text(self._train[index]) if index is not None else ""
        return replace(sample, nearest=nearest, overlap=overlap)

    def _critic(self, texts: Texts) -> Generator[None, None, dict[str, float]]:
        """Accuracy, precision and recall of "this text is real", on as many invented texts as real ones."""
        count = min(_NUM_JUDGED, len(texts), len(self._real))
        real = np.array((yield from self._writing.scores(self._real[:count]))) > 0.5
        invented = np.array((yield from self._writing.scores(texts[:count]))) > 0.5
        called = int(real.sum() + invented.sum())
        return {
            "discriminator_accuracy": float((real.mean() + (~invented).mean()) / 2),
            "discriminator_precision": float(real.sum() / called) if called else 0.0,
            "discriminator_recall": float(real.mean()),
        }


def texts_in(encoded: Encoded) -> list[list[int]]:
    """Every text of a split as token ids."""
    bounds = encoded.tokens.offsets.tolist()
    values = np.asarray(encoded.tokens.values).tolist()
    return [values[start:end] for start, end in pairwise(bounds)]


def _joined(tokens: Sequence[str]) -> str:
    return spaced(" ".join(tokens))
