"""ReadingRow: how the file is read, a chip each; all that was found by itself can be changed here."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from engine.config.reading import AUTO, Reading
from engine.messages import Message
from engine.records import Preview
from studio.pages.wizard.reading_words import Chip, chips, format_words
from studio.pages.wizard.typed_dialog import TypedDialog
from studio.theme import icon, tokens
from studio.translation import tr, words
from studio.widgets import Button, FlowLayout
from studio.widgets.labels import label
from studio.widgets.layouts import fill
from studio.widgets.menu_chip import MenuChip


class ReadingRow(QWidget):
    """`chosen(reading)` when somebody says how the file is laid out, or leaves it to be found again. What may be wrong
    stands beneath, with the chips as the way on."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading")
        self.setAccessibleName(tr("How the file is read"))
        self._reading, self._shown = Reading(), None
        column = fill(QVBoxLayout(self), gap=6)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, spacing=6)
        self._doubts = QWidget()
        self._lines = fill(QVBoxLayout(self._doubts), gap=4)
        column.addWidget(self._chips)
        column.addWidget(self._doubts)

    def show_reading(self, reading: Reading, preview: Preview | None) -> None:
        """`preview` is None where the file could not be read: then everything can be said."""
        self._reading = reading
        shown, doubts = chips(reading, preview), preview.doubts if preview else ()
        if (shown, doubts, format_words(preview)) == self._shown:
            return
        held = self._held()
        self._shown = (shown, doubts, format_words(preview))
        self._draw_chips(shown, format_words(preview))
        self._draw_doubts(doubts)
        again = self.findChild(QWidget, held, Qt.FindChildOption.FindChildrenRecursively) if held else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_empty(self) -> bool:
        """Nothing can be said of such a source."""
        return self._shown is None or not self._shown[0]

    def _held(self) -> str:
        """The name of the part that has the keyboard: it keeps it when the parts are drawn anew."""
        part = next((one for one in self._chips.children() if isinstance(one, QWidget) and one.hasFocus()), None)
        return part.objectName() if part is not None else ""

    def _draw_chips(self, shown: list[Chip], format: str) -> None:
        _empty(self._flow)
        told = tr("Read as {format}", format=format) if format else tr("Read as")
        caption = label(told, 12, "second", 500, wraps=False)
        caption.setMinimumHeight(26)
        self._flow.addWidget(caption)
        for chip in shown:
            self._flow.addWidget(self._chip(chip))
        if self._reading != Reading():
            again = Button(tr("Find it all by itself"), "link", "ph.arrow-counter-clockwise", "small")
            again.setObjectName("reading-reset")
            again.clicked.connect(lambda: self.chosen.emit(Reading()))
            self._flow.addWidget(again)
        for place in range(self._flow.count()):  # at once, not in the next turn: the keyboard goes to one of them
            self._flow.itemAt(place).widget().show()

    def _chip(self, chip: Chip) -> MenuChip:
        made = MenuChip(chip.title, chip.value, chip.is_chosen, self._menu(chip))
        made.setObjectName(f"reading-{chip.field}")
        how = tr("chosen by you") if chip.is_chosen else tr("found by itself")
        made.setAccessibleName(tr("{title}: {value}", title=chip.title, value=chip.value))
        made.setAccessibleDescription(how)
        made.setToolTip(
            tr("{title}: {value} ({how}). Press to change it.", title=chip.title, value=chip.value, how=how)
        )
        return made

    def _menu(self, chip: Chip) -> QMenu:
        menu = QMenu()
        group = QActionGroup(menu)
        found = tr("Found by itself: {value}", value=chip.found) if chip.found else tr("Found by itself")
        chosen = getattr(self._reading, chip.field)
        for value, told in {AUTO: found, **chip.choices}.items():
            action = menu.addAction(told)
            action.setData(value)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)
            action.triggered.connect(lambda _=False, value=value: self._choose(chip.field, value))
            if value == AUTO:
                menu.addSeparator()
        if chip.typed:
            menu.addSeparator()
            menu.addAction(chip.typed).triggered.connect(lambda: self._ask(chip))
        return menu

    def _choose(self, field: str, value: str) -> None:
        self.chosen.emit(Reading(**{**self._reading.model_dump(), field: value}))

    def _ask(self, chip: Chip) -> None:
        chosen = getattr(self._reading, chip.field)
        dialog = TypedDialog(chip.field, chip.title, "" if chosen == AUTO else chosen, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.typed.connect(lambda value: self._choose(chip.field, value))
        dialog.open()

    def _draw_doubts(self, doubts: tuple[Message, ...]) -> None:
        _empty(self._lines)
        for doubt in doubts:
            line = QWidget()
            row = fill(QHBoxLayout(line), gap=8)
            sign = QLabel()
            sign.setPixmap(icon("ph.warning", tokens().warn).pixmap(QSize(16, 16)))
            sign.setAccessibleName(tr("warning"))
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            told = label(words(doubt), 12, "warn")
            told.setObjectName("doubt")
            row.addWidget(told, 1)
            self._lines.addWidget(line)
        self._doubts.setVisible(bool(doubts))


def _empty(layout: QVBoxLayout | FlowLayout) -> None:
    """Take all parts out; they go in the next turn, as one of them may be telling something just now."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setObjectName("")
            widget.deleteLater()
