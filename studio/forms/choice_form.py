"""ChoiceForm: a form for any `Choice`; it takes a frozen model and emits new frozen models, never half of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from engine.config.choice import Choice
from engine.messages import Message, message
from studio.forms.editors import (
    TEXT_WIDTH,
    Editor,
    LineEditor,
    LinesEditor,
    NumberEditor,
    NumbersEditor,
    OptionEditor,
    PairsEditor,
    SourceEditor,
    SwitchEditor,
)
from studio.forms.fields import EditorKind, FormField, fields_of, summary_of, title_of
from studio.forms.refusals import refusal
from studio.forms.row import INDENT, FormRow
from studio.theme import font, tokens
from studio.translation import words
from studio.widgets.layouts import fill


class ChoiceForm(QWidget):
    """One row a field. `changed` carries a whole valid model; `refused` the dotted path and why.

    `without` leaves fields out, those of a choice within by their dotted path ("model.source"). `options` names those
    values that a field offers, where not all of them make sense.

    A refused value stays visible with its reason, and is tried again with every later edit: two values that only fit
    together can be typed one after the other.
    """

    changed = Signal(object)
    refused = Signal(str, object)

    def __init__(
        self,
        model: Choice,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        parent: QWidget | None = None,
        *,
        options: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._typed: dict[str, Any] = {}
        self._reasons: dict[str, Message] = {}
        self._rows: dict[str, FormRow] = {}
        self._column = fill(QVBoxLayout(self), gap=1)
        for field in fields_of(type(model)):
            if field.name not in without and (only is None or field.name in only):
                self._add(_offering(field, (options or {}).get(field.name)), without)
        self.show_model(model)

    def model(self) -> Choice:
        """The last whole model: what was refused since is not in it."""
        return self._model

    def show_model(self, model: Choice) -> None:
        """Show another model of the same class, silently; what was refused is forgotten."""
        assert type(model) is type(self._model)
        self._model = model
        self._typed.clear()
        self._reasons.clear()
        for name, row in self._rows.items():
            row.editor.show_value(getattr(model, name))
            row.show_refusal(None)

    def editor(self, name: str) -> Editor:
        """The editor of one field."""
        return self._rows[name].editor

    def refusals(self) -> dict[str, Message]:
        """Every value that stands refused: dotted path -> its field's title and the reason, nested choices included."""
        found: dict[str, Message] = {}
        for name, row in self._rows.items():
            if name in self._reasons:
                title = Message(row.editor.field.title)  # words: a field's
                found[name] = message("{field}: {reason}", field=title, reason=self._reasons[name])
            if isinstance(row.editor, NestedEditor):
                found |= {f"{name}.{path}": reason for path, reason in row.editor.refusals().items()}
        return found

    def show_misfit(self, name: str, reason: Message | None) -> None:
        """Say at a field that it does not go together with what stands elsewhere; None takes it back. Nothing happens
        where the form has no such field, or where its own value is refused."""
        row = self._rows.get(name)
        if row is not None and name not in self._reasons:
            row.show_refusal(reason)

    def _add(self, field: FormField, without: Collection[str]) -> None:
        editor = EDITORS[field.kind](field)
        if isinstance(editor, NestedEditor):
            inside = f"{field.name}."
            editor.without = frozenset(path.removeprefix(inside) for path in without if path.startswith(inside))
        nested = editor.nested if isinstance(editor, NestedEditor) else None
        row = FormRow(editor, nested)
        editor.edited.connect(lambda value: self._try(field.name, value))
        if isinstance(editor, NestedEditor):
            editor.refused.connect(lambda path, reason: self.refused.emit(f"{field.name}.{path}", reason))
        self._rows[field.name] = row
        self._column.addWidget(row)

    def _try(self, name: str, value: Any) -> None:
        """Accept the value with everything refused before, else alone, else refuse it."""
        self._typed[name] = value
        model, errors = self._validated(self._typed)
        blamed = {str(error["loc"][0]) for error in errors if error["loc"]}
        if model is None and name not in blamed:
            model, errors = self._validated({key: self._typed[key] for key in self._typed if key not in blamed})
        if model is None and name not in blamed:
            blamed = set(self._typed) - {name}
            model, errors = self._validated({name: value})
        if model is None:
            self._refuse(name, refusal(errors[0]))
        else:
            self._accept(model, blamed)

    def _validated(self, values: Mapping[str, Any]) -> tuple[Choice | None, list[Any]]:
        try:
            return type(self._model).model_validate({**dict(self._model), **values}), []
        except ValidationError as error:
            mine = [one for one in error.errors() if not one["loc"] or one["loc"][0] in values]
            return None, mine or list(error.errors())

    def _accept(self, model: Choice, still_refused: set[str]) -> None:
        for name in set(self._typed) - still_refused:
            del self._typed[name]
            self._reasons.pop(name, None)
            self._rows[name].show_refusal(None)
        self._model = model
        self.changed.emit(model)

    def _refuse(self, name: str, reason: Message) -> None:
        self._reasons[name] = reason
        self._rows[name].show_refusal(reason)
        self.refused.emit(name, reason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for row in list(self._rows.values())[1:]:
            painter.fillRect(0, row.y() - 1, self.width(), 1, QColor(tokens().line))


def _offering(field: FormField, values: Collection[str] | None) -> FormField:
    if values is None:
        return field
    return replace(field, options={value: field.options[value] for value in values})


class NestedEditor(Editor):
    """A choice within a choice: its own form stands beneath the row."""

    refused = Signal(str, object)
    without: frozenset[str] = frozenset()

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.nested = QWidget()
        self._form: ChoiceForm | None = None
        self._beneath = fill(QVBoxLayout(self.nested), gap=4, margins=(INDENT, 0, 0, 0))

    def show_value(self, value: Choice) -> None:
        if self._form is not None and type(self._form.model()) is type(value):
            self._form.show_model(value)
            return
        if self._form is not None:
            self._beneath.removeWidget(self._form)
            self._form.deleteLater()
        self._form = ChoiceForm(value, without=self.without)
        self._form.changed.connect(self.edited.emit)
        self._form.refused.connect(self.refused.emit)
        self._beneath.addWidget(self._form)
        self._form.setVisible(bool(fields_of(type(value))))

    def refusals(self) -> dict[str, Message]:
        return {} if self._form is None else self._form.refusals()

    def mark(self, is_refused: bool) -> None:
        """Its rows mark themselves."""


class FamilyEditor(NestedEditor):
    """One member of a family by its title; another member starts from its defaults."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._combo = QComboBox()
        self._combo.setFixedWidth(TEXT_WIDTH)
        for member in field.members:
            self._combo.addItem(words(Message(title_of(member))))  # words: a class's title
        self._combo.activated.connect(self._choose)
        self._hold(self._combo)
        self._summary = QLabel()
        self._summary.setFont(font(12))
        self._summary.setProperty("kind", "second")
        self._summary.setWordWrap(True)
        self._beneath.addWidget(self._summary)

    def show_value(self, value: Choice) -> None:
        self._combo.setCurrentIndex(self.field.members.index(type(value)))
        self._summary.setText(words(Message(summary_of(type(value)))))  # words: a class's docstring
        super().show_value(value)

    def _choose(self, index: int) -> None:
        member = self.field.members[index]
        if self._form is None or type(self._form.model()) is not member:
            chosen = member()
            self.show_value(chosen)
            self.edited.emit(chosen)


EDITORS: dict[EditorKind, type[Editor]] = {
    "switch": SwitchEditor,
    "whole": NumberEditor,
    "decimal": NumberEditor,
    "text": LineEditor,
    "numbers": NumbersEditor,
    "option": OptionEditor,
    "lines": LinesEditor,
    "pairs": PairsEditor,
    "source": SourceEditor,
    "group": NestedEditor,
    "family": FamilyEditor,
}
