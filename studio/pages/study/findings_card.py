"""FindingsCard: what helped, a line a verdict with its sign, and under them what it cost and how to read it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.messages import Message, message
from engine.records import StudyReport
from engine.records.studies import Sign
from studio.theme import icon, tokens
from studio.translation import language, tr, words
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_SIGNS: dict[Sign, tuple[str, str]] = {
    "helped": ("ph.trend-up", "ok"),
    "harmed": ("ph.trend-down", "bad"),
    "noise": ("ph.equals", "text3"),
    "open": ("ph.hourglass", "text3"),
}


class FindingsCard(Card):
    """The paragraph of a study, on top of its page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What helped?"), "", parent)
        self.setObjectName("study_findings")
        self._is_best = False
        self._told: tuple[tuple[Sign, Message], ...] = ()
        self._holder: QWidget | None = None
        self._notes = Caption("", wrap=True)
        self._luck = Caption(
            tr(
                "± is a 95 % interval over seeds, compared seed by seed. It knows the luck of a seed, not that of the "
                "texts that were measured; and of four parts that do nothing, one is called more than chance in about "
                "one study of six."
            ),
            wrap=True,
        )
        self.body.addWidget(self._notes)
        self.body.addWidget(self._luck)

    def ask_for_best(self, is_best: bool) -> None:
        """Which model to take, or what each part of a recipe is worth."""
        self.title.setText(tr("Which model to take?") if is_best else tr("What helped?"))
        self._is_best = is_best
        self._luck.setVisible(not is_best)

    def show_report(self, report: StudyReport) -> None:
        has_figures = any(row.seeds for row in report.rows)
        told = tuple(zip(report.signs, report.findings, strict=True))
        if not has_figures:
            told = (("open", message("The first run is on its way.")),)
        if told == self._told:
            return
        self._told = told
        self._show_verdicts([(sign, words(one)) for sign, one in told if sign != "note"])
        between = "" if language() == "zh" else " "
        self._notes.setText(between.join(words(one) for sign, one in told if sign == "note"))
        self._notes.setVisible(bool(self._notes.text()))
        self._luck.setVisible(not self._is_best and any(sign in ("helped", "harmed", "noise") for sign, _ in told))

    def text(self) -> str:
        """All that is said, a line each."""
        return "\n".join(words(one) for _, one in self._told)

    def _show_verdicts(self, verdicts: list[tuple[Sign, str]]) -> None:
        if self._holder is not None:
            self._holder.setParent(None)
            self._holder.deleteLater()
        self._holder = QWidget()
        grid = QGridLayout(self._holder)
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, (sign, text) in enumerate(verdicts):
            name, color = _SIGNS[sign]
            mark, said = QLabel(), QLabel(text)
            mark.setPixmap(icon(name, getattr(tokens(), color)).pixmap(18, 18))
            said.setTextFormat(Qt.TextFormat.PlainText)
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(said, row, 1)
        self.body.insertWidget(0, self._holder)
