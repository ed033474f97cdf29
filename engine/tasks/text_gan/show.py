"""GanShow: a text GAN's evaluation, and what of it is written down for people: meters, samples, comparisons."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import torch

from engine.config.run import RunConfig
from engine.config.tasks.text_gan import TextGan
from engine.data.tokens.encoding import Encoded
from engine.events import Event, ReferenceMeasured, SamplesWritten
from engine.models.train_eval_mode import evaluating
from engine.records import Evaluation, Samples
from engine.runs.run import Run
from engine.runs.samples import write_samples
from engine.tasks.material import Material
from engine.tasks.text_gan.losses import sees_differences_alone
from engine.tasks.text_gan.meters import GanMeters
from engine.tasks.text_gan.pair import Pair
from engine.tasks.text_gan.writing import Writing

REAL_TEXT, MAXIMUM_LIKELIHOOD = "real_text", "maximum_likelihood"


class GanShow:
    """`last` are the newest validation meters, `real_text` those of held-out texts, `openings` how texts begin."""

    def __init__(self, config: RunConfig, material: Material, pair: Pair, length: int, device: torch.device) -> None:
        assert isinstance(config.task, TextGan)
        self._num_samples, self._seed = config.task.num_samples, config.seed
        self._is_centred = sees_differences_alone(config.task.loss)
        self._train = material.encoded["train"]
        self.writing = Writing(pair, material.tokenizer, length, device)
        self._meters: dict[str, GanMeters] = {}
        self._samples: Samples | None = None
        self._told: set[str] = set()
        self._pair = pair
        self.last: dict[str, float] = {}
        self.real_text: dict[str, float] | None = None

    @property
    def openings(self) -> tuple[tuple[str, float, float], ...]:
        return () if self._samples is None else self._samples.openings

    @property
    def num_shown(self) -> int:
        """How many texts the openings were counted in."""
        return 0 if self._samples is None else len(self._samples.invented)

    def evaluate(self, encoded: Encoded, split: str, step: int, phase: str) -> Generator[None, None, Evaluation]:
        """Invent texts and measure them against a split. The training's randomness is not touched."""
        with evaluating(self._pair.generator), evaluating(self._pair.critic):
            return (yield from self._measured(encoded, split, step, phase))

    def events(self, run: Run, step: int, *, is_rehearsed: bool) -> list[Event]:
        """The samples written, and each line of comparison once."""
        assert self._samples is not None and self.real_text is not None
        path = write_samples(run, self._samples)
        told: list[Event] = [
            SamplesWritten(step=step, path=path, phase=self._samples.phase, num_samples=len(self._samples.invented))
        ]
        references = {REAL_TEXT: self.real_text, **({MAXIMUM_LIKELIHOOD: self.last} if is_rehearsed else {})}
        for name, metrics in references.items():
            if name not in self._told:
                told.insert(0, ReferenceMeasured(step=step, name=name, metrics=metrics, num_rows=self._num_samples))
                self._told.add(name)
        return told

    def state(self) -> list[str]:
        return sorted(self._told)

    def restore(self, state: Any) -> None:
        self._told = set(state)

    def _measured(self, encoded: Encoded, split: str, step: int, phase: str) -> Generator[None, None, Evaluation]:
        if split not in self._meters:
            self._meters[split] = GanMeters(self.writing, self._train, encoded, self._seed)
            yield
        meters = self._meters[split]
        real = yield from self._real(meters, split)
        texts = yield from self.writing.invent(self._num_samples, seed=self._seed * 1_000_003 + step)
        if split == "validation" and self._is_centred:
            yield from meters.centre_critic(texts)
        metrics = yield from meters.measure(texts)
        if split == "validation":
            self._samples = yield from meters.samples(texts, step, phase)
            self.last = metrics
        return Evaluation(metrics, split, len(texts), real_text=dict(real))

    def _real(self, meters: GanMeters, split: str) -> Generator[None, None, Mapping[str, float]]:
        if split == "validation" and self.real_text is not None:
            return self.real_text
        real = yield from meters.real_text(self._num_samples)
        if split == "validation":
            self.real_text = real
        return real
