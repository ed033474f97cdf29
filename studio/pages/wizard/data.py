"""Step 2: what shall it learn from."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QProgressBar, QWidget

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.reading import Reading
from engine.config.roles import LABEL
from engine.config.tasks.registry import type_of
from engine.messages import Message
from engine.records import DataReport, Preview, PreviewRows
from engine.targets import target_of
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.draft import (
    IGNORE,
    Draft,
    SourceKind,
    sign_of,
    with_chosen_kind,
    with_data,
    with_exchanged,
    with_mends,
    with_positive_label,
    with_reading,
    with_role,
    with_source,
)
from studio.pages.wizard.findings import FindingsCard
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.kind_row import KindRow
from studio.pages.wizard.no_labels_row import NoLabelsRow
from studio.pages.wizard.preview_model import PreviewModel
from studio.pages.wizard.preview_table import PreviewTable, header_height, row_height
from studio.pages.wizard.reading_row import ReadingRow
from studio.pages.wizard.row_reader import RowReader
from studio.pages.wizard.source_panel import SourcePanel
from studio.pages.wizard.step import Step
from studio.plots.charts.class_balance import BalanceBars
from studio.plots.charts.histogram import Histogram
from studio.theme import BODY, GAP, font
from studio.translation import tr
from studio.widgets import Card, ErrorBanner, Hairline, Heading, SegmentedControl
from studio.widgets.fold import Fold
from studio.widgets.labels import label
from studio.widgets.veil import Veil

NUM_SHOWN_ROWS = 7
CHARTS_WIDTH = 372
NARROW_CHARTS_WIDTH = 300
NARROW = 1000
BENEATH = 820
_EM, _ANY = 16, 2**24 - 1
_NO_LIMIT = 2**31
HIDDEN_FIELDS = (
    *("train", "validation", "test", "reading", "columns", "label_columns", "mends", "builtin", "unlabelled"),
)


class DataStep(Step):
    """Source, how it is read, preview with roles, balance and lengths, the doctor's findings, settings under a fold.

    `rows_wanted(split, rows)` asks for rows that the preview does not hold; `labelling_wished(data)`: the texts have no
    labels, and some shall be given to them.
    """

    rows_wanted = Signal(str, object)
    labelling_wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("data", parent)
        self._draft: Draft | None = None
        self._preview: Preview | None = None
        self._shown: object = None
        self._report: DataReport | None = None
        self._wanted: tuple[str, tuple[int, ...]] | None = None
        self._is_going = False
        self._reader: RowReader | None = None
        self._read_as: tuple[object, Reading] | None = None
        self.source = SourcePanel()
        self._kinds = SegmentedControl(
            [
                ("file", tr("File"), "ph.file-text"),
                ("folder", tr("Folder"), "ph.folder"),
                ("hub", tr("Hub name"), "ph.cloud-arrow-down"),
                ("builtin", tr("Built-in"), "ph.cube"),
            ]
        )
        self._kinds.setAccessibleName(tr("Kind of data"))
        self._banner = ErrorBanner()
        self._busy = _busy_bar()
        self._unlabelled = NoLabelsRow()
        self._reading = ReadingRow()
        self._kind = KindRow()
        self._table = PreviewTable()
        self._charts = _Charts()
        self._findings = FindingsCard()
        self._form = ChoiceForm(DataConfig(), without=HIDDEN_FIELDS)
        self._lay_out()
        self._connect()

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        if self._draft is None or draft.config.data.train != self._draft.config.data.train:
            self._preview, self._report, self._wanted = None, None, None
        self._draft = draft
        self._kinds.set_current(draft.source_kind)
        is_drop_area = not draft.has_source and draft.source_kind in ("file", "folder")
        self.column.setStretchFactor(self.source, 3 if is_drop_area else 0)
        self.source.show_draft(draft, answers)
        self.source.fit(self.viewport().width())
        self._show_error(draft, answers)
        self._unlabelled.setVisible(draft.has_source and draft.preview is not None and draft.missing_role is LABEL)
        self._show_preview(draft, answers)
        self._show_report(draft)
        if self._form.model() != draft.config.data:
            self._form.show_model(draft.config.data)

    def refusals(self) -> dict[str, Message]:
        return {**self.source.refusals(), **self._form.refusals()}

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        title = Heading(tr("What shall it learn from?"), "page")
        title.setWordWrap(True)
        title.setMinimumWidth(1)
        top.addWidget(title, 1)
        top.addWidget(self._kinds)
        self.column.addLayout(top)
        self.column.addWidget(self.source)
        self.column.addWidget(self._banner)
        self.column.addWidget(self._unlabelled)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(GAP)
        self._middle.addWidget(self._preview_card(), 1)
        self._middle.addWidget(self._charts)
        self._veils = [Veil(part) for part in (self._findings, self._charts)]
        self.column.addLayout(self._middle)
        self.column.addWidget(self._busy)
        self.column.addWidget(self._findings)
        self._fold = Fold(tr("More settings"), tr("shares for validation and test, longest text, tokenizer"))
        self._fold.inside.addWidget(self._form)
        self.column.addWidget(self._fold)
        self.column.addStretch(1)

    def _preview_card(self) -> Card:
        self._preview_box = Card(tr("Preview"), tr("columns were guessed; click a chip to change one"))
        margins = self._preview_box.layout().contentsMargins()
        self._preview_box.layout().setContentsMargins(1, margins.top(), 1, 4)
        self._preview_box.header.setContentsMargins(margins.left(), 0, margins.right(), 0)
        self._kind.setContentsMargins(margins.left(), 0, margins.right(), 4)
        self._reading.setContentsMargins(margins.left(), 0, margins.right(), 4)
        self._preview_box.body.addWidget(self._reading)
        self._preview_box.body.addWidget(self._kind)
        self._table.setFixedHeight(header_height() + NUM_SHOWN_ROWS * row_height() + 2)
        self._preview_box.body.addWidget(self._table)
        self._preview_box.body.addStretch(1)
        return self._preview_box

    def _connect(self) -> None:
        self._kinds.changed.connect(self._change_kind)
        self.source.chosen.connect(self._choose)
        self.source.extra_chosen.connect(lambda split, source: self._change_data({split: source}))
        self.source.exchange_wished.connect(lambda: self._propose(with_exchanged(self._known())))
        self.source.builtin_changed.connect(self._change_builtin)
        self._table.role_chosen.connect(lambda column, role: self._propose(with_role(self._known(), column, role)))
        self._table.row_opened.connect(self._read_row)
        self._unlabelled.wished.connect(lambda: self.labelling_wished.emit(self._known().config.data))
        self._reading.chosen.connect(lambda reading: self._propose(with_reading(self._known(), reading)))
        self._findings.row_wanted.connect(self._show_row)
        self._kind.chosen.connect(lambda kind: self._propose(with_chosen_kind(self._known(), kind)))
        self._findings.mended.connect(lambda mends: self._propose(with_mends(self._known(), mends)))
        self._charts.positive_chosen.connect(lambda one: self._propose(with_positive_label(self._known(), one)))
        self._form.changed.connect(lambda data: self._propose(with_data(self._known(), data)))
        self._form.refused.connect(lambda path, reason: self._propose(self._known()))

    def _known(self) -> Draft:
        assert self._draft is not None
        return self._draft

    def _propose(self, draft: Draft) -> None:
        self.proposed.emit(draft)

    def _change_kind(self, kind: SourceKind) -> None:
        self._propose(with_source(self._known(), kind, "builtin" if kind == "builtin" else ""))

    def _choose(self, kind: SourceKind, source: str) -> None:
        self._propose(with_source(self._known(), kind, source))

    def _change_data(self, update: dict[str, object]) -> None:
        self._propose(with_data(self._known(), self._known().config.data.model_copy(update=update)))

    def _change_builtin(self, texts: BuiltinTexts) -> None:
        self._change_data({"builtin": texts})

    def _show_error(self, draft: Draft, answers: Answers) -> None:
        error = answers.error(draft.config) if draft.has_source else None
        if error is None:
            self._banner.hide()
        else:
            self._banner.show_error(error)

    def _show_preview(self, draft: Draft, answers: Answers) -> None:
        """The rows, as far as anything can be read; paler while they are read in another way."""
        data, error = draft.config.data, answers.error(draft.config)
        fresh = answers.preview(draft.config)
        if fresh is not None:
            self._read_as = (data.train, data.reading)
        lines = answers.lines(draft.config) if draft.preview is None else None
        self._preview_box.setVisible(draft.has_source and (draft.preview is not None or error is not None))
        is_read = draft.preview is not None
        self._show_captions(is_read, draft.source_kind)
        offered = (*draft.wanted_roles, IGNORE)
        asked = answers.rows(draft.config, *self._wanted) if self._wanted else None
        shown = (draft.roles, offered, draft.label_columns, sign_of(draft), asked)
        preview = draft.preview or _as_preview(lines)
        if preview is not None and (preview is not self._preview or shown != self._shown):
            self._preview, self._shown = preview, shown
            roles, columns = (draft.roles, draft.label_columns) if is_read else ({}, ())
            self._table.show_preview(preview, roles, offered if is_read else (), columns, sign_of(draft), asked)
        self._table.setVisible(preview is not None)
        self._table.set_dimmed(is_read and self._read_as != (data.train, data.reading))
        self._reading.show_reading(data.reading, fresh or (None if error else draft.preview))
        self._reading.setVisible(draft.source_kind != "builtin" and not self._reading.is_empty())
        self._kind.setVisible(draft.has_kinds and is_read)
        self._kind.show_draft(draft)
        self._go_to_wanted(asked)

    def _show_captions(self, is_read: bool, source_kind: SourceKind) -> None:
        box = self._preview_box
        box.title.setText(tr("Preview") if is_read else tr("The file as it is"))
        guessed = tr("columns were guessed; click a chip to change one")
        box.caption.setText(guessed if is_read else tr("say below how it is to be read"))
        box.caption.setVisible(source_kind != "builtin")

    def _show_row(self, split: str, row: int) -> None:
        """A finding names this row: it is in the table, or is asked for."""
        self._wanted = None
        if split == "train" and self._table.show_row(row, is_asked=False):
            self._see_table()
            return
        self._wanted = (split, (row,))
        self._is_going = True
        self.rows_wanted.emit(*self._wanted)

    def _go_to_wanted(self, asked: PreviewRows | None) -> None:
        """The rows that were asked for have come: once."""
        if asked is None or not self._is_going:
            return
        self._is_going = False
        if asked.row_numbers:
            self._table.show_row(asked.row_numbers[0], is_asked=True)
            self._see_table()

    def _see_table(self) -> None:
        self.ensureWidgetVisible(self._table, 0, GAP)

    def _read_row(self, row: int) -> None:
        model = self._table.model()
        assert isinstance(model, PreviewModel)
        if self._reader is not None and shiboken6.isValid(self._reader) and self._reader.isVisible():
            return  # a double click says it twice
        self._reader = RowReader(model, row, self)
        self._reader.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._reader.open()

    def _show_report(self, draft: Draft) -> None:
        """The last report stands, paler, until the next one comes."""
        if draft.report is not None and draft.report is not self._report:
            self._report = draft.report
            self._findings.show_report(draft.report)
            kind = type_of(draft.config.task)
            has_limit = len(kind.text_columns) == 1 and not kind.can("write on")
            self._charts.show_report(draft.report, len(kind.text_columns), has_limit=has_limit)
        self._charts.show_positive(draft.config.task.positive, self._report)
        is_asked = draft.preview is None or draft.missing_role is None
        waits = draft.has_source and draft.report is None and is_asked and not self._banner.isVisibleTo(self)
        self._busy.setVisible(waits)
        has_report = self._report is not None and draft.has_source
        self._findings.setVisible(has_report)
        self._charts.setVisible(has_report)
        is_old = has_report and draft.report is None
        self._findings.setEnabled(not is_old)
        for veil in self._veils:
            veil.draw(is_old)
        self._fold.setVisible(draft.has_source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Charts beside the rows, or beneath them where the words are so large that neither would have room."""
        em = max(1.0, QFontMetrics(font(BODY)).height() / _EM)
        is_beneath = self.width() < BENEATH * em
        direction = QBoxLayout.Direction.TopToBottom if is_beneath else QBoxLayout.Direction.LeftToRight
        self._middle.setDirection(direction)
        width = NARROW_CHARTS_WIDTH if self.width() < NARROW * em else CHARTS_WIDTH
        self._charts.setMinimumWidth(0 if is_beneath else round(width * em))
        self._charts.setMaximumWidth(_ANY if is_beneath else round(width * em))
        self.source.fit(self.viewport().width())


class _Charts(Card):
    """Class balance and length of texts, and which of two labels counts as the positive one; without labels the lengths
    alone."""

    positive_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(tr("Class balance"), tr("rows after mending"))
        self._balance = BalanceBars(most=6)
        self._lengths = Histogram()
        self._positive = QWidget()
        line = QHBoxLayout(self._positive)
        line.setContentsMargins(0, 2, 0, 0)
        self._combo = QComboBox()
        self._combo.setObjectName("positive-label")
        self._combo.setAccessibleName(tr("Positive label"))
        self._combo.activated.connect(lambda index: self.positive_chosen.emit(self._combo.itemData(index)))
        caption = label(tr("Precision and recall are of"), 12, "caption")
        line.addWidget(caption, 1)
        line.addWidget(self._combo)
        self._numeric = label("", 13, "second")
        self.body.addWidget(self._numeric)
        self.body.addWidget(self._balance)
        self.body.addWidget(self._positive)
        self._line = Hairline()
        self.body.addWidget(self._line)
        self._of_lengths = QWidget()
        title = QHBoxLayout(self._of_lengths)
        title.setContentsMargins(0, 0, 0, 0)
        title.setSpacing(8)
        title.addWidget(Heading(tr("Length of texts"), "card"))
        title.addWidget(label(tr("tokens"), 12, "caption", wraps=False))
        title.addStretch(1)
        self.body.addWidget(self._of_lengths)
        self.body.addWidget(self._lengths, 1)

    def show_report(self, report: DataReport, num_texts: int, *, has_limit: bool) -> None:
        """Of rows of several texts lengths are those of all together, which no limit holds for; nor is anything cut off
        where texts are read one after the other."""
        self._numeric.setVisible(report.is_numeric)
        self._numeric.setText(_numbers_told(report))
        self._balance.setVisible(not report.is_numeric and report.has_labels)
        self._line.setVisible(report.has_labels)
        self._of_lengths.setVisible(report.has_labels)
        self.title.setText(_charts_title(report))
        self.caption.setText(_charts_caption(report, num_texts))
        if not report.is_numeric and report.has_labels:
            num_rows = report.num_rows.get("train") if target_of(report.kind).may_have_several else None
            self._balance.show_balance(report.balance, num_rows)
        self._lengths.show_lengths(report.lengths, report.max_length if has_limit else _NO_LIMIT)

    def show_positive(self, chosen: str | None, report: DataReport | None) -> None:
        is_binary = report is not None and target_of(report.kind).is_exclusive and len(report.balance) == 2
        self._positive.setVisible(is_binary)
        if not is_binary or report is None:
            return
        with QSignalBlocker(self._combo):
            self._combo.clear()
            for name in report.balance:
                self._combo.addItem(name, name)
            self._combo.setCurrentIndex(self._combo.findData(chosen or report.positive_label))


def _as_preview(lines: PreviewRows | None) -> Preview | None:
    """The bare lines of a file, to be shown like the rows of a table."""
    if lines is None or not lines.rows:
        return None
    shown = tuple((line,) for (line,) in lines.rows)
    return Preview("", (tr("line"),), shown, len(shown), 0, {}, {}, row_numbers=lines.row_numbers)


def _charts_title(report: DataReport) -> str:
    if not report.has_labels:
        return tr("Length of texts")
    return tr("Numbers") if report.is_numeric else tr("Class balance")


def _charts_caption(report: DataReport, num_texts: int) -> str:
    if not report.has_labels:
        return tr("tokens") if num_texts == 1 else tr("tokens of all texts of a row")
    return tr("texts that have each label") if target_of(report.kind).may_have_several else tr("rows after mending")


def _numbers_told(report: DataReport) -> str:
    if not len(report.numbers):
        return tr("The labels are numbers: it learns to estimate them.")
    least, most, mean = report.numbers.min(), report.numbers.max(), report.numbers.mean()
    return tr(
        "The labels are numbers from {least} to {most}, {mean} on average: it learns to estimate them.",
        least=f"{least:.4g}", most=f"{most:.4g}", mean=f"{mean:.3g}",
    )  # fmt: skip


def _busy_bar() -> QWidget:
    bar = QWidget()
    bar.setObjectName("looking")
    line = QHBoxLayout(bar)
    line.setContentsMargins(0, 0, 0, 0)
    moving = QProgressBar()
    moving.setRange(0, 0)
    moving.setTextVisible(False)
    moving.setFixedSize(120, 6)
    moving.setAccessibleName(tr("The doctor looks through the rows"))
    line.addWidget(moving)
    line.addWidget(label(tr("The doctor looks through the rows…"), 13, "second"), 1)
    return bar
