"""The doctor finds what was hidden in a file, and nothing in a sound one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.data import BpeTokenizer, CharacterTokenizer, DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.records import DataReport, Finding

Write = Callable[..., str]


def report_of(**settings: object) -> DataReport:
    return diagnose(DataConfig.model_validate(settings), Classification(), 0)


def findings(**settings: object) -> dict[tuple[str, str], Finding]:
    return {(finding.kind, finding.split): finding for finding in report_of(**settings).findings}


def sound(count: int = 40, start: int = 0) -> str:
    return "text,label\n" + "".join(f"text number {start + n},{'ab'[n % 2]}\n" for n in range(count))


def test_nothing_is_found_in_sound_data(write: Write) -> None:
    assert findings(train=write("a.csv", sound())) == {}
    assert findings() == {}


ADDED = {
    "blank_rows": ("\n,a\n", 2, (41, 42)),
    "missing_labels": ("no label,\n", 1, (41,)),
    "duplicates": ("text number 3,b\n", 1, (41,)),
    "conflicting_labels": ("text number 3,a\n", 1, (4, 41)),
    "markup": ("a <br /> b,a\nx &amp; y,b\n", 2, (41, 42)),
    "broken_encoding": ("caf\u00c3\u00a9,a\nlost \ufffd sign,b\nit\u00e2\u20ac\u2122s,a\n", 3, (41, 42, 43)),
    "label_spelling": ("more,A\n", 1, (41,)),
    "label_forms": ("more,a\u200b\nmore too, b\n", 2, (41, 42)),
    "missing_words": ("more,nan\nmore too,N/A\n", 2, (41, 42)),
    "ragged_rows": ("one,a,too much\n", 1, (41,)),
    "too_long": ("word " * 300 + ",a\n", 1, (41,)),
}


@pytest.mark.parametrize("kind", ADDED)
def test_each_flaw_is_found_with_its_count_and_rows(write: Write, kind: str) -> None:
    added, count, rows = ADDED[kind]
    finding = findings(train=write("a.csv", sound() + added))[kind, "train"]
    assert (finding.count, finding.rows) == (count, rows)
    assert finding.title.english() and finding.detail.english() and finding.mends


@pytest.mark.parametrize("kind", ["duplicates", "conflicting_labels", "markup", "label_spelling", "ragged_rows"])
def test_a_chosen_mend_is_remembered_and_the_finding_stays(write: Write, kind: str) -> None:
    path = write("a.csv", sound() + ADDED[kind][0])
    mend = next(iter(findings(train=path)[kind, "train"].mends))
    assert findings(train=path, mends={kind: mend})[kind, "train"].chosen == mend


def test_rows_and_balance_are_counted_after_mending(write: Write) -> None:
    path = write("a.csv", sound() + "text number 3,b\n" * 20)
    before, after = report_of(train=path), report_of(train=path, mends={"duplicates": "drop"})
    assert sum(before.num_rows.values()) == 60 and sum(after.num_rows.values()) == 40
    assert sum(after.balance.values()) == after.num_rows["train"]


def test_across_splits(write: Write) -> None:
    found = findings(train=write("a.csv", sound()), test=write("t.csv", sound(4, 38) + "new,a\nnew too,c\n"))
    assert found["duplicates_across", "test"].count == 2
    assert found["duplicates_across", "test"].rows == (1, 2)
    assert found["unknown_labels", "test"].count == 1
    found = findings(train=write("a.csv", sound()), test=write("t.csv", "text,label\nnew,a\nnew too,a\nmore,a\n"))
    assert found["missing_class_in_split", "test"].count == 1


def test_missing_header_and_unbalanced(write: Write) -> None:
    content = "".join(f"{'spam' if n % 10 == 0 else 'ham'}\tsome text {n}\n" for n in range(60))
    found = findings(train=write("a.tsv", content))
    assert set(found) == {("missing_header", "train"), ("unbalanced", "train")}
    assert found["unbalanced", "train"].count == 6


def test_carriage_return(write: Write) -> None:
    body = "".join(f"text {n}\t{'ab'[n % 2]}\r\r\n" for n in range(20))
    assert ("carriage_return_column", "train") in findings(
        train=write("a.tsv", "text\toutput\r\r\n" + body), label="output"
    )


def test_what_cannot_be_trained_on_is_an_error_that_comes_first(write: Write) -> None:
    numbers = write("n.csv", "text,label\n" + "".join(f"{n % 9},{'ab'[n % 2]}\n" for n in range(40)))
    assert report_of(train=numbers).findings[0].kind == "numeric_text"
    single = report_of(train=write("s.csv", "text,label\n" + "".join(f"text {n},a\n" for n in range(9))))
    assert (single.findings[0].kind, single.findings[0].severity) == ("unusable", "error")
    assert "same label" in single.findings[0].title.english()


def test_lengths_follow_the_tokenizer(write: Write) -> None:
    path = write("a.csv", sound())
    assert set(report_of(train=path).lengths) == {5}
    characters = report_of(train=path, tokenizer=CharacterTokenizer()).lengths
    assert set(characters) == {len("text number 3") + 2, len("text number 33") + 2}
    assert report_of(train=path, tokenizer=BpeTokenizer(vocabulary_size=300)).lengths.mean() > 5


def test_raise_is_the_mend_of_long_texts(write: Write) -> None:
    content = "text,label\n" + "".join("word " * (20 + n) + f"{n},{'ab'[n % 2]}\n" for n in range(40))
    finding = findings(train=write("a.csv", content), max_length=16)["too_long", "train"]
    assert (finding.count, list(finding.mends)) == (40, ["raise:64"])


REAL = {
    "sms_spam/SMSSpamCollection": {("duplicates", "train"): 403, ("unbalanced", "train"): 747},
    "fraud/fraud_call.file": {
        ("duplicates", "train"): 315,
        ("blank_rows", "train"): 5,
        ("missing_header", "train"): 1,
        ("unbalanced", "train"): 638,
    },
    "sst2/train.tsv": {("duplicates", "train"): 9, ("missing_header", "train"): 1},
    "chnsenticorp": {
        ("duplicates", "train"): 1351,
        ("duplicates_across", "validation"): 335,
        ("missing_header", "train"): 1,
        ("conflicting_labels", "train"): 32,
    },
    "chnsenticorp/train.tsv": {("conflicting_labels", "train"): 24},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_known_flaws_of_real_sets(shared_data: Path, name: str) -> None:
    found = findings(train=str(shared_data / name))
    assert {key: found[key].count for key in REAL[name]} == REAL[name]


@pytest.mark.slow
def test_the_whole_of_imdb_in_seconds(shared_data: Path) -> None:
    files = {"train": str(shared_data / "imdb" / "train.csv"), "test": str(shared_data / "imdb" / "test.csv")}
    start = time.perf_counter()
    found = findings(**files)
    seconds = time.perf_counter() - start
    assert found["duplicates", "train"].count == 96
    assert found["duplicates", "test"].count == 199
    assert found["duplicates_across", "test"].count == 123
    assert 0.57 < (found["markup", "train"].count + found["markup", "test"].count) / 50_000 < 0.6
    assert seconds < 25
