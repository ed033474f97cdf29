"""Asking: what the rows ask the engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio.workers.latest_worker import Verb
from studio.workers.questions import Questions, Worker

_VERBS: dict[str, Verb] = {
    "attribute": "attribute",
    "similar": "similar",
    "suspects": "suspects",
    "slices": "slices",
    "speed": "speed",
}


class Requests(Questions):
    """Each verb in a worker that the page makes, so that what a person waits for there goes first."""

    def __init__(self, worker_for: Callable[[Verb], Worker], parent: QObject | None = None) -> None:
        super().__init__(_VERBS, (), worker_for, parent)
