"""What the chat page says in words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.records import ChatAnswer, Leaned, LeanedWord, Turn
from studio.translation import tr

_SURE, _UNSURE = 2.0, 4.0
"""Bits a token below which an answer was sure, and above which it guessed: one in 4, one in 16."""

LEAST_BITS = 0.005
"""Less than this changes no answer."""


def leaning(leaned: Leaned | None, turns: Sequence[Turn], perplexity: float | None) -> str:
    """The page's sentence: which turn and word the answer leaned on, and how many tokens it chooses among."""
    told = []
    if leaned is not None and leaned.turns:
        best = max(leaned.turns, key=lambda one: one.share)
        who = named(best.place, turns, in_sentence=True)
        word = strongest(leaned)
        if word is not None:
            told.append(
                tr("It leans most on {who}, {share}, above all on “{word}”.",
                   who=who, share=percent(best.share), word=word.text)
            )  # fmt: skip
        else:
            told.append(tr("It leans most on {who}, {share}.", who=who, share=percent(best.share)))
    elif leaned is not None and (word := strongest(leaned)) is not None:
        told.append(tr("What counts most in the dialogue is “{word}”.", word=word.text))
    if perplexity is not None:
        told.append(tr("Each token is a choice among {perplexity}.", perplexity=figure(perplexity)))
    return " ".join(told)


def strongest(leaned: Leaned) -> LeanedWord | None:
    """The word that counts most, where it counts for anything, and for more than a random one does."""
    word = leaned.words[0] if leaned.words else None
    return word if word is not None and word.bits > max(LEAST_BITS, leaned.random_bits) else None


def named(place: int, turns: Sequence[Turn], *, in_sentence: bool = False) -> str:
    """A turn by its place among those that are read, instructions included."""
    if place >= len(turns):
        return tr("what it wrote itself") if in_sentence else tr("{number} · itself", number=number_of(place, turns))
    turn = turns[place]
    if turn.role == "system":
        return tr("the instructions") if in_sentence else tr("Instructions")
    if in_sentence and place == len(turns) - 1:
        return tr("your last message")
    if in_sentence:
        return tr("turn {number}", number=number_of(place, turns))
    if turn.role == "user":
        return tr("{number} · You", number=number_of(place, turns))
    return tr("{number} · Model", number=number_of(place, turns))


def number_of(place: int, turns: Sequence[Turn]) -> int:
    """As the turns are numbered: instructions are none."""
    return place + 1 - int(bool(turns) and turns[0].role == "system")


def sureness(answer: ChatAnswer) -> str:
    """How surprising its tokens were to itself."""
    told = []
    if answer.num_tokens:
        how = (
            tr("it was sure")
            if answer.bits < _SURE
            else tr("it was unsure")
            if answer.bits < _UNSURE
            else tr("it guessed")
        )
        told.append(tr("{bits} bits a token, {how}", bits=f"{answer.bits:.1f}", how=how))
    if not answer.has_ended:
        told.append(tr("not ended"))
    if answer.is_cut:
        told.append(tr("the question was too long, its beginning was not read"))
    return " · ".join(told)


def writing(answer: ChatAnswer, most: int) -> str:
    """While it is written."""
    if not answer.seconds:
        return tr("reading the turns")
    return tr(
        "writing · {count} of at most {most} tokens · {pace} a second",
        count=answer.num_tokens,
        most=most,
        pace=f"{answer.num_tokens / answer.seconds:.0f}",
    )


def honest(num_learned: int) -> str:
    """Always under the field."""
    return tr(
        "It can copy the tone and usual answers of {count:plural:dialogue:dialogues}. It cannot look anything up, and "
        "may sound sure when it is wrong.",
        count=num_learned,
    )


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def figure(value: float) -> str:
    """A perplexity with as many places as say something."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
