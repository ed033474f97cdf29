"""Sentences: what a record, a head and an edit come to, in words."""

from __future__ import annotations

import numpy as np

from engine.records import AttentionRecord, Attribution, Prediction, Switches
from studio.numbers import likelihood, percent
from studio.pages.attention.reading import num_for_half, words_received
from studio.plots.attention.map_data import MapData
from studio.translation import tr
from studio.widgets.label_names import all_quoted, quoted

_LEAST_DROP = 0.05
"""A word that costs less than five points when it is left out decides nothing alone."""


def answer_words(answer: Prediction) -> str:
    """“negative” (91 %): what is said and how surely, or that it would be left to a person."""
    if answer.labels is not None:
        return several_words(answer)
    if not answer.probabilities:
        return quoted(answer.label) if answer.label else tr("nothing")
    label = quoted(answer.label)
    if answer.abstains:
        return tr("{label} ({shortfall}, left to a person)", label=label, shortfall=shortfall(answer))
    return tr("{label} ({share})", label=label, share=likelihood(answer.probabilities[answer.label]))


def several_words(answer: Prediction) -> str:
    """“cold”, “slow”; or that none of the labels is said."""
    if not answer.labels:
        return tr("none of its labels")
    return all_quoted(answer.labels)


def shortfall(answer: Prediction) -> str:
    """87 % < 93 %: the likeliest label's probability and the threshold that it does not reach, with as many digits as
    tell them apart."""
    share, threshold = answer.probabilities[answer.label], answer.threshold or 1.0
    digits = next((one for one in range(4) if percent(share, one) != percent(threshold, one)), 4)
    return tr("{share} < {threshold}", share=percent(share, digits), threshold=percent(threshold, digits))


def sentence(record: AttentionRecord, received: list[tuple[str, float]], one_out: Attribution | None = None) -> str:
    """What it says and why: the word without which the answer changes most, where that is measured; until then the
    words that it looks at most (see `received_words`)."""
    if not record.has_answer:
        return _looks(tr("This model gives no answer, it only reads"), received, record)
    said = _said(record.prediction)
    if one_out is None or one_out.label != record.prediction.label:
        return _looks(said, received, record)
    place = int(np.argmax(one_out.scores))
    drop = float(one_out.scores[place])
    if drop < _LEAST_DROP or one_out.group_size > 1:
        return tr("{said}; no single word decides it.", said=said)
    return tr(
        "{said} mainly because of “{word}”; without that word the probability falls from {before} to {after}.",
        said=_said(record.prediction, is_short=True),
        word=one_out.tokens[place],
        before=likelihood(one_out.probability),
        after=likelihood(max(0.0, one_out.probability - drop)),
    )


def change_sentence(before: Prediction, now: Prediction, reason: str) -> str:
    """What an edit or a switch did to the answer."""
    if (before.label, before.abstains) != (now.label, now.abstains):
        return tr(
            "{reason}: the answer turns from {before} to {now}.",
            reason=reason,
            before=answer_words(before),
            now=answer_words(now),
        )
    if not now.probabilities or now.labels is not None:
        return tr("{reason}: the answer stays {now}.", reason=reason, now=answer_words(now))
    return tr(
        "{reason}: {label} goes from {before} to {after}.",
        reason=reason,
        label=quoted(now.label),
        before=percent(before.probabilities[now.label]),
        after=percent(now.probabilities[now.label]),
    )


def switch_words(switches: Switches) -> str:
    """What is switched, as the beginning of a sentence."""
    count = len(switches.muted)
    if switches.uniform and count:
        return tr("With uniform attention and {count:plural:head:heads} off", count=count)
    if switches.uniform:
        return tr("With uniform attention")
    return tr("With {count:plural:head:heads} off", count=count)


def slice_sentence(data: MapData) -> str:
    """Where one head looks, and how sharply."""
    count = num_for_half(data.received)
    words = [word for word, _ in words_received(data.keys, data.received, data.special)]
    if not words:
        return tr("Looks at the special tokens only.")
    if len(words) == 1:
        return tr(
            "Looks mostly at “{first}”. Half of its weight lies on {count:plural:token:tokens}.",
            first=words[0],
            count=count,
        )
    return tr(
        "Looks mostly at “{first}” and “{second}”. Half of its weight lies on {count:plural:token:tokens}.",
        first=words[0],
        second=words[1],
        count=count,
    )


def _said(answer: Prediction, *, is_short: bool = False) -> str:
    """The beginning of a sentence; a short one leaves the probability to what follows."""
    if answer.abstains:
        return tr(
            "It would leave this text to a person: {label} is likeliest ({shortfall})",
            label=quoted(answer.label),
            shortfall=shortfall(answer),
        )
    if is_short and answer.labels is None:
        return tr("It says {answer}", answer=quoted(answer.label))
    return tr("It says {answer}", answer=answer_words(answer))


def _looks(said: str, received: list[tuple[str, float]], record: AttentionRecord) -> str:
    words = [word for word, _ in received]
    if not record.maps or not words:
        return tr("{said}.", said=said)
    if len(words) == 1:
        return tr("{said}; it looks most at “{first}”.", said=said, first=words[0])
    return tr("{said}; it looks most at “{first}” and “{second}”.", said=said, first=words[0], second=words[1])
