"""GameCard: "Which one did a person write?", and how the person and the critic fare on the same pairs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.records import Sample, Samples
from studio.numbers import NOTHING, percent
from studio.pages.samples.game import Pair, Score, pairs_of
from studio.pages.samples.game_choice import GameChoice
from studio.pages.samples.sample_columns import text_words
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import ElidingLabel

_KEYS = {Qt.Key.Key_A: 0, Qt.Key.Key_B: 1}


class GameCard(Card):
    """The score goes on from step to step. Another step's texts come with the next round where one is under way, so
    that no pair changes under the person's hand. `answered(score)` after each choice.

    Keys: A and B choose, Enter goes on."""

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which one did a person write?"), " ", parent)
        self.setObjectName("card")
        self.score = Score()
        self._seed, self._at = 0, 0
        self._pairs: list[Pair] = []
        self._samples: Samples | None = None
        self._wanted: Samples | None = None
        self._is_revealed = False
        self.choices = (GameChoice("A"), GameChoice("B"))
        for index, choice in enumerate(self.choices):
            choice.clicked.connect(lambda _checked=False, chosen=index: self.choose(chosen))
        self._said = ElidingLabel()
        self._said.setObjectName("gameSaid")
        self._said.setMinimumHeight(28)
        self._said.setProperty("kind", "second")
        self.next = Button(tr("Next"), "plain", "ph.arrow-right", size="small")
        self.next.setObjectName("nextPair")
        self.next.clicked.connect(self.go_on)
        self.again = Button(tr("Start again"), "link", size="small")
        self.again.setObjectName("gameAgain")
        self.again.clicked.connect(self.restart)
        self._bars = BarList()
        self._bars.setAccessibleName(tr("Score"))
        self._lay_out()

    def _lay_out(self) -> None:
        for choice in self.choices:
            self.body.addWidget(choice)
        row = QHBoxLayout()
        row.addWidget(self._said, 1)
        row.addWidget(self.again)
        row.addWidget(self.next)
        self.body.addLayout(row)
        self.body.addWidget(self._bars)

    # -- pairs ---------------------------------------------------------------------------------------------------------

    def set_samples(self, samples: Samples) -> None:
        """At once where nothing has been answered in this round."""
        self._wanted = samples
        if samples == self._samples:
            return
        if not self._pairs or (self._at == 0 and not self._is_revealed):
            self._begin_round()

    @property
    def pair(self) -> Pair | None:
        return self._pairs[self._at] if self._at < len(self._pairs) else None

    def restart(self) -> None:
        """A new round, with both scores at 0."""
        self.score = Score()
        self._seed += 1
        self._begin_round()

    def _begin_round(self) -> None:
        self._samples = self._wanted
        self._pairs = pairs_of(self._samples, self._seed) if self._samples is not None else []
        self._at = 0
        self._show_pair()

    def choose(self, index: int) -> None:
        """The person holds this text for the real one."""
        pair = self.pair
        if pair is None or self._is_revealed:
            return
        self._is_revealed = True
        self.score = self.score.after(pair, index)
        for place, choice in enumerate(self.choices):
            is_real = place == pair.real
            choice.reveal(_told(pair.texts[place], is_real=is_real), is_real=is_real, is_chosen=place == index)
        is_right, letter = index == pair.real, "AB"[pair.real]
        self._said.setText(tr("Right.") if is_right else tr("No, a person wrote {letter}.", letter=letter))
        self._said.setAccessibleName(self._said.text())
        self._show_score()
        if not self.next.hasFocus():
            self.next.setFocus()  # Return goes on
        self.answered.emit(self.score)

    def go_on(self) -> None:
        """The next pair, or the next round."""
        if not self._is_revealed:
            return
        self.choices[0].setFocus()
        self._at += 1
        if self._at >= len(self._pairs) or self._wanted != self._samples:
            self._seed += 1
            self._begin_round()
        else:
            self._show_pair()

    def _show_pair(self) -> None:
        self._is_revealed = False
        pair = self.pair
        for place, choice in enumerate(self.choices):
            choice.setVisible(pair is not None)
            if pair is not None:
                choice.show_text(text_words(pair.texts[place]))
        self._said.setText(tr("Press A or B.") if pair is not None else tr("There are not enough different texts."))
        self._show_score()

    def _show_score(self) -> None:
        self.next.setVisible(self._is_revealed)
        self.again.setVisible(self.score.answered > 0 and not self._is_revealed)
        if self.pair is not None and self._samples is not None:
            where = tr("{count} of {total}", count=self._at + 1, total=len(self._pairs))
            self.caption.setText(where)
            self.caption.setToolTip(tr("Texts of step {step}", step=self._samples.step))
        total = self.score.answered
        rows = ((tr("You"), self.score.person, tokens().accent), (tr("Critic"), self.score.critic, tokens().text3))
        self._bars.set_bars(
            [Bar(name, right / max(1, total), _counted(right, total), color=color) for name, right, color in rows]
        )

    # -- keys ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS and not self._is_revealed:
            self.choose(_KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_N) and self._is_revealed:
            self.go_on()
        else:
            super().keyPressEvent(event)


def _counted(right: int, total: int) -> str:
    return tr("{count} of {total}", count=right, total=total) if total else NOTHING


def _told(sample: Sample, *, is_real: bool) -> str:
    """Who wrote it, and what the critic thought."""
    if sample.probability is None:
        return tr("a person wrote this") if is_real else tr("invented")
    share = percent(sample.probability, 0)
    if is_real:
        return tr("a person wrote this · critic {share}", share=share)
    return tr("invented · critic {share}", share=share)
