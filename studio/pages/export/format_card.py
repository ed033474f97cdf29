"""Formats: what each is for, what it needs and what lies in its folder, in words; a card a format, to choose one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import Format
from studio import theme
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.keys import Pressable

FORMATS: tuple[Format, ...] = ("hf", "onnx")
ICONS: dict[Format, str] = {"hf": "ph.brackets-curly", "onnx": "ph.cube"}


def title_of(format: Format) -> str:
    return tr("Hugging Face folder") if format == "hf" else tr("ONNX file")


def purpose_of(format: Format) -> str:
    """One sentence."""
    if format == "hf":
        return tr("For Python programs and the Hugging Face hub: transformers opens it, and it can be trained further.")
    return tr("For everything else: runs without PyTorch and without Attune, quick to start, in many languages.")


def needs_of(format: Format, *, is_ours: bool) -> str:
    """What whoever opens it must have installed."""
    if format == "onnx":
        return tr("Needs: onnxruntime, tokenizers, numpy")
    if is_ours:
        return tr("Needs: transformers and Attune itself, for this kind of model")
    return tr("Needs: transformers, nothing of Attune")


def files_of(format: Format, *, in_words: bool = False) -> dict[str, str]:
    """{file: what it is}; `in_words`: of a model that answers in words."""
    card = {"README.md": tr("the model card: data, figures, limits")}
    if in_words and format == "onnx":
        return {
            "model.onnx": tr("the weights and all that is computed"),
            "tokenizer.json": tr("how texts are cut into tokens"),
            "ask.py": tr("answers a text or a file of rows"),
            "answering.py": tr("what makes an answer of what the model says"),
            "asking.json": tr("lengths, and from when on it stays silent"),
            **card,
        }
    if in_words:
        return {
            "model.safetensors": tr("the weights"),
            "config.json": tr("layers, and what the model is told about itself"),
            "tokenizer.json": tr("how texts are cut into tokens"),
            "ask.py": tr("answers a text or a file of rows"),
            "answering.py": tr("what makes an answer of what the model says"),
            "asking.json": tr("lengths, and how words are chosen"),
            **card,
        }
    if format == "hf":
        return {
            "model.safetensors": tr("the weights"),
            "config.json": tr("layers, labels and thresholds"),
            "tokenizer.json": tr("how texts are cut into tokens"),
            "tokenizer_config.json": tr("the longest text, special tokens"),
            **card,
        }
    return {
        "model.onnx": tr("weights and all that is computed, probabilities too"),
        "labels.json": tr("labels, thresholds, the longest text"),
        "tokenizer.json": tr("how texts are cut into tokens"),
        "predict.py": tr("answers a text or a CSV file"),
        **card,
    }


_PAD, _TILE, _GAP, _TITLE = 16, 36, 12, 22


class FormatCard(Pressable):
    """Icon, title, what it is for, and what it needs in a paler line. Chosen, it takes the accent."""

    def __init__(self, icon: str, title: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._purpose, self._needs = icon, purpose, ""
        self._is_out = False
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(purpose)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_reason(self, reason: str) -> None:
        """Why it cannot be chosen; "" where it can."""
        self._is_out = bool(reason)
        self.setEnabled(not reason)
        self.setToolTip(reason)
        if reason:
            self.set_needs(reason)

    def set_needs(self, needs: str) -> None:
        self._needs = needs
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, self.heightForWidth(260))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def heightForWidth(self, width: int) -> int:
        return _PAD + _TITLE + 3 + self._purpose_height(width) + 5 + self._needs_height(width) + _PAD

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        chosen, over = self.isChecked(), self.underMouse() and self.isEnabled()
        border = colours.accent if chosen else colours.line2 if over else colours.line
        fill = colours.soft if chosen else colours.card
        painting.box(painter, self.rect(), theme.CARD_RADIUS, fill, border, 2 if chosen else 1)
        tile = QRect(_PAD, _PAD, _TILE, _TILE)
        painting.box(painter, tile, 8, painting.tinted(colours.accent, 60 if theme.is_dark() else 26))
        theme.icon(self._icon, colours.text3 if self._is_out else colours.accent).paint(
            painter, tile.adjusted(8, 8, -8, -8)
        )
        if chosen:
            mark = QRect(self.width() - _PAD - 18, _PAD + 2, 18, 18)
            theme.icon("ph.check-circle", colours.accent).paint(painter, mark)
        self._paint_words(painter)
        if self.hasFocus():
            ring = painting.chosen_ring if chosen else painting.focus_ring
            ring(painter, self.rect(), theme.CARD_RADIUS)

    def _paint_words(self, painter: QPainter) -> None:
        colours, left = tokens(), _PAD + _TILE + _GAP
        title = QRect(left, _PAD, self.width() - left - _PAD - 22, _TITLE)
        ink = colours.text3 if self._is_out else colours.text
        painting.text(painter, title, self.text(), theme.font(theme.CARD_TITLE, 600), ink)
        top = title.bottom() + 4
        wide, wrap = self._wide(self.width()), Qt.TextFlag.TextWordWrap
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.text3 if self._is_out else colours.text2))
        height = self._purpose_height(self.width())
        painter.drawText(QRect(left, top, wide, height), wrap, self._purpose)
        painter.setFont(theme.font(theme.CAPTION))
        painter.setPen(QColor(colours.text2 if self._is_out else colours.text3))
        painter.drawText(QRect(left, top + height + 5, wide, self._needs_height(self.width())), wrap, self._needs)

    def _wide(self, width: int) -> int:
        return width - 2 * _PAD - _TILE - _GAP

    def _purpose_height(self, width: int) -> int:
        return self._height(self._purpose, theme.BODY, width)

    def _needs_height(self, width: int) -> int:
        return self._height(self._needs, theme.CAPTION, width)

    def _height(self, words: str, size: int, width: int) -> int:
        room = QRect(0, 0, self._wide(width), 9999)
        return QFontMetrics(theme.font(size)).boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()
