"""Cells of answers and dialogues as a person reads them."""

from __future__ import annotations

import json

import pytest

from engine.records import Preview
from studio.pages.wizard.preview_cells import readable_cell
from studio.pages.wizard.preview_model import PreviewModel

ANSWERS = json.dumps([{"text": "October 1973", "start": 33}, {"text": "1973", "start": 41}, {"text": "1973"}])
TURNS = json.dumps([{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day."}])


@pytest.mark.parametrize(
    ("role", "cell", "shown"),
    [
        ("answer", ANSWERS, "October 1973  ·  1973"),
        ("answer", "plain words", "plain words"),
        ("answer", "", ""),
        ("context", ANSWERS, ANSWERS),
        ("dialogue", TURNS, "user: Hello\nassistant: Good day."),
        ("dialogue", "no turns", "no turns"),
        ("text", "[1, 2]", "[1, 2]"),
    ],
)
def test_cells(role: str, cell: str, shown: str) -> None:
    assert readable_cell(role, cell) == shown


def test_the_table_shows_them_by_their_column() -> None:
    preview = Preview("a.json", ("question", "answer"), (("When?", ANSWERS),), 1, 10, {}, {})
    model = PreviewModel(preview, {"question": "question", "answer": "answer"})
    assert model.index(0, 1).data() == "October 1973 · 1973"
    assert PreviewModel(preview, {"question": "question"}).index(0, 1).data().startswith("[{")
