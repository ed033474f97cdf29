"""PageHeader: a page's title, what there is to say in one sentence, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.theme import icon, tokens
from studio.widgets.labels import Heading
from studio.widgets.layouts import fill, hbox, vbox

_SIGN = 18


class PageHeader(QWidget):
    """`title` is words or a label of the page's own; `name` is the sentence's object name; the sign comes with what is
    said."""

    def __init__(
        self,
        title: str | QLabel,
        name: str,
        *actions: QWidget,
        sentence: QLabel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sign, self.sentence = QLabel(), sentence or QLabel()
        self._sign.setFixedSize(_SIGN, _SIGN)
        self._sign.hide()
        self.sentence.setObjectName(name)
        self.sentence.setProperty("kind", "second")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        heading = Heading(title, "page") if isinstance(title, str) else title
        said = hbox((self._sign, 0, Qt.AlignmentFlag.AlignTop), (self.sentence, 1), gap=7)
        buttons = [(one, 0, Qt.AlignmentFlag.AlignVCenter) for one in actions]
        fill(QHBoxLayout(self), (vbox(heading, said, gap=3), 1), *buttons, gap=8)

    def say(self, sentence: str, sign: tuple[str, str] | None = None) -> None:
        """`sign` is an icon and the theme's name of its colour; it says the same as the words."""
        if sign is not None:
            self._sign.setPixmap(icon(sign[0], getattr(tokens(), sign[1])).pixmap(_SIGN, _SIGN))
        self._sign.setVisible(sign is not None and bool(sentence))
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
