"""Grammar: a file of resources/builtin, of whose words and patterns texts are invented that know what decides them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked_dataclass

from engine.config.plain_yaml import not_as_it_came, read_as
from engine.messages import message

_FIELD = re.compile(r"\{(\w+)\}")
_MARK = re.compile(r"\[([^\]]*)\]")
_MAX_TRIES = 4
_CHOSEN = frozenset({"thing", "aspect", "noun", "adjective", "other", "own", "price"})
"""Fields that the authors of texts fill themselves."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
Rules = dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]


@dataclass(frozen=True)
class MarkedText:
    """A text that was invented for a `label`. `evidence` are the words that decide it, `starts` where each begins in
    `text` (in characters)."""

    text: str
    label: str
    kind: str
    evidence: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Grammar:
    """`words` fill the fields of a pattern in the order in which they stand here; `rules` from left to right, with
    alternatives that may hold fields themselves. `[square brackets]` enclose the words that decide. `subjects` have
    rules of their own, `labels` what a label is called in the language. A length is the least and the most. To the file
    that it is `like` a file adds words, rules and subjects, or takes their place."""

    like: str = ""
    full_stop: str = ""
    space: str = ""
    num_words: tuple[int, int] | None = None
    num_characters: tuple[int, int] | None = None
    labels: dict[str, str] = field(default_factory=dict)
    disguises: Rules = field(default_factory=dict)
    words: Rules = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)
    subjects: dict[str, Rules] = field(default_factory=dict)
    _parsed: dict[str, tuple[list[str], list[int]]] = field(default_factory=dict, init=False, repr=False)

    def write(self, rule: str, chance: random.Random) -> str:
        """A sentence that begins as one of the alternatives of a rule; marks stay in it."""
        return with_articles(self._word(rule, chance, set()))

    def fill(self, pattern: str, chance: random.Random, given: Mapping[str, str] = _NOTHING) -> str:
        """A pattern with words in its fields: what is `given` for the name, else by chance."""
        return self._filled(pattern, chance, given, set())

    def marked_text(self, sentences: Iterable[str], label: str, kind: str) -> MarkedText:
        """One text of several sentences, which may hold marks."""
        written = (capitalized(with_articles(sentence)) + self.full_stop for sentence in sentences)
        return read_marks(self.space.join(written), label, kind)

    def allows(self, text: str) -> bool:
        """Whether a text is neither too short nor too long."""
        least, most = self.num_words or self.num_characters or (0, len(text))
        return least <= (len(text.split()) if self.num_words else len(text)) <= most

    def _filled(self, pattern: str, chance: random.Random, given: Mapping[str, str], used: set[str]) -> str:
        if pattern not in self._parsed:
            self._parsed[pattern] = self._parse(pattern)
        pieces, order = self._parsed[pattern]
        if not order:
            return pattern
        filled = pieces.copy()
        for place in order:
            name = pieces[place]
            filled[place] = given[name] if name in given else self._word(name, chance, used)
        return "".join(filled)

    def _parse(self, pattern: str) -> tuple[list[str], list[int]]:
        """Its text and the names of its fields by turns, and the places of the fields in the order of filling."""
        pieces = _FIELD.split(pattern)
        ranks = {name: rank for rank, name in enumerate(self.words)}
        return pieces, sorted(range(1, len(pieces), 2), key=lambda place: ranks.get(pieces[place], len(ranks)))

    def _word(self, name: str, chance: random.Random, used: set[str]) -> str:
        """Of a rule hardly a word that was `used`; a name of one letter, such as {d} for a digit, uses nothing up."""
        if name in self.words:
            return chance.choice(self.words[name])
        chosen = chance.choice(self.rules[name])
        for _ in range(_MAX_TRIES):
            if "{" in chosen or chosen not in used:
                break
            chosen = chance.choice(self.rules[name])
        if len(name) > 1:
            used.add(chosen)
        return self._filled(chosen, chance, _NOTHING, used) if "{" in chosen else chosen


def read_grammar(path: Path, rules: Iterable[str], rules_of_subjects: Iterable[str] = ()) -> Grammar:
    """The grammar of a file, and of the one beside it that it is `like`. Raises InputError for a file that cannot be
    read or lacks one of the rules, a field that nothing fills, a bracket that stands alone."""
    grammar = read_as(path, Grammar)
    if grammar.like:
        below = read_as(path.with_name(f"{grammar.like}.yaml"), Grammar)
        sections = {name: getattr(below, name) | getattr(grammar, name) for name in ("words", "rules", "subjects")}
        grammar = replace(below, **sections)
    _check_rules(grammar.rules, rules, path, "rules")
    for name, subject in grammar.subjects.items():
        _check_rules(subject, rules_of_subjects, path, f"subjects.{name}")
    for place, pattern in _patterns(grammar):
        _check_pattern(grammar, pattern, path, place)
    return grammar


def _check_rules(found: Mapping[str, Any], wanted: Iterable[str], path: Path, place: str) -> None:
    for name in wanted:
        if name not in found:
            raise not_as_it_came(message("There is no rule “{name}”.", name=name), f"{path}: {place}")


def _patterns(grammar: Grammar) -> Iterator[tuple[str, str]]:
    """(where it stands, pattern)."""
    sections = {"rules": grammar.rules} | {f"subjects.{name}": rules for name, rules in grammar.subjects.items()}
    for section, rules in sections.items():
        for name, patterns in rules.items():
            yield from ((f"{section}.{name}", pattern) for pattern in patterns)


def _check_pattern(grammar: Grammar, pattern: str, path: Path, place: str) -> None:
    for name in _FIELD.findall(pattern):
        if name not in _CHOSEN and name not in grammar.words and name not in grammar.rules:
            raise not_as_it_came(message("There is no rule “{name}”.", name=name), f"{path}: {place}: {pattern}")
    if {*"[]{}"} & {*_MARK.sub("", _FIELD.sub("", pattern))}:
        raise not_as_it_came(message("A bracket stands alone."), f"{path}: {place}: {pattern}")


def with_articles(sentence: str) -> str:
    """ "a awful bed" becomes "an awful bed"; Chinese has no articles to meet."""
    return re.sub(r"\b([Aa]) (?=\[?(?!use|uni|one)[aeiou])", r"\1n ", sentence)


def capitalized(sentence: str) -> str:
    """The first letter, or the first after a mark's bracket, as a capital."""
    place = 1 if sentence.startswith("[") else 0
    return sentence[:place] + sentence[place : place + 1].upper() + sentence[place + 1 :]


def unmarked(clause: str) -> str:
    """The same words without square brackets."""
    return _MARK.sub(r"\1", clause)


def read_marks(marked: str, label: str, kind: str) -> MarkedText:
    """Take the square brackets out and remember what they enclosed, and where."""
    parts: list[str] = []
    evidence: list[str] = []
    starts: list[int] = []
    length = 0
    for place, piece in enumerate(_MARK.split(marked)):
        if place % 2:
            evidence.append(piece)
            starts.append(length)
        parts.append(piece)
        length += len(piece)
    return MarkedText("".join(parts), label, kind, tuple(evidence), tuple(starts))
