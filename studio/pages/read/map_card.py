"""MapCard: which words of question and passage meet, in a window around the answer that can be moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QScrollBar, QWidget

from engine.records import MeetingMap, ReadAnswer
from studio.plots.attention.color_bar import ColorBar
from studio.plots.attention.heat_map import LEAST_HEIGHT, HeatMap
from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_picture import MapPicture
from studio.plots.attention.map_window import WHOLE, Window
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.layouts import hbox

_COLUMNS = 36
_NO_LIMIT = 4096
_TO_QUESTION, _TO_PASSAGE = "passage to question", "question to passage"


@dataclass(frozen=True)
class MeetingData(MapData):
    """A map of words that meet; `looked` [key] is how much each word of the passage is looked at in all."""

    looked: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def received(self) -> np.ndarray:  # type: ignore[override]
        """[key]"""
        return self.looked


class MeetingView(HeatMap):
    """With a bracket over the columns of the answer; dragging moves the window: `dragged(columns)` is told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("meetingMap")
        self.setAccessibleName(tr("Which words meet"))
        self._answer: tuple[int, int] | None = None
        self._held: QPointF | None = None
        self.on_dragged = lambda _columns: None
        self._most = _NO_LIMIT

    def set_most_height(self, height: int) -> None:
        """As high as its cells need where they are square, and at most so high."""
        self._most = max(LEAST_HEIGHT, height)
        self._fit()

    def _lay_out(self, data: MapData, window: Window = WHOLE) -> None:
        super()._lay_out(data, window)
        self._fit()

    def _fit(self) -> None:
        if isinstance(self._picture, MapPicture):
            free = replace(self._picture, size=QSizeF(self.width(), _NO_LIMIT))
            self.setFixedHeight(min(max(LEAST_HEIGHT, math.ceil(free.height) + 2), self._most))

    def set_answer(self, columns: tuple[int, int] | None) -> None:
        """(first, one after the last) column of the answer, as far as it is seen."""
        self._answer = columns
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        picture = self._picture
        if self._answer is None or not isinstance(picture, MapPicture):
            return
        first, last = self._answer
        left, right = picture.cell(0, first).left(), picture.cell(0, last).left()
        painter = QPainter(self)
        painter.fillRect(
            round(left), round(picture.cells.top()) - 4, round(right - left) - 1, 3, QColor(tokens().accent)
        )

    def _point_at(self, place: tuple[int, int] | None) -> None:
        """The card reads the cell out in words of its own: whose look it is differs from map to map."""
        if place != self._crosshair:
            self._crosshair = place
            self.pointed.emit(*(place or (-1, -1)))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        picture = self._picture
        if self._held is not None and isinstance(picture, MapPicture):
            columns = round((self._held.x() - event.position().x()) / max(1.0, picture.cell(0, 0).width()))
            if columns:
                self._held = event.position()
                self.on_dragged(columns)
        super().mouseMoveEvent(event)


class MapCard(Card):
    """One map at a time; of a Transformer each layer has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which words meet"), tr("question in rows, the passage in columns"), parent)
        self.view, self._scale = MeetingView(), ColorBar()
        self._layers = QComboBox()
        self._layers.setAccessibleName(tr("Layer"))
        self._layers.currentIndexChanged.connect(lambda _index: self._show())
        self.header.addWidget(self._layers)
        self.header.addWidget(self._scale)
        self._bar = QScrollBar(Qt.Orientation.Horizontal)
        self._bar.setAccessibleName(tr("Part of the passage"))
        self._bar.valueChanged.connect(lambda _value: self._show())
        self._told, self._foot = Caption(""), Caption(tr("colour: weight to the power 0.6"))
        self._told.setObjectName("mapTold")
        self._nothing = Caption("", wrap=True)
        self._nothing.setObjectName("noMap")
        for one in (self.view, self._bar):
            self.body.addWidget(one)
        self.body.addLayout(hbox((self._told, 1), self._foot, gap=8))
        self.body.addWidget(self._nothing)
        self.view.pointed.connect(self._tell)
        self.view.on_dragged = lambda columns: self._bar.setValue(self._bar.value() + columns)
        self._answer: ReadAnswer | None = None

    def set_most_height(self, height: int) -> None:
        """So high may the card be, but for its words."""
        self.view.set_most_height(height - (self.sizeHint().height() - self.view.height()))

    @property
    def map(self) -> MeetingMap | None:
        """The one that is shown."""
        maps = self._answer.maps if self._answer else ()
        return maps[min(max(self._layers.currentIndex(), 0), len(maps) - 1)] if maps else None

    def show_answer(self, found: ReadAnswer) -> None:
        self._answer = found
        names = [_title(one.name) for one in found.maps]
        if names != [self._layers.itemText(index) for index in range(self._layers.count())]:
            self._layers.blockSignals(True)
            self._layers.clear()
            self._layers.addItems(names)
            self._layers.setCurrentIndex(len(names) - 1)
            self._layers.blockSignals(False)
        self._layers.setVisible(len(names) > 1)
        count, (first, last) = len(found.passage_words), self._columns_of_answer()
        self._bar.blockSignals(True)
        self._bar.setRange(0, max(0, count - _COLUMNS))
        self._bar.setPageStep(_COLUMNS)
        self._bar.setValue(max(0, (first + last - _COLUMNS) // 2))
        self._bar.blockSignals(False)
        self._show()

    def _columns_of_answer(self) -> tuple[int, int]:
        """(first, one after the last) word of the best span."""
        found = self._answer
        if found is None or not found.best:
            return 0, 0
        best = found.best[0]
        places = [
            place for place, word in enumerate(found.passage_words) if word.start < best.end and word.end > best.start
        ]
        return (places[0], places[-1] + 1) if places else (0, 0)

    def _show(self) -> None:
        found, one = self._answer, self.map
        for part in (self.view, self._scale, self._told, self._foot):
            part.setVisible(one is not None)
        self._bar.setVisible(one is not None and self._bar.maximum() > 0)
        self._nothing.setVisible(one is None)
        self._nothing.setText(
            tr("This reader has no attention: the question is one vector for the whole passage, so no words meet.")
        )
        if found is None or one is None:
            return
        start = self._bar.value()
        stop = min(len(found.passage_words), start + _COLUMNS)
        keys = tuple(word.text for word in found.passage_words[start:stop])
        is_whole = one.name == _TO_PASSAGE
        queries = (tr("the question"),) if is_whole else tuple(word.text for word in found.question_words)
        data = MeetingData(
            weights=np.ascontiguousarray(one.weights[:, start:stop]),
            queries=queries,
            keys=keys,
            special=np.zeros(len(keys), dtype=np.bool_),
            scale=float(one.weights.max(initial=1e-9)),
            looked=one.looked_at[start:stop],
        )
        self._scale.set_end(data.end)
        self.view.set_map(data)
        first, last = self._columns_of_answer()
        first, last = max(first, start) - start, min(last, stop) - start
        self.view.set_answer((first, last) if first < last else None)
        self._tell(-1, -1)

    def _tell(self, query: int, key: int) -> None:
        """In words what the crosshair points at, else the strongest meeting."""
        found, one = self._answer, self.map
        if found is None or one is None or not one.weights.size:
            self._told.setText("")
            return
        start = self._bar.value()
        if query < 0:
            query, key = np.unravel_index(int(one.weights.argmax()), one.weights.shape)
        else:
            key += start
        word = found.passage_words[int(key)].text
        weight = f"{float(one.weights[query, key]):.2f}"
        if one.name == _TO_PASSAGE:
            self._told.setText(tr("The question looks at “{word}” with {weight}.", word=word, weight=weight))
            return
        asked = found.question_words[int(query)].text
        if one.name == _TO_QUESTION:
            told = tr("“{word}” looks at “{asked}” with {weight}.", word=word, asked=asked, weight=weight)
        else:
            told = tr("“{asked}” looks at “{word}” with {weight}.", word=word, asked=asked, weight=weight)
        self._told.setText(told)


def _title(name: str) -> str:
    if name in (_TO_QUESTION, _TO_PASSAGE):
        return tr("Attention")
    return tr("Layer {number}", number=name)
