"""Inquiries: what the Attention page asks the engine; the same question is asked once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import QObject

from studio.workers.latest_worker import Verb
from studio.workers.questions import Questions, Worker

Question = Literal[
    "answer", "plain", "second", "one-out", "marks", "rollout", "importance", "trust", "effect", "heads", "exact"
]
_VERBS: dict[str, Verb] = {
    "answer": "attend",
    "plain": "attend",
    "second": "attend",
    "one-out": "attribute",
    "marks": "attribute",
    "rollout": "rollout",
    "importance": "importance",
    "trust": "trust",
    "effect": "switch_effect",
    "heads": "heads",
    "exact": "exact_map",
}
_URGENT: tuple[Question, ...] = ("answer", "plain", "second", "exact")


class Inquiries(Questions):
    """Questions by what they are for. What was asked or answered under a key already is not asked again under it."""

    def __init__(self, make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None) -> None:
        super().__init__(_VERBS, _URGENT, make_worker, parent)
        self._answered: dict[str, object] = {}
        self.answered.connect(self._remember)

    def ask(self, kind: str, key: object, *arguments: Any, **options: Any) -> None:
        if key in (self.asked(kind), self._answered.get(kind)):
            return
        self._answered.pop(kind, None)
        super().ask(kind, key, *arguments, **options)

    def forget(self, *kinds: str) -> None:
        """Let these be asked anew under the same key."""
        self.stop(*kinds)
        for kind in kinds:
            self._answered.pop(kind, None)

    def _remember(self, kind: str, key: object, _answer: object) -> None:
        self._answered[kind] = key
