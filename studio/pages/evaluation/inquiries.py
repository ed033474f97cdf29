"""What the Evaluation page asks the engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio.workers.latest_worker import Verb
from studio.workers.questions import Inquiries, Worker

_VERBS: dict[str, Verb] = {
    "examine": "examine",
    "counted": "counted",
    "measure": "measure",
    "calibrate": "calibrate",
    "promise": "promise",
    "report": "report",
}
_URGENT = ("examine", "promise")
"""What a person waits for; the rest is measured beside it."""


def evaluation_inquiries(
    make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None
) -> Inquiries:
    """One worker a kind of question."""
    return Inquiries(_VERBS, _URGENT, make_worker, parent)
