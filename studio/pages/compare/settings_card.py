"""SettingsCard: the settings in which the groups differ, and what each cost; equal ones are only counted."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from engine.config.differences import differing_settings
from engine.runs.history import History
from studio import theme
from studio.numbers import NOTHING, duration, file_size, short_number
from studio.pages.compare.chosen_groups import ChosenGroup
from studio.pages.compare.swatch import Swatch
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets import ElidingLabel, painting
from studio.widgets.card import Card, Hairline

_LEAST_COLUMN, _MOST_VALUE, _MOST_HEIGHT = 62, 150, 360
Line = tuple[str, list[str]]
"""(title, one value a group)"""


class SettingsCard(Card):
    """A row a setting, a column a group; what is not as the base has it stands in the group's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Settings that differ"), " ", parent)
        self.setObjectName("compared_settings")
        self.caption.setMinimumWidth(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self._scroll)

    def show_groups(self, groups: Sequence[ChosenGroup], histories: Sequence[Sequence[History]]) -> None:
        settings, num_equal = differing_settings([one.group.config for one in groups])
        self.caption.setText(tr("{count} equal ones hidden", count=num_equal))
        lines: list[Line] = [(words(one.title), [words(value) for value in one.values]) for one in settings]
        content = _table(groups, lines + cost_lines(histories))
        self._scroll.setMinimumHeight(min(_MOST_HEIGHT, content.sizeHint().height()))
        self._scroll.setWidget(content)

    def lines(self) -> list[str]:
        """What stands there, a line a row: for tests and screen readers."""
        content = self._scroll.widget()
        return [] if content is None else content.accessibleDescription().split("\n")


def cost_lines(histories: Sequence[Sequence[History]]) -> list[Line]:
    """Parameters, time and memory: means over each group's runs."""
    parameters = [_mean([one.started.num_parameters for one in own if one.started]) for own in histories]
    seconds = [_mean([one.progress.seconds for one in own if one.progress]) for own in histories]
    memory = [_mean([one.most_memory for one in own if one.most_memory]) for own in histories]
    return [
        (tr("Parameters"), [NOTHING if value is None else short_number(value) for value in parameters]),
        (tr("Time"), [NOTHING if value is None else duration(value) for value in seconds]),
        (tr("Peak memory"), [NOTHING if value is None else file_size(value) for value in memory]),
    ]


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _table(groups: Sequence[ChosenGroup], lines: Sequence[Line]) -> QWidget:
    content = QWidget()
    content.setObjectName("scrolled")
    content.setAccessibleName(tr("Settings that differ"))
    content.setAccessibleDescription("\n".join(f"{title}: {', '.join(values)}" for title, values in lines))
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 4, 0)
    grid.setHorizontalSpacing(6)
    grid.setVerticalSpacing(4)
    for column, one in enumerate(groups, start=1):
        mark = Swatch(one.ink)
        mark.setToolTip(one.title)
        grid.addWidget(mark, 0, column, Qt.AlignmentFlag.AlignCenter)
        grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(column, _LEAST_COLUMN)
    for place, (title, values) in enumerate(lines):
        row = 2 * place + 1
        grid.addWidget(Hairline(), row, 0, 1, len(groups) + 1)
        name = QLabel(title)
        name.setProperty("kind", "second")
        name.setFont(theme.font())
        grid.addWidget(name, row + 1, 0)
        for one, text in zip(groups, values, strict=True):
            grid.addWidget(_Value(text, one.ink.color if text != values[0] else ""), row + 1, one.number + 1)
    grid.setRowStretch(2 * len(lines) + 1, 1)
    return content


class _Value(ElidingLabel):
    """Tinted where it is another one than the base's."""

    def __init__(self, text: str, tint: str) -> None:
        super().__init__(text)
        self._tint = tint
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(theme.font(theme.CAPTION, 600 if tint else 400))
        self.setProperty("kind", "" if tint else "second")
        self.setFixedHeight(28)
        self.setMaximumWidth(_MOST_VALUE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tint:
            share = 0.12 if tokens() is theme.LIGHT else 0.22
            fill = theme.mixed(self._tint, tokens().card, share)
            painting.box(QPainter(self), self.rect(), theme.CHIP_RADIUS, fill)
        super().paintEvent(event)
