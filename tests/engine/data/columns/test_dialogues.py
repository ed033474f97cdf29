"""Dialogues in cells: every known shape gives the same turns; what is odd is seen; a model reads them tidy."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.columns.dialogues import answers, canonical, flaws_of, joined, tidy, turns_in, turns_of
from engine.records import Turn

ASKED = [Turn("user", "Is it open?"), Turn("assistant", "Yes, until six.")]
SHAPES = {
    "openai": json.dumps([{"role": "user", "content": "Is it open?"},
                          {"role": "assistant", "content": "Yes, until six."}]),
    "parts": json.dumps(
        [
            {"role": "user", "content": [{"type": "text", "text": "Is it open?"}, {"type": "image_url"}]},
            {"role": "assistant", "content": "Yes, until six."},
        ]
    ),
    "sharegpt": json.dumps([{"from": "human", "value": "Is it open?"}, {"from": "gpt", "value": "Yes, until six."}]),
    "whole object": json.dumps({"id": 7, "conversations": [{"from": "human", "value": "Is it open?"},
                                                           {"from": "gpt", "value": "Yes, until six."}]}),
    "python": str([{"role": "user", "content": "Is it open?"}, {"role": "assistant", "content": "Yes, until six."}]),
    "speakers": json.dumps([{"speaker": "Ann", "text": "Is it open?"}, {"speaker": "Bob", "text": "Yes, until six."}]),
    "alternating": json.dumps(["Is it open?", "Yes, until six."]),
    "pairs": json.dumps([["Is it open?", "Yes, until six."]]),
    "dialogsum": "#Person1#: Is it open?\n#Person2#: Yes, until six.",
    "names": "User: Is it open?\nAssistant: Yes, until six.",
    "letters": "A: Is it open?\nB: Yes, until six.",
    "question and answer": "Q: Is it open?\nA: Yes, until six.",
    "chinese": "用户：Is it open?\n客服：Yes, until six.",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_turns(shape: str) -> None:
    assert turns_of(SHAPES[shape]) == ASKED
    assert list(turns_in(canonical(SHAPES[shape]))) == ASKED


@pytest.mark.parametrize("cell", ["", "A plain sentence.", "[1, 2]", '{"a": 1}', "We met at noon: it was hot.", "[]"])
def test_what_is_no_dialogue_has_no_turns(cell: str) -> None:
    assert turns_of(cell) == [] and canonical(cell) == ""


def test_lines_that_go_on_belong_to_who_spoke() -> None:
    assert turns_of("User: One\ntwo\nAssistant: Three")[0].content == "One\ntwo"


def test_a_third_speaker_keeps_the_name() -> None:
    turns = turns_of("#Person1#: Hi\n#Person2#: Hello\n#Person3#: And me")
    assert [(turn.role, turn.name) for turn in turns] == [
        ("user", ""),
        ("assistant", ""),
        ("user", "#Person3#".strip("#")),
    ]
    assert flaws_of(turns) == {"same_speaker"} ^ {"same_speaker", "more_speakers"}


def test_what_is_odd_is_seen() -> None:
    assert flaws_of(ASKED) == frozenset()
    assert flaws_of(ASKED[1:]) == {"begins_with_answer", "no_answer"}
    assert flaws_of(ASKED[:1]) == {"no_answer"}
    assert flaws_of([*ASKED, Turn("assistant", "Or seven.")]) == {"same_speaker"}
    assert flaws_of([*ASKED, Turn("user", " ")]) == {"empty_turn"}


def test_a_model_reads_it_tidy() -> None:
    told = [
        Turn("user", "One"),
        Turn("system", "Be brief."),
        Turn("user", "two "),
        Turn("assistant", ""),
        Turn("assistant", "3"),
    ]
    assert tidy(told) == [Turn("system", "Be brief."), Turn("user", "One\ntwo"), Turn("assistant", "3")]
    assert answers(tidy([Turn("assistant", "Hello."), *ASKED])) == [2], "what nobody asked for is no answer"


_TURNS = st.lists(st.builds(Turn, st.sampled_from(["system", "user", "assistant"]), st.text(max_size=12)), max_size=8)


@given(_TURNS)
def test_tidy_turns_alternate_and_stay_so(turns: list[Turn]) -> None:
    found = tidy(turns)
    spoken = [turn.role for turn in found if turn.role != "system"]
    assert all(one != after for one, after in pairwise(spoken))
    assert [turn.role for turn in found].count("system") <= 1 and tidy(found) == found
    assert list(turns_in(joined(found))) == found
