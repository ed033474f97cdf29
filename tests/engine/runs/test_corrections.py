"""Corrections on disk: whatever is added, undone, torn or written by two at once, what was said last counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.run import RunConfig
from engine.errors import InputError, RunFailure
from engine.runs.correction_files import FILE, USED_FILE, read_corrections, text_hash
from engine.runs.corrections import Correction, Corrections, Label, correction, corrections_of, source_of
from engine.runs.run import Run

labels = st.one_of(st.none(), st.sampled_from(["ham", "spam", "", "好\u2028"]), st.just(("a", "b")), st.floats(-9, 9))
actions = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 4), labels),
        st.tuples(st.just("undo"), st.integers(1, 4), st.none()),
        st.tuples(st.just("tear"), st.integers(0, 60), st.none()),
        st.tuples(st.just("reopen"), st.just(0), st.none()),
    ),
    max_size=12,
)


def made(row: int, after: Label | None, before: Label = "ham", text: str = "text") -> Correction:
    return Correction("a.csv", "train", row, text_hash(f"{text} {row}"), before, after, 1.5)


@settings(max_examples=40, deadline=None)
@given(actions)
def test_what_was_said_last_counts(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, object]]
) -> None:
    path = tmp_path_factory.mktemp("run") / FILE
    kept, second = Corrections(path), Corrections(path)
    expected: dict[int, Label | None] = {}
    for action, number, after in steps:
        if action == "add":
            kept.add(made(number, after))
            expected.pop(number, None)
            expected[number] = after
        elif action == "undo":
            kept.remove(number, f"text {number}")
            expected.pop(number, None)
        elif action == "tear":
            line = json.dumps(made(1, "torn").to_json()).encode()
            with path.open("ab") as file:
                file.write(line[: min(number, len(line) - 1)])
        else:
            kept = Corrections(path)
        assert [(one.row, one.after) for one in kept] == list(expected.items())
        assert [(one.row, one.after) for one in second] == list(expected.items()), "another process sees the same"
    for number in range(1, 5):
        found = kept.find(number, f"text {number}")
        assert (found is not None) == (number in expected)


def test_two_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    window, shell = Corrections(tmp_path / FILE), Corrections(tmp_path / FILE)
    for row in range(1, 9):
        (window if row % 2 else shell).add(made(row, "spam"))
    assert [one.row for one in window] == [one.row for one in shell] == list(range(1, 9))


def test_lines_that_are_no_corrections_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / FILE
    kept = Corrections(path)
    kept.add(made(1, "spam"))
    with path.open("ab") as file:
        file.write(b'\xff\xfe\n[]\n3\n"undo"\n{"undo":3}\n{"undo":[1]}\n{"row":"x"}\nnull\n\n{"undo":null}\n')
    kept.add(made(2, None))
    assert [(one.row, one.after) for one in Corrections(path)] == [(1, "spam"), (2, None)]


def test_a_row_is_known_by_its_number_and_its_text(tmp_path: Path) -> None:
    kept = Corrections(tmp_path / FILE)
    kept.add(made(3, "spam"))
    assert kept.find(3, "another text") is None
    assert kept.find(4, "text 3") is None
    assert kept.find(3, " <b>text</b>\n 3") is not None, "mends of mark-up and spaces must not hide a row"


def test_mark_up_and_entities_are_one_text() -> None:
    assert text_hash("fish &amp; chips<br />now") == text_hash("fish & chips now")
    assert text_hash("1 < 2") != text_hash("1 > 2") and text_hash("a b") != text_hash("ab")
    assert text_hash("\ud800") == text_hash("\ud800"), "half a character is a text too"


def test_of_a_run(tmp_path: Path) -> None:
    config = RunConfig().with_values({"data.train": "train.csv", "data.test": ["b.csv", "c.csv"]})
    run = Run.create(config, tmp_path, "run")
    assert not len(corrections_of(run)) and not corrections_of(run).path.exists()
    one = correction(run, "validation", 7, "text", "ham", "ham")
    corrections_of(run).add(one)
    assert list(corrections_of(run)) == [one] and one.is_kept and one.source == "train.csv" and one.when > 0
    assert source_of(run, "test") == "b.csv, c.csv"
    assert correction(run, "data", 1, "", "a", None, source="new.csv").source == "new.csv"


def test_the_disk_refuses(tmp_path: Path) -> None:
    with pytest.raises(RunFailure, match="Writing failed"):
        Corrections(tmp_path / "no folder" / FILE).add(made(1, "spam"))


def test_several_files_are_one(tmp_path: Path) -> None:
    first, second = Corrections(tmp_path / "one.jsonl"), Corrections(tmp_path / "run" / FILE)
    second.path.parent.mkdir()
    for kept, after in ((first, "spam"), (second, None)):
        kept.add(made(1, after))
    first.add(made(2, "spam"))
    found = read_corrections([str(first.path), str(second.path.parent)])
    assert {one.row: one.after for one in found} == {1: None, 2: "spam"}
    with pytest.raises(InputError, match=r"There is no file of corrections here\. \| .*two\.jsonl"):
        read_corrections([str(tmp_path / "two.jsonl")])


def test_a_run_keeps_the_corrections_that_it_uses(tmp_path: Path) -> None:
    before = Corrections(tmp_path / FILE)
    before.add(made(1, "spam"))
    config = RunConfig().with_values({"data.corrections": [str(before.path)]})
    run = Run.create(config, tmp_path, "run")
    before.add(made(2, None))
    before.path.unlink()
    moved = run.path.rename(tmp_path / "moved")
    used = Run.open(moved).config.data.corrections
    assert used == (str(moved / USED_FILE),)
    assert [one.row for one in read_corrections(used)] == [1]
    again = Run.create(Run.open(moved).config, tmp_path, "again")
    assert again.config.data.corrections == (str(again.path / USED_FILE),)
    assert (again.path / USED_FILE).read_bytes() == (moved / USED_FILE).read_bytes()


def test_a_run_without_its_corrections_is_not_begun(tmp_path: Path) -> None:
    config = RunConfig().with_values({"data.corrections": [str(tmp_path / "gone.jsonl")]})
    with pytest.raises(InputError, match="no file of corrections"):
        Run.create(config, tmp_path, "run")
    assert not (tmp_path / "run").exists()
