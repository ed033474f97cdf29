"""MapCard: one map large, as heat map, as arcs or as marked text; two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from engine.records import AttentionRecord
from studio.pages.attention.map_files import Drawing
from studio.pages.attention.reading import Choice, Scope, is_traced, map_title, marks_of, slice_of
from studio.plots.attention.attention_arcs import AttentionArcs
from studio.plots.attention.color_bar import ColorBar
from studio.plots.attention.heat_map import HeatMap
from studio.plots.attention.map_data import MapData
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.plots.attention.pair_view import PairView
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.empty_state import EmptyState
from studio.widgets.folding_row import FoldingRow
from studio.widgets.layouts import fill
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.toggle import Toggle

_PAGES = ("map", "pair", "arcs", "text", "none")
_LEAST_REST = 40
"""Pixels that stay free around a pooled map and its text."""


@dataclass(frozen=True)
class Shown:
    """What the card shows: the slice that was chosen, an exact map of a long text in its place, a second map to compare
    with, and the text marked by another method than the slice (None: by the slice)."""

    record: AttentionRecord
    choice: Choice
    exact: MapData | None = None
    second: MapData | None = None
    titles: tuple[str, str] = ("A", "B")
    marks: Marks | None = None


class MapCard(Card):
    """What the person chooses: `map_chosen(index, scope)` (-1: rollout, which must be asked for),
    `method_chosen(method)` for the marked text ("" for the chosen map), `special_toggled`, `zoom_requested(row,
    column)` into a pooled map and `zoom_left`. Heat map, arcs or text is the card's own affair."""

    map_chosen = Signal(int, str)
    method_chosen = Signal(str)
    special_toggled = Signal(bool)
    zoom_requested = Signal(int, int)
    zoom_left = Signal()
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAccessibleName(tr("Attention map"))
        self.view = SegmentedControl(
            [
                ("map", tr("Heat map"), "ph.grid-four"),
                ("arcs", tr("Arcs"), "ph.git-branch"),
                ("text", tr("Text"), "ph.text-aa"),
            ]
        )
        self.view.setObjectName("mapView")
        self.view.changed.connect(lambda _view: self._show_view())
        self.maps, self.method = _chooser("mapChooser"), _chooser("methodChooser")
        self.maps.setAccessibleName(tr("Map"))
        self.method.setAccessibleName(tr("Words marked by"))
        self.maps.activated.connect(lambda index: self.map_chosen.emit(*self._offers[index][1:]))
        self.method.activated.connect(self._choose_method)
        self.heat_map, self.arcs, self.pair = HeatMap(), AttentionArcs(), PairView()
        self.text = MarkedText(size=16)
        self.heat_map.zoom_requested.connect(self.zoom_requested)
        self.arcs.hovered.connect(self.hovered)
        self.text.setObjectName("markedText")
        self.color_bar = ColorBar()
        self.special = Toggle(tr("Special tokens"))
        self.special.setObjectName("specialTokens")
        self.special.setChecked(True)
        self.special.toggled.connect(self.special_toggled)
        self.back = Button(tr("Back to the overview"), "link", "ph.arrow-left", size="small")
        self.back.setObjectName("leaveZoom")
        self.back.clicked.connect(self.zoom_left)
        self._shown: Shown | None = None
        self._offers: list[tuple[str, int, Scope]] = []
        self._wanted_method = ""
        self._lay_out()

    def _lay_out(self) -> None:
        top, foot = FoldingRow(self.view), QHBoxLayout()
        top.line.addStretch(1)
        top.add_end(self.back, self.method, self.maps)
        foot.addWidget(self.color_bar)
        foot.addStretch(1)
        foot.addWidget(self.special)
        self._stack = QStackedWidget()
        self._pooled_text = MarkedText(size=20)
        nothing = EmptyState(
            "ph.eye-slash",
            tr("This model has no attention"),
            tr("There is no map of where it looks. What each word changes, and gradients, are measured all the same."),
        )
        for page in (self._map_page(), self._pair_page(), self.arcs, _scrolled(self.text), nothing):
            self._stack.addWidget(page)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        foot.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(top)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._foot)

    def _map_page(self) -> QWidget:
        """The map fills it; a pooled one is as high as it needs, has the text under it, and both scroll."""
        page = QWidget()
        page.setObjectName("scrolled")
        column = fill(QVBoxLayout(page), (self.heat_map, 1), self._pooled_text, gap=22, margins=(0, 4, 0, 0))
        column.addStretch(0)
        self._map_scroll = _MapScroll(page)
        self._map_scroll.resized.connect(self._fit_strip)
        return self._map_scroll

    def _pair_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("scrolled")
        fill(QVBoxLayout(page), self.pair)
        scroll = _MapScroll(page)
        scroll.resized.connect(lambda: self.pair.set_room(scroll.viewport().height()))
        return scroll

    def _fit_strip(self) -> None:
        """The lines of a pooled map share what the text under them leaves."""
        text = self._pooled_text.heightForWidth(self._map_scroll.viewport().width())
        self.heat_map.set_room(max(120.0, self._map_scroll.viewport().height() - text - _LEAST_REST))

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def data(self) -> MapData | None:
        """The one map that is shown, or the first of two."""
        if self._shown is None or not self._shown.record.maps:
            return None
        return self._shown.exact or slice_of(self._shown.record, self._shown.choice)

    @property
    def chosen_method(self) -> str:
        """By which the text is marked; "" by the map itself."""
        shown = self.method.currentData()
        return self._wanted_method if shown is None else str(shown)

    def choose_method(self, method: str) -> None:
        """As the person does; nothing is emitted."""
        self._wanted_method = method
        if self._shown is not None:
            self.offer_methods(self._shown.record)

    def offer_methods(self, record: AttentionRecord) -> None:
        """Those that the record's model can be asked for; without any attention only what words change."""
        names = [one.name for one in record.maps]
        known = _method_words()
        if not names:
            del known[""], known["attention"]
        if "self-attention" not in names:
            del known["rollout"]
        if [self.method.itemData(place) for place in range(self.method.count())] != list(known):
            self.method.clear()
            for method, words in known.items():
                self.method.addItem(words, method)
        self.method.setCurrentIndex(max(0, self.method.findData(self._wanted_method)))

    def show_map(self, shown: Shown) -> None:
        """Only the view that is seen is made anew."""
        self._shown = shown
        self._offer_maps(shown)
        self.offer_methods(shown.record)
        self._show_view()

    def _offer_maps(self, shown: Shown) -> None:
        offers = offers_of(shown.record)
        if offers != self._offers:
            self._offers = offers
            self.maps.clear()
            self.maps.addItems([words for words, _, _ in offers])
        chosen = (shown.choice.map, shown.choice.scope)
        places = [place for place, (_, index, scope) in enumerate(offers) if (index, scope) == chosen]
        self.maps.setCurrentIndex(places[0] if places else -1)

    def _show_view(self) -> None:
        shown = self._shown
        if shown is None:
            return
        view = self._page_of(shown)
        self._stack.setCurrentIndex(_PAGES.index(view))
        self._show_controls(shown, view)
        data = self.data
        if view == "text":
            self.text.set_marks(shown.marks or marks_of(shown.record, shown.choice))
        if data is None:
            return
        if view == "map":
            self.heat_map.set_map(data)
            self._show_pooled_text(shown, data)
            self.color_bar.set_end(data.end)
        elif view == "arcs":
            self.arcs.set_map(data)
        elif view == "pair" and shown.second is not None:
            self.pair.set_maps(data, shown.second, *shown.titles)

    def _page_of(self, shown: Shown) -> str:
        if not shown.record.maps:
            return "text" if shown.marks is not None else "none"
        view = self.view.current()
        return "pair" if view == "map" and shown.second is not None else view

    def _show_controls(self, shown: Shown, view: str) -> None:
        has_maps = bool(shown.record.maps)
        self.view.setVisible(has_maps)
        self.back.setVisible(shown.exact is not None and view == "map")
        has_method = "explain" in shown.record.abilities and view in ("text", "none")
        is_by_map = not (has_method and self.chosen_method)
        self.maps.setVisible(has_maps and self.maps.count() > 1 and shown.exact is None and is_by_map)
        self.method.setVisible(has_method)
        self._foot.setVisible(view in ("map", "arcs", "pair"))
        self.color_bar.setVisible(view == "map")
        self.special.setVisible(view in ("map", "arcs", "pair") and any(shown.record.special))

    def _show_pooled_text(self, shown: Shown, data: MapData) -> None:
        self._pooled_text.setVisible(data.is_pooled and not data.is_binned)
        if data.is_pooled and not data.is_binned:
            self._pooled_text.set_marks(marks_of(shown.record, shown.choice))
            self._fit_strip()

    def _choose_method(self, index: int) -> None:
        self._wanted_method = str(self.method.itemData(index))
        self.method_chosen.emit(self._wanted_method)

    # -- taking it away ------------------------------------------------------------------------------------------------

    def image(self) -> QImage:
        """What is seen, twice as large."""
        view = _PAGES[self._stack.currentIndex()]
        if view == "pair":
            return self.pair.image()
        if view == "arcs":
            return self.arcs.image()
        if view == "text":
            return self.text.grab().toImage()
        return self.heat_map.image()

    def drawing(self) -> Drawing | None:
        """What is seen, where it is more than one heat map."""
        view = _PAGES[self._stack.currentIndex()]
        if view == "pair" and self.pair.picture is not None:
            return QSizeF(self.pair.picture.size.width(), self.pair.picture.height), self.pair.picture.paint
        if view == "arcs" and self.arcs.picture is not None:
            return QSizeF(self.arcs.picture.width, self.arcs.picture.height), self.arcs.picture.paint
        return None


def can_roll_out(record: AttentionRecord) -> bool:
    """Attention is followed through layers in which words look at words."""
    return any(one.name == "self-attention" for one in record.maps)


def offers_of(record: AttentionRecord) -> list[tuple[str, int, Scope]]:
    """(words, map, heads) of all that can be shown: each map by one head, the mean or the maximum of its heads; rollout
    at the end, under -1 until it is known."""
    scopes: dict[Scope, str] = {"head": tr("this head"), "mean": tr("mean of heads"), "max": tr("maximum of heads")}
    is_known = any(one.name == "rollout" for one in record.maps)
    num_named = sum(not is_traced(one.name) for one in record.maps)
    offers: list[tuple[str, int, Scope]] = []
    for index, one in enumerate(record.maps):
        if one.weights.shape[1] == 1:
            offers.append((map_title(one.name), index, "head"))
            continue
        for scope, words in scopes.items():
            named = words if num_named == 1 else tr("{map}: {heads}", map=map_title(one.name), heads=words)
            offers.append((named, index, scope))
    if not is_known and can_roll_out(record):
        offers.append((map_title("rollout"), -1, "head"))
    return offers


def _method_words() -> dict[str, str]:
    return {
        "": tr("by this map"),
        "leave-one-out": tr("by leaving one out"),
        "gradient": tr("by gradient × input"),
        "integrated-gradients": tr("by integrated gradients"),
        "attention": tr("by attention in all"),
        "rollout": tr("by rollout"),
    }


def _chooser(name: str) -> QComboBox:
    chooser = QComboBox()
    chooser.setObjectName(name)
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return chooser


class _MapScroll(QScrollArea):
    """Tells when it has another size."""

    resized = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName(tr("Attention map"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def _scrolled(text: MarkedText) -> QScrollArea:
    page = QWidget()
    page.setObjectName("scrolled")
    fill(QVBoxLayout(page), text, None, margins=(0, 8, 0, 0))
    scroll = QScrollArea()
    scroll.setAccessibleName(tr("Marked text"))
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(page)
    return scroll
