"""RobustCard: what was left of precision and recall when texts were misspelled and reworded against the model."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engine.events import Attacked
from engine.runs.history import History
from studio.numbers import percent, share_interval
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.theme import GAP, font
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption, ElidingLabel, Heading
from studio.widgets.layouts import fill

_WIDE = 720
_ROW = 28
_PIECE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")


class RobustCard(Card):
    """One part an attack, side by side where there is room; hidden as long as nothing was attacked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How it stands up to tricks"), " ", parent)
        self.setObjectName("robustCard")
        self.caption.setMinimumWidth(1)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(2 * GAP)
        self.body.addLayout(self._line)
        self._parts = {method: _AttackPart(method) for method in ("character", "word")}
        for part in self._parts.values():
            self._line.addWidget(part, 1)
        self.hide()

    def show_history(self, history: History) -> None:
        attacks = {one.method: one for one in history.attacks}
        self.setVisible(bool(attacks))
        if not attacks:
            return
        first = next(iter(attacks.values()))
        self.caption.setText(_about(first))
        for method, part in self._parts.items():
            part.setVisible(method in attacks)
            if method in attacks:
                part.show_attack(attacks[method])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)


class _AttackPart(QWidget):
    """What the attack does, precision and recall before and after it, and one of the texts that it turned."""

    def __init__(self, method: str) -> None:
        super().__init__()
        title, about = _words_of(method)
        self._attack: Attacked | None = None
        self._shown = 0
        self._turned = Caption(" ")
        self._figures = {name: _Figure() for name in ("precision", "recall")}
        self._label = ElidingLabel()
        self._label.setProperty("kind", "second")
        self._label.setFont(font(12))
        self._another = Button(tr("Another example"), "link", size="small")
        self._another.setObjectName(f"another_{method}")
        self._another.clicked.connect(self._show_another)
        self._text = ChangedText()
        self._lay_out(title, about)

    def _lay_out(self, title: str, about: str) -> None:
        column = fill(QVBoxLayout(self), gap=6)
        head = ElidingLabel(title)
        head.setFont(font(13, 600))
        column.addWidget(head)
        column.addWidget(Caption(about, wrap=True))
        figures = QGridLayout()
        figures.setHorizontalSpacing(24)
        for place, figure in enumerate(self._figures.values()):
            figures.addWidget(figure, 0, place)
            figures.setColumnStretch(place, 1)
        column.addLayout(figures)
        column.addWidget(self._turned)
        row = QHBoxLayout()
        row.addWidget(self._label, 1, Qt.AlignmentFlag.AlignVCenter)
        self._label.setMinimumHeight(_ROW)
        row.addWidget(self._another, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        column.addWidget(self._text)
        column.addStretch(1)

    def show_attack(self, attack: Attacked) -> None:
        self._attack, self._shown = attack, 0
        for name, figure in self._figures.items():
            figure.show_change(_title_of(name), attack, name)
        self._turned.setText(_what_turned(attack))
        for widget in (self._label, self._text):
            widget.setVisible(bool(attack.examples))
        self._another.setVisible(len(attack.examples) > 1)
        if attack.examples:
            self._show_example(attack.examples[0])

    def _show_another(self) -> None:
        assert self._attack is not None
        self._shown = (self._shown + 1) % len(self._attack.examples)
        self._show_example(self._attack.examples[self._shown])

    def _show_example(self, example: dict[str, Any]) -> None:
        self._label.setText(
            tr("“{label}”, now taken for “{prediction}”:", label=example["label"], prediction=example["prediction"])
        )
        self._text.show_change(str(example["before"]), str(example["after"]))


class _Figure(QWidget):
    """`97.1 % → 71.0 %` over its name and its interval."""

    def __init__(self) -> None:
        super().__init__()
        self._change = Heading("", "figure")
        self._change.setMinimumWidth(1)
        self._name = ElidingLabel()
        self._name.setProperty("kind", "second")
        self._name.setFont(font(12))
        fill(QVBoxLayout(self), self._change, self._name, gap=1, margins=(0, 4, 0, 2))

    def show_change(self, title: str, attack: Attacked, name: str) -> None:
        before, after = percent(attack.before[name]), percent(attack.after[name])
        self._change.setText(f"{before} → {after}")
        width = attack.intervals.get(name)
        self._name.setText(
            title
            if width is None
            else tr("{title}, {interval}", title=title, interval=share_interval(attack.after[name], width))
        )
        self.setAccessibleName(f"{title}: {before} → {after}")


class ChangedText(MarkedText):
    """A changed text with the changed words marked; resting on one tells what stood there before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(size=13, parent=parent)
        self._before: list[str] = []

    def show_change(self, before: str, after: str) -> None:
        changes = changed_pieces(before, after)
        self._before = [was for _, was in changes]
        self.set_marks(Marks(after, tuple(span for span, _ in changes), np.full(len(changes), 0.5)))

    def _told_at(self, spot: QPointF) -> str:
        index = self.word_at(spot)
        if index is None:
            return ""
        return tr("before: “{word}”", word=self._before[index]) if self._before[index] else tr("put in")


def changed_pieces(before: str, after: str) -> list[tuple[tuple[int, int], str]]:
    """((from, to) in `after`, what stood there in `before`) of every run of words that differs. Where words were left
    out, the next one is named."""
    old, new = list(_PIECE.finditer(before)), list(_PIECE.finditer(after))
    found = []
    for kind, start, end, first, last in SequenceMatcher(
        None, [one[0] for one in old], [one[0] for one in new], autojunk=False
    ).get_opcodes():
        if kind == "equal" or not new:
            continue
        was = before[old[start].start() : old[end - 1].end()] if end > start else ""
        if first < last:
            found.append(((new[first].start(), new[last - 1].end()), was))
        else:
            behind = new[min(first, len(new) - 1)]
            found.append((behind.span(), f"{was} {behind[0]}"))
    return found


def _words_of(method: str) -> tuple[str, str]:
    if method == "character":
        return tr("Misspelled on purpose"), tr("Letters swapped, dropped, doubled, parted, or replaced by look-alikes.")
    return tr("Reworded on purpose"), tr("Words replaced by others that mean about the same; empty words added.")


def _title_of(name: str) -> str:
    return tr("Precision") if name == "precision" else tr("Recall")


def _about(attack: Attacked) -> str:
    if attack.split == "validation":
        return tr("{count:plural:validation text:validation texts}, changed against it", count=attack.num_rows)
    return tr("{count:plural:test text:test texts}, changed against it", count=attack.num_rows)


def _what_turned(attack: Attacked) -> str:
    if not attack.success:
        return tr("No right answer turned.")
    return tr(
        "{share} of the right answers turned, with {changed} of the words changed.",
        share=percent(attack.success),
        changed=percent(attack.changed_share, 0),
    )
