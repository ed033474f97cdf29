"""Pages of manuals: every answer stands where it says, and what has none is not said in the passage."""

from __future__ import annotations

import pytest

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts
from engine.data.columns.answer_cells import answers_of


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_answers_stand_in_their_passage(language: str) -> None:
    rows = builtin_texts(BuiltinTexts(topic="manuals", language=language, num_rows=600), 1)
    assert rows.column_names == ["row", "question", "context", "answer"]
    assert len(set(zip(rows["question"], rows["context"], strict=True))) == 600
    answers = [answers_of(cell) for cell in rows["answer"]]
    for context, found in zip(rows["context"], answers, strict=True):
        assert all(one.stands_in(context) for one in found) and len(found) <= 1
    assert 0.18 < sum(not found for found in answers) / 600 < 0.32
    assert all(question.endswith(("?", "？")) for question in rows["question"])


def test_the_same_seed_invents_the_same_ones() -> None:
    spec = BuiltinTexts(topic="manuals", num_rows=60)
    assert builtin_texts(spec, 3)[:] == builtin_texts(spec, 3)[:] != builtin_texts(spec, 4)[:]
