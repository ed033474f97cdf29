"""What the Read page says in words."""

from __future__ import annotations

from engine.records import AnswerSpan, ReadAnswer, ReadingTrust, Silence, WordLosses
from studio.numbers import likelihood, percent
from studio.translation import tr

_NAMED = 0.05
"""A word without which it is so much less sure is named."""


def sentence(found: ReadAnswer, losses: WordLosses | None) -> str:
    """The answer, how sure it is, and the word that made it."""
    said = found.said
    if said is None:
        first = found.best[0].text if found.best else ""
        return tr(
            "It finds no answer in this passage ({share} sure); it would have said “{answer}”.",
            share=likelihood(found.no_answer),
            answer=first,
        )
    answer, share = said.text, likelihood(said.score)
    if found.masked:
        hidden = [found.question_words[place].text for place in found.masked if place < len(found.question_words)]
        return tr(
            "Without {words} it answers “{answer}”, {share} sure.",
            words=", ".join(f"“{word}”" for word in hidden),
            answer=answer,
            share=share,
        )
    strongest = _strongest(found, losses)
    if losses is None or not strongest:
        return tr("It answers “{answer}”, {share} sure.", answer=answer, share=share)
    words = [found.question_words[place].text for place in strongest]
    values = {"answer": answer, "share": share, "word": words[0], "left": likelihood(float(losses.alone[strongest[0]]))}
    if len(words) == 1:
        return tr("It answers “{answer}”, {share} sure, because of “{word}”; without it only {left}.", **values)
    return tr(
        "It answers “{answer}”, {share} sure, because of “{word}” and “{other}”; without “{word}” it is only {left} "
        "sure.",
        other=words[1],
        **values,
    )


def _strongest(found: ReadAnswer, losses: WordLosses | None) -> list[int]:
    """The words of the question that count most, two at most."""
    if losses is None or len(losses.losses) != len(found.question_words):
        return []
    order = sorted(range(len(losses.losses)), key=lambda place: -losses.losses[place])
    return [place for place in order[:2] if losses.losses[place] >= _NAMED]


def place_words(one: AnswerSpan) -> str:
    """Where it stands."""
    if one.first_word == one.last_word:
        return tr("sentence {number}, word {word}", number=one.sentence, word=one.first_word)
    return tr(
        "sentence {number}, words {first} to {last}", number=one.sentence, first=one.first_word, last=one.last_word
    )


def silence_words(silence: Silence | None) -> str:
    """From when on it is silent, what was promised for that, and what it costs."""
    if silence is None:
        return tr("It learned from questions that all have an answer, so it always answers.")
    start = percent(silence.threshold, 0)
    if not silence.is_promised:
        return tr("Silent from {share} on; nothing was promised for that yet.", share=start)
    return tr(
        "Silent from {share} on: at most {most} of the questions without an answer get one, promised with {confidence} "
        "confidence ({given} of {count} did). Price: {price} of the answerable ones stay silent.",
        share=start,
        most=percent(silence.most, 0),
        confidence=percent(silence.confidence, 0),
        given=silence.num_answered,
        count=silence.num_silent,
        price=percent(silence.price, 0),
    )


def trust_sentence(found: ReadingTrust) -> str:
    """What the figures come to."""
    return {
        "strong": tr("The map agrees well with what changes the answer."),
        "fair": tr("The map agrees partly with what changes the answer."),
        "weak": tr("The map hardly agrees with what changes the answer."),
    }[found.level]
