"""MapCard: one map large, as heat map or as marked text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from engine.records import AttentionRecord
from studio.pages.attention.reading import Choice, map_title, marks_of, slice_of
from studio.plots.color_bar import ColorBar
from studio.plots.heat_map import HeatMap
from studio.plots.marked_text import MarkedText, Marks
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.empty_state import EmptyState
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.toggle import Toggle

_VIEWS = ("map", "text", "none")
_LEAST_REST = 40
"""Pixels that stay free around a pooled map and its text."""


class MapCard(Card):
    """`map_chosen(index)` and `special_toggled(bool)` are the person's; heat map or text is the card's own affair."""

    map_chosen = Signal(int)
    special_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAccessibleName(tr("Attention map"))
        self.view = SegmentedControl([("map", tr("Heat map"), "ph.grid-four"), ("text", tr("Text"), "ph.text-aa")])
        self.view.setObjectName("mapView")
        self.view.changed.connect(self._show_view)
        self.maps = QComboBox()
        self.maps.setObjectName("mapChooser")
        self.maps.setAccessibleName(tr("Map"))
        self.maps.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.maps.activated.connect(self.map_chosen)
        self.heat_map, self.text = HeatMap(), MarkedText(size=16)
        self.text.setObjectName("markedText")
        self.color_bar = ColorBar()
        self.special = Toggle(tr("Special tokens"))
        self.special.setObjectName("specialTokens")
        self.special.setChecked(True)
        self._has_special = True
        self.special.toggled.connect(self.special_toggled)
        self._lay_out()

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.view)
        top.addStretch(1)
        top.addWidget(self.maps)
        foot.addWidget(self.color_bar)
        foot.addStretch(1)
        foot.addWidget(self.special)
        self._stack = QStackedWidget()
        self._pooled_text = MarkedText(size=20)
        self._stack.addWidget(self._map_page())
        self._stack.addWidget(_scrolled(self.text))
        self._stack.addWidget(
            EmptyState(
                "ph.eye-slash",
                tr("This model has no attention"),
                tr("It answers, but there is no map of where it looks. Models with attention have one."),
            )
        )
        self._foot = QWidget()
        self._foot.setLayout(foot)
        foot.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(top)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._foot)

    def _map_page(self) -> QWidget:
        """The map fills it; a pooled one is as high as it needs, has the text under it, and both scroll."""
        page = QWidget()
        page.setObjectName("scrolled")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(22)
        column.addWidget(self.heat_map, 1)
        column.addWidget(self._pooled_text)
        column.addStretch(0)
        self._map_scroll = _MapScroll(page)
        self._map_scroll.resized.connect(self._fit_strip)
        return self._map_scroll

    def _fit_strip(self) -> None:
        """The lines of a pooled map share what the text under them leaves."""
        text = self._pooled_text.heightForWidth(self._map_scroll.viewport().width())
        self.heat_map.set_room(max(120.0, self._map_scroll.viewport().height() - text - _LEAST_REST))

    def show_record(self, record: AttentionRecord, choice: Choice) -> None:
        """The chosen slice; a record without maps says so instead."""
        has_maps = bool(record.maps)
        self.view.setVisible(has_maps)
        self._foot.setVisible(has_maps)
        self.maps.setVisible(len(record.maps) > 1)
        if not has_maps:
            self._stack.setCurrentIndex(_VIEWS.index("none"))
            return
        names = [map_title(one.name) for one in record.maps]
        if [self.maps.itemText(index) for index in range(self.maps.count())] != names:
            self.maps.clear()
            self.maps.addItems(names)
        self.maps.setCurrentIndex(choice.map)
        data = slice_of(record, choice)
        self._show_text(marks_of(record, choice), data.is_pooled)
        self.heat_map.set_map(data)
        self.color_bar.set_end(data.end)
        self._has_special = any(record.special)
        self._show_view(self.view.current())

    def _show_text(self, marks: Marks, is_pooled: bool) -> None:
        self.text.set_marks(marks)
        self._pooled_text.setVisible(is_pooled)
        if is_pooled:
            self._pooled_text.set_marks(marks)
            self._fit_strip()

    def _show_view(self, view: str) -> None:
        self._stack.setCurrentIndex(_VIEWS.index(view))
        self.color_bar.setVisible(view == "map")
        self.special.setVisible(view == "map" and self._has_special)


class _MapScroll(QScrollArea):
    """Tells when it has another size."""

    resized = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def _scrolled(text: MarkedText) -> QScrollArea:
    page = QWidget()
    page.setObjectName("scrolled")
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    column.addWidget(text)
    column.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(page)
    return scroll
