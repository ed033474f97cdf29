"""Known: all that the Evaluation page knows of what is looked over, and the questions behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.metrics.precision_curve import PrecisionCurve
from engine.records import Answers
from studio.pages.evaluation.decision_metrics import Judge, Judged
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluated_split import EvaluatedSplit
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.inquiries import evaluation_inquiries
from studio.workers.latest_worker import Verb
from studio.workers.questions import Worker
from studio.workers.run_book import RunBook


class PageState(QObject):
    """The rows' answers, the decision that is tried on them, and what the engine says of both; each tells of its own
    changes. `answered_anew`: other answers; `judged_anew`: another decision on the same ones."""

    answered_anew = Signal()
    judged_anew = Signal()

    def __init__(self, book: RunBook, make_worker: Callable[[Verb], Worker] | None, parent: QObject) -> None:
        super().__init__(parent)
        self.inquiries = evaluation_inquiries(make_worker, self)
        self.examined = EvaluatedSplit(book, self.inquiries, self)
        self.draft = Draft(self)
        self.facts = EvaluationResults(self.examined, self.draft, self.inquiries, self)
        self.judge: Judge | None = None
        self.judged: Judged | None = None
        self._counted_curves: dict[int, PrecisionCurve | None] = {}
        self._soon = QTimer(self, interval=0, singleShot=True)  # first what is known is painted
        self._soon.timeout.connect(self.facts.look_again)
        self.examined.changed.connect(self._look_again)
        self.draft.changed.connect(self._judge)
        self.draft.saved_anew.connect(self._soon.start)
        self.facts.changed.connect(self._counted_curves.clear)

    @property
    def answers(self) -> Answers | None:
        return self.judge.answers if self.judge is not None else None

    def look_at(self, path: Path) -> None:
        """Another run or model: nothing of the last one is left."""
        if self.examined.look_at(path):
            self.inquiries.forget("counted", "measure", "calibrate", "promise", "report")
            self.judge = self.judged = None
            self.draft.open(None, is_ours=False)

    def curve(self, label: int) -> PrecisionCurve | None:
        """Of a label, at the temperature that is tried."""
        return self.judge.curve(label, self.draft.now.temperature) if self.judge is not None else None

    def counted_curve(self, label: int) -> PrecisionCurve | None:
        """Word counting's; None until it has come."""
        counted, judge = self.facts.counted, self.judge
        if counted is None or judge is None:
            return None
        if label not in self._counted_curves:
            self._counted_curves[label] = judge.curve_of(counted, label)
        return self._counted_curves[label]

    def _look_again(self) -> None:
        answers = self.examined.answers
        if answers is None or (self.judge is not None and self.judge.answers is answers):
            return
        self.judge = None
        self.draft.open(self.examined.checkpoint, is_ours=self.examined.run is not None)
        self.judge = Judge(answers)
        self.judged = self.judge.judged(self.draft.now)
        self._counted_curves.clear()
        self.facts.forget_others()
        self.answered_anew.emit()
        self._soon.start()

    def _judge(self) -> None:
        if self.judge is not None:
            self.judged = self.judge.judged(self.draft.now)
            self.judged_anew.emit()
