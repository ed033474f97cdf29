"""HeadsCard: all layers and heads of one map to choose from, to sort, and to switch off."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from engine.records import AttentionMap, AttentionRecord, HeadFacts, Switches
from studio.pages.attention.reading import Choice, is_traced, special_keys
from studio.plots.attention.head_grid import HeadGrid
from studio.plots.attention.head_words import Order, legend_words
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.toggle import Toggle

_CAPTION_WIDTH = 310


class HeadsCard(Card):
    """`chosen(layer, head)`; `toggled(layer, head)` and `layer_toggled(layer)` switch; `all_on_requested` undoes it."""

    chosen = Signal(int, int)
    toggled = Signal(int, int)
    layer_toggled = Signal(int)
    uniform_toggled = Signal(bool)
    all_on_requested = Signal()
    importance_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent)
        self.caption.setMinimumWidth(1)
        self.grid = HeadGrid()
        self.grid.chosen.connect(self.chosen)
        self.grid.toggled.connect(self.toggled)
        self.grid.layer_toggled.connect(self.layer_toggled)
        self.order = QComboBox()
        self.order.setObjectName("headOrder")
        self.order.setAccessibleName(tr("Order of heads"))
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.order.setMinimumContentsLength(8)
        self.order.view().setMinimumWidth(190)
        for key, words in _order_words().items():
            self.order.addItem(words, key)
        self.order.activated.connect(self._choose_order)
        _keep_room(self.order)
        self.header.addWidget(self.order)
        self.uniform = Toggle(tr("Uniform attention"))
        self.uniform.setObjectName("uniformAttention")
        self.uniform.setToolTip(tr("Every token looks at all others alike: does the answer need the attention at all?"))
        self.uniform.toggled.connect(self.uniform_toggled)
        self.all_on = Button(tr("All on"), "link", "ph.arrow-counter-clockwise", size="small")
        self.all_on.setObjectName("allHeadsOn")
        self.all_on.clicked.connect(self.all_on_requested)
        self.legend = Caption("", wrap=True)
        self.legend.setObjectName("patternLegend")
        _keep_room(self.legend)
        foot = QHBoxLayout()
        foot.addWidget(self.uniform)
        foot.addStretch(1)
        foot.addWidget(self.all_on)
        self.body.addWidget(self.grid)
        self.body.addWidget(self.legend)
        self.body.addLayout(foot)
        self._shown: AttentionMap | None = None
        self._importance: np.ndarray | None = None

    @property
    def current_order(self) -> Order:
        order: Order = self.order.currentData()
        return order

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_caption()

    def _show_caption(self) -> None:
        """Only whole; the thumbnails show as much."""
        self.caption.setVisible(self.grid.isVisibleTo(self) and self.width() >= _CAPTION_WIDTH)

    def set_order(self, order: Order) -> None:
        """As the person does."""
        self.order.setCurrentIndex(max(0, self.order.findData(order)))
        self.grid.set_order(self.current_order)

    def show_record(self, record: AttentionRecord, choice: Choice, *, is_frame: bool = False) -> None:
        """Thumbnails are made anew only for another map. A frame of the training brings no facts; their room stays, so
        that nothing moves while a film plays."""
        chosen = record.maps[choice.map]
        layers, heads = chosen.weights.shape[:2]
        if chosen is not self._shown:
            self._shown, self._importance = chosen, None
            self.grid.set_maps(chosen.weights, special_keys(record, chosen))
            self.grid.set_facts(chosen.facts)
            self.title.setText(tr("{count:plural:head:heads}", count=layers * heads))
            self.caption.setText(tr("{layers:plural:layer:layers} × {heads}", layers=layers, heads=heads))
            self.grid.setVisible(layers * heads > 1)  # one head is shown large already
            self._show_caption()
            self.order.setVisible(chosen.facts is not None and layers * heads > 2)
            self._show_legend(chosen.facts, is_frame=is_frame)
        self.grid.set_current((choice.layer, choice.head) if choice.scope == "head" else None)
        self.uniform.setEnabled(not is_frame)
        if not is_frame:
            self.uniform.setVisible("uniform" in record.abilities)
        self.grid.set_can_switch("mute" in record.abilities and not is_traced(chosen.name))

    def _show_legend(self, facts: HeadFacts | None, *, is_frame: bool) -> None:
        if not is_frame:
            self.legend.setText(_legend(facts))
            _keep_room(self.legend, bool(self.legend.text()))
        self.legend.setVisible(facts is not None and bool(self.legend.text()))

    def _choose_order(self, _index: int) -> None:
        self.grid.set_order(self.current_order)
        if self.current_order == "importance":
            self.importance_wanted.emit()

    def show_importance(self, of_maps: Mapping[str, np.ndarray]) -> None:
        """Measured later than the maps: how strongly the answer would react to each head, by map name."""
        importance = of_maps.get(self._shown.name) if self._shown is not None else None
        if self._shown is None or self._shown.facts is None or importance is None or importance is self._importance:
            return
        self._importance = importance
        if importance.shape == self._shown.facts.importance.shape:
            facts: HeadFacts = replace(self._shown.facts, importance=importance)
            self.grid.set_facts(facts)

    def show_switches(self, switches: Switches, name: str) -> None:
        """What is off in the map `name`; nothing is emitted."""
        off: AbstractSet[tuple[int, int]] = {(layer, head) for one, layer, head in switches.muted if one == name}
        self.grid.set_off(off)
        self.uniform.blockSignals(True)
        self.uniform.setChecked(switches.uniform)
        self.uniform.blockSignals(False)
        self.all_on.setVisible(bool(switches))


def _keep_room(widget: QWidget, keeps: bool = True) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keeps)
    widget.setSizePolicy(policy)


def _legend(facts: HeadFacts | None) -> str:
    """The letters on the thumbnails, of the patterns that there are."""
    return legend_words({name for layer in facts.pattern for name in layer if name} if facts else ())


def _order_words() -> dict[Order, str]:
    return {
        "layer": tr("by layer"),
        "entropy": tr("sharpest first"),
        "distance": tr("farthest first"),
        "importance": tr("most important first"),
    }
