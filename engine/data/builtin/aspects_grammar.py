"""AspectGrammar: the words and sentence patterns of one language, from which reviews of many things are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Aspect:
    """One thing that may be judged. `nouns` and `adjectives` fill the patterns; `implied` are judgements without them;
    `neutral` sentences mention the thing and hold no opinion."""

    name: str
    nouns: tuple[str, ...]
    adjectives: tuple[str, ...]
    implied: tuple[str, ...]
    neutral: tuple[str, ...]


@dataclass(frozen=True)
class AspectGrammar:
    """Patterns are format strings with the fields noun, adjective and those of `words`; `[square brackets]` enclose the
    words that decide. `elsewhere` are opinions of other houses or other people, which do not count."""

    aspects: tuple[Aspect, ...]
    adjectives: tuple[str, ...]
    affirmed: tuple[str, ...]
    negated: tuple[str, ...]
    elsewhere: tuple[str, ...]
    openers: tuple[str, ...]
    fillers: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    full_stop: str
    space: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(aspect.name for aspect in self.aspects)
