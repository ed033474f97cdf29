"""The help desk: the same chance gives the same dialogues, and late answers hold what was said early."""

from __future__ import annotations

import random

import pytest

from engine.config.data import BuiltinTexts
from engine.data.builtin.dialogues import desk, write_dialogues
from engine.data.columns.dialogues import answers, flaws_of, turns_in


def _spec(language: str, num_rows: int = 300) -> BuiltinTexts:
    return BuiltinTexts.model_validate({"topic": "dialogues", "language": language, "num_rows": num_rows})


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_dialogues_are_sound_and_different(language: str) -> None:
    cells = [row["dialogue"] for row in write_dialogues(_spec(language), random.Random(1))]
    again = [row["dialogue"] for row in write_dialogues(_spec(language), random.Random(1))]
    assert cells == again and len(set(cells)) == 300
    for turns in map(turns_in, cells):
        assert turns[0].role == "system" and answers(turns) and not flaws_of(turns)
        assert turns[-1].role == "assistant" and not any("{" in turn.content for turn in turns)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_late_answers_hold_what_was_said_early(language: str) -> None:
    stations = desk(language).words["station"]
    late = 0
    for row in write_dialogues(_spec(language), random.Random(2)):
        turns = turns_in(row["dialogue"])
        early = [name for name in stations if name in turns[1].content]
        late += len(turns) > 4 and any(name in turns[4].content for name in early)
    assert late > 60
