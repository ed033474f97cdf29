"""Screen: shows what is known on the page's parts."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from engine.records import WRONG_IF_UNKNOWN
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.layout import Columns, Parts
from studio.pages.evaluation.page_state import PageState
from studio.pages.evaluation.sentences import headline
from studio.translation import tr
from studio.widgets.veil import Veil


class Screen:
    """`show_all` for other answers, `show_judged` for another decision (it follows the mouse), `show_facts` for what
    the engine has said."""

    def __init__(self, parts: Parts, columns: Columns, known: PageState) -> None:
        self._parts, self._columns, self._known = parts, columns, known
        self._veil = Veil(parts.measured)

    # -- which texts ---------------------------------------------------------------------------------------------------

    def show_source(self) -> None:
        """What is measured, and how far that has come."""
        examined, parts = self._known.examined, self._parts
        parts.show_place(self._place())
        shown, answers = examined.shown, examined.answers
        needs_file = examined.is_model and answers is None and not examined.is_asking
        parts.source.setVisible(examined.step is not None and not needs_file)
        parts.source.show_source(examined.splits, examined.wanted, is_newer=examined.is_newer)
        is_known = shown is not None and answers is not None and shown == examined.wanted
        step = shown.step if shown is not None else examined.step
        parts.source.show_about(step or "", len(answers) if is_known and answers is not None else None)
        waits = examined.wanted is not None and (examined.wanted != shown or examined.is_newer)
        parts.source.show_progress(
            examined.progress, examined.seconds_left, is_asking=examined.is_asking, can_ask=waits
        )
        parts.source.show_all_button(answers is not None and answers.truths is not None)
        self._show_actions()
        if answers is None:
            parts.head.say(self._waiting_words())
        self._veil.draw(answers is not None and (examined.is_asking or shown != examined.wanted))

    def _place(self) -> QWidget:
        examined, parts = self._known.examined, self._parts
        if examined.answers is not None:
            return parts.measured
        if examined.step is None:
            return parts.nothing
        return parts.drop if examined.is_model and not examined.is_asking else parts.waiting

    def _waiting_words(self) -> str:
        examined = self._known.examined
        if examined.is_asking:
            return tr("The model is answering the texts …")
        return "" if examined.step is None or examined.is_model else tr("How good is it, and where does it fail?")

    # -- how good ------------------------------------------------------------------------------------------------------

    def show_answers(self) -> None:
        """Other texts, or another model."""
        known, parts = self._known, self._parts
        answers, judged = known.answers, known.judged
        if answers is None or judged is None:
            return
        shown = known.examined.shown
        parts.left_out.show_answers(answers, shown.rule if shown is not None else WRONG_IF_UNKNOWN)
        parts.precision.set_labels(answers, self._first_label())
        parts.precision.setVisible(answers.truths is not None and answers.kind != "number")
        parts.calibration.setVisible(
            answers.truths is not None and answers.kind != "number" and known.examined.run is not None
        )
        self.show_label()
        self.show_facts()

    def show_label(self) -> None:
        """The chosen label's target, as it was promised, its curve and what its threshold comes to."""
        known, precision = self._known, self._parts.precision
        if known.answers is not None and not precision.isHidden():
            promise = known.draft.promise_of(known.answers.labels[precision.label])
            if promise is not None:
                precision.target.set_target(promise.precision, promise.confidence)
        self.show_curves()
        self.show_judged()

    def show_judged(self) -> None:
        """All that follows from the decision that is tried."""
        known, parts = self._known, self._parts
        answers, judged, draft = known.answers, known.judged, known.draft
        if answers is None or judged is None:
            return
        parts.head.say(headline(answers, judged))
        parts.figures.show_figures(answers, judged, known.facts.measures)
        parts.matrix.show_judged(answers, judged, draft.now)
        parts.labels.show_judged(answers, judged)
        parts.numbers.show_judged(answers, judged)
        curve = known.curve(parts.precision.label) if not parts.precision.isHidden() else None
        if curve is not None:
            parts.precision.show_threshold(answers, judged, draft, curve)
            parts.precision.show_standing(answers, draft, known.facts)
        self._show_actions()
        texts: Any = parts.texts
        texts.show_answers(known.examined.run, answers, draft.now)

    def show_curves(self) -> None:
        """Of the chosen label; another target, or word counting, is drawn anew."""
        known, parts = self._known, self._parts
        if not parts.precision.isHidden():
            label = parts.precision.label
            parts.precision.show_curves(
                known.curve(label), known.counted_curve(label), can_promise=known.examined.run is not None
            )

    def show_facts(self) -> None:
        """What came from the engine since."""
        known, parts, facts = self._known, self._parts, self._known.facts
        answers, judged = known.answers, known.judged
        parts.head.show_report(facts.progress.get("report"), is_reporting=facts.is_reporting)
        if answers is None or judged is None:
            return
        parts.figures.show_figures(answers, judged, facts.measures)
        parts.all.show_measures(facts.measures, facts.problems.get("measure"))
        self.show_curves()
        if not parts.precision.isHidden():
            parts.precision.show_standing(answers, known.draft, facts)
        if not parts.calibration.isHidden():
            parts.calibration.show_calibration(
                facts.calibration,
                known.draft.saved.temperature,
                facts.problems.get("calibrate"),
                is_measuring=facts.is_calibrating,
            )

    def show_all(self) -> None:
        self.show_source()
        self.show_answers()

    def _first_label(self) -> int:
        """One with a threshold, the positive one of two, or that of which most are missed."""
        known = self._known
        assert known.answers is not None and known.judged is not None
        labels = known.answers.labels
        saved = [place for place, label in enumerate(labels) if label in known.draft.saved.thresholds]
        if saved:
            return saved[0]
        positive = known.answers.positive
        return positive if positive is not None else known.judged.weakest or 0

    def _show_actions(self) -> None:
        known = self._known
        answers, draft = known.answers, known.draft
        has_thresholds = answers is not None and answers.truths is not None and answers.kind != "number"
        self._parts.head.show_actions(
            can_report=answers is not None and answers.truths is not None and known.examined.run is not None,
            has_thresholds=has_thresholds and draft.is_ours,
            can_save=draft.can_save,
            why_not=why_not(draft),
        )


def why_not(draft: Draft) -> str:
    """What saving would need."""
    if draft.now.thresholds:
        return tr("The model has these thresholds already.")
    return tr("Set a threshold first: drag it in the plot, or ask for a precision.")
