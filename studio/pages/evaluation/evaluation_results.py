"""Facts: what takes the engine a while to say of the rows shown: figures, word counting, calibration, promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.metrics.precision_curve import PrecisionCurve
from engine.records import WRONG_IF_UNKNOWN, Calibration, CheckedPromise, Measures, Progress
from engine.runs.answers import answers_path, kept_counted
from engine.targets import target_of
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluated_split import EvaluatedSplit, Measured, options_of
from studio.translation import language
from studio.workers.questions import Inquiries

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

    def __init__(
        self, examined: EvaluatedSplit, draft: Draft, inquiries: Inquiries, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._examined, self._draft, self._inquiries = examined, draft, inquiries
        self._of: tuple[Measured, float] | None = None
        self._has_asked = False
        self._clear()
        self.progress: dict[str, Progress] = {}
        inquiries.answered.connect(self._take)
        inquiries.progressed.connect(self._follow)
        inquiries.failed.connect(self._take_error)

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
        return self._inquiries.is_asking("promise")

    @property
    def is_reporting(self) -> bool:
        return self._inquiries.is_asking("report")

    @property
    def is_calibrating(self) -> bool:
        return self._inquiries.is_asking("calibrate")

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
            self._inquiries.forget("promise", *_BESIDE)
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
            self._inquiries.forget("promise", *_BESIDE)
            self._clear()
            if before is not None and before[0] == shown:  # these do not hang on the temperature
                self.counted, self.calibration = counted, calibration
        if answers.truths is None:
            self.changed.emit()
            return
        if self.measures is None:
            self._inquiries.ask("measure", of, self._examined.subject, **options_of(shown))
        has_labels = target_of(answers.kind).is_categorical
        is_usual = shown.rule == WRONG_IF_UNKNOWN  # word counting is asked about the rows of the usual rule alone
        if run is not None and self.counted is None and is_usual:
            self.counted = kept_counted(answers_path(run, shown.source, shown.split, shown.step))
        if run is not None and self.counted is None and has_labels and is_usual:
            self._inquiries.ask("counted", of, run, **options_of(shown))
        if run is not None and self.calibration is None and has_labels:
            self._inquiries.ask("calibrate", of, run, checkpoint=shown.step)
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
        self._inquiries.forget("promise")
        self._inquiries.ask("promise", self.target, run, precision, confidence=confidence, label=label, **options)
        self.changed.emit()

    def report(self, folder: Path | None) -> None:
        """One HTML file and the CSV of all predictions; None: into the run's own folder."""
        shown, run = self._examined.shown, self._examined.run
        if shown is not None and run is not None:
            self.progress.pop("report", None)
            self._inquiries.forget("report")
            told = {"folder": folder, "language": language(), **options_of(shown)}
            self._inquiries.ask("report", (shown, folder), run, **told)
            self.changed.emit()

    def stop_report(self) -> None:
        self._inquiries.forget("report")
        self.changed.emit()

    def _take(self, question: str, key: object, answer: object) -> None:
        if isinstance(answer, Measures):
            self.measures = answer
        elif isinstance(answer, Calibration):
            self.calibration = answer
        elif question == "counted" and isinstance(answer, np.ndarray):
            self.counted = answer
        elif isinstance(answer, CheckedPromise) and key == self.target:
            self._try_promise(answer)
        elif question == "report":
            self.reported.emit(answer)
        else:
            return
        self.problems.pop(question, None)
        self._measure_beside()
        self.changed.emit()

    def _try_promise(self, checked: CheckedPromise) -> None:
        """A threshold that can be promised is tried at once; where there is none, the label goes without one."""
        promise = checked.promise
        self.checked[promise.label] = checked
        self._draft.set_threshold(promise.label, promise.threshold, promise)

    def _measure_beside(self) -> None:
        """Once word counting is known its figures are measured too, unless they stand there already."""
        shown, measures = self._examined.shown, self.measures
        is_idle = not self._inquiries.is_asking("measure")
        if shown is not None and measures is not None and is_idle and self.counted is not None and not measures.counted:
            key = (self._of, "beside word counting")
            self._inquiries.ask("measure", key, self._examined.subject, **options_of(shown))

    def _follow(self, question: str, _key: object, progress: Progress) -> None:
        self.progress[question] = progress
        if isinstance(progress.partial, Measures):  # the figures come before their intervals
            self.measures = progress.partial
            self.changed.emit()
        if question in ("promise", "report"):
            self.changed.emit()

    def _take_error(self, question: str, _key: object, error: AttuneError) -> None:
        if question == "examine":
            return
        self.problems[question] = error
        if question in ("promise", "report"):
            self.target = None if question == "promise" else self.target
            self.failed.emit(error)
        self.changed.emit()
