"""Streams: where micro-batches are drawn from, and how far each stream was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.data.tokens.batches import Batch, BucketedBatches, ConsecutiveBatches
from engine.data.tokens.encoding import Encoded

UNLABELLED = "unlabelled"


class Streams:
    """One endless stream a split that is learned from, in order where its examples follow on. A resume goes on at the
    same place of each."""

    def __init__(self, encoded: Mapping[str, Encoded], batch_size: int, seed: int) -> None:
        self._encoded = encoded
        self._batches = {
            name: (ConsecutiveBatches if split.follows_on else BucketedBatches)(split, batch_size, seed)
            for name, split in encoded.items()
        }
        self._positions = dict.fromkeys(self._batches, 0)

    def draw(self, names: tuple[str, ...]) -> Batch:
        """A batch of the first name; of "unlabelled", where it is named too, one beside it."""
        batch = self._next(names[0])
        return replace(batch, unlabelled=self._next(UNLABELLED)) if UNLABELLED in names[1:] else batch

    def draw_all(self, name: str, *, is_pass: bool = True) -> Encoded:
        """All of a stream at once: one pass, unless others are to read it from its beginning."""
        self._positions[name] += self.per_epoch(name) if is_pass else 0
        return self._encoded[name]

    def per_epoch(self, name: str) -> int:
        """Batches in one pass through a stream."""
        return self._batches[name].batches_per_epoch

    def epoch(self, name: str) -> float:
        """Passes through a stream so far."""
        return self._positions[name] / self.per_epoch(name)

    def state(self) -> dict[str, int]:
        return dict(self._positions)

    def restore(self, trainer: Mapping[str, Any]) -> None:
        """An older checkpoint knows one stream alone."""
        self._positions |= trainer.get("positions") or {"train": trainer["position"]}

    def _next(self, name: str) -> Batch:
        place = self._positions[name]
        self._positions[name] = place + 1
        return self._batches[name].at(place)
