"""Editors: what a setting is edited with, by its type; numbers as people type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from engine.messages import Message
from studio.forms.fields import FormField
from studio.theme import font
from studio.translation import tr, words
from studio.widgets import Toggle


def decimal_text(value: float) -> str:
    """The shortest text that reads back as `value`: 0.001, 2e-5, 1e-8, 10000. `float(decimal_text(x)) == x`."""
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    digits, _, exponent = format(Decimal(repr(value)).normalize(), "e").partition("e")
    return f"{digits}e{int(exponent)}"


def typed_number(text: str) -> str:
    """What was typed, without spaces and thousands commas, ready for pydantic to read."""
    return text.strip().replace(",", "").replace(" ", "").replace("\u00a0", "")


NUMBER_WIDTH = 112
TEXT_WIDTH = 232
LINES_HEIGHT = 72


class Editor(QWidget):
    """Shows a value (`show_value`, silent) and emits what a person made of it, unchecked (`edited`)."""

    edited = Signal(object)
    is_wide = False

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def _hold(self, control: QWidget) -> None:
        control.setObjectName(self.field.name)
        control.setAccessibleName(words(Message(self.field.title)))  # words: a field's title
        control.setAccessibleDescription(words(Message(self.field.help)))  # words: a field's help
        self._row.addWidget(control)
        self.setFocusProxy(control)

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def mark(self, is_refused: bool) -> None:
        """Draw the border in the colour of a refusal, or calm again."""
        control = self.focusProxy()
        control.setProperty("wrong", is_refused)
        control.style().unpolish(control)
        control.style().polish(control)


class SwitchEditor(Editor):
    """Yes or no."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._toggle = Toggle()
        self._toggle.toggled.connect(self.edited.emit)
        self._hold(self._toggle)

    def show_value(self, value: bool) -> None:
        self._toggle.blockSignals(True)
        self._toggle.setChecked(value)
        self._toggle.blockSignals(False)


class LineEditor(Editor):
    """One line of text; empty means none where the field allows it."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._line = QLineEdit()
        self._line.setFixedWidth(TEXT_WIDTH)
        if field.may_be_empty:
            self._line.setPlaceholderText(tr("none"))
        self._line.textEdited.connect(lambda typed: self.edited.emit(self._read(typed)))
        self._hold(self._line)

    def show_value(self, value: Any) -> None:
        self._line.setText("" if value is None else self._text_of(value))

    def _text_of(self, value: Any) -> str:
        return str(value)

    def _read(self, typed: str) -> Any:
        return None if self.field.may_be_empty and typed == "" else typed


class NumberEditor(LineEditor):
    """A number, in plain or scientific notation; what is no number is handed on as typed, to be refused in words."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._line.setFixedWidth(NUMBER_WIDTH)
        self._line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._line.setFont(font(13))

    def _text_of(self, value: float) -> str:
        return decimal_text(value) if isinstance(value, float) else str(value)

    def _read(self, typed: str) -> Any:
        return super()._read(typed_number(typed))


class NumbersEditor(LineEditor):
    """A few whole numbers, parted by commas or spaces; what is no number is handed on as typed, to be refused."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._line.setFixedWidth(NUMBER_WIDTH)
        self._line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._line.setFont(font(13))

    def _text_of(self, value: tuple[int, ...]) -> str:
        return ", ".join(map(str, value))

    def _read(self, typed: str) -> Any:
        return tuple(typed_number(part) for part in re.split(r"[\s,;，、；]+", typed.strip()) if part)


class OptionEditor(Editor):
    """One of a few values, by their titles."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._combo = QComboBox()
        self._combo.setFixedWidth(TEXT_WIDTH)
        for value, title in field.options.items():
            self._combo.addItem(words(Message(title)), value)  # words: a value's title
        self._combo.activated.connect(lambda index: self.edited.emit(self._combo.itemData(index)))
        self._hold(self._combo)

    def show_value(self, value: str) -> None:
        self._combo.setCurrentIndex(self._combo.findData(value))


class LinesEditor(Editor):
    """Several texts, one a line; empty lines count for nothing."""

    is_wide = True

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = QPlainTextEdit()
        self._box.setFixedHeight(LINES_HEIGHT)
        self._box.setTabChangesFocus(True)
        self._box.setPlaceholderText(self._hint())
        self._box.textChanged.connect(self._tell)
        self._hold(self._box)

    def show_value(self, value: Any) -> None:
        self._box.blockSignals(True)
        self._box.setPlainText("\n".join(self._lines_of(value)))
        self._box.blockSignals(False)

    def _tell(self) -> None:
        self.edited.emit(self._read([line for line in self._box.toPlainText().splitlines() if line.strip()]))

    def _hint(self) -> str:
        return tr("one a line")

    def _lines_of(self, value: Any) -> list[str]:
        return list(value)

    def _read(self, lines: list[str]) -> Any:
        return tuple(lines)


class PairsEditor(LinesEditor):
    """Names with a value each, written “name = value”, one a line."""

    def _hint(self) -> str:
        return tr("name = value, one a line")

    def _lines_of(self, value: dict[str, str]) -> list[str]:
        return [f"{key} = {text}" for key, text in value.items()]

    def _read(self, lines: list[str]) -> dict[str, str]:
        parts = (line.partition("=") for line in lines)
        return {key.strip(): text.strip() for key, _, text in parts}


class SourceEditor(LinesEditor):
    """A file, a folder or a name, or several files, one a line; empty means none where the field allows it."""

    def _lines_of(self, value: str | tuple[str, ...] | None) -> list[str]:
        if value is None:
            return []
        return [value] if isinstance(value, str) else list(value)

    def _read(self, lines: list[str]) -> str | tuple[str, ...] | None:
        if not lines:
            return None if self.field.may_be_empty else ""
        return lines[0] if len(lines) == 1 else tuple(lines)
