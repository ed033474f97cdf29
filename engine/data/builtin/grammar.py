"""Grammar: the words and sentence patterns of one language, from which reviews are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """What a review can be about. `openers` and `fillers` carry no opinion."""

    things: tuple[str, ...]
    aspects: tuple[str, ...]
    openers: tuple[str, ...]
    fillers: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """Patterns are format strings. `[square brackets]` enclose the words that decide, if the clause does.

    `affirmed` and `negated` are the author's own judgements with the fields adjective, adverb and aspect; a negated one
    means the opposite of its adjective. `elsewhere` are judgements that do not count: of other things or by other
    people. `turns` join a clause that does not count ({other}) with the one that does ({own}). `verdicts` are short
    judgements of the whole thing. `words` fill the remaining fields.
    """

    domains: tuple[Domain, ...]
    adjectives: dict[str, tuple[str, ...]]
    affirmed: tuple[str, ...]
    negated: tuple[str, ...]
    verdicts: tuple[str, ...]
    negated_verdicts: tuple[str, ...]
    elsewhere: tuple[str, ...]
    turns: tuple[str, ...]
    fillers: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    full_stop: str
    space: str
