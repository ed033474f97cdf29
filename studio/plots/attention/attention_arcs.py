"""AttentionArcs: a map as arcs between its words; the pointer or the arrow keys choose a word to read out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio.plots.attention.arcs_picture import ArcsPicture, Place
from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_words import exact
from studio.theme import CHIP_RADIUS, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox, scrolling

_HIGHEST = 30_000
"""Pixels: a painter draws no further down an image than about 32,000."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class AttentionArcs(QWidget):
    """The sides' names on top, arcs that scroll, and under them from what weight on there is an arc.

    `hovered(index)` tells the word that is looked at closely, -1 for none.
    """

    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attentionArcs")
        self._back, self._ahead, self.foot = Caption(tr("looks back")), Caption(tr("looks ahead")), Caption()
        self._canvas = _Canvas()
        self._canvas.hovered.connect(self.hovered)
        self._scroll = scrolling(self._canvas)
        self._scroll.verticalScrollBar().valueChanged.connect(self._canvas.follow_node)
        self._canvas.went_to.connect(self._reveal)
        self.setFocusProxy(self._canvas)
        sides = hbox(self._back, None, self._ahead)
        fill(QVBoxLayout(self), sides, (self._scroll, 1), self.foot, gap=6)

    def set_map(self, data: MapData) -> None:
        """Show another map; the chosen word stays when the words are the same."""
        self._canvas.set_map(data)
        picture = self._canvas.picture
        assert picture is not None
        self._back.setVisible(picture.looks_back and not picture.is_fan)
        self._ahead.setVisible(picture.looks_ahead and not picture.is_fan)
        self.foot.setText(foot_words(picture))

    def set_current(self, index: int | None) -> None:
        """Look at a word closely, as the pointer does; nothing is emitted."""
        self._canvas.set_current(index)

    @property
    def current(self) -> int | None:
        return self._canvas.chosen[1] if self._canvas.chosen is not None else None

    @property
    def picture(self) -> ArcsPicture | None:
        """What is shown, to be painted elsewhere too: `picture.width`, `.height` and `.paint(painter)`."""
        return self._canvas.picture

    def image(self, scale: float = 2.0) -> QImage:
        """All arcs on the card's colour, `scale` pixels a point, less for a very long text."""
        picture = self._canvas.picture
        assert picture is not None
        scale = min(scale, _HIGHEST / picture.height)
        drawn = QImage(round(picture.width * scale), round(picture.height * scale), QImage.Format.Format_RGB32)
        drawn.setDevicePixelRatio(scale)
        drawn.fill(QColor(tokens().card))
        painter = QPainter(drawn)
        picture.paint(painter)
        painter.end()
        return drawn

    def _reveal(self, box: QRect) -> None:
        self._scroll.ensureVisible(box.center().x(), box.center().y(), 0, box.height() + 20)


class _Canvas(QWidget):
    """The arcs themselves, as high as their words; paints what is seen of them."""

    hovered = Signal(int)
    went_to = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self.setAccessibleName(tr("Attention arcs"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture: ArcsPicture | None = None
        self._drawn: tuple[ArcsPicture, tuple[object, ...], QImage] | None = None
        self.chosen: Place | None = None

    def set_map(self, data: MapData) -> None:
        old = self.picture.data if self.picture is not None else None
        self._lay_out(data)
        if old is None or (old.queries, old.keys) != (data.queries, data.keys):
            self._choose(None)

    def _lay_out(self, data: MapData) -> None:
        room = self.parentWidget().height() if self.parentWidget() else self.height()
        self.picture = ArcsPicture(data, max(260, self.width()), room, self._middle())
        self.setMinimumHeight(int(self.picture.height))
        self.update()

    def _middle(self) -> float | None:
        """Half-way down of what is seen: there the whole text of a pooling stands."""
        seen = self.visibleRegion().boundingRect()
        return float(seen.center().y()) if seen.height() > 1 else None

    def follow_node(self) -> None:
        if self.picture is not None and self.picture.is_fan:
            self._lay_out(self.picture.data)

    def set_current(self, index: int | None) -> None:
        if self.picture is None or index is None:
            self._mark(None)
            return
        side = "key" if self.picture.is_fan else "query"
        self._mark((side, index) if 0 <= index < len(self.picture.data.keys) else None)

    def _mark(self, place: Place | None) -> None:
        self.chosen = place
        self.setAccessibleDescription(spoken(self.picture, place) if self.picture and place else "")
        self.update()

    def _choose(self, place: Place | None) -> None:
        if place != self.chosen:
            self._mark(place)
            self.hovered.emit(-1 if place is None else place[1])

    # -- events --------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter = QPainter(self)
        seen = self.visibleRegion().boundingRect()
        painter.drawImage(seen.topLeft(), self._arcs_drawn(self.picture, seen))
        self.picture.paint_words(painter, QRectF(seen), self.chosen)
        if self.hasFocus() and self.chosen is None:
            painting.focus_ring(painter, seen, CHIP_RADIUS)

    def _arcs_drawn(self, picture: ArcsPicture, seen: QRect) -> QImage:
        """All arcs of what is seen, kept while the pointer goes from word to word."""
        key = (seen, self.chosen is not None, self.devicePixelRatioF())
        if self._drawn is None or self._drawn[0] is not picture or self._drawn[1] != key:
            drawn = QImage(seen.size() * self.devicePixelRatioF(), QImage.Format.Format_ARGB32_Premultiplied)
            drawn.setDevicePixelRatio(self.devicePixelRatioF())
            drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(drawn)
            painter.translate(-seen.topLeft())
            picture.paint_arcs(painter, QRectF(seen), is_pale=self.chosen is not None)
            painter.end()
            self._drawn = (picture, key, drawn)
        return self._drawn[2]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.picture is not None:
            self._lay_out(self.picture.data)

    def sizeHint(self) -> QSize:
        return QSize(480, int(self.picture.height) if self.picture is not None else 480)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self.picture.at(event.position()) if self.picture is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._choose(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._choose(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if self.picture is not None and step is not None:
            self._step(step)
        elif event.key() == Qt.Key.Key_Escape and self.chosen is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        """The next word down or up; a pooling's keys, as its one query looks at all of them."""
        assert self.picture is not None
        is_key = self.picture.is_fan and self.picture.data.is_pooled
        num = len(self.picture.data.keys if is_key else self.picture.data.queries)
        index = 0 if self.chosen is None else min(max(self.chosen[1] + step, 0), num - 1)
        place = ("key" if is_key else "query", index)
        self._choose(place)
        self.went_to.emit(self.picture.box(place).toRect())


def foot_words(picture: ArcsPicture) -> str:
    """From what weight on an arc is drawn."""
    if not picture.arcs.shown:
        return tr("No arcs: every word is looked at about alike.")
    return tr("arcs above {weight}, thicker means more", weight=f"{picture.arcs.threshold:.2g}")


def spoken(picture: ArcsPicture, place: Place) -> str:
    """A word's arcs for a screen reader, the strongest first."""
    data, is_query = picture.data, place[0] == "query"
    words = [
        f"{(data.keys[arc.key] if is_query else data.queries[arc.query])} {exact(abs(arc.weight))}"
        for arc in picture.arcs_at(place)
    ]
    word = (data.queries if is_query else data.keys)[place[1]]
    if is_query:
        return tr("“{word}” looks at: {words}", word=word, words=words)
    return tr("“{word}” is looked at by: {words}", word=word, words=words)
