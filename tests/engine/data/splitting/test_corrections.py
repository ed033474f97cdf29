"""Corrected labels in the splits: the same rows as before, other labels; found again in a file that was edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.data import DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import Splits, load_evaluation, load_splits
from engine.errors import InputError
from engine.records import TargetKind
from engine.runs.correction_files import Correction, Corrections, Label, text_hash
from engine.targets import target_of

Write = Callable[..., str]
Load = Callable[..., Splits]
Correct = Callable[..., str]


def table(num: int = 40, start: int = 0) -> str:
    rows = [f"text number {start + n},{'spam' if n % 4 == 0 else 'ham'}\n" for n in range(num)]
    return "text,label\n" + "".join(rows)


@pytest.fixture
def correct(tmp_path: Path) -> Correct:
    """`correct((row, text, before, after), ...)` gives the path of a file of corrections."""

    def _correct(*rows: tuple[int, str, Label, Label | None], name: str = "corrections.jsonl") -> str:
        kept = Corrections(tmp_path / name)
        for row, text, before, after in rows:
            kept.add(Correction("somewhere/else.csv", "train", row, text_hash(text), before, after))
        return str(kept.path)

    return _correct


def rows_of(splits: Splits) -> dict[str, list[int]]:
    return {name: list(split["row"]) for name, split in splits.splits.items()}


def labels_of(splits: Splits) -> dict[int, object]:
    return {row["row"]: row["label"] for split in splits.splits.values() for row in split}


def notes(splits: Splits) -> str:
    return " ".join(note.english() for note in splits.notes)


def test_the_same_rows_with_other_labels(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table())
    plain = load(train=path)
    wished = [(row, f"text number {row - 1}", "ham", "spam") for row in range(2, 40, 4)]
    mended = load(train=path, corrections=[correct(*wished)])
    assert rows_of(mended) == rows_of(plain), "two runs are measured on the same rows"
    changed = {row for row, label in labels_of(plain).items() if labels_of(mended)[row] != label}
    assert changed == set(range(2, 40, 4))
    for split, name in (("train", "Training data"), ("validation", "Validation data"), ("test", "Test data")):
        count = len(changed & set(plain.splits[split]["row"]))
        assert not count or f"{name}: {count} label{'s' * (count > 1)} corrected." in notes(mended)
    assert mended.splits["train"].column_names == plain.splits["train"].column_names


def test_rows_are_left_out_and_kept(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table())
    plain = load(train=path)
    first, second = plain.splits["train"]["row"][:2]
    texts = {row: f"text number {row - 1}" for row in (first, second)}
    label = labels_of(plain)[second]
    mended = load(
        train=path, corrections=[correct((first, texts[first], "spam", None), (second, texts[second], label, label))]
    )
    assert rows_of(mended) == {**rows_of(plain), "train": [row for row in rows_of(plain)["train"] if row != first]}
    assert labels_of(mended)[second] == label
    assert "Training data: 1 row left out, as the corrections say." in notes(mended)


def test_an_edited_file_is_still_the_one(write: Write, load: Load, correct: Correct) -> None:
    """Rows were put in on top and copies were made: the copy that was wrong, and nearest, is corrected."""
    content = "text,label\nnew one,ham\nnew two,ham\ntext number 5,spam\n" + table(40).split("\n", 1)[1]
    path = write("b.csv", content + "text number 5,ham\n")
    mended = load(train=path, corrections=[correct((6, "text number 5", "ham", "spam"))])
    assert labels_of(mended)[9] == "spam" and labels_of(mended)[44] == "ham"
    assert "not used here" not in notes(mended)


def test_each_copy_is_corrected_once(write: Write, load: Load, correct: Correct) -> None:
    path = write("b.csv", "text,label\n" + "extra,ham\n" * 3 + "the same,ham\n" * 3 + table(40).split("\n", 1)[1])
    wished = [(row, "the same", "ham", "spam") for row in (1, 2)]
    mended = load(train=path, corrections=[correct(*wished)])
    assert [labels_of(mended)[row] for row in (4, 5, 6)] == ["spam", "spam", "ham"]


def test_other_mends_do_not_hide_a_row(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table() + "<b>so</b> good &amp; cheap,ham\n")
    for text, mends in (("so good & cheap", {}), ("<b>so</b> good &amp; cheap", {"markup": "strip"})):
        name = f"{len(mends)}.jsonl"
        mended = load(train=path, mends=mends, corrections=[correct((41, text, "ham", "spam"), name=name)])
        assert labels_of(mended)[41] == "spam"


def test_spellings_that_were_merged_since(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table() + "odd one,Spam \n")
    mended = load(
        train=path, mends={"label_spelling": "merge"}, corrections=[correct((2, "text number 1", "ham", "Spam "))]
    )
    assert labels_of(mended)[2] == "spam" and mended.labels == ("ham", "spam")


def test_a_label_that_training_does_not_have_is_a_slip(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table())
    mended = load(train=path, corrections=[correct((2, "text number 1", "ham", "spma"))])
    assert labels_of(mended)[2] == "ham" and mended.labels == ("ham", "spam")
    assert "1 correction was passed over: training has no row of spma." in notes(mended)


def test_a_row_that_is_gone_is_counted(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table())
    mended = load(train=path, corrections=[correct((2, "a text of another file", "ham", "spam"))])
    assert labels_of(mended) == labels_of(load(train=path))
    assert "1 correction is of rows that are not used here." in notes(mended)


def test_a_label_without_rows_is_measured_no_more(write: Write, load: Load, correct: Correct) -> None:
    train, test = write("a.csv", table() + "rare,odd\n"), write("t.csv", table(20, 100) + "as rare,odd\n")
    settings = {"train": train, "test": test}
    assert load(**settings).labels == ("ham", "odd", "spam")
    mended = load(**settings, corrections=[correct((41, "rare", "odd", "ham"))])
    assert mended.labels == ("ham", "spam") and len(mended.splits["test"]) == 20
    assert "Test data: 1 row left out whose label the training data do not have: odd." in notes(mended)


def test_one_label_is_nothing_to_learn(write: Write, load: Load, correct: Correct) -> None:
    wished = [(row, f"text number {row - 1}", "spam", "ham") for row in range(1, 41, 4)]
    with pytest.raises(InputError, match="After the corrections every row has the same label"):
        load(train=write("a.csv", table()), corrections=[correct(*wished)])


def test_missing_corrections_are_said(write: Write, load: Load, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file of corrections here"):
        load(train=write("a.csv", table()), corrections=[str(tmp_path / "none.jsonl")])


def test_several_labels_and_numbers(write: Write, load: Load, correct: Correct) -> None:
    lists = write("l.csv", "text,label\n" + "".join(f"t {n},{'a;b' if n % 2 else 'b'}\n" for n in range(40)))
    several = Classification().with_target(target_of("several"))
    wished = [(1, "t 0", ("b",), ("b", "a")), (2, "t 1", ("a", "b"), ()), (3, "t 2", ("b",), ("c",))]
    found = load(several, train=lists, corrections=[correct(*wished)])
    assert [labels_of(found)[row] for row in (1, 2, 3)] == [["a", "b"], [], ["b"]]
    assert "training has no row of c." in notes(found)
    doubted = correct((1, "t 0", "", "a"), (2, "t 1", "a", ""), name="d.jsonl")
    found = load(several, train=lists, corrections=[doubted])
    assert [labels_of(found)[row] for row in (1, 2)] == [["a", "b"], ["b"]]
    numbers = write("n.csv", "text,label\n" + "".join(f"t {n},{n}.5\n" for n in range(40)))
    wished = [(1, "t 0", 0.5, 7.25), (2, "t 1", 1.5, "ham"), (3, "t 2", "2.5", "8")]
    found = load(
        Classification().with_target(target_of("number")), train=numbers, corrections=[correct(*wished, name="n.jsonl")]
    )
    assert [labels_of(found)[row] for row in (1, 2, 3)] == [7.25, 1.5, 8.0]


@pytest.mark.parametrize("kind", ["one", "several"])
def test_planted_noise_is_undone(load: Load, correct: Correct, kind: TargetKind) -> None:
    """Noise is planted before labels are corrected, so that what is corrected stays so."""
    topic = {"one": "messages", "several": "aspects"}[kind]
    task = Classification().with_target(target_of(kind))
    builtin = {"topic": topic, "num_rows": 100}
    noisy, clean = load(task, builtin={**builtin, "label_noise": 0.1}), load(task, builtin=builtin)
    wrong = [
        (one["row"], one["text"], _plain(one["label"]), _plain(other["label"]))
        for one, other in zip(noisy.splits["train"], clean.splits["train"], strict=True)
        if one["label"] != other["label"]
    ]
    assert wrong
    mended = load(task, builtin={**builtin, "label_noise": 0.1}, corrections=[correct(*wrong)])
    assert labels_of(mended) == labels_of(clean)


def _plain(label: object) -> Label:
    return tuple(label) if isinstance(label, list) else str(label)


def test_another_file_is_measured_with_its_corrections(write: Write, correct: Correct) -> None:
    path = write("a.csv", table())
    data = DataConfig(train=path, corrections=(correct((2, "text number 1", "ham", "spam")),))
    found = load_evaluation(data, Classification(), path, ("ham", "spam"))
    assert found.splits["test"][1]["label"] == "spam"


def test_the_doctor_knows_them(write: Write, correct: Correct) -> None:
    path = write("a.csv", table() + "text number 1,spam\n")
    plain = diagnose(DataConfig(train=path), Classification(), 0)
    assert "conflicting_labels" in {one.kind for one in plain.findings}
    wished = [(41, "text number 1", "spam", "ham"), (1, "text number 0", "spam", None), (9, "gone", "spam", "ham")]
    data = DataConfig(train=path, corrections=(correct(*wished),))
    report = diagnose(data, Classification(), 0)
    found = {one.kind: one for one in report.findings}
    assert "conflicting_labels" not in found
    assert (
        found["corrections"].count == 2 and "1 label changed, 1 row left out" in found["corrections"].detail.english()
    )
    assert found["corrections_unused"].count == 1
    assert sum(report.num_rows.values()) == 40


def test_a_corrected_text_is_no_conflict_to_the_mend(write: Write, load: Load, correct: Correct) -> None:
    path = write("a.csv", table() + "text number 1,spam\n")
    mends = {"conflicting_labels": "drop"}
    assert 41 not in labels_of(load(train=path, mends=mends))
    mended = load(train=path, mends=mends, corrections=[correct((41, "text number 1", "spam", "ham"))])
    assert labels_of(mended)[41] == labels_of(mended)[2] == "ham"


def test_loading_twice_gives_the_same(write: Write, correct: Correct) -> None:
    data = DataConfig(train=write("a.csv", table()), corrections=(correct((2, "text number 1", "ham", "spam")),))
    one, other = (load_splits(data, Classification(), 3) for _ in range(2))
    assert labels_of(one) == labels_of(other) and rows_of(one) == rows_of(other)
