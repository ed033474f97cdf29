"""One label in several writings is one label; a word for “nothing” is none, unless it is as frequent as a label."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.config.data import DataConfig
from engine.config.losses import MeanSquaredError
from engine.config.tasks.classification import Classification
from engine.data.columns.label_spellings import form, spellings, tidied
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.foreign_labels import load_matched
from engine.data.splitting.splits import load_evaluation, load_splits
from tests.engine.data.conftest import Write

SAME = {
    "zero and 0.0": ({"0": 15, "0.0": 15, "1": 15, "1.0": 15}, {"0", "1"}),
    "exponents, signs, commas": ({"1": 9, "1e0": 2, "+1": 1, "1,0": 1, "2": 5}, {"1", "2"}),
    "truth": ({"0": 9, "1": 9, "0.0": 3, "true": 4, "False": 4}, {"0", "1"}),
    "yes and true": ({"yes": 9, "no": 8, "True": 2, "0": 1}, {"yes", "no"}),
    "case of truth": ({"True": 9, "true": 3, "FALSE": 4}, {"True", "FALSE"}),
    "zero width": ({"spam": 5, "spam\u200b": 9, "\ufeffham": 3, "ham": 2}, {"spam", "ham"}),
    "no variant": ({"spam\u200b": 9, "ham\u00ad": 3}, {"spam", "ham"}),
    "directions": ({"\u202bspam\u202c": 2, "spam\u200e": 2, "ham": 2}, {"spam", "ham"}),
    "spaces": ({" good": 3, "good\u00a0": 2, "not  bad": 4, "not\u3000bad": 1}, {"good", "not bad"}),
    "composed": ({"caf\u00e9": 3, "cafe\u0301": 4}, {"caf\u00e9"}),
    "full width": ({"spam": 3, "ｓｐａｍ": 2}, {"spam"}),
    "dashes": ({"non-spam": 3, "non\u2011spam": 2}, {"non-spam"}),
    "line ends": ({"a\r": 2, "a": 3, "b\r\n": 3}, {"a", "b"}),
    "pictures": ({"❤️": 3, "❤": 2}, {"❤️"}),
}
OTHER = [
    {"1": 3, "01": 2, "1.5": 2},
    {"a": 2, "A": 2, "a-b": 1, "a b": 1},
    {"t": 3, "y": 3, "n": 3},
    {"yes": 3, "true": 3},
    {"0": 3, "1": 3, "true": 3, "maybe": 2},
    {"می\u200cخواهم": 3, "می": 2},
    {"👩\u200d👧": 2, "👩": 1},
    {"-1": 3, "1": 3},
    {"[deleted]": 3, "{x}": 3},
]


@pytest.mark.parametrize("name", SAME)
def test_ways_of_writing_are_one_label(name: str) -> None:
    counts, labels = SAME[name]
    found = spellings(counts, {})
    assert {found.right.get(label, label) for label in counts} == labels
    assert set(found.forms) == {label for label in counts if found.right.get(label, label) != label}
    assert spellings(counts, {"label_forms": "keep"}).right == {}


@pytest.mark.parametrize("counts", OTHER, ids=str)
def test_other_labels_stay_others(counts: dict[str, int]) -> None:
    assert spellings(counts, {}).right == {}


def test_looser_spellings_only_on_demand() -> None:
    counts = {"Spam": 3, "spam": 9, "not_ham": 2, "Not ham": 5, "01": 1, "1": 4, "-1": 2}
    found = spellings(counts, {"label_spelling": "merge"}).right
    assert found == {"Spam": "spam", "not_ham": "Not ham", "01": "1"}


SURE = ["nan", "NaN", "<NA>", "#N/A", "#NAME?", "\\N", "[]", "set()", "(null)", "NaT", "\u200b"]
SELDOM = ["None", "none", "NULL", "null", "N/A", "n/a", "-", "?", "--", "无"]


@pytest.mark.parametrize("word", SURE + SELDOM)
def test_a_rare_word_for_nothing_is_no_label(word: str) -> None:
    found = spellings({"ham": 30, "spam": 24, word: 1}, {})
    assert (found.right, found.missing) == ({word: ""}, (word,))


@pytest.mark.parametrize("word", SELDOM)
def test_a_frequent_one_is_a_label_until_somebody_says_otherwise(word: str) -> None:
    counts = {"favor": 30, "against": 24, word: 20}
    found = spellings(counts, {})
    assert (found.right, found.doubtful) == ({}, (word,))
    assert spellings(counts, {"label_or_missing": "drop"}).right == {word: ""}


@pytest.mark.parametrize("word", SURE)
def test_what_no_person_writes_is_none_however_frequent(word: str) -> None:
    assert spellings({"ham": 30, word: 300}, {}).right == {word: ""}


def test_known_labels_are_the_right_ones() -> None:
    known = ("0", "1")
    assert spellings({"0.0": 9, "true": 3}, {}, known=known).right == {"0.0": "0", "true": "1"}
    assert spellings({"None": 1, "x": 40}, {}, known=("None", "x")).right == {}
    assert spellings({"Ham": 5}, {"label_spelling": "merge"}, known=("ham", "spam")).right == {"Ham": "ham"}


@example("\uf8f0")  # a sign of private use is a sign like any other
@given(st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_tidying_is_done_once_and_changes_no_form(label: str) -> None:
    assert tidied(tidied(label)) == tidied(label)
    assert form(tidied(label)) == form(label)


def _rows(labels: list[str]) -> str:
    return "".join(json.dumps({"text": f"text number {n}", "label": label}) + "\n" for n, label in enumerate(labels))


def test_the_doctor_tells_it_with_rows_and_ways_on(write: Write) -> None:
    path = write("a.jsonl", _rows(["a", "b"] * 20 + ["a\u200b", "b ", "NULL"]))
    found = {one.kind: one for one in diagnose(DataConfig(train=path), Classification(), 0).findings}
    assert (found["label_forms"].rows, found["label_forms"].chosen) == ((41, 42), "merge")
    assert "‹U+200B›" in found["label_forms"].detail.english()
    assert (found["missing_words"].rows, found["missing_words"].chosen) == ((43,), "drop")
    kept = DataConfig(train=path, mends={"label_forms": "keep", "missing_words": "keep"})
    report = diagnose(kept, Classification(), 0)
    assert {one.kind: one.chosen for one in report.findings if one.kind in found} == dict.fromkeys(
        ("label_forms", "missing_words"), "keep"
    )
    assert set(report.labels) == {"a", "b", "a\u200b", "b ", "NULL"}


def test_splits_that_spell_differently_have_one_set_of_labels(write: Write) -> None:
    train, test = write("a.jsonl", _rows(["0.0", "1.0"] * 20)), write("t.jsonl", _rows(["0", "1", "true"] * 3))
    splits = load_splits(DataConfig(train=train, test=test), Classification(), 0)
    assert splits.labels == ("0.0", "1.0") and set(splits.splits["test"]["label"]) == {"0.0", "1.0"}
    alone = load_evaluation(DataConfig(train=train), Classification(), test, splits.labels)
    assert set(alone.splits["test"]["label"]) == {"0.0", "1.0"} and len(alone.splits["test"]) == 9


def test_another_models_labels_are_found_in_another_writing(write: Write) -> None:
    path = write("t.jsonl", _rows(["0.0", "1\u200b", "nan"] * 3))
    assert set(load_matched(path, ("LABEL_0", "LABEL_1")).splits["test"]["label"]) == {"LABEL_0", "LABEL_1"}


def test_a_number_may_be_missing(write: Write) -> None:
    rows = [str(n / 2) for n in range(40)] + ["nan", "N/A"]
    task = Classification(loss=MeanSquaredError())
    splits = load_splits(DataConfig(train=write("a.jsonl", _rows(rows)), columns={"label": "label"}), task, 0)
    assert sum(map(len, splits.splits.values())) == 40


def test_of_several_labels_too(write: Write) -> None:
    path = write("a.jsonl", _rows(["a\u200b; b", "a", "b;c ", "c; a", "nan"] * 12))
    data = DataConfig(train=path, columns={"label": "label"})
    splits = load_splits(data, Classification(multi_label=True), 0)
    assert splits.labels == ("a", "b", "c") and [] in list(splits.splits["train"]["label"])


def test_single_lists_are_one_label(write: Write) -> None:
    path = write("a.jsonl", _rows(["['spam']", "['ham']"] * 20))
    report = diagnose(DataConfig(train=path), Classification(), 0)
    assert report.labels == {"ham": 20, "spam": 20}
    assert "label_lists" in {one.kind for one in report.findings}
