"""Groups of rows where answers in words are worse: the figures are those of their rows, chance finds nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.breath import drain
from engine.inspection.evaluation.text_slices import text_slices
from engine.metrics.grouped_figures import regrouped_p_values
from engine.metrics.summed_figures import VALUE_OF, values
from engine.records import ScoredRow, TextSlice
from tests.engine.scored_answers import scored_rows


def named(found: tuple[TextSlice, ...]) -> dict[str, TextSlice]:
    return {one.title.english(): one for one in found}


def test_long_texts_are_found_to_be_worse() -> None:
    scored = scored_rows(600, lambda row, length: 0.6 if length > 8 else 0.1)
    found = named(drain(text_slices(scored)))
    (longest,) = [one for title, one in found.items() if title.startswith("From") and title.endswith("more")]
    assert longest.is_worse and longest.p_value < 0.05
    (shortest,) = [one for title, one in found.items() if title.startswith("From: 2 ")]
    assert not shortest.is_worse and shortest.figure.value > shortest.rest.value
    for one in found.values():
        rest = np.setdiff1d(np.arange(600), one.places)
        assert one.figure.value == pytest.approx(values(scored.statistics, one.places)["f1"])
        assert one.rest.value == pytest.approx(values(scored.statistics, rest)["f1"])
        assert one.figure.low < one.figure.value < one.figure.high and one.figure.method == "bootstrap"


def test_chance_alone_is_not_called_worse() -> None:
    worse = [
        any(one.is_worse for one in drain(text_slices(scored_rows(200, lambda row, length: 0.3, seed=seed))))
        for seed in range(12)
    ]
    assert sum(worse) <= 2


def test_the_p_value_is_that_of_all_regroupings() -> None:
    """Twelve rows, of which five form a group: all 792 groups of five, one by one."""
    chance = np.random.default_rng(3)
    table = np.column_stack([chance.random(12), np.ones(12)])
    places = [0, 1, 2, 3, 4]
    seen = table[places, 0].mean() - np.delete(table[:, 0], places).mean()
    apart = [
        table[list(one), 0].mean() - np.delete(table[:, 0], list(one)).mean() for one in combinations(range(12), 5)
    ]
    exact = np.mean([abs(one) >= abs(seen) - 1e-12 for one in apart])
    (found,) = drain(regrouped_p_values(table, [5], np.array([seen]), VALUE_OF["f1"], 0))
    assert found == pytest.approx(exact, abs=0.04)


def test_rows_that_have_no_right_answer_are_a_group() -> None:
    scored = scored_rows(100)
    rows = tuple(replace(row, wanted=()) if place < 40 else row for place, row in enumerate(scored.rows))
    found = named(drain(text_slices(replace(scored, rows=rows))))
    assert len(found["no answer is right"].places) == 40 and len(found["has a right answer"].places) == 60


def test_few_rows_have_no_groups() -> None:
    assert drain(text_slices(scored_rows(30))) == ()


def test_words_of_a_script_without_spaces_are_its_characters() -> None:
    scored = scored_rows(100)
    rows = tuple(ScoredRow(one.row, ("我" * (3 if one.row <= 50 else 9),), one.wanted, one.said) for one in scored.rows)
    titles = set(named(drain(text_slices(replace(scored, rows=rows)))))
    assert {"From: 3 words", "From: 9 words and more"} <= titles


@pytest.mark.slow
def test_twenty_five_thousand_rows_take_seconds() -> None:
    import time

    scored = scored_rows(25_000)
    began = time.perf_counter()
    drain(text_slices(scored))
    assert time.perf_counter() - began < 60


def test_further_columns_make_groups() -> None:
    origin = ["web" if number % 3 else "book" for number in range(300)]
    scored = scored_rows(300, lambda row, length: 0.6 if origin[row] == "book" else 0.1)
    found = named(drain(text_slices(replace(scored, columns={"origin": origin, "id": list(map(str, range(300)))}))))
    book = found["origin is “book”"]
    assert book.is_worse and list(book.places) == list(range(0, 300, 3))
    assert not found["origin is “web”"].is_worse
    assert not any(title.startswith("id") for title in found), "what names a row is no property of it"
