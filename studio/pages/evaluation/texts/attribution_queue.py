"""Marker: finds the words that pushed the model to its answer, for the rows that are seen, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import AttuneError
from engine.records import Attribution, Method
from engine.targets import target_of
from studio.pages.evaluation.draft import Subject
from studio.pages.evaluation.texts.word_marks import WordMarks, word_marks
from studio.workers.query import Asker, Query

METHODS: tuple[Method, ...] = ("leave-one-out", "attention")
_REST_MS = 90
_MOST_KEPT = 4000


@dataclass(frozen=True)
class Wish:
    """A row's text, and the label for which its words count (None: the answer); `against`: what pushed away from it."""

    place: int
    text: str
    label: str | None
    against: bool = False


class AttributionQueue(QObject):
    """`found(place)` when a row's words are known; `refused(error)` once, and then nothing is asked until the subject
    or the method is another. While rows fly by (`want` again and again) nothing is asked."""

    found = Signal(int)
    refused = Signal(object)

    def __init__(self, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._subject: Subject | None = None
        self.method: Method = METHODS[0]
        self._known: dict[tuple[Method, Wish], WordMarks] = {}
        self._wishes: Callable[[], Sequence[Wish]] = lambda: ()
        self._is_refused = False
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._go_on)

    def show_subject(self, subject: Subject | None) -> None:
        self.stop()
        self._subject, self._is_refused = subject, False
        self._known.clear()

    def set_method(self, method: Method) -> None:
        self.stop()
        self.method, self._is_refused = method, False

    def marks(self, wish: Wish) -> WordMarks | None:
        """None where they are not known yet."""
        return self._known.get((self.method, wish))

    def want(self, wishes: Callable[[], Sequence[Wish]]) -> None:
        """Rows by urgency, asked for when it is quiet."""
        self._wishes = wishes
        if self._subject is not None and not self._is_refused:
            self._rest.start()

    def stop(self) -> None:
        """Nobody looks."""
        self._rest.stop()
        self._asker.stop("attribute")

    def _go_on(self) -> None:
        """Ask about the first row that is not known, unless that is being asked already."""
        subject = self._subject
        if subject is None or subject.run is None or self._is_refused:
            return
        wish = next((one for one in self._wishes() if self.marks(one) is None), None)
        if wish is None:
            self._asker.stop("attribute")
            return
        key, how = (subject, self.method, wish), (wish.text, self.method, subject.checkpoint)
        query = Query("attribute", key, subject.run, *how, label=wish.label)
        self._asker.ask(query.success(partial(self._take, subject, self.method, wish)).failure(self._refuse))

    def _take(self, subject: Subject, method: Method, wish: Wish, answer: Attribution) -> None:
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        has_odds = target_of(subject.answers.kind).is_categorical
        self._known[method, wish] = word_marks(answer, wish.text, has_odds=has_odds, against=wish.against)
        self.found.emit(wish.place)
        self._go_on()

    def _refuse(self, error: AttuneError) -> None:
        self._is_refused = True
        self.refused.emit(error)
