"""Head: the page's title, how good it is in one sentence, and what can be done with that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from studio.numbers import percent
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.target_view import view_of
from studio.pages.page_header import PageHeader
from studio.translation import tr
from studio.widgets.button import Button


class Head(PageHeader):
    """Follows a threshold while it is dragged. `save_wished`."""

    save_wished = Signal()

    def __init__(self, draft: Draft, facts: EvaluationResults, parent: QWidget | None = None) -> None:
        self.report = Button(tr("Report…"), "plain", "ph.file-text")
        self.save = Button(tr("Save threshold into model"), "primary", "ph.floppy-disk")
        super().__init__(tr("Evaluation"), "evaluationSentence", self.report, self.save, parent=parent)
        self._draft, self._facts = draft, facts
        self.report.setObjectName("report")
        self.report.clicked.connect(self._report_or_stop)
        self._menu = QMenu(self.report)
        self._menu.addAction(tr("Save in the run's folder")).triggered.connect(lambda: facts.report(None))
        self._menu.addAction(tr("Save in another folder…")).triggered.connect(self._choose_folder)
        self.save.setObjectName("saveDecision")
        self.save.clicked.connect(self.save_wished)
        draft.opened.connect(self.forget_height)
        draft.changed.connect(self._follow)
        draft.saved_anew.connect(self._show_actions)
        facts.changed.connect(self._show_report)
        self._show_actions()

    def say(self, sentence: str, sign: tuple[str, str] | None = ("ph.check-circle", "text3")) -> None:
        super().say(sentence, sign)
        needed = self.sentence.heightForWidth(self.sentence.width())
        if needed > self.sentence.minimumHeight():  # it stays, or the page would jump while dragging
            self.sentence.setMinimumHeight(needed)

    def forget_height(self) -> None:
        """Of another sentence."""
        self.sentence.setMinimumHeight(0)

    def _follow(self) -> None:
        if self._draft.decided is not None:
            self.say(view_of(self._draft.decided.answers).headline(self._draft.decided))
        self._show_actions()

    def _show_actions(self) -> None:
        draft = self._draft
        decided, subject = draft.decided, draft.subject
        has_run = subject is not None and subject.run is not None
        self.report.setVisible(decided is not None and decided.has_truths and has_run)
        self.save.setVisible(decided is not None and decided.has_thresholds and draft.is_ours)
        self.save.setEnabled(draft.can_save)
        self.save.setToolTip("" if draft.can_save else _why_not(draft))

    def _show_report(self) -> None:
        """How far the report is written; its button then stops it."""
        progress, is_reporting = self._facts.progress.get("report"), self._facts.is_reporting
        share = progress.done / max(1, progress.total) if progress is not None else 0.0
        self.report.setText(tr("Stop ({share})", share=percent(share, 0)) if is_reporting else tr("Report…"))
        self.report.set_icon("ph.x" if is_reporting else "ph.file-text")
        self.report.updateGeometry()

    def _report_or_stop(self) -> None:
        if self._facts.is_reporting:
            self._facts.stop_report()
        else:
            self._menu.popup(self.report.mapToGlobal(self.report.rect().bottomLeft()))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Save the report in"))
        if chosen:
            self._facts.report(Path(chosen))


def _why_not(draft: Draft) -> str:
    """What saving would need."""
    if draft.now.thresholds:
        return tr("The model has these thresholds already.")
    return tr("Set a threshold first: drag it in the plot, or ask for a precision.")
