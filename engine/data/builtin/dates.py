"""Dates in words and as 1998-03-14: a translation whose true alignment is known, word by word."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from engine.config.data import BuiltinTexts
from engine.config.plain_yaml import not_as_it_came, read_yaml
from engine.messages import message
from engine.resources import resource

Span = tuple[int, int]
TARGET_SPANS: Mapping[str, Span] = {"year": (0, 4), "month": (5, 7), "day": (8, 10)}
"""Where each part stands in a target."""

_FIRST, _LAST = date(1900, 1, 1), date(2049, 12, 31)
_LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
_MAX_TRIES = 10_000


@dataclass(frozen=True)
class Wording:
    """How one language says dates: the words of each year, month, day and weekday, and the patterns they stand in."""

    years: Mapping[int, str]
    months: tuple[str, ...]
    days: tuple[str, ...]
    weekdays: tuple[str, ...]
    patterns: tuple[str, ...]

    def written(self, day: date, pattern: str) -> str:
        return pattern.format(
            year=self.years[day.year],
            month=self.months[day.month - 1],
            day=self.days[day.day - 1],
            weekday=self.weekdays[day.weekday()],
        )


def write_dates(spec: BuiltinTexts, chance: random.Random) -> Iterator[Mapping[str, str]]:
    """`spec.num_rows` different dates in words (`source`) with what they are in figures (`target`)."""
    wordings = [wording_of(language) for language in _LANGUAGES[spec.language]]
    num_days = (_LAST - _FIRST).days + 1
    seen: set[str] = set()
    for number in range(spec.num_rows):
        wording = wordings[number % len(wordings)]
        for _ in range(_MAX_TRIES):
            day = _FIRST + timedelta(days=chance.randrange(num_days))
            source = wording.written(day, chance.choice(wording.patterns))
            if source not in seen:
                break
        else:
            raise not_as_it_came(message("The rules allow no other text."), "dates.yaml")
        seen.add(source)
        yield {"source": source, "target": day.isoformat()}


def true_spans(source: str) -> Mapping[str, Span] | None:
    """Where a date in words, as `write_dates` writes them, says its year, month and day; None for any other text."""
    for language in ("en", "zh"):
        for pattern in _readers(language):
            if found := pattern.fullmatch(source):
                return {part: found.span(part) for part in TARGET_SPANS}
    return None


@lru_cache(maxsize=2)
def wording_of(language: str) -> Wording:
    """Read once. Raises InputError for a file that was spoilt."""
    path = resource("builtin", language, "dates.yaml")
    tree = read_yaml(path)
    try:
        years = {year: _year(tree, year) for year in range(_FIRST.year, _LAST.year + 1)}
        wording = Wording(years, *(tuple(tree[key]) for key in ("months", "days", "weekdays", "patterns")))
        wording.written(_LAST, wording.patterns[0])
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise not_as_it_came(message("Words of dates are missing."), str(path)) from error
    return wording


def _year(tree: Mapping[str, object], year: int) -> str:
    """Sign by sign where a language has `digits`; else as English says it: nineteen hundred, nineteen oh five, twenty
    twenty-four."""
    digits = tree.get("digits")
    if isinstance(digits, list):
        return "".join(str(digits[int(sign)]) for sign in str(year))
    century, rest = divmod(year, 100)
    names = {key: tree[key] for key in ("centuries", "ones", "teens", "tens")}
    begun = names["centuries"][century]  # type: ignore[index]
    if not rest:
        return f"{begun} {tree['hundred']}"
    if rest < 10:
        return f"{begun} {tree['zero']} {names['ones'][rest - 1]}"  # type: ignore[index]
    if rest < 20:
        return f"{begun} {names['teens'][rest - 10]}"  # type: ignore[index]
    ten, one = divmod(rest, 10)
    tail = f"-{names['ones'][one - 1]}" if one else ""  # type: ignore[index]
    return f"{begun} {names['tens'][ten - 2]}{tail}"  # type: ignore[index]


@lru_cache(maxsize=2)
def _readers(language: str) -> tuple[re.Pattern[str], ...]:
    """A pattern of dates each, whose groups are their parts."""
    wording = wording_of(language)
    words = {
        "year": wording.years.values(),
        "month": wording.months,
        "day": wording.days,
        "weekday": wording.weekdays,
    }
    groups = {
        part: f"(?P<{part}>{'|'.join(sorted(map(re.escape, known), key=len, reverse=True))})"
        for part, known in words.items()
    }
    return tuple(re.compile(_escaped(pattern).format(**groups)) for pattern in wording.patterns)


def _escaped(pattern: str) -> str:
    """For `re`, its places left as they are."""
    return "".join(part if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", pattern))
