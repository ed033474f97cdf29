"""Pace: how fast it learns and how long it will take. Pauses do not count; for the speed, measuring does not either."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from engine.events import Progressed

_TELL_EVERY = 0.5


class Throughput:
    """Counts tokens and seconds. The time left is the mean time of a step so far, evaluations included."""

    def __init__(self, total_steps: int) -> None:
        self._total_steps = total_steps
        self._earlier = 0.0
        self._since: float | None = time.perf_counter()
        self._told_at = time.perf_counter()
        self._tokens = 0
        self._aside = 0.0
        self._rate = 0.0
        self._padding: list[float] = []

    @property
    def seconds(self) -> float:
        running = time.perf_counter() - self._since if self._since is not None else 0.0
        return self._earlier + running

    @property
    def is_due(self) -> bool:
        return time.perf_counter() - self._told_at >= _TELL_EVERY

    def count(self, num_tokens: int, padding_share: float) -> None:
        self._tokens += num_tokens
        self._padding.append(padding_share)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """What is done meanwhile is not learning."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._aside += time.perf_counter() - max(began, self._told_at)

    def pause(self) -> None:
        self._earlier, self._since = self.seconds, None

    def go_on(self) -> None:
        self._since = self._told_at = time.perf_counter()
        self._tokens, self._aside = 0, 0.0

    def restore(self, seconds: float) -> None:
        """Seconds of earlier sessions."""
        self._earlier = seconds

    def tell(self, step: int, epoch: float, memory: int, memory_total: int) -> Progressed:
        now = time.perf_counter()
        if self._tokens:
            self._rate = self._tokens / max(1e-9, now - self._told_at - self._aside)
        told = Progressed(
            step=step,
            total_steps=self._total_steps,
            epoch=epoch,
            seconds=self.seconds,
            seconds_left=self.seconds / max(1, step) * (self._total_steps - step),
            tokens_per_second=self._rate,
            memory_bytes=memory,
            memory_total=memory_total,
            padding_share=float(np.mean(self._padding)) if self._padding else 0.0,
        )
        self._told_at, self._tokens, self._aside, self._padding = now, 0, 0.0, []
        return told
