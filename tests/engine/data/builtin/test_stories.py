"""Built-in stories: different, reproducible, and of the same person and thing to the end."""

from __future__ import annotations

import random

import pytest

from engine.config.data import BuiltinTexts
from engine.config.plain_yaml import read_yaml
from engine.data.builtin.stories import write_stories
from engine.resources import resource


def stories(language: str, num: int = 300, seed: int = 0) -> list[str]:
    spec = BuiltinTexts.model_validate({"topic": "stories", "language": language, "num_rows": num})
    return [row["text"] for row in write_stories(spec, random.Random(seed))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_stories_differ_and_come_again_from_the_same_chance(language: str) -> None:
    told = stories(language)
    assert len(set(told)) == 300 and told == stories(language) and told != stories(language, seed=1)
    assert all(not {"{", "}"} & set(text) for text in told)


def test_a_story_keeps_its_hero_thing_and_friend() -> None:
    rules = read_yaml(resource("builtin", "en", "stories.yaml"))["rules"]
    for text in stories("en"):
        for kind in ("woman", "man"):
            named = [name for name in rules[kind] if name in text.replace(".", " ").split()]
            assert len(named) <= 1
        assert sum(thing in text for thing in rules["thing"]) == 1
        assert sum(friend in text for friend in rules["friend"]) <= 1
        assert text[0].isupper() and text.endswith((".", "”."))


def test_pronouns_suit_the_hero() -> None:
    rules = read_yaml(resource("builtin", "en", "stories.yaml"))["rules"]
    for text in stories("en"):
        words = set(text.replace(".", " ").replace(",", " ").lower().split())
        if any(name.lower() in words for name in rules["man"]):
            assert "she" not in words
        if any(name.lower() in words for name in rules["woman"]):
            assert "he" not in words


def test_both_languages_by_turns() -> None:
    told = stories("both", 60)
    assert all(text.isascii() or "“" in text for text in told[::2]) and not any(text.isascii() for text in told[1::2])
