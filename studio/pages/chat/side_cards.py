"""The cards beside the chat: how surprised it is by unseen answers, how it chooses, and questions to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.records import Turn, WritingSettings
from studio.pages.chat.sentences import figure
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.fold import Fold
from studio.widgets.labels import Caption, Heading, label
from studio.widgets.layouts import fill, hbox, vbox
from studio.widgets.number_box import DecimalBox, NumberBox

_LEAST_STARTER = 80


@dataclass(frozen=True)
class Perplexity:
    """Of a run: on how many unseen dialogues, and its 95 % interval's half width where one was measured."""

    name: str
    value: float
    half_width: float = 0.0
    num_rows: int = 0


class PerplexityCard(Card):
    """This model's, and that of other runs on the same dialogues, the best first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._about = Caption(wrap=True)
        self.value = Heading("", "figure")
        self.value.setObjectName("perplexity")
        self._interval = Caption(wrap=True)
        self._bars = BarList()
        self._bars.setAccessibleName(tr("Perplexity of runs on the same dialogues"))
        self.body.addWidget(self._about)
        self.body.addLayout(hbox(self.value, (self._interval, 1), gap=10))
        self.body.addWidget(self._bars)

    def show_perplexity(self, own: Perplexity | None, others: Sequence[Perplexity]) -> None:
        self.setVisible(own is not None)
        if own is None:
            return
        self._about.setText(tr("Perplexity on {count:plural:dialogue:dialogues} it never saw", count=own.num_rows))
        self.value.setText(figure(own.value))
        better = tr("lower is better")
        if own.half_width:
            low, high = figure(own.value - own.half_width), figure(own.value + own.half_width)
            better = tr("{low} to {high} · lower is better", low=low, high=high)
        self._interval.setText(better)
        rows = sorted([own, *others], key=lambda one: one.value)
        most = max(one.value for one in rows)
        self._bars.set_bars(
            [
                Bar(
                    tr("this model") if one is own else one.name,
                    one.value / most,
                    figure(one.value),
                    color=tokens().accent if one is own else tokens().text3,
                    strong=one is own,
                )
                for one in rows
            ]
        )
        self._bars.setVisible(len(rows) > 1)


class ChoosingCard(Fold):
    """How the next token is chosen; `changed(settings)`."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How it chooses"))
        self._settings = WritingSettings()
        self.told.setObjectName("choosing")
        self.temperature = DecimalBox("choose_temperature", tr("Temperature"), 0.0, 2.0, step=0.1, decimals=2)
        self.top_p = DecimalBox("choose_top_p", tr("Top-p"), 0.05, 1.0, step=0.05, decimals=2)
        self.top_k = NumberBox("choose_top_k", tr("Top-k"), 0, 1000)
        self.longest = NumberBox("choose_max_tokens", tr("Longest answer"), 1, 1024)
        told: tuple[tuple[DecimalBox | NumberBox, str], ...] = (
            (self.temperature, tr("Below 1 surer, above 1 bolder; 0: always the likeliest.")),
            (self.top_p, tr("Only the likeliest tokens that make up this share.")),
            (self.top_k, tr("Only so many of the likeliest; 0: all.")),
            (self.longest, tr("Tokens after which an answer is cut.")),
        )
        for box, help_text in told:
            box.setAccessibleDescription(help_text)
            self.inside.addLayout(hbox((label(box.accessibleName(), 13), 1), box, gap=8))
            self.inside.addWidget(Caption(help_text, wrap=True))
            box.valueChanged.connect(self._take)

    def show_settings(self, settings: WritingSettings) -> None:
        self._settings = settings
        values = ((self.temperature, settings.temperature), (self.top_p, settings.top_p))
        counts = ((self.top_k, settings.top_k), (self.longest, settings.max_tokens))
        for box, value in (*values, *counts):
            with QSignalBlocker(box):
                box.setValue(value)  # type: ignore[arg-type]
        self.told.setText(
            tr("T {temperature} · top-p {top_p}",
               temperature=f"{settings.temperature:.1f}", top_p=f"{settings.top_p:.2f}")
        )  # fmt: skip

    def _take(self) -> None:
        settings = replace(
            self._settings,
            temperature=round(self.temperature.value(), 2),
            top_p=round(self.top_p.value(), 2),
            top_k=self.top_k.value(),
            max_tokens=self.longest.value(),
        )
        self.show_settings(settings)
        self.changed.emit(settings)


class StartersCard(Fold):
    """`chosen(place)`: one of the questions."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Starters"))

    def show_starters(self, starters: Sequence[Sequence[Turn]]) -> None:
        self.setVisible(bool(starters))
        self.told.setText(tr("{count:plural:question:questions} from unseen dialogues", count=len(starters)))
        _emptied(self.inside)
        for place, turns in enumerate(starters):
            self.inside.addWidget(_starter(turns, place, self.chosen))


class EmptyChat(QWidget):
    """Before the first turn: questions from unseen dialogues as cards."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyChat")
        title = Heading(tr("Begin with a question it never saw"), "card")
        title.setFont(font(15, 600))
        about = Caption(tr("They are from dialogues that were held back. Or write your own below."), wrap=True)
        self._grid = vbox(gap=8)
        fill(QVBoxLayout(self), None, title, about, 6, self._grid, None, gap=6, margins=(28, 16, 28, 16))

    def show_starters(self, starters: Sequence[Sequence[Turn]]) -> None:
        _emptied(self._grid)
        for place, turns in enumerate(starters):
            self._grid.addWidget(_starter(turns, place, self.chosen))


def _starter(turns: Sequence[Turn], place: int, chosen: Any) -> Button:
    words = " ".join(turns[-1].content.split())
    made = Button(words if len(words) <= 70 else words[:69] + "…", "plain", "ph.chat-text", size="small")
    made.setObjectName(f"starter{place}")
    made.setToolTip(turns[-1].content)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    made.setMinimumWidth(_LEAST_STARTER)  # a narrow place shortens it; the tooltip has it whole
    made.clicked.connect(lambda: chosen.emit(place))
    return made


def _emptied(layout: Any) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item.widget() is not None:
            item.widget().deleteLater()
