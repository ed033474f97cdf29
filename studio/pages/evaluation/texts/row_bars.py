"""Row bars: what the model said of one row, as a sentence and as one bar a label."""

from __future__ import annotations

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers
from studio.numbers import percent
from studio.pages.evaluation.texts.row_predictions import RowPredictions
from studio.pages.evaluation.texts.row_words import figure, said_words, truth_words
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar

_MOST = 6


def answer_sentence(answers: Answers, verdicts: RowPredictions, place: int) -> str:
    """What it said, against the row's own label."""
    said, truth = said_words(answers, verdicts, place), truth_words(answers, place)
    if answers.kind == "number":
        return _number_sentence(answers, verdicts, place)
    if answers.kind == "one" and verdicts.said[place] == ABSTAINED:
        likeliest = answers.labels[int(verdicts.question[place])]
        told = tr(
            "It left this text to a person: “{label}” at {share} is not sure enough.",
            label=likeliest,
            share=percent(float(verdicts.sure[place])),
        )
        return f"{told} {tr('You said “{truth}”', truth=truth)}" if truth else told
    if not truth:
        return tr("It said “{said}”", said=said)
    if not verdicts.wrong[place]:
        return tr("Right: both say “{truth}”.", truth=truth)
    return tr("You said “{truth}”, it said “{said}”", truth=truth, said=said)


def bars_of(answers: Answers, verdicts: RowPredictions, place: int) -> list[Bar]:
    """The likeliest labels and the row's own; the rest in one line. None for a number."""
    if answers.kind == "number":
        return []
    given = verdicts.probabilities[place]
    own = _own_labels(answers, place)
    order = np.argsort(-given, kind="stable")
    shown = [int(label) for label in order if label in own or label in order[:_MOST]]
    bars = [_bar(answers, float(given[label]), label, label in own) for label in shown]
    if len(shown) < len(given):
        rest = [int(label) for label in order if int(label) not in shown]
        words = tr("{count:plural:more label:more labels}", count=len(rest))
        share = float(given[rest].max() if answers.kind == "several" else given[rest].sum())
        note = tr("at most") if answers.kind == "several" else ""
        bars.append(Bar(words, share, percent(share), note, tokens().text3))
    return bars


def _bar(answers: Answers, share: float, label: int, is_own: bool) -> Bar:
    note = tr("yours") if is_own else ""
    return Bar(answers.labels[label], share, percent(share), note, "" if is_own else tokens().s2, strong=is_own)


def _own_labels(answers: Answers, place: int) -> set[int]:
    if answers.truths is None:
        return set()
    if answers.kind == "several":
        return {int(label) for label in np.flatnonzero(answers.truths[place])}
    return {int(answers.truths[place])} - {-1}


def _number_sentence(answers: Answers, verdicts: RowPredictions, place: int) -> str:
    said = float(verdicts.said[place])
    if answers.truths is None:
        return tr("It said {said}.", said=figure(said))
    truth = float(answers.truths[place])
    if said > truth:
        return tr("You said {truth}, it said {said}: {off} too much.", **_three(truth, said))
    return tr("You said {truth}, it said {said}: {off} too little.", **_three(truth, said))


def _three(truth: float, said: float) -> dict[str, str]:
    return {"truth": figure(truth), "said": figure(said), "off": figure(abs(said - truth))}
