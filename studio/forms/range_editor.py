"""RangeEditor: from where to where a search tries a setting, on which scale, or at which value it is fixed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.config.search import Range, checked_range
from engine.config.search_limits import Limits
from engine.errors import InputError
from engine.messages import Message, message
from studio import theme
from studio.forms.editors import NUMBER_WIDTH, decimal_text, typed_number
from studio.forms.range_chip import option_words
from studio.translation import tr, words
from studio.widgets import Button, Heading, SegmentedControl, Toggle
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox

_WIDTH = 300


class RangeEditor(QDialog):
    """Opens under a chip. `settled(range)` when one was taken, of a single value where the setting shall stay at it.
    What cannot be is said in it, and it stays open. Escape leaves everything as it was."""

    settled = Signal(object)

    def __init__(
        self, title: str, one: Range, limits: Limits, config: RunConfig, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Attune")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("range_editor")
        self.setFixedWidth(theme.tall(_WIDTH))
        self._range, self._limits, self._config = one, limits, config
        self._is_number = not limits.choices
        self._kind = SegmentedControl([("range", self._range_title(), None), ("fixed", tr("Fixed"), None)])
        self._kind.setObjectName("range_kind")
        self._kind.setAccessibleName(tr("A range or one value"))
        self._kind.changed.connect(lambda _: self._show_kind())
        self._parts = QWidget()
        self._boxes: dict[Any, QCheckBox] = {}
        self._fixed = self._fixed_field()
        self._trouble = QLabel()
        self._trouble.setObjectName("range_trouble")
        self._trouble.setProperty("kind", "bad")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        hint = Caption(tr("It can be {limits}.", limits=words(limits.in_words())), wrap=True)
        hint.setVisible(self._is_number)
        self.take = Button(tr("Take it"), "primary", size="small")
        self.take.setObjectName("take_range")
        self.take.clicked.connect(self._take)
        cancel = Button(tr("Cancel"), "plain", size="small")
        cancel.clicked.connect(self.reject)
        self._fill_range()
        column = fill(QVBoxLayout(self), Heading(title, "card"), self._kind, gap=9, margins=(20, 16, 20, 16))
        for part in (self._parts, self._fixed, hint, self._trouble):
            column.addWidget(part)
        column.addLayout(hbox(None, cancel, self.take, gap=8))
        self._kind.set_current("fixed" if one.is_fixed and self._is_number else "range")
        self._show_kind()

    def open_at(self, place: QPoint) -> None:
        """Its upper left corner on the screen, moved so that it is seen whole."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(place.x(), screen.right() - self.width())
        y = min(place.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.open()
        first = self._low if self._is_number else next(iter(self._boxes.values()), self.take)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    # -- its fields ----------------------------------------------------------------------------------------------------

    def _range_title(self) -> str:
        return tr("Several values") if self._limits.choices else tr("A range")

    def _fill_range(self) -> None:
        if not self._is_number:
            column = fill(QVBoxLayout(self._parts), gap=4)
            for value in self._limits.choices:
                box = QCheckBox(option_words(value, self._limits))
                box.setChecked(value in self._range.choices)
                self._boxes[value] = box
                column.addWidget(box)
            return
        self._low, self._high = self._number(self._range.low, "range_low"), self._number(self._range.high, "range_high")
        self._step = self._number(self._range.step, "range_step")
        self._log = Toggle(tr("Logarithmic scale"))
        self._log.setObjectName("range_log")
        self._log.setToolTip(tr("Tries as many values from 1 to 10 as from 10 to 100."))
        self._log.setChecked(self._range.log)
        self._log.toggled.connect(lambda is_on: self._step.setEnabled(not is_on))
        self._step.setEnabled(not self._range.log)
        grid = QGridLayout(self._parts)
        grid.setContentsMargins(0, 0, 0, 0)
        for row, (title, field) in enumerate(
            ((tr("Lowest"), self._low), (tr("Highest"), self._high), (tr("Steps of"), self._step))
        ):
            label = QLabel(title)
            label.setBuddy(field)
            field.setAccessibleName(title)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
        self._step.setPlaceholderText(tr("any"))
        grid.addWidget(self._log, 3, 0, 1, 2)

    def _number(self, value: float | None, name: str) -> QLineEdit:
        field = QLineEdit("" if value is None else _typed(value))
        field.setObjectName(name)
        field.setFixedWidth(NUMBER_WIDTH)
        return field

    def _fixed_field(self) -> QWidget:
        if self._is_number:
            value = self._range.choices[0] if self._range.is_fixed else self._limits.value
            field = self._number(value, "fixed_value")  # type: ignore[arg-type]
            field.setAccessibleName(tr("Fixed at"))
            return field
        combo = QComboBox()
        combo.setObjectName("fixed_value")
        combo.setAccessibleName(tr("Fixed at"))
        for value in self._limits.choices:
            combo.addItem(option_words(value, self._limits), value)
        combo.setCurrentIndex(max(0, combo.findData(self._limits.value)))
        return combo

    def _show_kind(self) -> None:
        is_range = self._kind.current() == "range"
        self._parts.setVisible(is_range)
        self._fixed.setVisible(not is_range)
        self._trouble.hide()
        self.adjustSize()

    # -- taking it -----------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        try:
            is_fixed = self._kind.current() == "fixed"
            wanted = Range(path=self._range.path, choices=(self._fixed_value(),)) if is_fixed else self._typed_range()
            taken = checked_range(wanted, self._config)
        except InputError as error:
            told = [error.what, *([error.mend] if error.mend is not None else [])]
            self._trouble.setText(" ".join(words(one) for one in told))
            self._trouble.show()
            self.adjustSize()
            return
        self.accept()
        self.settled.emit(taken)

    def _fixed_value(self) -> Any:
        if isinstance(self._fixed, QComboBox):
            return self._fixed.currentData()
        assert isinstance(self._fixed, QLineEdit)
        value = self._read(self._fixed)
        if value is None or not self._limits.admits(value):
            raise InputError(_no_value(self._limits), self._limits.path, None)
        return value

    def _typed_range(self) -> Range:
        path = self._range.path
        if not self._is_number:
            chosen = tuple(value for value, box in self._boxes.items() if box.isChecked())
            if not chosen:
                raise InputError(message("Choose at least one value."), path, None)
            return Range(path=path, choices=chosen)
        is_log = self._log.isChecked()
        step = None if is_log else self._read(self._step)
        if step is not None and step <= 0:
            raise InputError(message("Steps must be larger than 0."), path, None)
        return Range(path=path, low=self._read(self._low), high=self._read(self._high), log=is_log, step=step)

    def _read(self, field: QLineEdit) -> int | float | None:
        """Raises InputError for what is no number; None for nothing."""
        text = typed_number(field.text())
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            what = message("“{text}” is no number.", text=field.text())
            raise InputError(what, self._limits.path, None) from None
        return int(value) if self._limits.is_integer and value == int(value) else value


def _typed(value: float) -> str:
    return str(value) if isinstance(value, int) else decimal_text(float(f"{value:.6g}"))


def _no_value(limits: Limits) -> Message:
    return message("It can be {limits}.", limits=limits.in_words())
