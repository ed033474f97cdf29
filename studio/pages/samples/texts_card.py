"""TextsCard: what the writer writes, found and ordered, one of them looked at closely; more can be drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QWidget,
)

from engine.records import Sample
from studio.pages.samples.arrangement import ORDERS, Order, arranged, marked_length
from studio.pages.samples.reading_card import ReadingCard
from studio.pages.samples.sample_columns import CRITIC, HEIGHT, TEXT, sample_columns
from studio.tables.column_model import ROW, ColumnModel
from studio.tables.painted_delegate import PaintedDelegate, RowTable, table_ground
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.layouts import hbox
from studio.widgets.number_box import DecimalBox
from studio.widgets.search_field import SearchField
from studio.widgets.veil import Veil

_CRITIC_WIDTH, _NARROW_CRITIC = 226, 176
_NARROW = 620


class TextsCard(Card):
    """`draw_wished(temperature)` wants new texts, `stop_wished` no longer, `back_wished` the step's own again;
    `inside_wished(text)` looks into the critic; `read` when a sample is looked at closely."""

    draw_wished = Signal(float)
    stop_wished = Signal()
    back_wished = Signal()
    inside_wished = Signal(str)
    read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it writes"), " ", parent)
        self.caption.setMinimumWidth(1)
        self._samples: list[Sample] = []
        self._openings: list[str] = []
        self._is_drawing = False
        self.model = ColumnModel(sample_columns(self.marked), self)
        self.table = _Table(self.model)
        self._veil = Veil(self.table)
        self.reading = ReadingCard()
        self.search = SearchField(tr("Search the texts"))
        self.order = QComboBox()
        self.order.setObjectName("sampleOrder")
        self.order.setAccessibleName(tr("Order of the texts"))
        for order, words in zip(ORDERS, _order_words(), strict=True):
            self.order.addItem(words, order)
        self.temperature = _temperature()
        self.draw = Button(tr("Draw more"), "plain", "ph.shuffle")
        self.draw.setObjectName("drawMore")
        self.back = Button(tr("Back"), "link", "ph.arrow-left", size="small")
        self.back.setObjectName("backToStep")
        self.back.hide()
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._arrange())
        self.order.activated.connect(lambda _index: self._arrange())
        self.draw.clicked.connect(self._draw_or_stop)
        self.back.clicked.connect(self.back_wished)
        self.table.selectionModel().currentRowChanged.connect(self._read)
        self.table.left.connect(self._close_reading)
        self.reading.inside_wished.connect(self.inside_wished)
        self.reading.closed.connect(self._close_reading)
        self.table.activated.connect(lambda index: self.inside_wished.emit(index.data(ROW).text))

    def _lay_out(self) -> None:
        self.row.add_end(self.temperature, self.draw)
        row = hbox(self.back, (self.search, 1), self.order, gap=8)
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.reading)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_texts(self, title: str, samples: Sequence[Sample], openings: Sequence[str]) -> None:
        """`openings` are marked where a text begins with one."""
        self.title.setText(title)
        if (list(samples), list(openings)) == (self._samples, self._openings):
            return  # where the person has scrolled to stays
        self._samples, self._openings = list(samples), list(openings)
        self._arrange()

    def marked(self, text: str) -> int:
        """How many of a text's first characters are marked, as many others open with them."""
        return marked_length(text, self._openings)

    def show_drawing(self, share: float | None) -> None:
        """How far new texts are; None while none are being drawn."""
        self._is_drawing = share is not None
        self._veil.draw(self._is_drawing)
        self.draw.setText(tr("Draw more") if share is None else tr("Stop ({share})", share=f"{100 * share:.0f} %"))
        self.draw.set_icon("ph.shuffle" if share is None else "ph.x")
        self.draw.updateGeometry()
        self.temperature.setEnabled(share is None)

    def show_back(self, words: str) -> None:
        """The way back from texts drawn now; "" where there is none."""
        self.back.setText(words)
        self.back.setVisible(bool(words))

    @property
    def chosen_order(self) -> Order:
        order: Order = self.order.currentData()
        return order

    def set_order(self, order: str) -> None:
        self.order.setCurrentIndex(max(0, self.order.findData(order)))
        self._arrange()

    def _arrange(self) -> None:
        kept = self.reading.sample
        found = arranged(self._samples, self.chosen_order, self.search.text())
        self.model.show(found)
        self.table.setColumnHidden(CRITIC, not any(one.probability is not None for one in self._samples))
        self.caption.setText(self._counted(len(found)))
        if kept in found:
            self.table.selectRow(found.index(kept))
        else:
            self._close_reading()

    def _counted(self, count: int) -> str:
        total = len(self._samples)
        if count == total:
            return tr("{count:plural:text:texts}", count=total)
        return tr("{count} of {total}", count=count, total=total)

    def _read(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.reading.show_sample(current.data(ROW))
            self.read.emit()

    def _close_reading(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.reading.show_sample(None)

    def _draw_or_stop(self) -> None:
        if self._is_drawing:
            self.stop_wished.emit()
        else:
            self.draw_wished.emit(self.temperature.value())


class _Table(RowTable):
    """Enter looks inside, Escape (`left`) closes what is read."""

    left = Signal()

    def __init__(self, model: ColumnModel[Sample]) -> None:
        super().__init__(model, "samples", tr("Invented texts"), HEIGHT, 30)
        self.setItemDelegate(PaintedDelegate(model, HEIGHT, table_ground, self))
        self.setMinimumHeight(2 * HEIGHT + 34)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.horizontalHeader().setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(CRITIC, QHeaderView.ResizeMode.Fixed)
        self._fit()

    def _fit(self) -> None:
        self.horizontalHeader().resizeSection(CRITIC, _NARROW_CRITIC if self.width() < _NARROW else _CRITIC_WIDTH)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def _temperature() -> DecimalBox:
    field = DecimalBox("drawTemperature", tr("Temperature"), 0.1, 5.0, 1.0, step=0.1, decimals=1)
    field.setPrefix("T ")
    field.setFixedWidth(84)
    field.setToolTip(tr("Temperature: below 1 surer words, above 1 more varied ones"))
    return field


def _order_words() -> tuple[str, ...]:
    return tr("surest first"), tr("least sure first"), tr("as written"), tr("most copied first")
