"""Pattern words: what a head's named pattern is called, and the letter that marks it on a thumbnail."""

from __future__ import annotations

from collections.abc import Collection

from engine.records import Pattern
from studio.translation import tr

PATTERNS: tuple[Pattern, ...] = ("previous", "next", "self", "first", "separator", "same-word", "broad")


def pattern_words(pattern: Pattern) -> str:
    """Where a head with this pattern looks, in words; nothing for none."""
    return {
        "previous": tr("previous token"),
        "next": tr("next token"),
        "self": tr("itself"),
        "first": tr("first token"),
        "separator": tr("separator"),
        "same-word": tr("same word"),
        "broad": tr("broad"),
        "": "",
    }[pattern]


def pattern_letter(pattern: Pattern) -> str:
    """One letter, the first of its words or one that is not taken; nothing for none."""
    return {
        "previous": tr("P"),
        "next": tr("N"),
        "self": tr("I"),
        "first": tr("F"),
        "separator": tr("S"),
        "same-word": tr("W"),
        "broad": tr("B"),
        "": "",
    }[pattern]


def legend_words(found: Collection[Pattern] = PATTERNS) -> str:
    """The letters of some patterns with their words, in one line that breaks between patterns only."""
    named = (f"{pattern_letter(pattern)} {pattern_words(pattern)}" for pattern in PATTERNS if pattern in found)
    return "   ".join(words.replace(" ", "\N{NO-BREAK SPACE}") for words in named)
