"""FootBar: back, what the step leads to (or what it lacks), and the one primary button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.theme import PAGE_MARGIN
from studio.translation import tr
from studio.widgets import Button
from studio.widgets.labels import change, label

HEIGHT = 60


class FootBar(QWidget):
    """`back` and `forward`; while something is lacking, the forward button says what instead of going on."""

    back = Signal()
    forward = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._lack = ""
        self._back = Button(tr("Back"), "plain", "ph.arrow-left")
        self._back.setObjectName("back")
        self._back.clicked.connect(self.back.emit)
        self._sentence = label("", 13, "second")
        self._sentence.setObjectName("consequence")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._forward = Button(tr("Continue"), "primary")
        self._forward.setObjectName("continue")
        self._forward.clicked.connect(self.go)
        line = QHBoxLayout(self)
        line.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        line.setSpacing(16)
        line.addWidget(self._back)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._forward)

    def show_step(self, is_first: bool, is_last: bool) -> None:
        self._back.setVisible(not is_first)
        self._forward.setText(tr("Start training") if is_last else tr("Continue"))

    def show_sentence(self, consequence: str, lack: str) -> None:
        """What the step leads to; or, if not empty, what it lacks."""
        self._lack = lack
        change(self._sentence, lack or consequence, "second")
        self._forward.setAccessibleDescription(lack or consequence)

    def tab_parts(self) -> list[QWidget]:
        """Forward first: it is what most people want next."""
        return [self._forward, self._back]

    def take_focus(self) -> None:
        """The keyboard to the forward button."""
        self._forward.setFocus(Qt.FocusReason.TabFocusReason)

    def is_lacking(self) -> bool:
        return bool(self._lack)

    def sentence(self) -> str:
        return self._sentence.text()

    def go(self) -> None:
        """Forward, if nothing is lacking."""
        if self._lack:
            change(self._sentence, self._lack, "bad")
        else:
            self.forward.emit()
