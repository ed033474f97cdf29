"""Session: one project that is labelled now: what comes next, what was said, and what the model learned last."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import Contradiction, LabelsLearned, NextText, Order
from engine.runs.labelling import LEARN_EVERY, LabelJournal, Labelling, Said
from studio.workers.query import Asker, Query

_QUEUE, _LOW = 40, 15
_PAUSE = 120.0
"""Seconds between two labels after which the person was away: no part of how fast they label."""


class Session(QObject):
    """`changed`: another text, other labels, or a new queue; `learned`: the model measured anew; `contradicted(found)`;
    `failed(error)`. Each label is on the disk before the next text is shown; the engine is asked beside it, and what it
    says of the queue is taken when it comes."""

    changed = Signal()
    learned = Signal()
    contradicted = Signal(object)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self.project: Labelling | None = None
        self.measured: LabelsLearned | None = None
        self.order: Order = "teaching"
        self.like: str | None = None
        self.queue: list[NextText] = []
        self.current: NextText | None = None
        self.last: Said | None = None
        self.target = 0.95
        self._journal: LabelJournal | None = None
        self._shown: dict[int, NextText] = {}
        self._learned_at = 0
        self._is_complete = False
        self._times: list[float] = []

    @property
    def journal(self) -> LabelJournal:
        assert self._journal is not None, "a project is open"
        return self._journal

    @property
    def num_labels(self) -> int:
        return len(self.journal.labels.given)

    @property
    def num_since(self) -> int:
        """Labels since the model last learned."""
        return max(0, self.num_labels - self._learned_at)

    @property
    def is_learning(self) -> bool:
        return self._asker.is_asking("learn_labels")

    @property
    def is_asking(self) -> bool:
        """Whether the next texts are awaited."""
        return self._asker.is_asking("labelling_queue")

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to label."""
        return self._is_complete and not self.queue

    @property
    def num_left(self) -> int:
        """Texts that nothing was said of."""
        assert self.project is not None
        labels = self.journal.labels
        return self.project.num_texts - len(labels.given) - len(labels.unsure)

    def labels_a_minute(self) -> float | None:
        """How fast the person labels, pauses left out; None before five labels."""
        steps = [later - sooner for sooner, later in zip(self._times, self._times[1:], strict=False)]
        real = [step for step in steps if step < _PAUSE]
        return 60.0 * len(real) / sum(real) if len(real) >= 4 and sum(real) > 0 else None

    def open(self, path: Path) -> None:
        """Another project. Raises InputError where it cannot be opened."""
        self._asker.stop("labelling_queue", "learn_labels", "contradiction")
        project = Labelling.open(path)
        self._journal, self.project = project.journal(), project
        self.measured, self.order, self.like, self.last = None, "teaching", None, None
        self.queue, self.current, self._shown, self._times = [], None, {}, []
        self._is_complete = False
        self._learned_at = self.num_labels
        self._ask_queue()
        self.learn()
        self.changed.emit()

    # -- what the person says ------------------------------------------------------------------------------------------

    def give(self, label: str) -> None:
        """The label of the current text."""
        current = self.current
        if current is None:
            return
        self._say(lambda: self.journal.label(current.row, label, is_check=current.is_check))
        if current.row in self.journal.labels.given:
            self._times.append(time.monotonic())
            assert self.project is not None
            query = Query("contradiction", (current.row, label), self.project.path, current.row, label)
            self._asker.ask(query.success(self._take_contradiction))

    def skip(self) -> None:
        if (current := self.current) is not None:
            self._say(lambda: self.journal.skip(current.row))

    def unsure(self) -> None:
        if (current := self.current) is not None:
            self._say(lambda: self.journal.unsure(current.row))

    def undo(self) -> None:
        """Take the last act back; its text stands there again."""
        try:
            undone = self.journal.undo()
        except AttuneError as error:
            self.failed.emit(error)
            return
        if undone is None:
            return
        assert self.project is not None
        text = self._shown.get(undone.row)
        if text is None:
            text = NextText(undone.row, self.project.text(undone.row), "check" if undone.is_check else "row")
        self.queue = [text, *(one for one in self.queue if one.row != undone.row)]
        self.current, self._is_complete = text, False
        self._times = self._times[:-1]
        self.last = next(iter(self.journal.labels.acts[-1:]), None)
        self.changed.emit()

    def name(self, label: str) -> None:
        """One more label."""
        try:
            self.journal.name(label)
        except AttuneError as error:
            self.failed.emit(error)
            return
        self.changed.emit()

    def _say(self, act: Callable[[], None]) -> None:
        """Write it down, and go on to the next text."""
        assert self.current is not None
        try:
            act()
        except AttuneError as error:
            self.failed.emit(error)
            return
        done = self.current
        self._shown[done.row] = done
        place = next((number for number, one in enumerate(self.queue) if one.row == done.row), 0)
        self.queue = [one for one in self.queue if one.row != done.row]
        self.current = self.queue[min(place, len(self.queue) - 1)] if self.queue else None
        self.last = next(iter(self.journal.labels.acts[-1:]), None)
        if len(self.queue) < _LOW and not self._is_complete:
            self._ask_queue()
        if self.num_since >= LEARN_EVERY and not self.is_learning:
            self.learn()
        self.changed.emit()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def choose(self, row: int) -> None:
        """Look at another text of the queue."""
        self.current = next((one for one in self.queue if one.row == row), self.current)
        self.changed.emit()

    def step(self, way: int) -> None:
        """The next text of the queue (1), or the one before it (-1)."""
        if self.current is None or not self.queue:
            return
        place = next((number for number, one in enumerate(self.queue) if one.row == self.current.row), 0)
        self.choose(self.queue[min(max(place + way, 0), len(self.queue) - 1)].row)

    def order_by(self, order: Order, like: str | None = None) -> None:
        """Another order of what comes next."""
        if (order, like) != (self.order, self.like):
            self.order, self.like, self._is_complete = order, like, False
            self.current = None
            self._ask_queue()
            self.changed.emit()

    def learn(self) -> None:
        """Let the model learn from all labels, beside the person."""
        assert self.project is not None
        key = (self.project.path, self.num_labels)
        query = Query("learn_labels", key, self.project.path, self.target)
        self._asker.ask(query.success(self._take_learned).failure(self.failed.emit))

    def take_file(self) -> None:
        """Labels came from a file: what is shown follows."""
        self.journal.refresh()
        said = self._said()
        self.queue = [one for one in self.queue if one.row not in said]
        if self.current is not None and self.current.row in said:
            self.current = self.queue[0] if self.queue else None
        self.learn()
        self.changed.emit()

    def _said(self) -> set[int]:
        labels = self.journal.labels
        return {*labels.given, *labels.unsure}

    def _ask_queue(self) -> None:
        assert self.project is not None
        key = (self.project.path, self.order, self.like, self.num_labels, len(self.journal.labels.acts))
        query = Query("labelling_queue", key, self.project.path, self.order, _QUEUE, self.like, relearn=False)
        self._asker.ask(query.success(self._take_queue).failure(self._refuse_queue))

    def _take_queue(self, found: tuple[NextText, ...]) -> None:
        """What was said meanwhile is left out; the text that is being read stays where it is."""
        done = {*self._said(), *self.journal.labels.skipped}
        fresh = [one for one in found if one.row not in done]
        if not fresh:  # only skipped ones are left
            fresh = [one for one in found if one.row not in self._said()]
        self._is_complete = len(found) < _QUEUE
        current = self.current
        if current is not None and current.row not in done:
            now = next((one for one in fresh if one.row == current.row), current)
            fresh = [now, *(one for one in fresh if one.row != current.row)]
        self.queue = fresh
        self.current = fresh[0] if fresh else None
        self.changed.emit()

    def _refuse_queue(self, error: AttuneError) -> None:
        """What came before stays; where nothing did, what teaches most is asked for."""
        was_usual = self.order == "teaching"
        self.order, self.like = "teaching", None
        self.current = self.queue[0] if self.queue else None
        if not self.queue and not was_usual:
            self._ask_queue()
        self.failed.emit(error)
        self.changed.emit()

    def _take_learned(self, found: LabelsLearned) -> None:
        self.measured, self._learned_at = found, found.num_labels
        self._ask_queue()
        self.learned.emit()
        self.changed.emit()

    def _take_contradiction(self, found: Contradiction | None) -> None:
        if found is not None:
            self.contradicted.emit(found)
