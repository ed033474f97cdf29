"""Pages of manuals and questions about them, invented so that the answer, and whether there is one, is known."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked_dataclass

from engine.config.data import BuiltinTexts
from engine.config.plain_yaml import not_as_it_came, read_as
from engine.data.builtin.grammar import capitalized, read_marks, with_articles
from engine.data.columns.answer_cells import Answer, cell_of_answers
from engine.messages import message
from engine.resources import resource

_FIELD = re.compile(r"\{(\w+)\}")
_LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
_QUESTIONS_A_PASSAGE = 4
_SILENT_SHARE = 0.25
"""Of the questions: those that their passage does not answer."""
_MAX_TRIES = 1000


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Fact:
    """A statement with its answer in square brackets, and questions that ask for it; fields are in braces."""

    statement: str
    questions: tuple[str, ...]


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Manuals:
    """What resources/builtin/LANGUAGE/manuals.yaml holds."""

    space: str
    num_facts: tuple[int, int]
    devices: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class _Stated:
    """A fact about something: `number` is its place among all facts, `values` fill its fields."""

    number: int
    values: Mapping[str, str]
    manuals: Manuals

    @property
    def fact(self) -> Fact:
        return self.manuals.facts[self.number]

    @property
    def asked_of(self) -> tuple[object, ...]:
        """Equal for statements that would answer the same question."""
        names = sorted({name for question in self.fact.questions for name in _FIELD.findall(question)})
        return (self.number, *(self.values[name] for name in names))


def manuals(spec: BuiltinTexts, chance: random.Random) -> Iterator[Mapping[str, str]]:
    """`spec.num_rows` different questions, about four to a passage; every fourth has no answer. Raises InputError for
    a spoilt file."""
    books = [_manuals_of(language) for language in _LANGUAGES[spec.language]]
    seen: set[tuple[str, str]] = set()
    number = 0
    while len(seen) < spec.num_rows:
        book = books[number % len(books)]
        number += 1
        if number > spec.num_rows + _MAX_TRIES:
            raise not_as_it_came(message("The rules allow no other text."), "manuals.yaml")
        for row in _page(book, chance):
            if (row["question"], row["context"]) not in seen and len(seen) < spec.num_rows:
                seen.add((row["question"], row["context"]))
                yield row


@lru_cache(maxsize=4)
def _manuals_of(language: str) -> Manuals:
    path = resource("builtin", language, "manuals.yaml")
    found = read_as(path, Manuals)
    for fact in found.facts:
        for pattern in (fact.statement, *fact.questions):
            for name in _FIELD.findall(pattern):
                if name != "device" and name not in found.words:
                    raise not_as_it_came(message("There is no rule “{name}”.", name=name), f"{path}: {pattern}")
    return found


def _page(book: Manuals, chance: random.Random) -> Iterator[Mapping[str, str]]:
    """The rows of one passage."""
    device = chance.choice(book.devices)
    stated = _facts(book, device, chance)
    context, answers = _written(book, stated)
    asked = chance.sample(range(len(stated)), min(len(stated), _QUESTIONS_A_PASSAGE))
    for place in asked:
        if chance.random() < _SILENT_SHARE:
            yield {
                "question": _question(_unsaid(book, device, stated, chance), chance),
                "context": context,
                "answer": "",
            }
        else:
            cell = cell_of_answers([answers[place]])
            yield {"question": _question(stated[place], chance), "context": context, "answer": cell}


def _facts(book: Manuals, device: str, chance: random.Random) -> list[_Stated]:
    """Of which none answers the question of another."""
    wanted = chance.randint(*book.num_facts)
    found: dict[tuple[object, ...], _Stated] = {}
    while len(found) < wanted:
        one = _stated(book, device, chance)
        found.setdefault(one.asked_of, one)
    return list(found.values())


def _unsaid(book: Manuals, device: str, stated: list[_Stated], chance: random.Random) -> _Stated:
    """Something that could have been said: mostly what is said of another part, so that words alone do not tell."""
    said = {one.asked_of for one in stated}
    numbers = [one.number for one in stated] if chance.random() < 0.7 else list(range(len(book.facts)))
    for _ in range(_MAX_TRIES):
        one = _stated(book, device, chance, chance.choice(numbers))
        if one.asked_of not in said:
            return one
        numbers = list(range(len(book.facts)))
    raise not_as_it_came(message("The rules allow no other text."), "manuals.yaml")


def _stated(book: Manuals, device: str, chance: random.Random, number: int | None = None) -> _Stated:
    place = chance.randrange(len(book.facts)) if number is None else number
    names = dict.fromkeys(_FIELD.findall(book.facts[place].statement))
    values = {name: device if name == "device" else chance.choice(book.words[name]) for name in names}
    return _Stated(place, values, book)


def _written(book: Manuals, stated: list[_Stated]) -> tuple[str, list[Answer]]:
    """The passage, and the answer in each of its statements."""
    context, answers = "", []
    for one in stated:
        context += book.space if context else ""
        marked = capitalized(with_articles(one.fact.statement.format_map(one.values)))
        sentence = read_marks(marked, "", "")
        answers.append(Answer(sentence.evidence[0], len(context) + sentence.starts[0]))
        context += sentence.text
    return context, answers


def _question(asked: _Stated, chance: random.Random) -> str:
    return capitalized(with_articles(chance.choice(asked.fact.questions).format_map(asked.values)))
