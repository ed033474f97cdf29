"""Texts without labels: read from any file, divided without leaks, refused in words where nothing can be learned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.config.data import BuiltinTexts, DataConfig, WordTokenizer
from engine.config.tasks.classification import Classification
from engine.config.tasks.text_gan import TextGan
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import Splits, load_evaluation, load_splits
from engine.data.tokens.batches import collate
from engine.data.tokens.encoding import cut_note, encode
from engine.data.tokens.tokenizer import train_tokenizer
from engine.errors import InputError
from engine.records import DataReport

Write = Callable[..., str]


def corpus(seed: int = 0, **settings: object) -> Splits:
    return load_splits(DataConfig.model_validate(settings), TextGan(), seed)


def report(**settings: object) -> DataReport:
    return diagnose(DataConfig.model_validate(settings), TextGan(), 0)


def lines(count: int, start: int = 0) -> str:
    return "".join(f"line number {n} says {n * 7}\n" for n in range(start, start + count))


def notes(splits: Splits) -> str:
    return " ".join(note.english() for note in splits.notes)


def test_a_plain_file_is_a_text_a_line(write: Write) -> None:
    splits = corpus(train=write("texts.txt", lines(300)))
    assert {name: len(rows) for name, rows in splits.splits.items()} == {"train": 240, "validation": 30, "test": 30}
    assert all(rows.column_names == ["row", "text"] for rows in splits.splits.values())
    assert (splits.labels, splits.positive_label, splits.unlabelled) == ((), None, None)
    assert sorted(row for rows in splits.splits.values() for row in rows["row"]) == list(range(1, 301))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("texts", lines(40)),
        ("a.csv", "id,text\n" + "".join(f'{n},"well, this is text {n}"\n' for n in range(40))),
        ("a.tsv", "text\tlabel\n" + "".join(f"this is text {n}\t\n" for n in range(40))),
        ("a.jsonl", "".join(f'{{"caption": "this is text {n}"}}\n' for n in range(40))),
        ("labelled.csv", "text,label\n" + "".join(f"this is text {n},{n % 2}\n" for n in range(40))),
    ],
)
def test_tables_need_no_label(write: Write, name: str, content: str) -> None:
    splits = corpus(train=write(name, content))
    assert sum(len(rows) for rows in splits.splits.values()) == 40
    assert all("label" not in rows.column_names for rows in splits.splits.values())
    assert "label column" not in splits.facts


def test_the_same_seed_divides_alike(write: Write) -> None:
    path = write("texts.txt", lines(100))
    first, again, other = (corpus(seed, train=path, max_rows=60).splits["test"]["row"][:] for seed in (1, 1, 2))
    assert first == again != other
    assert sum(len(rows) for rows in corpus(train=path, max_rows=60).splits.values()) == 60


def test_a_folder_of_texts_is_a_text_a_file(write: Write, tmp_path: Path) -> None:
    for number in range(30):
        write(f"unsup/{number}.txt", f"review number {number}\nof two lines")
    splits = corpus(train=str(tmp_path / "unsup"))
    assert sum(len(rows) for rows in splits.splits.values()) == 30
    with pytest.raises(InputError, match="no data that can be read"):
        load_splits(DataConfig(train=str(tmp_path / "unsup")), Classification(), 0)


def test_blank_lines_are_counted_and_left_out(write: Write) -> None:
    splits = corpus(train=write("texts.txt", "\n" + lines(30) + "  \n\n"))
    assert sum(len(rows) for rows in splits.splits.values()) == 30
    assert "3 blank rows were left out (first: row 1)" in notes(splits)


def test_held_out_texts_that_were_trained_on_are_left_out(write: Write) -> None:
    train = write("train.txt", lines(300))
    splits = corpus(train=train, test=write("test.txt", lines(50, 280)), validation=write("valid.txt", lines(20, 400)))
    assert len(splits.splits["test"]) == 30 and len(splits.splits["validation"]) == 20
    assert "Test data: 20 texts left out that also stand in the training data" in notes(splits)
    with pytest.raises(InputError, match="every text also stands in the training data"):
        corpus(train=train, test=write("same.txt", lines(50)))


@given(st.lists(st.integers(0, 40), min_size=40, max_size=90), st.integers(0, 9))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_stands_in_two_splits(write: Write, numbers: list[int], seed: int) -> None:
    numbers = [*numbers, *range(10)]
    path = write("texts.txt", "".join(f"text of {number}\n" for number in numbers))
    parts = [set(rows["text"]) for rows in corpus(seed, train=path).splits.values()]
    assert sum(map(len, parts)) == len(set.union(*parts)) == len(set(numbers))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("one single sentence stands here\n", "a single text"),
        ("the same\n" * 50, "every text is the same, “the same”"),
        ("word\n" * 20 + "Word word\n" * 20, "every text is the same word, “word”"),
        ("".join(f"{word}\n" for word in "abcdefg") * 5, "only 7 different texts"),
    ],
)
def test_nothing_to_learn_is_said_in_words(write: Write, content: str, said: str) -> None:
    path = write("texts.txt", content)
    with pytest.raises(InputError, match=said):
        corpus(train=path)
    assert any(finding.kind == "unusable" and finding.severity == "error" for finding in report(train=path).findings)


def test_twenty_texts_work_with_a_warning(write: Write) -> None:
    path = write("texts.txt", lines(20))
    assert "only 20 different texts: so few are soon known by heart" in notes(corpus(train=path))
    (finding,) = [finding for finding in report(train=path).findings if finding.kind == "few_texts"]
    assert (finding.severity, finding.count) == ("warning", 20)
    assert "few_texts" not in {finding.kind for finding in report(train=write("more.txt", lines(300))).findings}


def test_numbers_are_no_texts(write: Write) -> None:
    with pytest.raises(InputError, match="No column of texts"):
        corpus(train=write("numbers.txt", "".join(f"{n}\n" for n in range(50))))


def test_encoded_without_labels_and_what_was_cut_is_told(write: Write) -> None:
    splits = corpus(train=write("texts.txt", lines(60) + "word " * 30 + "\n"), test_share=0.0).splits
    tokenizer = train_tokenizer(WordTokenizer(), splits["train"]["text"], 8)
    encoded = encode(splits["train"], tokenizer, 8)
    assert not encoded.targets and not collate(encoded, np.arange(3)).targets
    longer = sum(len(text.split()) > 6 for text in splits["train"]["text"])
    assert encoded.num_cut == longer
    note = cut_note(encoded)
    assert (note is None) == (longer == 0)
    whole = encode(splits["train"], train_tokenizer(WordTokenizer(), splits["train"]["text"], 64), 64)
    assert cut_note(whole) is None


def test_cut_texts_are_counted_exactly(write: Write) -> None:
    content = "".join(f"w{n} " * length + "\n" for n, length in enumerate([*range(1, 21)] * 3))
    split = corpus(train=write("texts.txt", content)).splits["train"]
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), split["text"], 12)
    encoded = encode(split, tokenizer, 12)
    assert encoded.num_cut == sum(len(text.split()) > 10 for text in split["text"])
    note = cut_note(encoded)
    assert note is not None and f"{encoded.num_cut} texts are longer than 12 tokens" in note.english()


def test_the_doctor_speaks_of_no_label(write: Write) -> None:
    content = (
        "text,label\n" + "".join(f"this is text {n % 250},{n % 2}\n" for n in range(300)) + ",0\n" + "x " * 300 + ",1\n"
    )
    found = report(train=write("labelled.csv", content))
    kinds = {finding.kind for finding in found.findings}
    assert kinds == {"duplicates", "blank_rows", "too_long"}
    assert (found.has_labels, found.balance, found.positive_label) == (False, {}, None)
    assert found.num_rows["train"] > 200 and len(found.lengths) > 200


def test_the_doctor_tells_what_stands_in_train_too(write: Write) -> None:
    found = report(train=write("a.txt", lines(300)), test=write("b.txt", lines(40, 290)))
    (across,) = [finding for finding in found.findings if finding.kind == "duplicates_across"]
    assert (across.count, across.split) == (10, "test")
    assert "left out of the measure" in across.detail.english()
    assert found.num_rows["test"] == 30


def test_built_in_texts_of_every_topic_serve() -> None:
    for topic in ("captions", "reviews", "messages"):
        splits = corpus(builtin=BuiltinTexts(topic=topic, num_rows=300))
        assert all(rows.column_names == ["row", "text"] for rows in splits.splits.values())
    with pytest.raises(InputError, match="no column of labels"):
        load_splits(DataConfig(builtin=BuiltinTexts(topic="captions")), Classification(), 0)
    assert report(builtin=BuiltinTexts(topic="captions", num_rows=300)).findings == ()


def test_another_source_is_measured_on_without_labels(write: Write) -> None:
    path = write("texts.txt", lines(30))
    assert len(load_evaluation(DataConfig(train=path), TextGan(), path, ()).splits["test"]) == 30


def test_text_files_named_after_splits_are_tables_of_lines(tmp_path: Path) -> None:
    """Not one text each, as files of a folder without such names are."""
    (tmp_path / "train.txt").write_text(lines(40), encoding="utf-8")
    (tmp_path / "test.txt").write_text(lines(20).replace("number", "count"), encoding="utf-8")
    splits = corpus(train=str(tmp_path))
    assert len(splits.splits["train"]) + len(splits.splits["validation"]) >= 35 and len(splits.splits["test"]) >= 15


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "rows"),
    [("coco_captions", {"train": 9000, "validation": 1000}), ("ptb", {"train": 42068, "validation": 3370})],
)
def test_real_corpora(shared_data: Path, source: str, rows: dict[str, int]) -> None:
    splits = corpus(train=str(shared_data / source))
    train = set(splits.splits["train"]["text"])
    for name in ("validation", "test"):
        assert not train & set(splits.splits[name]["text"])
    assert abs(len(splits.splits["train"]) - rows["train"]) < 0.02 * rows["train"]
    assert abs(len(splits.splits["validation"]) - rows["validation"]) < 0.15 * rows["validation"]
