"""HeadsCard: all layers and heads of one map to choose from; SliceCard: what the chosen one does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.records import AttentionRecord
from studio.pages.attention.answer_card import word_bars
from studio.pages.attention.reading import Choice, slice_of, slice_sentence, special_keys, words_received
from studio.plots.head_grid import HeadGrid
from studio.plots.weights import looked_at
from studio.translation import tr
from studio.widgets.bar_list import BarList
from studio.widgets.card import Card
from studio.widgets.toggle import Toggle

_MOST_WORDS = 5


class HeadsCard(Card):
    """`chosen(layer, head)`; a head of -1 is the mean of the layer's heads."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent)
        self.caption.setMinimumWidth(1)
        self.grid = HeadGrid()
        self.grid.chosen.connect(self.chosen)
        self.mean = Toggle(tr("Mean of heads"))
        self.mean.setObjectName("meanOfHeads")
        self.mean.toggled.connect(self._tell_mean)
        self.body.addWidget(self.grid)
        self.body.addWidget(self.mean)
        self._layer, self._head = 0, 0
        self._record: AttentionRecord | None = None
        self._map = -1

    def show_record(self, record: AttentionRecord, choice: Choice) -> None:
        """Thumbnails are made anew only for another record or map."""
        chosen = record.maps[choice.map]
        layers, heads = chosen.weights.shape[:2]
        if record is not self._record or choice.map != self._map:
            self._record, self._map = record, choice.map
            self.grid.set_maps(chosen.weights, special_keys(record, chosen))
            self.title.setText(tr("{count:plural:head:heads}", count=layers * heads))
            self.caption.setText(tr("{layers:plural:layer:layers} × {heads}", layers=layers, heads=heads))
        self._layer = choice.layer
        self._head = self._head if choice.head is None else choice.head
        self.grid.set_current(None if choice.head is None else (choice.layer, choice.head))
        self.mean.blockSignals(True)
        self.mean.setChecked(choice.head is None)
        self.mean.blockSignals(False)
        self.mean.setVisible(heads > 1)

    def _tell_mean(self, is_on: bool) -> None:
        self.chosen.emit(self._layer, -1 if is_on else self._head)


class SliceCard(Card):
    """Where the chosen head looks, in a sentence and in bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", "", parent)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("kind", "second")
        self._words.setMinimumWidth(1)
        self._words.setObjectName("sliceSentence")
        self._bars = BarList()
        self._bars.setAccessibleName(tr("Words it looks at most"))
        self.body.addWidget(self._words)
        self.body.addWidget(self._bars)

    def show_record(self, record: AttentionRecord, choice: Choice) -> None:
        data = slice_of(record, choice)
        self.title.setText(_name(choice))
        self._words.setText(slice_sentence(data))
        words = words_received(data.keys, looked_at(data.weights), data.special)
        self._bars.set_bars(word_bars(words[:_MOST_WORDS]))


def _name(choice: Choice) -> str:
    if choice.head is None:
        return tr("Layer {layer}, mean of heads", layer=choice.layer + 1)
    return tr("Layer {layer}, head {head}", layer=choice.layer + 1, head=choice.head + 1)
