"""ProbesCard: where the model looks now in the probe texts, and what it says of them, while it learns."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedLayout, QWidget

from engine.config.run import RunConfig
from engine.events import AttentionCaptured
from engine.runs.history import History
from studio.numbers import percent
from studio.plots.attention.joined_tokens import joined
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.tasks.measures import SPLIT
from studio.tasks.registry import view_of
from studio.theme import font, tokens
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.sparkline import Sparkline

_ROWS = 4
_COURSE = 24


class ProbesCard(Card):
    """One row a probe text; `attention_requested` when the person wants to look closer."""

    attention_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Where it looks now"), " ", parent)
        self.caption.setMinimumWidth(1)
        self.open = Button(tr("Open in Attention"), "link", size="small")
        self.open.setObjectName("openAttention")
        self.open.clicked.connect(self.attention_requested)
        self.row.add_end(self.open)
        self._stack = QStackedLayout()
        self._empty = Caption(" ", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        rows = QWidget()
        self._grid = QGridLayout(rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(_ROWS, 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(rows)
        self.body.addLayout(self._stack, 1)
        self._rows = [_ProbeRow(self._grid, index) for index in range(_ROWS)]
        self._shown = 0

    def show_history(self, history: History, config: RunConfig) -> None:
        captures = history.captures
        self._stack.setCurrentIndex(1 if captures else 0)
        self.open.setVisible(bool(history.checkpoints))
        if not captures:
            self._empty.setText(_nothing_yet(history))
            self.caption.setText("")
            return
        self.caption.setText(words(view_of(config.task).training.probes_caption(captures[-1].step)))
        for index, row in enumerate(self._rows):
            row.show_probe(captures, index, is_numeric=config.task.is_numeric)


class _ProbeRow:
    """The text with its marks, the curve of the certainty, the label and how sure the model is."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.text = MarkedText(size=13, is_single_line=True)
        self.spark = Sparkline()
        self.label = ElidingLabel()
        self.label.setFont(font(13, 500))
        self.label.setMinimumWidth(64)
        self.label.setMaximumWidth(120)
        self.share = QLabel()
        self.share.setFont(font(13, 600))
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._widgets = (self.text, self.spark, self.label, self.share)
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, row, column)

    def show_probe(self, captures: list[AttentionCaptured], index: int, *, is_numeric: bool) -> None:
        is_there = index < len(captures[-1].probes)
        for widget in self._widgets:
            widget.setVisible(is_there)
        if not is_there:
            return
        probe = captures[-1].probes[index]
        text, spans = joined(probe["tokens"])
        self.text.set_marks(Marks(text, spans, np.asarray(probe["weights"], dtype=np.float64)))
        self.label.setText(str(probe["label"]))
        self.share.setText("" if is_numeric else percent(probe["probability"], 0))
        steps, values = _course(captures, index, probe["label"], is_numeric=is_numeric)
        self.spark.set_curve(steps, values, tokens().accent)
        self.spark.setVisible(len(steps) > 1)


def _course(
    captures: list[AttentionCaptured], index: int, label: object, *, is_numeric: bool
) -> tuple[np.ndarray, np.ndarray]:
    """(steps, how sure the model was of the label that it says now); with another label it was less than even."""
    captures = captures[:: -(-len(captures) // _COURSE)] + captures[-1:]
    found = [
        (one.step, _certainty(one.probes[index], label, is_numeric)) for one in captures if index < len(one.probes)
    ]
    table = np.array(found, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _certainty(probe: dict[str, Any], label: object, is_numeric: bool) -> float:
    if is_numeric:
        return float(probe["label"])
    return float(probe["probability"]) if probe["label"] == label else 1.0 - float(probe["probability"])


def _nothing_yet(history: History) -> str:
    if history.evaluations.get(SPLIT):
        return tr("This model has no attention, so there is nothing to see here.")
    return tr("After the first look at validation, a few texts show here which words the model looks at.")
