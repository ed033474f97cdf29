"""Columns of rows with several texts: what tells them apart, with and without telling names."""

from __future__ import annotations

import pytest

from engine.config.roles import ANSWER, CONTEXT, LABEL, QUESTION, SOURCE, TARGET, TEXT, Role
from engine.data.columns.roles import guess_roles

READ = (QUESTION, CONTEXT, ANSWER)
TURNED = (SOURCE, TARGET)
PASSAGES = [f"Elm has a river that is {n} km long and a bridge that was built in {1900 + n}." for n in range(40)]
QUESTIONS = ["When was the bridge built?", "How long is the river?"] * 20
YEARS = [str(1900 + n) for n in range(40)]
NAMES = [f"bridge {n}" for n in range(40)]
IDS = [f"5733be{n}" for n in range(40)]


def guess(wanted: tuple[Role, ...], **columns: list[str]) -> dict[str, str]:
    return guess_roles(list(columns), columns, True, wanted)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"question": QUESTIONS, "context": PASSAGES, "answer": YEARS}, ("question", "context", "answer")),
        ({"id": IDS, "context": PASSAGES, "question": QUESTIONS, "answers": YEARS}, ("question", "context", "answers")),
        ({"response": NAMES, "passage": PASSAGES, "query": QUESTIONS}, ("query", "passage", "response")),
        ({"Frage": QUESTIONS, "Text": PASSAGES, "Antwort": NAMES}, ("Frage", "Text", "Antwort")),
        ({"c1": PASSAGES, "c2": NAMES, "c3": QUESTIONS}, ("c3", "c1", "c2")),
        ({"c1": PASSAGES, "c2": YEARS, "c3": QUESTIONS}, ("c3", "c1", "c2")),
    ],
)
def test_question_passage_and_answer_are_told_apart(columns: dict[str, list[str]], found: tuple[str, ...]) -> None:
    assert guess(READ, **columns) == dict(zip(("question", "context", "answer"), found, strict=True))


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"en": PASSAGES, "de": NAMES}, ("en", "de")),
        ({"summary": NAMES, "dialogue": PASSAGES, "topic": YEARS}, ("dialogue", "summary")),
        ({"id": IDS, "a": NAMES, "b": PASSAGES}, ("a", "b")),
        ({"target": PASSAGES, "source": QUESTIONS}, ("source", "target")),
    ],
)
def test_what_is_turned_comes_first_unless_names_say_otherwise(
    columns: dict[str, list[str]], found: tuple[str, ...]
) -> None:
    assert guess(TURNED, **columns) == dict(zip(("source", "target"), found, strict=True))


def test_a_role_without_a_column_is_missing() -> None:
    assert guess(READ, question=QUESTIONS, context=PASSAGES) == {"question": "question", "context": "context"}
    assert guess(TURNED, text=PASSAGES, year=YEARS) == {"source": "text"}, "numbers are no text"


def test_a_text_and_a_label_are_guessed_as_ever() -> None:
    labels = ["good", "bad"] * 20
    assert guess((TEXT, LABEL), label=labels, question=QUESTIONS, body=PASSAGES) == {"text": "body", "label": "label"}
