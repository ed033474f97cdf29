"""ResultsCard: each group's figures on the same texts, their intervals on one scale, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from engine.metrics.registry import metric_of
from engine.records import Comparison, Pair
from engine.records.comparison import ComparedGroup
from studio import theme
from studio.pages.compare.chosen_groups import ink_of
from studio.pages.compare.sentences import (
    called,
    change_cell,
    figures_of,
    in_words,
    table_text,
    title_of,
    value_cell,
    width_cell,
)
from studio.pages.compare.swatch import Swatch
from studio.plots.charts.interval_dots import IntervalDots, Scale, ScaleTicks, scale_of
from studio.theme import tokens
from studio.translation import language, tr, words
from studio.widgets import Button, Caption, SegmentedControl, painting
from studio.widgets.card import Card, Hairline
from studio.widgets.keys import Pressable
from studio.widgets.progress_track import ProgressTrack

_NARROW, _NARROWEST = 1000, 860
_WORDS_WIDTH, _BESIDE_SWATCH = 210, 26
_DRAWN = ("accuracy", "precision", "recall", "f1")


class _Form(NamedTuple):
    """How much of the table is shown: which figures, and whether the words stand beside them or in a line below."""

    figures: tuple[str, ...]
    has_words_beside: bool


class ResultsCard(Card):
    """`run_chosen(path)` when a group's name is pressed; `file_wished` to measure on another file."""

    run_chosen = Signal(object)
    file_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which one is better?"), " ", parent)
        self.setObjectName("compared_results")
        self.caption.setMinimumWidth(1)
        self.figure = self._choice_of(_DRAWN)
        self._in_words: dict[tuple[str, ...], SegmentedControl] = {}
        self._wished = ""
        self._file = Button(tr("On another file…"), "plain", "ph.file-arrow-up", "small")
        self._file.setObjectName("compare_on_file")
        self._file.clicked.connect(self.file_wished)
        self._copy = Button(tr("Copy table"), "plain", "ph.copy", "small")
        self._copy.setObjectName("copy_compared")
        self._copy.clicked.connect(self._copy_table)
        self.row.add_end(self.figure, self._file, self._copy)
        self._told = Caption("", wrap=True)
        self._told.setObjectName("compared_told")
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Progress"))
        self._notes = Caption("", wrap=True)
        self._holder: QWidget | None = None
        self._shown = _Form((), has_words_beside=True)
        self._needs: dict[_Form, int] = {}
        self._comparison: Comparison | None = None
        for shown in (self._told, self.track, self._notes):
            self.body.addWidget(shown)
        self.wait(tr("Choose two runs or more."), -1.0)

    def wait(self, told: str, share: float) -> None:
        """Nothing to show yet: why, and how far it is (below 0: nothing is under way)."""
        self._comparison = None
        self._clear()
        self._told.setText(told)
        self._told.show()
        self.track.setVisible(share >= 0)
        self.track.set_share(max(0.0, share))
        self._notes.hide()
        self.caption.setText("")
        for control in (self.figure, *self._in_words.values()):
            control.hide()
        self._copy.setEnabled(False)

    def show_comparison(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._needs.clear()
        self._told.hide()
        self.track.hide()
        names = figures_of(comparison)
        self._offer(comparison, names)
        self._copy.setEnabled(True)
        self.caption.setText(_measured_on(comparison))
        counted = [tr("Counted as {signature}.", signature=comparison.signature)] if comparison.signature else []
        notes = [_luck(comparison), *(words(one) for one in comparison.notes), *counted]
        self._notes.setText(("" if language() == "zh" else " ").join(note for note in notes if note))
        self._notes.setVisible(bool(self._notes.text()))
        self._fill()

    def drawn_figure(self) -> str:
        """Which one is, or would be, drawn."""
        return self._drawn() if self._comparison is not None and figures_of(self._comparison) else self._wished

    def wish_figure(self, name: str) -> None:
        """Draw this one as soon as there is one."""
        self._wished = name
        if name in _DRAWN:
            self.figure.set_current(name)

    def _choice_of(self, names: Sequence[str]) -> SegmentedControl:
        made = SegmentedControl([(name, title_of(name), None) for name in names])
        made.setAccessibleName(tr("Which figure is drawn"))
        made.changed.connect(lambda _: self._fill_anew())
        return made

    def _offer(self, comparison: Comparison, names: Sequence[str]) -> None:
        """The figures that can be drawn: those of labels, or those that the answers in words have."""
        self.figure.setVisible("accuracy" in names)
        for control in self._in_words.values():
            control.hide()
        if comparison.leading and len(names) > 1:
            key = tuple(names)
            if key not in self._in_words:
                self._in_words[key] = self._choice_of(names)
                self._in_words[key].set_current(self._wished if self._wished in names else comparison.leading)
                self.row.add_end(self._in_words[key])
            self._in_words[key].show()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self._holder is not None and self._fitting() != self._shown:
            self._fill()

    # -- the table -----------------------------------------------------------------------------------------------------

    def _columns_shown(self) -> tuple[str, ...]:
        """Where it is narrow the drawn figure stands alone beside precision and recall."""
        assert self._comparison is not None
        names, drawn = figures_of(self._comparison), self._drawn()
        if self.width() >= _NARROW:
            return tuple(names[:5])
        if "accuracy" not in names:
            return tuple(name for name in names if name == drawn or name in names[:2])
        kept = ("precision", "recall") if self.width() < _NARROWEST else ("precision", "recall", "f1")
        return tuple(name for name in names if name == drawn or name in kept)

    def _drawn(self) -> str:
        assert self._comparison is not None
        names = figures_of(self._comparison)
        if "accuracy" in names:
            return self.figure.current()
        if self._comparison.leading:
            control = self._in_words.get(tuple(names))
            return names[0] if control is None else control.current()
        return "mae" if "mae" in names else next((name for name in names if name == "reverse_perplexity"), names[0])

    def _clear(self) -> None:
        if self._holder is not None:
            self._holder.setParent(None)
            self._holder.deleteLater()
            self._holder = None

    def _fill(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        self._clear()
        names = figures_of(comparison)
        if not names:
            self._told.setText(tr("These runs have measured nothing that could be compared."))
            self._told.show()
            return
        self._shown = self._fitting()
        self._holder = self._table(self._shown)
        self.body.insertWidget(0, self._holder)
        self._holder.show()  # at once, as it may be made while the card is resized

    def _fill_anew(self) -> None:
        self._needs.clear()
        self._fill()

    def _fitting(self) -> _Form:
        """The fullest table that the card has room for; the words go under each row before a column goes."""
        columns = self._columns_shown()
        drawn = tuple(name for name in columns if name == self._drawn())
        forms = [_Form(columns, True), _Form(columns, False), _Form(drawn, False)]
        room = self.contentsRect().width() - 2 * theme.CARD_PADDING
        return next((one for one in forms if self._needed(one) <= room), forms[-1])

    def _needed(self, form: _Form) -> int:
        """Pixels that a table takes at least."""
        if form not in self._needs:
            made = self._table(form)
            self._needs[form] = made.minimumSizeHint().width()
            made.deleteLater()
        return self._needs[form]

    def _table(self, form: _Form) -> QWidget:
        comparison, drawn = self._comparison, self._drawn()
        assert comparison is not None
        table = QWidget()
        table.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # the card needs no more
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        scale = self._scale(comparison, drawn)
        self._heads(grid, form, drawn)
        pairs = {pair.b: pair for pair in comparison.pairs}
        for place, group in enumerate(comparison.groups):
            self._row(grid, form, place, group, pairs.get(place), scale)
        column = 1 + len(form.figures)
        grid.addWidget(ScaleTicks(scale), 3 * len(comparison.groups) + 1, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(column, 4)
        if form.has_words_beside:
            grid.setColumnStretch(column + 2, 4)
        return table

    def _scale(self, comparison: Comparison, drawn: str) -> Scale:
        figures = [group.figures[drawn] for group in comparison.groups]
        ends = [one.value + side * one.half_width for one in figures for side in (-1, 1)]
        values = [value for one in figures for value in (one.value, *one.values)]
        baseline = comparison.baseline.get(drawn)
        named = "" if baseline is None else _baseline_words(comparison, drawn, baseline)
        return scale_of(values, ends, is_share=metric_of(drawn).is_share, baseline=baseline, baseline_words=named)

    def _heads(self, grid: QGridLayout, form: _Form, drawn: str) -> None:
        interval = tr("{figure}, 95 % interval", figure=title_of(drawn))
        heads = [tr("Runs"), *(title_of(name) for name in form.figures), interval, tr("Change")]
        for column, text in enumerate([*heads, tr("In words")] if form.has_words_beside else heads):
            is_number = 0 < column <= len(form.figures) or column == len(heads) - 1
            head = _label(text, theme.CAPTION, 500, "second", is_number=is_number)
            head.setContentsMargins(0, 0, 0, 6)
            grid.addWidget(head, 0, column)

    def _row(
        self, grid: QGridLayout, form: _Form, place: int, group: ComparedGroup, pair: Pair | None, scale: Scale
    ) -> None:
        drawn, columns, line = self._drawn(), len(form.figures), 3 * place + 1
        grid.addWidget(Hairline(), line, 0, 1, columns + 3 + form.has_words_beside)
        line += 1
        name = _GroupName(called(group), place)
        name.setObjectName(f"open_group_{place}")
        name.clicked.connect(partial(self._open, group, name))
        grid.addWidget(name, line, 0)
        for column, figure in enumerate(form.figures, start=1):
            grid.addWidget(_figure_cell(group, figure, strong=figure == drawn), line, column)
        one = group.figures[drawn]
        told = f"{words(group.title)}: {value_cell(one, drawn)} {width_cell(one, drawn)}"
        dots = IntervalDots(one.value, one.half_width, one.values, ink_of(place).color, scale, told)
        grid.addWidget(dots, line, columns + 1)
        change = "–" if pair is None else change_cell(pair, drawn)
        grid.addWidget(_label(change, theme.BODY, 600, is_number=True), line, columns + 2)
        said = _said(pair, place)
        if form.has_words_beside:
            said.setMinimumWidth(_WORDS_WIDTH)
            grid.addWidget(said, line, columns + 3)
        else:
            said.setContentsMargins(_BESIDE_SWATCH, 0, 0, 10)
            grid.addWidget(said, line + 1, 0, 1, columns + 3)

    def _open(self, group: ComparedGroup, beside: QWidget) -> None:
        if len(group.runs) == 1:
            self.run_chosen.emit(group.runs[0])
            return
        self.seeds_menu(group).popup(beside.mapToGlobal(QPoint(24, beside.height() - 6)))

    def seeds_menu(self, group: ComparedGroup) -> QMenu:
        """Which of a group's runs to open."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for path, name, seed in zip(group.runs, group.names, group.seeds, strict=True):
            action = menu.addAction(tr("{variant}, seed {seed}", variant=name, seed=str(seed)))
            action.triggered.connect(partial(self.run_chosen.emit, path))
        return menu

    def _copy_table(self) -> None:
        if self._comparison is not None:
            QGuiApplication.clipboard().setText(table_text(self._comparison))


class _GroupName(Pressable):
    """Its colour and its name; pressing it opens the (first) run."""

    def __init__(self, text: str, place: int) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(tr("Open {name}", name=text))
        self.setToolTip(self.accessibleName())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Swatch(ink_of(place)))
        row.addStretch(1)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.font(theme.BODY, 600)).horizontalAdvance(self.text())
        return QSize(min(240, width + 28), 44)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = tokens().accent_text if self.underMouse() else tokens().text
        place = self.rect().adjusted(26, 0, 0, 0)
        painting.text(painter, place, self.text(), theme.font(theme.BODY, 600), ink)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect().adjusted(0, 6, 0, -6), theme.CHIP_RADIUS)


def _said(pair: Pair | None, place: int) -> QLabel:
    """What a group's difference to the base is, in words."""
    text, kind = (tr("the one to beat"), "second") if pair is None else in_words(pair)
    said = _label(text, theme.CAPTION, 400, kind)
    said.setObjectName(f"in_words_{place}")
    said.setWordWrap(True)
    if pair is not None:
        said.setToolTip(f"{words(pair.verdict)} {words(pair.scope)}")
    return said


def _figure_cell(group: ComparedGroup, name: str, *, strong: bool) -> QWidget:
    figure = group.figures[name]
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    row.addStretch(1)
    row.addWidget(_label(value_cell(figure, name), theme.BODY, 600 if strong else 400, is_number=True))
    if strong and width_cell(figure, name):
        row.addWidget(_label(width_cell(figure, name), theme.CAPTION, 400, "second"))
    return holder


def _label(text: str, size: int, weight: int = 400, kind: str = "", *, is_number: bool = False) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(size, weight))
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        label.setProperty("kind", kind)
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return label


def _baseline_words(comparison: Comparison, drawn: str, baseline: float) -> str:
    if comparison.baseline_name is None:
        return tr("word counting {value}", value=f"{100 * baseline:.1f}")
    return tr("{name} {value}", name=words(comparison.baseline_name), value=metric_of(drawn).written(baseline))


def _measured_on(comparison: Comparison) -> str:
    group = comparison.groups[0]
    names = {"test": tr("test texts"), "validation": tr("validation texts"), "data": tr("texts of the file")}
    if not group.num_rows:
        return ""
    return tr("{count} {texts}", count=group.num_rows, texts=names.get(group.split, group.split))


def _luck(comparison: Comparison) -> str:
    """What the intervals are of."""
    over = {one.over for group in comparison.groups for one in group.figures.values()}
    if over == {"seeds"}:
        return tr("± is a 95 % interval over seeds.")
    if over == {"rows"}:
        return tr("± is a 95 % interval over texts.")
    return tr("± is a 95 % interval over seeds, of single runs over texts.") if "seeds" in over else ""
