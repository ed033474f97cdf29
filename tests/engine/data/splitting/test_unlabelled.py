"""Texts without labels beside labelled ones: read from any file, without what is measured on, every loss told."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.tasks.classification import Classification
from engine.config.tasks.semi_supervised import SemiSupervised
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import Splits, load_splits
from engine.data.tokens.batches import collate
from engine.data.tokens.encoding import encode
from engine.data.tokens.tokenizer import train_tokenizer
from engine.errors import InputError

Write = Callable[..., str]
Load = Callable[..., Splits]


def table(count: int, start: int = 0) -> str:
    return "text,label\n" + "".join(f"text number {n},{'ab'[n % 2]}\n" for n in range(start, start + count))


def notes(splits: Splits) -> str:
    return " ".join(note.english() for note in splits.notes)


def test_none_where_none_were_given(write: Write, load: Load) -> None:
    assert load(train=write("a.csv", table(60))).unlabelled is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("more.txt", "".join(f"another text {n}\n" for n in range(30))),
        ("more.csv", "label,text\n" + "".join(f"a,another text {n}\n" for n in range(30))),
        ("more.jsonl", "".join(f'{{"body": "another text {n}", "id": {n}}}\n' for n in range(30))),
    ],
)
def test_any_source_gives_its_texts(write: Write, load: Load, name: str, content: str) -> None:
    unlabelled = load(train=write("a.csv", table(60)), unlabelled=write(name, content)).unlabelled
    assert unlabelled is not None and unlabelled.column_names == ["row", "text"]
    assert unlabelled["text"][:] == [f"another text {n}" for n in range(30)]
    assert unlabelled["row"][:] == list(range(1, 31))


def test_the_training_datas_column_is_taken_by_name(write: Write, load: Load) -> None:
    more = "note,summary\n" + "".join(f"a much longer text that would be guessed {n},short {n}\n" for n in range(20))
    train = "summary,label\n" + "".join(f"text number {n},{'ab'[n % 2]}\n" for n in range(60))
    unlabelled = load(train=write("a.csv", train), unlabelled=write("more.csv", more)).unlabelled
    assert unlabelled is not None and unlabelled[0]["text"] == "short 0"


def test_what_is_measured_on_and_blank_rows_are_left_out(write: Write, load: Load) -> None:
    path = write("a.csv", table(100))
    splits = load(train=path, unlabelled=write("more.csv", table(120) + ",a\n\n"))
    held_out = {text for name in ("validation", "test") for text in splits.splits[name]["text"]}
    assert splits.unlabelled is not None
    assert set(splits.unlabelled["text"]) == {f"text number {n}" for n in range(120)} - held_out
    assert f"{len(held_out)} texts left out that also stand in the validation or test data" in notes(splits)
    assert "2 blank rows were left out (first: row 121)" in notes(splits)


def test_texts_are_mended_as_the_training_data(write: Write, load: Load) -> None:
    more = write("more.txt", "<b>bold</b> text &amp; more\n" * 3)
    unlabelled = load(train=write("a.csv", table(60)), unlabelled=more, mends={"markup": "strip"}).unlabelled
    assert unlabelled is not None and unlabelled[0]["text"] == "bold text & more"


def test_rows_without_a_label_serve(write: Write, load: Load) -> None:
    path = write("a.csv", table(60) + "no label here,\nnor here,\n")
    more = write("more.txt", "one more text\n" * 2)
    few = load(task=SemiSupervised(), train=path, unlabelled=more)
    assert few.unlabelled is not None
    assert few.unlabelled["text"][:] == ["no label here", "nor here", "one more text", "one more text"]
    assert "2 rows have no label and serve as texts without labels (first: row 61)" in notes(few)
    plain = load(train=path)
    assert plain.unlabelled is not None and len(plain.unlabelled) == 2
    assert "2 rows without a label left out (first: row 61)" in notes(plain)
    assert all(set(splits.splits["train"]["label"]) == {"a", "b"} for splits in (few, plain))


def test_they_are_encoded_without_labels(write: Write, load: Load) -> None:
    splits = load(train=write("a.csv", table(60)), unlabelled=write("more.txt", "one more text\nand one\n"))
    assert splits.unlabelled is not None
    tokenizer = train_tokenizer(DataConfig().tokenizer, splits.splits["train"]["text"], 16)
    encoded = encode(splits.unlabelled, tokenizer, 16)
    assert len(encoded) == 2 and not encoded.targets and not collate(encoded, np.arange(2)).targets


def test_built_in_ones_are_others_than_those_trained_on() -> None:
    data = DataConfig(unlabelled="builtin", builtin=BuiltinTexts(num_rows=300))
    splits = load_splits(data, Classification(), 0)
    assert splits.unlabelled is not None
    assert len(set(splits.unlabelled["text"]) - set(splits.splits["train"]["text"])) > 250


def test_a_missing_file_and_one_without_texts_are_refused(write: Write, load: Load) -> None:
    path = write("a.csv", table(60))
    with pytest.raises(InputError, match="no such file"):
        load(train=path, unlabelled="nowhere.txt")
    with pytest.raises(InputError, match="No column of texts"):
        load(train=path, unlabelled=write("numbers.csv", "id,count\n" + "".join(f"{n},{n * 2}\n" for n in range(20))))
    splits = load(train=path)
    held_out = "".join(f"{text}\n" for text in splits.splits["test"]["text"])
    with pytest.raises(InputError, match="No text without a label is left"):
        load(train=path, unlabelled=write("held_out.txt", held_out))
    with pytest.raises(InputError, match="no such file"):
        diagnose(DataConfig(train=path, unlabelled="nowhere.txt"), Classification(), 0)


def test_the_doctor_counts_them(write: Write) -> None:
    path, more = write("a.csv", table(100)), write("more.csv", table(120) + ",a\n")
    findings = {
        one.kind: one for one in diagnose(DataConfig(train=path, unlabelled=more), Classification(), 0).findings
    }
    assert findings["unlabelled"].count == 120 - findings["unlabelled_held_out"].count
    assert findings["blank_rows"].rows == (121,)
    assert {findings[kind].split for kind in ("unlabelled", "unlabelled_held_out", "blank_rows")} == {"unlabelled"}


@pytest.mark.slow
def test_fifty_thousand_reviews_are_quick_and_mapped(write: Write, load: Load, shared_data: Path) -> None:
    started = time.perf_counter()
    splits = load(train=write("a.csv", table(100)), unlabelled=str(shared_data / "imdb" / "unlabelled.parquet"))
    assert splits.unlabelled is not None and len(splits.unlabelled) > 49_000
    assert time.perf_counter() - started < 30
    assert splits.unlabelled.cache_files
