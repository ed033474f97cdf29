"""SettingsCard: the settings in which the variants differ, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.config.choice import Choice
from engine.messages import Message
from engine.runs.study import Variant
from studio import theme
from studio.numbers import NOTHING, number
from studio.translation import tr, words
from studio.widgets.card import Card, Hairline

_PARTS = ("data", "task", "model", "training")


class SettingsCard(Card):
    """A row a setting, a column a variant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What differs"), tr("all other settings are the same in every variant"), parent)
        self.setObjectName("settings_that_differ")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self.body.addLayout(self._grid)

    def show_variants(self, variants: Sequence[Variant]) -> None:
        """To be called once: a study's variants do not change."""
        for column, variant in enumerate(variants, start=1):
            head = QLabel(words(variant.title))
            head.setProperty("kind", "second")
            head.setFont(theme.font(theme.CAPTION, 600))
            self._grid.addWidget(head, 0, column)
            self._grid.setColumnStretch(column, 1)
        for place, (title, values) in enumerate(differences(variants)):
            line = 2 * place + 1
            self._grid.addWidget(Hairline(), line, 0, 1, len(variants) + 1)
            for column, text in enumerate((title, *values)):
                label = QLabel(text)
                label.setWordWrap(True)
                label.setProperty("kind", "second" if column else "")
                self._grid.addWidget(label, line + 1, column)


def differences(variants: Sequence[Variant]) -> list[tuple[str, list[str]]]:
    """(title of a setting, its value in each variant), for those that are not the same everywhere."""
    found = []
    for part in _PARTS:
        choices = [getattr(variant.config, part) for variant in variants]
        for name, info in type(choices[0]).model_fields.items():
            values = [getattr(choice, name) for choice in choices]
            if any(value != values[0] for value in values):
                title = words(Message(info.title or name))  # words: a setting's
                found.append((title, [_in_words(value) for value in values]))
    return found


def _in_words(value: object) -> str:
    if isinstance(value, Choice):
        title = words(Message(str(value.model_config.get("title"))))  # words: a choice's
        steps = getattr(value, "steps", 0) if getattr(value, "name", "") == "fixed" else 0
        return f"{title} × {steps}" if steps else title
    if value is None:
        return NOTHING
    return number(value) if isinstance(value, int | float) else str(value)
