"""Head: the page's title, how good it is in one sentence, and what can be done with that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from engine.records import Progress
from studio.numbers import percent
from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Heading


class Head(QWidget):
    """`save_wished`; `report_wished(folder)`: None for the run's own; `stop_wished`: no report after all."""

    save_wished = Signal()
    report_wished = Signal(object)
    stop_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign, self.sentence = QLabel(), QLabel()
        self._sign.setFixedSize(18, 18)
        self._sign.setPixmap(icon("ph.check-circle", tokens().text3).pixmap(18, 18))
        self.sentence.setObjectName("evaluationSentence")
        self.sentence.setProperty("kind", "second")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self._is_reporting = False
        self.report = Button(tr("Report…"), "plain", "ph.file-text")
        self.report.setObjectName("report")
        self.report.clicked.connect(self._report_or_stop)
        self._menu = QMenu(self.report)
        self._menu.addAction(tr("Save in the run's folder")).triggered.connect(lambda: self.report_wished.emit(None))
        self._menu.addAction(tr("Save in another folder…")).triggered.connect(self._choose_folder)
        self.save = Button(tr("Save threshold into model"), "primary", "ph.floppy-disk")
        self.save.setObjectName("saveDecision")
        self.save.clicked.connect(self.save_wished)
        self._lay_out()

    def _lay_out(self) -> None:
        row, words, said = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words.setSpacing(3)
        said.setSpacing(7)
        words.addWidget(Heading(tr("Evaluation"), "page"))
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.sentence, 1)
        words.addLayout(said)
        row.addLayout(words, 1)
        for button in (self.report, self.save):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
        self._sign.setVisible(bool(sentence))
        needed = self.sentence.heightForWidth(self.sentence.width())
        if needed > self.sentence.minimumHeight():  # it stays, or the page would jump while dragging
            self.sentence.setMinimumHeight(needed)

    def forget_height(self) -> None:
        """Of another sentence."""
        self.sentence.setMinimumHeight(0)

    def show_actions(self, *, can_report: bool, has_thresholds: bool, can_save: bool, why_not: str) -> None:
        """`why_not`: what the save button would need, as its tooltip."""
        self.report.setVisible(can_report)
        self.save.setVisible(has_thresholds)
        self.save.setEnabled(can_save)
        self.save.setToolTip("" if can_save else why_not)

    def show_report(self, progress: Progress | None, *, is_reporting: bool) -> None:
        """How far the report is written; its button then stops it."""
        self._is_reporting = is_reporting
        share = progress.done / max(1, progress.total) if progress is not None else 0.0
        self.report.setText(tr("Stop ({share})", share=percent(share, 0)) if is_reporting else tr("Report…"))
        self.report.set_icon("ph.x" if is_reporting else "ph.file-text")
        self.report.updateGeometry()

    def _report_or_stop(self) -> None:
        if self._is_reporting:
            self.stop_wished.emit()
        else:
            self._menu.popup(self.report.mapToGlobal(self.report.rect().bottomLeft()))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Save the report in"))
        if chosen:
            self.report_wished.emit(Path(chosen))
