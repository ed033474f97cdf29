"""Splits: stratified, seeded, mended, with every left-out row counted, and wrong data refused in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.data import DataConfig
from engine.config.losses import MeanSquaredError
from engine.config.tasks.classification import Classification
from engine.data.splitting.splits import Splits, load_evaluation, load_splits
from engine.data.splitting.stratified_split import divided, drawn
from engine.errors import InputError

Write = Callable[..., str]
Load = Callable[..., Splits]


def table(counts: dict[str, int], start: int = 0) -> str:
    rows = [f"text number {start + n} of {label},{label}\n" for label, count in counts.items() for n in range(count)]
    return "text,label\n" + "".join(rows)


def labels_of(splits: Splits, split: str) -> Counter[str]:
    return Counter(splits.splits[split]["label"])


def notes(splits: Splits) -> str:
    return " ".join(note.english() for note in splits.notes)


def test_missing_splits_are_held_back_in_the_labels_proportions(write: Write, load: Load) -> None:
    splits = load(train=write("a.csv", table({"a": 100, "b": 300})))
    assert labels_of(splits, "validation") == labels_of(splits, "test") == {"a": 10, "b": 30}
    assert labels_of(splits, "train") == {"a": 80, "b": 240}
    rows = [row for split in splits.splits.values() for row in split["row"]]
    assert sorted(rows) == list(range(1, 401))
    assert "Validation data: 40 rows held back from the training data" in notes(splits)


def test_the_same_seed_divides_alike(write: Write, load: Load) -> None:
    path = write("a.csv", table({"a": 50, "b": 50}))
    rows = [load(train=path, seed=seed).splits["test"]["row"][:] for seed in (1, 1, 2)]
    assert rows[0] == rows[1] != rows[2]


def test_given_splits_stay_as_they_are(write: Write, load: Load) -> None:
    paths = {name: write(f"{name}.csv", table({"a": 9, "b": 9}, start)) for name, start in _STARTS.items()}
    splits = load(**paths)
    assert {name: len(split) for name, split in splits.splits.items()} == dict.fromkeys(_STARTS, 18)


_STARTS = {"train": 0, "validation": 100, "test": 200}


def test_no_test_share_means_no_test_split(write: Write, load: Load) -> None:
    splits = load(train=write("a.csv", table({"a": 50, "b": 50})), test_share=0.0)
    assert set(splits.splits) == {"train", "validation"}


def test_a_rare_label_stays_in_train(write: Write, load: Load) -> None:
    splits = load(train=write("a.csv", table({"a": 50, "b": 50, "rare": 1, "pair": 2})))
    assert labels_of(splits, "train")["rare"] == 1
    assert labels_of(splits, "train")["pair"] == 1 and labels_of(splits, "validation")["pair"] == 1
    assert splits.labels == ("a", "b", "pair", "rare")


@given(
    hashes=st.lists(st.integers(0, 30), min_size=1, max_size=120),
    validation=st.floats(0.05, 0.4),
    test=st.floats(0.0, 0.4),
    seed=st.integers(0, 1000),
)
@settings(max_examples=100, deadline=None)
def test_division_is_a_partition_that_keeps_copies_together(
    hashes: list[int], validation: float, test: float, seed: int
) -> None:
    text_hash = np.array(hashes, dtype=np.uint64)
    label = (text_hash % 3).astype(np.int32)
    parts = divided(text_hash, label, {"validation": validation, "test": test}, seed)
    assert sorted(np.concatenate(list(parts.values()))) == list(range(len(hashes)))
    texts = [set(text_hash[indices].tolist()) for indices in parts.values()]
    assert not (texts[0] & texts[1] or texts[0] & texts[2] or texts[1] & texts[2])
    assert set(label[parts["train"]].tolist()) == set(label.tolist())


@given(
    counts=st.lists(st.integers(1, 60), min_size=1, max_size=8), max_rows=st.integers(1, 200), seed=st.integers(0, 9)
)
@settings(max_examples=100, deadline=None)
def test_drawn_rows_keep_the_proportions(counts: list[int], max_rows: int, seed: int) -> None:
    label = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    indices = drawn(label, max_rows, seed)
    assert len(indices) == len(set(indices.tolist())) == min(max_rows, len(label))
    got = np.bincount(label[indices], minlength=len(counts))
    assert (got <= np.array(counts)).all()
    if max_rows >= len(counts):
        assert (got > 0).all()
        assert (np.abs(got - np.array(counts) * len(indices) / len(label)) <= len(counts)).all()


def test_max_rows(write: Write, load: Load) -> None:
    splits = load(train=write("a.csv", table({"a": 300, "b": 100})), max_rows=100)
    assert sum(map(len, splits.splits.values())) == 100
    assert sum((labels_of(splits, split) for split in splits.splits), Counter()) == {"a": 75, "b": 25}


def test_rows_without_text_or_label_are_left_out_and_counted(write: Write, load: Load) -> None:
    content = table({"a": 20, "b": 20}) + "no label,\n,a\n\n  ,b\nno label again,\n"
    splits = load(train=write("a.csv", content))
    assert sum(map(len, splits.splits.values())) == 40
    assert "2 rows without a label left out (first: row 41)" in notes(splits)
    assert "3 blank rows were left out (first: row 42)" in notes(splits)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (table({"only": 30}), "same label “only”"),
        ("text,label\none text,a\n", "single row"),
        ("text,label\none,\ntwo,\n", "No row has a label"),
        ("text,label\na b,x\nc d,y\n", "too few rows"),
        ("text,label\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(40)), "holds numbers"),
        ("text,label\n" + "".join(f"word {n},label {n}\n" for n in range(1500)), "1,500 different values"),
        ("words only\nand more words\n", "No column of labels"),
    ],
)
def test_data_that_cannot_be_trained_on(write: Write, load: Load, content: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        load(train=write("a.csv", content))
    assert raised.value.mend.english()


def test_numbers_as_texts_only_on_demand(write: Write, load: Load) -> None:
    path = write("a.csv", "text,label\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(40)))
    assert load(train=path, mends={"numeric_text": "allow"}).labels == ("a", "b")


def test_unknown_labels_of_a_split_are_left_out_with_a_note(write: Write, load: Load) -> None:
    train = write("a.csv", table({"a": 40, "b": 40}))
    splits = load(train=train, test=write("t.csv", table({"a": 5, "c": 2}, 100)))
    assert labels_of(splits, "test") == {"a": 5}
    assert "2 rows left out whose label the training data do not have: c" in notes(splits)
    assert "Test data: there is no row of b" in notes(splits)
    with pytest.raises(InputError, match="None of its labels"):
        load(train=train, test=write("u.csv", table({"0": 5, "1": 2}, 100)))


@pytest.mark.parametrize(
    ("counts", "positive"),
    [
        ({"ham": 50, "spam": 10}, "spam"),
        ({"good": 10, "no": 50}, "good"),
        ({"0": 50, "1": 50}, "1"),
        ({"neg": 48, "pos": 50}, "pos"),
        ({"a": 9, "b": 9, "c": 9}, None),
    ],
)
def test_positive_label(write: Write, load: Load, counts: dict[str, int], positive: str | None) -> None:
    assert load(train=write("a.csv", table(counts))).positive_label == positive


def test_positive_label_can_be_chosen(write: Write, load: Load) -> None:
    path = write("a.csv", table({"ham": 50, "spam": 10}))
    assert load(Classification(positive_label="ham"), train=path).positive_label == "ham"
    with pytest.raises(InputError, match="ham, spam"):
        load(Classification(positive_label="eggs"), train=path)


def test_numeric_target(write: Write, load: Load) -> None:
    task = Classification(loss=MeanSquaredError())
    content = "text,stars\n" + "".join(f"text {n},{n / 2}\n" for n in range(40)) + "without,\n"
    splits = load(task, train=write("a.csv", content), label="stars")
    assert (splits.labels, splits.positive_label) == ((), None)
    for row in splits.splits["train"]:
        assert row["label"] == (row["row"] - 1) / 2
    with pytest.raises(InputError, match="row 41"):
        load(task, train=write("b.csv", content.replace("without,", "without,many")), label="stars")


def test_mends_that_change_cells(write: Write, load: Load) -> None:
    lines = [f"text {n} <br /><br />caf\u00c3\u00a9 &amp; more,{['Good', 'bad', 'good '][n % 3]}\n" for n in range(60)]
    path = write("a.csv", "text,label\n" + "".join(lines))
    as_is = load(train=path)
    assert as_is.labels == ("Good", "bad", "good") and "<br />" in as_is.splits["train"]["text"][0]
    mends = {"markup": "strip", "broken_encoding": "repair", "label_spelling": "merge"}
    mended = load(train=path, mends=mends)
    assert mended.labels == ("Good", "bad")
    for split in mended.splits.values():
        for row in split:
            assert row["text"] == f"text {row['row'] - 1} café & more"
    evaluation = load_evaluation(DataConfig(train=path, mends=mends), Classification(), path, mended.labels)
    assert set(evaluation.splits["test"]["label"]) == {"Good", "bad"}


def test_mends_that_leave_rows_out(write: Write, load: Load) -> None:
    content = table({"a": 30, "b": 30}) + "twice,a\ntwice,a\ntorn,a\ntorn,b\nleaked,b\n"
    paths = {"train": write("a.csv", content), "test": write("t.csv", "text,label\nleaked,b\nnew,a\n")}

    def rows(**mends: str) -> list[str]:
        splits = load(**paths, mends=mends).splits
        return [text for split in ("train", "validation") for text in splits[split]["text"] if "number" not in text]

    assert sorted(rows()) == ["leaked", "torn", "torn", "twice", "twice"]
    assert sorted(rows(duplicates="drop")) == ["leaked", "torn", "twice"]
    assert sorted(rows(conflicting_labels="drop")) == ["leaked", "twice", "twice"]
    assert sorted(rows(duplicates_across="drop")) == ["torn", "torn", "twice", "twice"]
    assert sorted(rows(duplicates="keep")) == sorted(rows())


def test_ragged_rows_can_be_left_out(write: Write, load: Load) -> None:
    content = table({"a": 30, "b": 30}) + "too,many,cells\n"
    path = write("a.csv", content)
    assert "many,cells" in load(train=path).labels
    assert load(train=path, mends={"ragged_rows": "drop"}).labels == ("a", "b")


def test_carriage_return_in_a_column_name(write: Write, load: Load) -> None:
    body = "".join(f"text {n}\t{'ab'[n % 2]}\r\r\n" for n in range(20))
    path = write("a.tsv", "text\toutput\r\r\n" + body)
    assert load(train=path, label="output").labels == ("a", "b"), "a label has no sign at its end that nobody sees"
    assert load(train=path, label="output", mends={"label_forms": "keep"}).labels == ("a\r", "b\r")
    assert load(train=path, label="output", mends={"carriage_return_column": "strip"}).labels == ("a", "b")


def test_columns_by_name_in_another_order_or_without_a_header(write: Write, load: Load) -> None:
    train = write("a.csv", table({"a": 30, "b": 30}))
    swapped = write("v.csv", "label,text\na,new words\nb,other words\n")
    bare = write("t.csv", "some new words here,a\nmore other words here,b\nand some more,a\nand again more,b\n")
    splits = load(train=train, validation=swapped, test=bare)
    assert splits.splits["validation"]["text"][:] == ["new words", "other words"]
    assert labels_of(splits, "test") == {"a": 2, "b": 2}


def test_text_and_label_columns_may_be_called_the_other_way_round(write: Write, load: Load) -> None:
    body = "".join(f"{'ab'[n % 2]},some words {n}\n" for n in range(30))
    splits = load(train=write("a.csv", "text,label\n" + body), columns={"text": "label", "label": "text"})
    assert splits.labels == ("a", "b")


@pytest.mark.slow
def test_real_sets_load(shared_data: Path, load: Load) -> None:
    spam = load(train=str(shared_data / "sms_spam" / "SMSSpamCollection"))
    assert (sum(map(len, spam.splits.values())), spam.positive_label) == (5574, "spam")
    fraud = load(train=str(shared_data / "fraud" / "fraud_call.file"))
    assert (sum(map(len, fraud.splits.values())), fraud.positive_label) == (5926, "fraud")
    banking = load(train=str(shared_data / "banking77"))
    assert len(banking.labels) == 77 and len(banking.splits["test"]) == 3080


def test_labels_that_few_rows_lack_are_left_out_of_the_other_splits(tmp_path: Path) -> None:
    """Fewer rows than labels: what nobody learns cannot be measured."""
    train, held_out = tmp_path / "train.csv", tmp_path / "held_out.csv"
    rows = [f"text {number},label {number % 9}" for number in range(90)]
    train.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    held_out.write_text("\n".join(["text,label", *(f"other {row}" for row in rows)]), encoding="utf-8")
    data = DataConfig(train=str(train), validation=str(held_out), max_rows=4, test_share=0.0)
    found = load_splits(data, Classification(), seed=0)
    assert len(found.splits["train"]) == 4
    assert set(found.splits["validation"]["label"]) <= set(found.labels)
