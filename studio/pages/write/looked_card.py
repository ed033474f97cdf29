"""LookedCard: where the model looked when it wrote a token, whether that mattered, and its heads by what they do."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QSizePolicy, QToolTip, QWidget

from engine.records import LookedAt
from studio.numbers import percent
from studio.pages.write.words import shown_token
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.plots.attention.weights import VIRIDIS
from studio.theme import font, icon, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.card import Card, Hairline
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox, panel, set_wide, vbox

_NUM_BARS = 5
_TILE, _GAP, _EDGE = 17, 4, 18
_WIDE = 620


class HeadSquares(QWidget):
    """Layers as rows, heads as columns; yellow where the token hangs most on the head. `chosen(layer, head)`."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._effects = np.zeros((0, 0), dtype=np.float32)
        self.current = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Heads by their effect"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_effects(self, effects: np.ndarray) -> None:
        """[layers, heads] in bits; NaN where it is not measured yet."""
        self._effects = effects
        self.updateGeometry()
        self.update()

    def set_current(self, layer: int, head: int) -> None:
        self.current = (layer, head)
        self.update()

    def sizeHint(self) -> QSize:
        rows, columns = self._effects.shape
        return QSize(_EDGE + columns * (_TILE + _GAP), _EDGE + rows * (_TILE + _GAP))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _tile(self, layer: int, head: int) -> QRect:
        return QRect(_EDGE + head * (_TILE + _GAP), _EDGE + layer * (_TILE + _GAP), _TILE, _TILE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, columns = self._effects.shape
        strength = np.maximum(0.0, np.nan_to_num(self._effects))
        most = float(strength.max()) if strength.size else 0.0
        for head in range(columns):
            ink = colours.accent_text if head == self.current[1] else colours.text2
            place = QRect(self._tile(0, head).left(), 0, _TILE, _EDGE - 3)
            painting.text(painter, place, str(head + 1), font(11, 600 if head == self.current[1] else 400), ink,
                          painting.CENTER)  # fmt: skip
        for layer in range(rows):
            ink = colours.accent_text if layer == self.current[0] else colours.text2
            place = QRect(0, self._tile(layer, 0).top(), _EDGE - 5, _TILE)
            painting.text(painter, place, str(layer + 1), font(11, 600 if layer == self.current[0] else 400), ink,
                          painting.CENTER)  # fmt: skip
            for head in range(columns):
                self._paint_tile(painter, layer, head, float(strength[layer, head]) / most if most else 0.0)

    def _paint_tile(self, painter: QPainter, layer: int, head: int, share: float) -> None:
        tile, colours = self._tile(layer, head), tokens()
        is_known = not np.isnan(self._effects[layer, head])
        fill_color = QColor(*(int(one) for one in VIRIDIS[round(share * 255)])) if is_known else QColor(colours.track)
        painting.box(painter, tile, 3, fill_color)
        if (layer, head) == self.current:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(-2, -2, 2, 2), 4, 4)

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        head, layer = int((x - _EDGE) // (_TILE + _GAP)), int((y - _EDGE) // (_TILE + _GAP))
        rows, columns = self._effects.shape
        return (layer, head) if 0 <= layer < rows and 0 <= head < columns else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().x(), event.position().y())
        if place is not None:
            self.chosen.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._effects.size:
            super().keyPressEvent(event)
            return
        rows, columns = self._effects.shape
        layer, head = self.current[0] + step[0], self.current[1] + step[1]
        self.chosen.emit(min(rows - 1, max(0, layer)), min(columns - 1, max(0, head)))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._at(event.pos().x(), event.pos().y())
            if place is not None and not np.isnan(self._effects[place]):
                words = tr(
                    "Layer {layer}, head {head}: without it {bits} bits more surprising",
                    layer=place[0] + 1,
                    head=place[1] + 1,
                    bits=f"{float(self._effects[place]):+.2f}",
                )
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


class LookedCard(Card):
    """What it looked at, read at the place that tells the token. Of a model that does not look: what mattered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it looked at"), "", parent)
        self._found: LookedAt | None = None
        self._follows_best = True
        self._layer, self._head = QComboBox(), QComboBox()
        self._choices = panel(hbox(QLabel(tr("Layer")), self._layer, QLabel(tr("Head")), self._head, gap=8))
        self.header.addWidget(self._choices)
        for box, name in ((self._layer, tr("Layer")), (self._head, tr("Head"))):
            box.setAccessibleName(name)
            box.currentIndexChanged.connect(self._choose_by_boxes)
        self._text, self.squares, self._bars = MarkedText(size=13), HeadSquares(), BarList()
        self.squares.chosen.connect(self._choose)
        self._about_heads, self._about_bars, self._grey = Caption(), Caption(), Caption(wrap=True)
        self._sign, self._trust = QLabel(), Caption(wrap=True)
        self._trust.setObjectName("lookedTrust")
        self._sign.setFixedSize(18, 18)
        self._nothing = Caption(tr("Click a token that it wrote."), wrap=True)
        self._heads = panel(vbox(self._about_heads, self.squares, None, gap=4))
        bars = panel(vbox(self._about_bars, self._bars, self._grey, None, gap=4))
        self._columns = fill(
            QBoxLayout(QBoxLayout.Direction.LeftToRight), (self._text, 5), self._heads, (bars, 3), gap=20
        )
        self._inside = panel(vbox(self._columns, Hairline(), hbox(self._sign, (self._trust, 1), gap=8), gap=10))
        fill(self.body, self._nothing, self._inside)
        self.show_nothing()

    @property
    def place(self) -> int | None:
        """The token that the chosen head looks at most, of those that can be left out; None without any."""
        found = self._found
        if found is None:
            return None
        strength = np.where(np.isnan(found.without), -1.0, self._strength(found))
        return int(strength.argmax()) if len(strength) and strength.max() > 0 else None

    def show_nothing(self) -> None:
        self._found, self._follows_best = None, True
        self.title.setText(tr("What it looked at"))
        self._nothing.show()
        for one in (self._inside, self._choices):
            one.hide()

    def show_found(self, found: LookedAt) -> None:
        """Head by head as they are measured; the one that matters most is chosen until a person chooses."""
        num_layers, num_heads = found.effects.shape
        is_other = self._found is None or self._found.effects.shape != found.effects.shape
        self._found = found
        if is_other:
            for box, count in ((self._layer, num_layers), (self._head, num_heads)):
                box.blockSignals(True)
                box.clear()
                box.addItems([str(number + 1) for number in range(count)])
                box.blockSignals(False)
        if self._follows_best and found.effects.size and not np.isnan(found.effects).all():
            best = int(np.nanargmax(found.effects))
            self.squares.set_current(*divmod(best, num_heads))
        elif is_other:
            self.squares.set_current(0, 0)
        self._nothing.hide()
        self._inside.show()
        for one in (self._heads, self._choices):
            one.setVisible(num_layers > 0)
        self._show()

    def follow_best(self) -> None:
        """Of another token the head that matters most is shown first."""
        self._follows_best = True

    def _choose(self, layer: int, head: int) -> None:
        self._follows_best = False
        self.squares.set_current(layer, head)
        self._show()

    def _choose_by_boxes(self) -> None:
        if self._found is not None:
            self._choose(max(0, self._layer.currentIndex()), max(0, self._head.currentIndex()))

    def _strength(self, found: LookedAt) -> np.ndarray:
        """[tokens]: the chosen head's weights; without heads by how much the probability falls without each."""
        if found.weights.size:
            layer, head = self.squares.current
            return np.asarray(found.weights[layer, head], dtype=np.float64)
        return np.nan_to_num(np.maximum(0.0, found.probability - found.without.astype(np.float64)))

    def _show(self) -> None:
        found = self._found
        assert found is not None
        layer, head = self.squares.current
        for box, number in ((self._layer, layer), (self._head, head)):
            box.blockSignals(True)
            box.setCurrentIndex(number)
            box.blockSignals(False)
        token = shown_token(found.token)
        has_heads = found.weights.size > 0
        title = tr("What it looked at when it wrote “{token}”", token=token)
        self.title.setText(title if has_heads else tr("What “{token}” hangs on", token=token))
        strength = self._strength(found)
        self._text.set_marks(_marks(found, strength))
        self.squares.show_effects(found.effects)
        self._about_heads.setText(tr("{count:plural:head:heads}, yellow matters most", count=found.effects.size))
        self._about_bars.setText(tr("it looked most at") if has_heads else tr("without it, less likely by"))
        self._bars.set_bars(_bars(found, strength))
        self._grey.setText(tr("grey: the beginning, where heads rest"))
        self._grey.setVisible(has_heads and found.first == 0)
        self._show_trust(found)

    def _show_trust(self, found: LookedAt) -> None:
        place = self.place
        if place is None:
            self._sign.clear()
            self._trust.setText(tr("Nothing before it can be left out."))
            return
        control = found.control(place)
        told = {
            "word": shown_token(found.tokens[place]),
            "token": shown_token(found.token),
            "before": percent(found.probability),
            "without": percent(float(found.without[place])),
            "control": percent(control),
        }
        holds = found.holds(place)
        name, color = ("ph.check-circle", tokens().ok) if holds else ("ph.warning", tokens().warn)
        self._sign.setPixmap(icon(name, color).pixmap(18, 18))
        self._trust.setProperty("kind", "second" if holds else "warn")
        self._trust.style().polish(self._trust)
        if holds:
            words = tr(
                "The map holds: without “{word}” the chance of “{token}” falls from {before} to {without}; without "
                "another word it is {control}.",
                **told,
            )
        else:
            words = tr(
                "Do not read much into it: without “{word}” the chance of “{token}” goes from {before} to {without}; "
                "without another word it is {control}.",
                **told,
            )
        self._trust.setText(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._columns, self.width() >= _WIDE)


def _marks(found: LookedAt, strength: np.ndarray) -> Marks:
    spans, text = [], ""
    for piece in found.tokens:
        spans.append((len(text), len(text) + len(piece)))
        text += piece
    weights = strength.copy()
    if found.first == 0 and len(weights):
        weights[0] = 0.0  # where heads rest
    return Marks(text, tuple(spans), weights)


def _bars(found: LookedAt, strength: np.ndarray) -> list[Bar]:
    order = np.argsort(-strength, kind="stable")[:_NUM_BARS]
    most = float(strength.max()) if len(strength) else 0.0
    colours = tokens()
    return [
        Bar(
            tr("(beginning)") if found.first + at == 0 else shown_token(found.tokens[at]),
            float(strength[at]) / most if most else 0.0,
            percent(float(strength[at]), 0 if found.weights.size else 1),
            color=colours.text3 if found.first + at == 0 else colours.s2,
        )
        for at in order
        if strength[at] > 0
    ]
