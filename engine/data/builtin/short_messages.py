"""Short messages as they come by phone or mail, one in five of them a fraud; invented in English or Chinese."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from engine.config.data import BuiltinTexts
from engine.data.builtin.messages_chinese import DISGUISES as CHINESE_DISGUISES
from engine.data.builtin.messages_chinese import MESSAGES as CHINESE
from engine.data.builtin.messages_english import DISGUISES as ENGLISH_DISGUISES
from engine.data.builtin.messages_english import MESSAGES as ENGLISH
from engine.data.builtin.phrases import MarkedText, Phrases, capitalized, read_marks

LABELS = {"en": ("honest", "fraud"), "zh": ("正常", "诈骗"), "both": ("honest", "fraud")}
"""The honest label, then the fraudulent one; a set of both languages has the English words."""

KINDS = ("plain", "disguised", "alike")
"""Plain; with words disguised as filters are cheated; and alike: honest and fraudulent messages of the same words, of
which the order tells who shall pay whom."""

_HONEST, _FRAUD = 0, 1
_CYCLE = (
    *((_FRAUD, kind) for kind in ("plain", "disguised", "alike", "alike")),
    *((_HONEST, kind) for kind in ("plain",) * 9 + ("alike",) * 7),
)
_GRAMMARS = {"en": (ENGLISH,), "zh": (CHINESE,), "both": (ENGLISH, CHINESE)}
_DISGUISES = {id(ENGLISH): ENGLISH_DISGUISES, id(CHINESE): CHINESE_DISGUISES}
_TWO_MARKS = re.compile("([?!？！])[.,，。]")
_RULES = {_HONEST: "honest", _FRAUD: "fraud"}


def write_messages(spec: BuiltinTexts, chance: random.Random) -> Iterator[MarkedText]:
    """`spec.num_rows` different messages, a fifth of them fraudulent.

    The evidence of a fraud is what it asks for; of an honest message that could be taken for one, what rules it out; a
    plain honest message has none.
    """
    grammars, labels = _GRAMMARS[spec.language], LABELS[spec.language]
    cells = [(grammar, side, kind) for side, kind in _CYCLE for grammar in grammars]
    wanted = [cells[number % len(cells)] for number in range(spec.num_rows)]
    chance.shuffle(wanted)
    seen: set[str] = set()
    for grammar, side, kind in wanted:
        written = _message(grammar, side, kind, labels[side], chance)
        while written.text in seen:
            written = _message(grammar, side, kind, labels[side], chance)
        seen.add(written.text)
        yield written


def _message(grammar: Phrases, side: int, kind: str, label: str, chance: random.Random) -> MarkedText:
    rule = f"{_RULES[side]}_{'alike' if kind == 'alike' else 'plain'}"
    marked = _TWO_MARKS.sub(r"\1", capitalized(grammar.write(rule, chance)))
    if kind == "disguised":
        marked = _disguised(marked, _DISGUISES[id(grammar)], chance)
    text, evidence, starts = read_marks(marked)
    return MarkedText(text, label, kind, evidence, starts)


def _disguised(text: str, disguises: dict[str, tuple[str, ...]], chance: random.Random) -> str:
    """Tell-tale words written so that a person still reads them: all that the text has."""
    for word, others in disguises.items():
        text = text.replace(word, chance.choice(others))
    return text
