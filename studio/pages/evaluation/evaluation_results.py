"""Facts: what takes the engine a while to say of the rows shown: figures, word counting, calibration, promises.
PageState: all that the Evaluation page knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import AttuneError
from engine.metrics.precision_curve import PrecisionCurve
from engine.records import WRONG_IF_UNKNOWN, Calibration, CheckedPromise, Measures, Progress
from engine.runs.answers import answers_path, kept_counted
from engine.targets import target_of
from studio.pages.evaluation.draft import Draft, Subject
from studio.pages.evaluation.evaluated_split import EvaluatedSplit, Measured, options_of
from studio.translation import language
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook

_BESIDE: tuple[str, ...] = ("counted", "measure", "calibrate")


class PrecisionTarget(NamedTuple):
    """“I need so much precision for this label”, with this confidence; `temperature` is the model's."""

    measured: Measured
    label: str
    precision: float
    confidence: float
    temperature: float


class EvaluationResults(QObject):
    """`changed`: something is known, or is not waited for any more. `reported(files)`. `failed(error)`: of what the
    person asked for; why the rest is not known stands in `problems`."""

    changed = Signal()
    reported = Signal(object)
    failed = Signal(object)

    def __init__(self, examined: EvaluatedSplit, draft: Draft, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._examined, self._draft, self._asker = examined, draft, asker
        self._of: tuple[Measured, float] | None = None
        self._has_asked = False
        self._clear()
        self.progress: dict[str, Progress] = {}

    def _clear(self) -> None:
        self.measures: Measures | None = None
        self.counted: np.ndarray | None = None
        self._counted_curves: dict[int, PrecisionCurve | None] = {}
        self.calibration: Calibration | None = None
        self.checked: dict[str, CheckedPromise] = {}
        self.target: PrecisionTarget | None = None
        self.problems: dict[str, AttuneError] = {}

    @property
    def is_promising(self) -> bool:
        return self._asker.is_asking("promise")

    @property
    def is_reporting(self) -> bool:
        return self._asker.is_asking("report")

    @property
    def is_calibrating(self) -> bool:
        return self._asker.is_asking("calibrate")

    def counted_curve(self, label: int) -> PrecisionCurve | None:
        """Word counting's; None until it has come."""
        decided = self._draft.decided
        if self.counted is None or decided is None:
            return None
        if label not in self._counted_curves:
            self._counted_curves[label] = decided.curve_of(self.counted, label)
        return self._counted_curves[label]

    def state(self) -> dict[str, Any]:
        """What was measured, for a page built anew."""
        kept = ("measures", "counted", "calibration", "checked", "target", "_of")
        return {name: getattr(self, name) for name in kept}

    def restore(self, state: dict[str, Any]) -> None:
        """What is missing is asked for again."""
        for name, value in state.items():
            setattr(self, name, value)
        self._has_asked = False
        self.changed.emit()

    def forget_others(self) -> None:
        """What was said of other rows than those shown now."""
        if self._of is not None and self._of[0] != self._examined.shown:
            self._asker.forget("promise", *_BESIDE)
            self._of = None
            self._clear()

    def look_again(self) -> None:
        """Other rows, another checkpoint or another temperature: ask what is to be known of them."""
        shown, answers, run = self._examined.shown, self._examined.answers, self._examined.run
        if shown is None or answers is None:
            return
        of, before = (shown, self._draft.saved.temperature), self._of
        if of == before and self._has_asked:
            return
        self._of, self._has_asked = of, True
        if of != before:
            counted, calibration = self.counted, self.calibration
            self._asker.forget("promise", *_BESIDE)
            self._clear()
            if before is not None and before[0] == shown:  # these do not hang on the temperature
                self.counted, self.calibration = counted, calibration
        if answers.truths is None:
            self.changed.emit()
            return
        if self.measures is None:
            self._ask(Query("measure", of, self._examined.subject, **options_of(shown)), self._take_measures)
        has_labels = target_of(answers.kind).is_categorical
        is_usual = shown.rule == WRONG_IF_UNKNOWN  # word counting is asked about the rows of the usual rule alone
        if run is not None and self.counted is None and is_usual:
            self.counted = kept_counted(answers_path(run, shown.source, shown.split, shown.step))
        if run is not None and self.counted is None and has_labels and is_usual:
            self._ask(Query("counted", of, run, **options_of(shown)), self._take_counted)
        if run is not None and self.calibration is None and has_labels:
            self._ask(Query("calibrate", of, run, checkpoint=shown.step), self._take_calibration)
        self.changed.emit()

    def promise(self, label: str, precision: float, confidence: float) -> None:
        """Which threshold can be promised. Only a run has the validation rows that it takes."""
        shown, run = self._examined.shown, self._examined.run
        if shown is None or run is None:
            return
        self.target = PrecisionTarget(shown, label, precision, confidence, self._draft.saved.temperature)
        options = options_of(shown)
        if shown.split == "validation":  # what is promised on rows is not checked on the same
            options.pop("split", None)
        self._asker.forget("promise")
        query = Query("promise", self.target, run, precision, confidence=confidence, label=label, **options)
        self._ask(query, self._try_promise)
        self.changed.emit()

    def report(self, folder: Path | None) -> None:
        """One HTML file and the CSV of all predictions; None: into the run's own folder."""
        shown, run = self._examined.shown, self._examined.run
        if shown is not None and run is not None:
            self.progress.pop("report", None)
            self._asker.forget("report")
            told = {"folder": folder, "language": language(), **options_of(shown)}
            self._ask(Query("report", (shown, folder), run, **told), self.reported.emit)
            self.changed.emit()

    def stop_report(self) -> None:
        self._asker.forget("report")
        self.changed.emit()

    def _ask(self, query: Query, take: Callable[[Any], object]) -> None:
        """`take` what is answered; then all that is known is looked over again."""
        verb = query.verb
        query.success(partial(self._take, verb, take)).progress(partial(self._follow, verb))
        self._asker.ask(query.failure(partial(self._refuse, verb)).once())

    def _take(self, verb: str, take: Callable[[Any], object], answer: object) -> None:
        take(answer)
        self.problems.pop(verb, None)
        self._measure_beside()
        self.changed.emit()

    def _take_measures(self, measures: Measures) -> None:
        self.measures = measures

    def _take_counted(self, probabilities: np.ndarray) -> None:
        self.counted = probabilities

    def _take_calibration(self, calibration: Calibration) -> None:
        self.calibration = calibration

    def _try_promise(self, checked: CheckedPromise) -> None:
        """A threshold that can be promised is tried at once; where there is none, the label goes without one."""
        promise = checked.promise
        self.checked[promise.label] = checked
        self._draft.set_threshold(promise.label, promise.threshold, promise)

    def _measure_beside(self) -> None:
        """Once word counting is known its figures are measured too, unless they stand there already."""
        shown, measures = self._examined.shown, self.measures
        is_idle = not self._asker.is_asking("measure")
        if shown is not None and measures is not None and is_idle and self.counted is not None and not measures.counted:
            key = (self._of, "beside word counting")
            self._ask(Query("measure", key, self._examined.subject, **options_of(shown)), self._take_measures)

    def _follow(self, verb: str, progress: Progress) -> None:
        self.progress[verb] = progress
        if isinstance(progress.partial, Measures):  # the figures come before their intervals
            self.measures = progress.partial
            self.changed.emit()
        if verb in ("promise", "report"):
            self.changed.emit()

    def _refuse(self, verb: str, error: AttuneError) -> None:
        self.problems[verb] = error
        if verb in ("promise", "report"):
            self.target = None if verb == "promise" else self.target
            self.failed.emit(error)
        self.changed.emit()


class PageState(QObject):
    """The rows' answers, the decision that is tried on them, and what the engine says of both; each tells of its own
    changes."""

    def __init__(self, book: RunBook, asker: Asker, parent: QObject) -> None:
        super().__init__(parent)
        self._asker = asker
        self.examined = EvaluatedSplit(book, asker, self)
        self.draft = Draft(self)
        self.facts = EvaluationResults(self.examined, self.draft, asker, self)
        self._soon = QTimer(self, interval=0, singleShot=True)  # first what is known is painted
        self._soon.timeout.connect(self.facts.look_again)
        self.draft.saved_anew.connect(self._soon.start)

    def look_at(self, path: Path) -> None:
        """Another run or model: nothing of the last one is left."""
        if self.examined.look_at(path):
            self._asker.forget("promise", "report", *_BESIDE)
            self.draft.open(None)

    def look_again(self) -> None:
        """Where the answers are others than before."""
        answers, before = self.examined.answers, self.draft.subject
        if answers is None or (before is not None and before.answers is answers):
            return
        self.facts.forget_others()
        self.draft.open(Subject(self.examined.run, answers), self.examined.checkpoint)
        self._soon.start()
