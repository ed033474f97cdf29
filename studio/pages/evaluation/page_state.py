"""PageState: all that the Evaluation page knows of what is looked over, and the questions behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluated_split import EvaluatedSplit
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.requests import Subject, evaluation_inquiries
from studio.workers.latest_worker import Verb
from studio.workers.questions import Worker
from studio.workers.run_book import RunBook


class PageState(QObject):
    """The rows' answers, the decision that is tried on them, and what the engine says of both; each tells of its own
    changes."""

    def __init__(self, book: RunBook, make_worker: Callable[[Verb], Worker] | None, parent: QObject) -> None:
        super().__init__(parent)
        self.inquiries = evaluation_inquiries(make_worker, self)
        self.examined = EvaluatedSplit(book, self.inquiries, self)
        self.draft = Draft(self)
        self.facts = EvaluationResults(self.examined, self.draft, self.inquiries, self)
        self._soon = QTimer(self, interval=0, singleShot=True)  # first what is known is painted
        self._soon.timeout.connect(self.facts.look_again)
        self.draft.saved_anew.connect(self._soon.start)

    def look_at(self, path: Path) -> None:
        """Another run or model: nothing of the last one is left."""
        if self.examined.look_at(path):
            self.inquiries.forget("counted", "measure", "calibrate", "promise", "report")
            self.draft.open(None)

    def look_again(self) -> None:
        """Where the answers are others than before."""
        answers, before = self.examined.answers, self.draft.subject
        if answers is None or (before is not None and before.answers is answers):
            return
        self.facts.forget_others()
        self.draft.open(Subject(self.examined.run, answers), self.examined.checkpoint)
        self._soon.start()
