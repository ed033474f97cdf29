"""Cells of answers: how they are written, which shapes are read, and where an answer stands."""

from __future__ import annotations

import pytest

from engine.data.columns.answer_cells import Answer, answers_of, cell_of_answers, located


@pytest.mark.parametrize(
    ("cell", "answers"),
    [
        ("", ()),
        ("  ", ()),
        ("once a week", (Answer("once a week"),)),
        ('[{"text": "six", "start": 3}]', (Answer("six", 3),)),
        ('[{"text": "six", "answer_start": 3}, {"text": "six", "answer_start": 3}]', (Answer("six", 3),)),
        ('{"text": ["six", "at six"], "answer_start": [3, 0]}', (Answer("six", 3), Answer("at six", 0))),
        ('{"text": [], "answer_start": []}', ()),
        ('["six", "seven"]', (Answer("six"), Answer("seven"))),
        ("[sic] it was so", (Answer("[sic] it was so"),)),
        ("[1, 2]", (Answer("[1, 2]"),)),
    ],
)
def test_every_shape_is_read(cell: str, answers: tuple[Answer, ...]) -> None:
    assert answers_of(cell) == answers
    assert answers_of(cell_of_answers(answers)) == answers


def test_an_answer_is_found_where_it_says() -> None:
    found = located("six or six", (Answer("six", 7),))
    assert found.answers == (Answer("six", 7),) and not found.is_ambiguous and not found.is_misplaced


def test_what_is_wrong_with_an_answer_is_told() -> None:
    assert located("six or six", (Answer("six"),)).is_ambiguous
    near = located("at six", (Answer("six", 2),))
    assert near.is_misplaced and near.answers == (Answer("six", 3),)
    gone = located("at six", (Answer("seven"),))
    assert not gone.answers and gone.num_missing == 1


def test_whole_words_come_first_and_letter_case_last() -> None:
    assert located("sixty, six", (Answer("six"),)).answers == (Answer("six", 7),)
    assert located("At Six", (Answer("six"),)).answers == (Answer("Six", 3),)
    assert located("每两周一次", (Answer("两周"),)).answers == (Answer("两周", 1),)
