"""Stories of a few sentences, of which each keeps its person, thing and helper to the end."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.config.data import BuiltinTexts
from engine.config.plain_yaml import not_as_it_came
from engine.data.builtin.grammar import Grammar, capitalized, read_grammar, with_articles
from engine.messages import message
from engine.resources import resource

_MAX_TRIES = 10_000
_LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
_STAGES = ("opening", "trouble", "middle", "turn", "end")
_ONCE = ("thing", "friend", "home", "nook")
_PRONOUNS = {
    ("en", "woman"): {"she": "she", "her": "her", "his": "her"},
    ("en", "man"): {"she": "he", "her": "his", "his": "his"},
    ("zh", "woman"): {"she": "她", "her": "她的", "his": "她的"},
    ("zh", "man"): {"she": "他", "her": "他的", "his": "他的"},
}
_NUM_MIDDLE = (2, 3, 3, 4)


def write_stories(spec: BuiltinTexts, chance: random.Random) -> Iterator[Mapping[str, str]]:
    """`spec.num_rows` different stories, the languages by turns. Raises InputError for a spoilt grammar."""
    languages = _LANGUAGES[spec.language]
    seen: set[str] = set()
    for number in range(spec.num_rows):
        language = languages[number % len(languages)]
        grammar = _grammar(language)
        for _ in range(_MAX_TRIES):
            text = _story(grammar, language, chance)
            if text not in seen and grammar.allows(text):
                break
        else:
            raise not_as_it_came(message("The rules allow no other text."), f"{language}/stories.yaml")
        seen.add(text)
        yield {"text": text}


def _story(grammar: Grammar, language: str, chance: random.Random) -> str:
    kind = chance.choice(("woman", "man"))
    given = {"hero": chance.choice(grammar.rules[kind]), **_PRONOUNS[language, kind]}
    given |= {name: chance.choice(grammar.rules[name]) for name in _ONCE}
    plot = grammar.subjects[chance.choice(tuple(grammar.subjects))]
    patterns = []
    for stage in _STAGES:
        count = chance.choice(_NUM_MIDDLE) if stage == "middle" else 1
        places = sorted(chance.sample(range(len(plot[stage])), count))
        patterns += [plot[stage][place] for place in places]
    # a rule's own alternatives may name the hero's pronoun again
    told = [grammar.fill(grammar.fill(pattern, chance, _kept(given)), chance, given) for pattern in patterns]
    return grammar.space.join(_sentence(one) + grammar.full_stop for one in told)


def _kept(given: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, pronouns as fields still."""
    return {name: value if name in (*_ONCE, "hero") else f"{{{name}}}" for name, value in given.items()}


def _sentence(text: str) -> str:
    found = capitalized(with_articles(text))
    return found[0] + found[1:2].upper() + found[2:] if found.startswith("“") else found


@lru_cache(maxsize=4)
def _grammar(language: str) -> Grammar:
    return read_grammar(resource("builtin", language, "stories.yaml"), (*_ONCE, "woman", "man"), _STAGES)
