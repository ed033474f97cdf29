"""Messages: templates and values."""

from __future__ import annotations

from engine.messages import Message, fill, message


def test_numbers_plurals_and_lists() -> None:
    told = message("{count:plural:row:rows} in {files}, {total}", count=1, files=["a", "b"], total=1234567)
    assert told.english() == "1 row in a, b, 1,234,567"
    assert message("{n:plural:row:rows}", n=1200).english() == "1,200 rows"


def test_messages_inside_messages() -> None:
    inner = message("recall")
    outer = message("New best: {metric}", metric=inner)
    assert outer.english() == "New best: recall"
    assert fill("最佳：{metric}", outer.values, lambda one: {"recall": "召回率"}[one.id]) == "最佳：召回率"


def test_json_round_trip() -> None:
    told = message("step {step}", step=3)
    assert Message.from_json(told.to_json()) == told
