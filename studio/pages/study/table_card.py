"""TableCard: variants down, figures across, the best of each marked, and a button for each seed's run."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from engine.records import StudyReport, VariantResult
from engine.records.studies import QUALITIES
from studio import theme
from studio.pages.study.figures import COSTS, best_rows, cell, csv_of, title_of
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets import Button, painting
from studio.widgets.card import Card, Hairline
from studio.widgets.keys import Pressable
from studio.widgets.pill import colours_of
from studio.widgets.run_summary import pill_of, state_word

_BEST = "★ "
_FIRST_TO_GO = ("memory_bytes", "accuracy", "seconds")
"""Columns that give way in a narrow window; the CSV has them all."""


class TableCard(Card):
    """`run_chosen(name)` when a seed's run is pressed."""

    run_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Variants"), " ", parent)
        self.setObjectName("study_table")
        self._report: StudyReport | None = None
        self.caption.setMinimumWidth(1)
        self._copy = Button(tr("Copy as CSV"), "plain", "ph.copy", "small")
        self._copy.setObjectName("copy_csv")
        self._copy.clicked.connect(self._copy_csv)
        self.header.addWidget(self._copy)
        self._holder: QWidget | None = None
        self._columns: dict[str, list[QLabel]] = {}
        self._room = 10_000

    def fit(self, room: int) -> None:
        """Leave columns out until the table is no wider than `room` pixels."""
        self._room = room
        for figure in self._columns:
            self._show_column(figure, True)
        layout = self._holder.layout() if self._holder is not None else None
        for figure in _FIRST_TO_GO:
            if layout is None or layout.minimumSize().width() <= room:
                return
            self._show_column(figure, False)

    def _show_column(self, figure: str, is_shown: bool) -> None:
        for label in self._columns[figure]:
            label.setVisible(is_shown)
        layout = self._holder.layout() if self._holder is not None else None
        if isinstance(layout, QGridLayout):
            layout.setColumnStretch(1 + list(self._columns).index(figure), int(is_shown))

    def show_report(self, report: StudyReport) -> None:
        if report == self._report:
            return
        self._report = report
        split = tr("the test texts") if report.split == "test" else tr("the validation texts")
        if len(report.seeds) == 1:
            told = tr("± is the 95 % interval over the texts, on {split}; ★ is the best", split=split)
        else:
            told = tr("mean ± standard deviation over seeds, on {split}; ★ is the best mean", split=split)
        self.caption.setText(told)
        self._copy.setEnabled(any(row.seeds for row in report.rows))
        if self._holder is not None:
            self._holder.setParent(None)
            self._holder.deleteLater()
        self._holder = QWidget()
        self._fill(QGridLayout(self._holder), report)
        self.body.addWidget(self._holder)
        self.fit(self._room)

    def _copy_csv(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText(csv_of(self._report))

    def _fill(self, grid: QGridLayout, report: StudyReport) -> None:
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        figures = (*QUALITIES, *COSTS)
        heads = [
            tr("Candidate") if report.kind == "best" else tr("Variant"),
            *(title_of(figure) for figure in figures),
            tr("Seeds"),
        ]
        self._columns = {figure: [] for figure in figures}
        for column, text in enumerate(heads):
            head = _label(text, theme.CAPTION, 500, "second", is_number=0 < column <= len(figures))
            grid.addWidget(head, 0, column)
            grid.setColumnStretch(column, 1)
            if 0 < column <= len(figures):
                self._columns[figures[column - 1]].append(head)
        best = {figure: best_rows(report, figure) for figure in QUALITIES}
        for place, row in enumerate(report.rows):
            line = 2 * place + 1
            grid.addWidget(Hairline(), line, 0, 1, len(heads))
            grid.addWidget(_label(words(row.title), theme.BODY, 600), line + 1, 0)
            for column, figure in enumerate(figures, start=1):
                is_best = row.name in best.get(figure, ())
                text = (_BEST if is_best else "") + cell(row, figure)
                kind = "" if figure in QUALITIES else "second"
                label = _label(text, theme.BODY, 600 if is_best else 400, kind, is_number=True)
                label.setObjectName(f"{row.name}-{figure}")
                self._columns[figure].append(label)
                grid.addWidget(label, line + 1, column)
            grid.addWidget(self._seeds(row, report.seeds), line + 1, len(heads) - 1)

    def _seeds(self, row: VariantResult, seeds: tuple[int, ...]) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        for seed, run, state in zip(seeds, row.runs, row.states, strict=True):
            button = SeedButton(seed, state)
            button.setObjectName(f"open_{run}")
            button.clicked.connect(lambda _=False, run=run: self.run_chosen.emit(run))
            line.addWidget(button)
        line.addStretch(1)
        return holder


class SeedButton(Pressable):
    """A seed with the dot of its run's state; pressing it opens the run."""

    def __init__(self, seed: int, state: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        word = tr("waiting") if state == "waiting" else state_word(state)
        self.setText(str(seed))
        self.setAccessibleName(tr("Seed {seed}: {state}", seed=str(seed), state=word))
        self.setToolTip(self.accessibleName())
        self.setEnabled(state != "waiting")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme.font(theme.CAPTION, 500)).horizontalAdvance(self.text()) + 26, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        if self.underMouse() and self.isEnabled():
            painting.box(painter, self.rect(), theme.CHIP_RADIUS, colours.hover)
        ink = colours.text3 if self._state == "waiting" else colours_of(pill_of(self._state))[0]
        centre = QPointF(9, self.height() / 2)
        painting.dot(painter, centre, 3, ink, halo=self._state == "running", hollow=self._state == "waiting")
        if self._state == "failed":
            painter.fillRect(QRect(5, self.height() // 2 - 1, 9, 2), QColor(ink))
        color = colours.text if self.isEnabled() else colours.text3
        place = self.rect().adjusted(17, 0, 0, 0)
        painting.text(painter, place, self.text(), theme.font(theme.CAPTION, 500), color)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)


def _label(text: str, size: int, weight: int = 400, kind: str = "", *, is_number: bool = False) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(size, weight))
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        label.setProperty("kind", kind)
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return label
