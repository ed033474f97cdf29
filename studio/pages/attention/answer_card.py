"""AnswerCard: what the model says, how sure it is, and the words it looks at most."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.records import AttentionRecord, Prediction
from studio.numbers import likelihood, percent
from studio.pages.attention.sentences import answer_words, several_words, shortfall
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.card import Card, Hairline
from studio.widgets.label_names import label_name, quoted
from studio.widgets.labels import Caption, ElidingLabel

_MOST_LABELS, _MOST_WORDS = 6, 6
_FIGURE, _SMALL = 20, 14
"""Two numbers, or several labels, need the room of one."""


class AnswerCard(Card):
    """The label and its probability in large figures, all probabilities and the most looked-at words as bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAccessibleName(tr("Answer"))
        self._received: list[tuple[str, float]] = []
        self._is_compact, self._has_answer = False, False
        self._label, self._share = ElidingLabel(), QLabel()
        self._label.setObjectName("predictedLabel")
        self._label.setFont(font(_FIGURE, 600))
        self._share.setObjectName("predictedShare")
        self._share.setFont(font(_FIGURE, 600))
        self._share.setStyleSheet(f"color: {tokens().accent_text};")
        answer = QHBoxLayout()
        answer.addWidget(self._label, 1)
        answer.addWidget(self._share)
        self._probabilities, self._words = BarList(), BarList()
        self._probabilities.setAccessibleName(tr("Probabilities"))
        self._words.setAccessibleName(tr("Words it looks at most"))
        self._line, self._words_title = Hairline(), Caption(tr("It looks most at"), wrap=True)
        self._said = Caption(tr("It says"))
        self._said.setProperty("kind", "second")
        self._before = Caption(wrap=True)
        self._before.setProperty("kind", "second")
        self._before.setObjectName("answerBefore")
        self._before.hide()
        self.body.addWidget(self._said)
        self.body.addLayout(answer)
        self.body.addWidget(self._before)
        for widget in (self._probabilities, self._line, self._words_title, self._words):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def set_compact(self, is_compact: bool) -> None:
        """Leave the words out where there is little room; the page's sentence names the first two."""
        self._is_compact = is_compact
        self._show_words()

    def show_record(
        self, record: AttentionRecord, received: list[tuple[str, float]], before: Prediction | None = None
    ) -> None:
        """`received` are the words it looks at, the most first; `before` is what it said before a switch or an edit."""
        self._received, self._has_answer = received, record.has_answer
        self._show_before(record.prediction, before)
        probabilities = sorted(record.prediction.probabilities.items(), key=lambda item: -item[1])
        self._show_answer(record.prediction)
        said = said_labels(record.prediction)
        self._probabilities.set_bars(
            [_probability_bar(label, p, label in said) for label, p in probabilities[:_MOST_LABELS]]
        )
        self._probabilities.setVisible(bool(probabilities))
        for widget in (self._label, self._share, self._said):
            widget.setVisible(record.has_answer)
        self._show_words()

    def _show_answer(self, answer: Prediction) -> None:
        """What it says and how surely; calmly, where that is too little to say it."""
        several = several_words(answer) if answer.labels is not None else None
        self._said.setText(tr("It would leave it to a person") if answer.abstains else tr("It says"))
        self._label.setText(several or label_name(answer.label))
        self._label.setAccessibleName(several or label_name(answer.label))
        self._label.setStyleSheet(f"color: {(tokens().text2 if answer.abstains else tokens().text)};")
        self._label.setFont(font(_FIGURE if several is None else _SMALL, 600))
        self._share.setFont(font(_SMALL if answer.abstains else _FIGURE, 600))
        self._share.setText(_surely(answer))
        self._share.setStyleSheet(f"color: {(tokens().warn if answer.abstains else tokens().accent_text)};")
        self._share.setToolTip(_threshold_words(answer))

    def _show_before(self, now: Prediction, before: Prediction | None) -> None:
        self._before.setVisible(before is not None and before != now)
        if before is not None:
            self._before.setText(tr("before: {answer}", answer=answer_words(before)))

    def _show_words(self) -> None:
        best = self._received[:_MOST_WORDS]
        for widget in (self._words_title, self._words):
            widget.setVisible(bool(best) and not self._is_compact)
        self._line.setVisible(bool(best) and not self._is_compact and self._has_answer)
        self._words.set_bars(word_bars(best))


def said_labels(answer: Prediction) -> tuple[str, ...]:
    """The labels that are said; none where the text is left to a person."""
    if answer.labels is not None:
        return answer.labels
    return () if answer.abstains else (answer.label,)


def _surely(answer: Prediction) -> str:
    if answer.labels is not None or not answer.probabilities:
        return ""
    return shortfall(answer) if answer.abstains else likelihood(answer.probabilities[answer.label])


def _threshold_words(answer: Prediction) -> str:
    if answer.threshold is None:
        return ""
    return tr(
        "{label} is said from {threshold} on.",
        label=quoted(answer.label),
        threshold=percent(answer.threshold),
    )


def word_bars(words: list[tuple[str, float]]) -> list[Bar]:
    """Words and their weights as bars, the first one full."""
    return [Bar(word, weight / words[0][1], percent(weight, 0), color=tokens().s2) for word, weight in words]


def _probability_bar(label: str, probability: float, is_said: bool) -> Bar:
    color = tokens().accent if is_said else tokens().text3
    return Bar(label_name(label), probability, likelihood(probability), color=color, strong=is_said)
