"""Attributions: what is asked once the person rests: what each word changes, which heads matter, trust."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import AttuneError
from engine.records import AttentionMap, Attribution, Faithfulness, Method
from studio.pages.attention.attention_query import Asked, AttentionQuery
from studio.workers.latest_worker import Verb
from studio.workers.query import Asker, Query

_REST_MS = 400
Question = Literal["one-out", "marks", "rollout", "importance", "trust"]
_VERBS: dict[Question, Verb] = {
    "one-out": "attribute",
    "importance": "importance",
    "trust": "trust",
    "marks": "attribute",
    "rollout": "rollout",
}
_WANTED: tuple[Question, ...] = ("marks", "rollout")


class Attributions(QObject):
    """Everything known of the looker's record beyond its maps. `changed`: something more is known, or nothing any more;
    `failed(error)`: what the person wished for cannot be had.

    Leave-one-out comes by itself, the heads' importance and trust after it (importance cannot be stopped half-way);
    marks by a method and rollout when they are wanted. While the person types, `hold` stops all of it.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, looker: AttentionQuery, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._asker = looker, asker
        self._about: Asked | None = None
        self._is_held = False
        self._clear()
        self._wanted_marks: Method | None = None
        self.wants_rollout = False
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._ask)
        looker.asked.connect(self.hold)
        looker.answered.connect(self._begin)

    def _clear(self) -> None:
        self.one_out: Attribution | None = None
        self.importance: dict[str, np.ndarray] = {}
        self.trust: Faithfulness | None = None
        self.marks: dict[Method, Attribution] = {}
        self.rollout: tuple[AttentionMap, ...] = ()
        self.errors: dict[Question, AttuneError] = {}

    @property
    def is_measuring(self) -> bool:
        """Whether trust is still to come."""
        return self._can_explain and self.trust is None and "trust" not in self.errors

    @property
    def is_rolling_out(self) -> bool:
        """Whether rollout is still to come."""
        return self.wants_rollout and not self.rollout and "rollout" not in self.errors

    def hold(self) -> None:
        """Stop what is asked: the text is about to change."""
        self._is_held = True
        self._rest.stop()
        self._asker.stop(*_VERBS)

    def go_on(self) -> None:
        """The text came to rest as it was: ask what was stopped."""
        if self._is_held and self._about is not None and self._about == self._looker.question:
            self._is_held = False
            self._ask_wanted()
            self._rest.start()

    def want_marks(self, method: Method | None) -> None:
        """Mark the text by this method, now and for the answers to come; None: no method needs asking."""
        self._wanted_marks = method
        self.errors.pop("marks", None)
        self._ask_wanted()

    def want_rollout(self, wants: bool = True) -> None:
        """Follow attention through the layers, now and for the answers to come."""
        self.wants_rollout = wants
        self.errors.pop("rollout", None)
        self._ask_wanted()

    def want_importance(self) -> None:
        """The heads' importance now, ahead of what else is measured."""
        if self._can_explain and not self.importance and "importance" not in self.errors:
            self._put("importance")

    @property
    def _can_explain(self) -> bool:
        record = self._looker.record
        return record is not None and "explain" in record.abilities

    def _begin(self) -> None:
        if self._about == self._looker.question:
            self.go_on()
            return
        self._about = self._looker.question
        self._is_held = False
        self._asker.forget(*_VERBS)
        self._clear()  # whoever shows the answer shows that nothing more is known
        self._ask_wanted()
        self._rest.start()

    def _ask(self) -> None:
        if not self._can_explain:
            return
        if self.one_out is None and "one-out" not in self.errors:
            self._put("one-out", "leave-one-out")
            return
        self.want_importance()
        if self.one_out is not None and self.trust is None and "trust" not in self.errors:
            self._put("trust")

    def _ask_wanted(self) -> None:
        method = self._wanted_marks
        is_asked = method is None or method == "leave-one-out" or method in self.marks or "marks" in self.errors
        if not is_asked and (method == "rollout" or self._can_explain):
            self._put("marks", method)
        if self.is_rolling_out:
            self._put("rollout")

    def _put(self, question: Question, *more: object) -> None:
        about = self._about
        if about is not None and about.path == self._looker.path and self._looker.record is not None:
            query = Query(
                _VERBS[question],
                (about, *more),
                *(self._looker.subject, about.text, *more, about.checkpoint),
                switches=about.switches,
            )
            query.success(partial(self._take, question)).failure(partial(self._take_error, question))
            self._asker.ask(query.once(), question)

    def _take(self, question: Question, answer: Any) -> None:
        match question:
            case "trust":
                self.trust = answer
            case "importance":
                self.importance = answer
            case "rollout":
                self.rollout = answer
            case "marks" | "one-out":
                self.marks[answer.method] = answer
        if question == "one-out":
            self.one_out = answer
            self._ask()
        self.changed.emit()

    def _take_error(self, question: Question, error: AttuneError) -> None:
        self.errors[question] = error
        if question == "one-out":
            self.errors["trust"] = error
            self.want_importance()
        if question in _WANTED:
            self.failed.emit(error)
        self.changed.emit()
