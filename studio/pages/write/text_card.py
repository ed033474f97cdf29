"""TextCard: the text itself: a beginning that is typed, what was written behind it, and what else could stand there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from engine.records import WrittenToken
from studio.pages.write.alternatives import Margin
from studio.pages.write.shaded_text import MOST_BITS, ShadedText, shade_of
from studio.theme import font, tall, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox, panel, vbox
from studio.widgets.segmented_control import SegmentedControl

WRITE, READ = "write", "read"
_REST_MS = 350
_STEPS = 6


class BitsLegend(QWidget):
    """The shades of 0 to 8 bits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Shades from 0 to 8 bits or more"))
        self.setToolTip(
            tr("Bits are -log2 of the model's own chance, before temperature: one bit more, half the chance.")
        )

    def sizeHint(self) -> QSize:
        return QSize(380, tall(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ink = QPainter(self), tokens().text2
        left = painting.text(painter, QRect(0, 0, 110, tall(16)), tr("expected"), font(12), ink) + 10
        wide = 34
        for step in range(_STEPS):
            place = QRect(left + step * wide, 4, wide, 10)
            painting.box(painter, place, 0, shade_of((step + 0.5) * MOST_BITS / _STEPS))
        for bits, words in ((0, "0"), (2, "2"), (4, "4"), (6, "6"), (8, tr("8 bits or more"))):
            at = left + round(bits / MOST_BITS * _STEPS * wide)
            painting.text(painter, QRect(at - 3, tall(15), 120, tall(16)), words, font(11), ink)
        painting.text(painter, QRect(left + _STEPS * wide + 10, 0, 110, tall(16)), tr("surprising"), font(12), ink)


class TextCard(Card):
    """`mode_changed(WRITE or READ)`; `typed(text)` once nobody types any more; `undo_wished`."""

    mode_changed = Signal(str)
    typed = Signal(str)
    undo_wished = Signal()
    opening_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.mode = SegmentedControl(
            [
                (WRITE, tr("Let it write"), "ph.pencil-simple"),
                (READ, tr("How surprising is this text?"), "ph.gauge"),
            ]
        )
        self.undo = Button(tr("Undo"), "quiet", "ph.arrow-u-up-left", size="small")
        self.undo.setObjectName("undoWriting")
        self.copy = Button(tr("Copy text"), "quiet", "ph.copy", size="small")
        self.editor = QPlainTextEdit()
        self.editor.setObjectName("beginning")
        self.editor.setFont(font(15))
        self.editor.setFixedHeight(tall(92))
        self.editor.setTabChangesFocus(True)
        self.text, self.margin = ShadedText(), Margin()
        self.text.setObjectName("writtenText")
        self._openings = QWidget()
        FlowLayout(self._openings)
        self._notice, self._going = Caption(wrap=True), Caption()
        self._notice.setProperty("kind", "warn")
        self._going.setObjectName("writingPace")
        unshaded = Caption(tr("unshaded: your words · one bit more, half the chance"), wrap=True)
        self._legend = panel(vbox(BitsLegend(), unshaded, gap=2))
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self.show_mode(WRITE)

    def show_mode(self, mode: str) -> None:
        self.mode.set_current(mode)
        reads = mode == READ
        self.editor.setAccessibleName(tr("Text to read") if reads else tr("Beginning of the text"))
        self.editor.setPlaceholderText(
            tr("Paste a text: every word is shaded by how much it surprises the model.")
            if reads
            else tr("Begin a text; the model writes on. Empty: it begins one of its own.")
        )

    def show_openings(self, openings: Sequence[str]) -> None:
        """Beginnings to click, while nothing stands there."""
        row = self._openings.layout()
        assert row is not None
        while (item := row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for words in openings:
            button = Button(f"{words} …", "plain", size="small")
            button.clicked.connect(lambda _checked=False, chosen=words: self.opening_chosen.emit(chosen))
            row.addWidget(button)

    def set_typed(self, words: str) -> None:
        """Silently."""
        self.editor.blockSignals(True)
        self.editor.setPlainText(words)
        self.editor.blockSignals(False)

    def show_text(
        self, prompt: str, shown: Sequence[WrittenToken], *, is_editing: bool, has_caret: bool, unseen: int = 0
    ) -> None:
        """The flow of words, or the field in which a beginning is typed where nothing was written."""
        has_text = bool(shown) or has_caret
        self.editor.setVisible(is_editing or not has_text)
        self.text.setVisible(has_text)
        self._openings.setVisible(not has_text and self.mode.current() == WRITE and not self.editor.toPlainText())
        self._legend.setVisible(has_text)
        self.copy.setEnabled(has_text)
        self.text.show_text(prompt, shown, unseen_characters=unseen, has_caret=has_caret)
        if self.text.place is None:
            self.margin.clear()

    def say(self, going: str, notice: str = "") -> None:
        """How far the writing is, and what is to be known about the beginning."""
        self._going.setText(going)
        self._going.setVisible(bool(going))
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))

    def _lay_out(self) -> None:
        self.body.addLayout(hbox(self.mode, None, self.undo, self.copy, gap=8))
        flow = hbox((vbox(self.text, None, self._legend, gap=10), 1), self.margin, gap=6)
        fill(self.body, self.editor, self._openings, self._going, self._notice, flow, gap=10)

    def _connect(self) -> None:
        self.mode.changed.connect(self.mode_changed)
        self.editor.textChanged.connect(self._rest.start)
        self._rest.timeout.connect(lambda: self.typed.emit(self.editor.toPlainText()))
        self.undo.clicked.connect(self.undo_wished)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.accessibleName()))
