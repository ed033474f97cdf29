"""Dates in words: each with its figures, in both languages, and the words that say each part."""

from __future__ import annotations

import random
from datetime import date

import pytest

from engine.config.data import BuiltinTexts
from engine.data.builtin.dates import TARGET_SPANS, true_spans, wording_of, write_dates


def dates(language: str, count: int = 200, seed: int = 1) -> list[dict[str, str]]:
    spec = BuiltinTexts(topic="dates", language=language, num_rows=count)
    return [dict(row) for row in write_dates(spec, random.Random(seed))]


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_rows_differ_and_follow_from_the_seed(language: str) -> None:
    rows = dates(language)
    assert len({row["source"] for row in rows}) == 200
    assert rows == dates(language)
    assert rows != dates(language, seed=2)
    assert all(date.fromisoformat(row["target"]) for row in rows)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_of_each_part_are_known(language: str) -> None:
    wording = wording_of(language)
    for row in dates(language):
        day, spans = date.fromisoformat(row["target"]), true_spans(row["source"])
        assert spans is not None
        said = {part: row["source"][start:end] for part, (start, end) in spans.items()}
        assert said == {
            "year": wording.years[day.year],
            "month": wording.months[day.month - 1],
            "day": wording.days[day.day - 1],
        }


def test_years_are_said_as_people_do() -> None:
    years = wording_of("en").years
    assert years[1900] == "nineteen hundred"
    assert years[1907] == "nineteen oh seven"
    assert years[1915] == "nineteen fifteen"
    assert years[2024] == "twenty twenty-four"
    assert years[1980] == "nineteen eighty"
    assert wording_of("zh").years[2005] == "二〇〇五"


def test_weekdays_are_right() -> None:
    rows = [row for row in dates("en", 400) if "Friday" in row["source"]]
    assert rows and all(date.fromisoformat(row["target"]).weekday() == 4 for row in rows)


def test_other_texts_have_no_known_words() -> None:
    assert true_spans("a man rides a wave") is None
    assert "1998-03-14"[slice(*TARGET_SPANS["month"])] == "03"
