"""What the Attention page asks the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject

from studio.workers.latest_worker import Verb
from studio.workers.questions import Inquiries, Worker

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


def attention_inquiries(
    make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None
) -> Inquiries:
    """One worker a kind of question; answers that a person waits for first."""
    return Inquiries(_VERBS, _URGENT, make_worker, parent)
