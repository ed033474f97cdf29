"""Beside: the bag of words, trained in a thread of its own while the model takes its first steps."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from engine.data.splitting.splits import Splits
from engine.events import BaselineEvaluated
from engine.tasks.classification.baseline import measure_baseline
from engine.tasks.task import ScoresAnswers, Task


class BaselineThread:
    """`take()` gives the baseline's figures once, as soon as they are there. A baseline that is not wanted, has nothing
    to learn from, or is known from an earlier session, is never begun."""

    def __init__(self, splits: Splits, task: Task, seed: int, *, is_wanted: bool) -> None:
        self._splits, self._task, self._seed = splits, task, seed
        self._is_wanted = is_wanted
        self._future: Future[list[BaselineEvaluated]] | None = None
        self.is_known = False

    def begin(self) -> None:
        if self._is_wanted and not self.is_known and isinstance(self._task, ScoresAnswers):
            pool = ThreadPoolExecutor(1, thread_name_prefix="baseline")
            self._future = pool.submit(measure_baseline, self._splits, self._task, self._seed)
            pool.shutdown(wait=False)

    @property
    def is_busy(self) -> bool:
        return self._future is not None and not self._future.done()

    def take(self) -> list[BaselineEvaluated]:
        """Empty while it is still busy, and after it was taken."""
        if self._future is None or self.is_busy:
            return []
        found, self._future = self._future.result(), None
        self.is_known = True
        return found
