"""Dialogues of a help desk: what a rider said early comes back in a later answer, so attention has to find it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.config.data import BuiltinTexts
from engine.config.plain_yaml import not_as_it_came
from engine.config.roles import DIALOGUE
from engine.data.builtin.grammar import Grammar, capitalized, read_grammar, with_articles
from engine.data.columns.dialogues import joined
from engine.messages import message
from engine.records import Turn
from engine.resources import resource

STYLES = ("friendly", "brief")
_FIELDS = ("station", "bike", "time", "minutes", "thing", "part", "name", "kind")
_RULES = (*STYLES, "warm", "more", "thanks", "welcome")
_LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
_MAX_TRIES = 1000
_CLOSING_SHARE = 0.4
_LEAST_TURNS = 2
_CENTS_A_MINUTE = 10


def write_dialogues(spec: BuiltinTexts, chance: random.Random) -> Iterator[Mapping[str, str]]:
    """`spec.num_rows` different dialogues of 2 to 10 turns, with instructions. Raises InputError for a spoilt grammar,
    or one that can write no more."""
    languages = _LANGUAGES[spec.language]
    seen: set[str] = set()
    for number in range(spec.num_rows):
        grammar = desk(languages[number % len(languages)])
        for _ in range(_MAX_TRIES):
            written = joined(_dialogue(grammar, chance))
            if written not in seen:
                break
        else:
            raise not_as_it_came(message("The rules allow no other text."), "dialogues.yaml")
        seen.add(written)
        yield {DIALOGUE.key: written}


@lru_cache(maxsize=4)
def desk(language: str) -> Grammar:
    """The desk's grammar; read once. Raises InputError for a file that was spoilt."""
    grammar = read_grammar(resource("builtin", language, "dialogues.yaml"), _RULES, ("1", "2"))
    for field in _FIELDS:
        if field not in grammar.words:
            raise not_as_it_came(message("There is no rule “{name}”.", name=field), f"{language}/dialogues.yaml: words")
    return grammar


def _dialogue(grammar: Grammar, chance: random.Random) -> list[Turn]:
    """A subject up to one of its answers, under instructions that tell the style, perhaps with thanks at the end."""
    style = chance.choice(STYLES)
    facts = _facts(grammar, chance)
    subject = grammar.subjects[chance.choice(sorted(grammar.subjects))]
    case = chance.choice(sorted({key.partition(" ")[2] for key in subject} - {""}) or [""])
    turns = [Turn("system", chance.choice(grammar.rules[style]))]
    said = [key for key in _in_order(subject) if key.partition(" ")[2] in ("", case)]
    whole = [key for key in said if int(key.partition(" ")[0]) <= _last(said)]
    length = chance.choice(range(_LEAST_TURNS, len(whole) + 1, 2)) if chance.random() < 0.3 else len(whole)
    for key in whole[:length]:
        pattern = chance.choice(subject[key])
        turns.append(_turn(grammar, pattern, key, style, facts, chance))
    if length == len(whole) and chance.random() < _CLOSING_SHARE:
        turns.append(Turn("user", chance.choice(grammar.rules["thanks"])))
        turns.append(Turn("assistant", chance.choice(grammar.rules["welcome"])))
    return turns


def _in_order(subject: Mapping[str, object]) -> list[str]:
    return sorted(subject, key=lambda key: int(key.partition(" ")[0]))


def _last(said: list[str]) -> int:
    """The number of the last answer that no missing turn comes before."""
    numbers = [int(key.partition(" ")[0]) for key in said]
    whole = next((place for place, number in enumerate(numbers) if number != place + 1), len(numbers))
    return whole - whole % 2


def _turn(
    grammar: Grammar, pattern: str, key: str, style: str, facts: Mapping[str, str], chance: random.Random
) -> Turn:
    is_answer = int(key.partition(" ")[0]) % 2 == 0
    said = capitalized(with_articles(grammar.fill(pattern, chance, facts)))
    if is_answer and style == STYLES[0]:
        warm, more = (chance.choice(grammar.rules[rule]) for rule in ("warm", "more"))
        said = f"{warm}{grammar.space}{said}" if key.startswith("2") else f"{said}{grammar.space}{more}"
    return Turn("assistant" if is_answer else "user", said)


def _facts(grammar: Grammar, chance: random.Random) -> dict[str, str]:
    """What every field stands for in this dialogue."""
    facts = {name: chance.choice(words) for name, words in grammar.words.items()}
    stations = grammar.words["station"]
    facts["other"] = stations[(stations.index(facts["station"]) + 1) % len(stations)]
    cents = _CENTS_A_MINUTE * int(facts["minutes"])
    facts["price"] = str(cents // 100) if cents % 100 == 0 else f"{cents / 100:.2f}"
    return facts
