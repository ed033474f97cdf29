"""Several labels a text: lists in a cell, a column a label, JSON lists; divided, diagnosed and encoded as sets."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from engine.config.data import BuiltinTexts, CharacterTokenizer, DataConfig
from engine.config.tasks.classification import Classification
from engine.data.builtin.samples import builtin_texts, with_label_noise
from engine.data.builtin.topics import grammar_of
from engine.data.columns.label_lists import IN_BRACKETS, labels_in, look_like_lists, separator_of
from engine.data.diagnosis.doctor import diagnose
from engine.data.sources.tables import preview
from engine.data.splitting.splits import Splits, load_evaluation, load_splits
from engine.data.tokens.batches import in_order
from engine.data.tokens.encoding import encode
from engine.data.tokens.tokenizer import train_tokenizer
from engine.errors import InputError
from engine.records import Finding, Preview
from engine.targets import target_of
from tests.engine.data.conftest import Write

SEVERAL, NUMBER = Classification().with_target(target_of("several")), Classification().with_target(target_of("number"))
CELLS = ("a; b", "b", "", "a;c", "c ; a", "b;a")


def lists(cells: tuple[str, ...] = CELLS, times: int = 10, start: int = 0) -> str:
    rows = [f'text number {start + times * n + k},"{cell}"\n' for k in range(times) for n, cell in enumerate(cells)]
    return "text,tags\n" + "".join(rows)


def load(path: str, task: Classification = SEVERAL, **settings: object) -> Splits:
    settings = {"train": path, "label": "tags", **settings}
    return load_splits(DataConfig.model_validate(settings), task, 0)


def found(path: str, task: Classification = SEVERAL, **settings: object) -> dict[tuple[str, str], Finding]:
    data = DataConfig.model_validate({"train": path, **settings})
    return {(one.kind, one.split): one for one in diagnose(data, task, 0).findings}


def seen(path: str, **columns: str) -> Preview:
    return preview(path, BuiltinTexts(), columns)


@pytest.mark.parametrize(
    ("cell", "sign", "labels"),
    [
        ("a; b;a ", ";", ["a", "b"]),
        (" ", ";", []),
        ("New York, NY; Boston", ";", ["New York, NY", "Boston"]),
        ('["x", "y z", 3]', "", ["x", "y z", "3"]),
        ("['x', 'y']", IN_BRACKETS, ["x", "y"]),
        ("[]", IN_BRACKETS, []),
        ("[not a list", "", ["[not a list"]),
        ('[{"a": 1}]', "", ['[{"a": 1}]']),
        ("食物、服务", "、", ["食物", "服务"]),
    ],
)
def test_a_cell_is_read(cell: str, sign: str, labels: list[str]) -> None:
    assert labels_in(cell, sign) == labels


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (CELLS, ";"),
        (("a|b", "b|c", "c", "a|c"), "|"),
        (("a,b", "b,c", "c", "a,c"), ","),
        (("Smith, John; Lee, Ann", "Lee, Ann", "Poe, Eve; Smith, John", "Smith, John"), ";"),
        (("arts, culture", "sports", "arts, culture", "sports"), ""),
        (('["a"]', "[]", '["a", "b"]'), IN_BRACKETS),
        (("one", "two"), ""),
        ((), ""),
    ],
)
def test_the_sign_between_labels_is_found(cells: tuple[str, ...], sign: str) -> None:
    assert separator_of(cells) == sign
    assert look_like_lists(cells) == sign


def test_known_labels_decide_what_divides() -> None:
    assert separator_of(("a,b", "x;y"), known=("x", "y")) == ";"
    assert separator_of(("a,b",), known=("a,b",)) == ""


def test_splits_hold_sorted_lists_and_every_label(write: Write) -> None:
    splits = load(write("a.csv", lists(times=20)))
    assert splits.labels == ("a", "b", "c") and splits.positive_label is None
    rows = splits.splits["train"]["label"]
    assert all(row == sorted(row) for row in rows) and [] in list(rows)
    for split in splits.splits.values():  # the rarest label (c) is in every part, as are rows without one
        assert {one for row in split["label"] for one in row} == {"a", "b", "c"} and [] in list(split["label"])
    again = load(write("a.csv", lists(times=20)))
    assert again.splits["test"]["row"][:] == splits.splits["test"]["row"][:]


def test_most_rows_are_drawn_by_the_rarest_label(write: Write) -> None:
    cells = ("a",) * 18 + ("a;rare",) + ("",)
    splits = load(write("a.csv", lists(cells, times=20)), max_rows=200)
    kept = [row for split in splits.splits.values() for row in split["label"]]
    counts = Counter(tuple(row) for row in kept)
    assert len(kept) == 200 and counts[("a", "rare")] == 10 and counts[()] == 10


def test_labels_of_a_column_each(write: Write) -> None:
    rows = "".join(f"text {n},{n % 2},{'yes' if n % 3 else 'No'},{'x' if n % 5 == 0 else ''}\n" for n in range(60))
    path = write("a.csv", "text,toxic,rude,threat\n" + rows)
    assert seen(path).kind == "several" and seen(path).label_columns == ("toxic", "rude", "threat")
    splits = load_splits(DataConfig(train=path, label_columns="toxic, rude,threat"), SEVERAL, 0)
    assert splits.labels == ("rude", "threat", "toxic") and splits.facts["text column"] == "text"
    every = {row: labels for split in splits.splits.values() for row, labels in zip(split["row"], split["label"])}  # noqa: B905
    assert every[1] == ["threat"] and every[2] == ["rude", "toxic"] and every[6] == ["rude", "threat", "toxic"]
    broken = write("b.csv", "text,toxic,rude\n" + "one,1,0\ntwo,maybe,1\n" * 4)
    with pytest.raises(InputError, match=r"maybe.*neither yes nor no.*row 2, column “toxic”"):
        load_splits(DataConfig(train=broken, label_columns=("toxic", "rude")), SEVERAL, 0)
    with pytest.raises(InputError, match="no column “insult”"):
        load_splits(DataConfig(train=path, label_columns=("insult",)), SEVERAL, 0)


def test_json_rows_hold_lists(write: Write) -> None:
    rows = [{"text": f"text {n}", "labels": [["a"], ["a", "b"], [], None][n % 4]} for n in range(40)]
    splits = load(write("a.json", json.dumps(rows)), label="labels")
    counts = Counter(tuple(row) for split in splits.splits.values() for row in split["label"])
    assert splits.labels == ("a", "b") and counts == {("a",): 10, ("a", "b"): 10, (): 20}


def test_one_file_is_read_in_three_ways(write: Write) -> None:
    """What was cached for one kind never serves another."""
    path = write("a.csv", "text,tags\n" + "".join(f"text {n},{n % 3 + 1}\n" for n in range(60)))
    one, several, number = (
        load(path, Classification().with_target(target_of(kind))) for kind in ("one", "several", "number")
    )
    assert one.splits["train"]["label"][0] in ("1", "2", "3")
    assert several.splits["train"]["label"][0] in (["1"], ["2"], ["3"])
    assert isinstance(number.splits["train"]["label"][0], float) and number.labels == ()
    assert load(path, SEVERAL, label_separator="2").splits["train"]["label"][:] != several.splits["train"]["label"][:]


def test_the_doctor_knows_sets(write: Write) -> None:
    added = 'text number 3,"c;b"\ntext number 0,"b ; a"\nmore,"A;c"\n'
    path = write("a.csv", lists() + added)
    findings = found(path, label="tags")
    none = findings["no_labels", "train"]
    assert (none.severity, none.count, none.rows[:2]) == (
        "info",
        10,
        (3, 9),
    ) and "none of them" in none.detail.english()
    assert "“;”" in findings["label_lists", "train"].detail.english()
    assert findings["conflicting_labels", "train"].rows == (19, 61), "the same text, another set; order means nothing"
    assert findings["duplicates", "train"].rows == (61, 62)
    assert findings["label_spelling", "train"].rows == (63,)
    report = diagnose(DataConfig(train=path, columns={"label": "tags"}, mends={"label_spelling": "merge"}), SEVERAL, 0)
    assert set(report.balance) == {"a", "b", "c"} and report.kind == "several"
    assert sum(report.balance.values()) > report.num_rows["train"] - 10, "a row counts for each of its labels"
    left = load(path, mends={"no_labels": "drop"})
    assert [] not in [row for split in left.splits.values() for row in split["label"]]


def test_labels_that_tell_nothing_are_named(write: Write) -> None:
    rows = "".join(f"text {n},1,{n % 2},0\n" for n in range(40))
    path = write("a.csv", "text,always,sometimes,never\n" + rows)
    findings = found(path, label_columns=("always", "sometimes", "never"))
    assert "always" in findings["constant_labels", "train"].detail.english()
    assert "never" in findings["never_labels", "train"].detail.english()
    assert load(path, label_columns=("always", "sometimes", "never")).labels == ("always", "sometimes")


def test_lists_where_one_label_is_expected_are_told(write: Write) -> None:
    path = write("a.csv", lists())
    assert (
        "task.multi_label=true" in found(path, Classification(), label="tags")["label_lists", "train"].detail.english()
    )
    assert ("label_lists", "train") not in found(write("b.csv", lists(("a", "b"))), Classification(), label="tags")


def test_a_test_file_may_have_labels_that_nobody_learned(write: Write) -> None:
    train, test = write("a.csv", lists()), write("t.csv", lists(("a;new", "b", ""), start=900))
    splits = load(train, test=test)
    assert len(splits.splits["test"]) == 30, "the known labels of such rows are measured"
    assert any("new" in note.english() and "not measured" in note.english() for note in splits.notes)
    alone = load_evaluation(DataConfig(train=train, columns={"label": "tags"}), SEVERAL, test, splits.labels)
    tokenizer = train_tokenizer(CharacterTokenizer(), ["text number"], 20)
    encoded = encode(alone.splits["test"], tokenizer, 20, SEVERAL.target, splits.labels)
    assert encoded.labels.dtype == np.float32 and encoded.labels[:3].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
    batch = next(in_order(encoded, 4))
    assert batch.labels.shape == (4, 3) and batch.labels.sum() == encoded.labels[batch.rows - 1].sum()
    with pytest.raises(InputError, match="None of its labels"):
        load(train, test=write("u.csv", lists(("x;y", "x"), start=900)))


@pytest.mark.parametrize(
    ("cells", "words"), [(("", ""), "No row has a label"), (("a;b", "b;a"), "Every row has the same labels: a, b")]
)
def test_useless_sets_are_refused(write: Write, cells: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        load(write("a.csv", lists(cells)))


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ("{n} {n} {n} words,{a}", "one"),
        ("{n} {n} {n} words,{star}", "number"),
        ("{n} {n} {n} words,{three_stars}", "number"),
        ("{n} {n} {n} words,{two_stars}", "one"),
        ("{n} {n} {n} words,a|b{a}", "one"),
    ],
)
def test_a_preview_says_what_a_text_seems_to_get(write: Write, rows: str, kind: str) -> None:
    name = "stars" if "star" in rows else "label"
    stars = {"star": 5, "three_stars": 3, "two_stars": 2}
    lines = "".join(
        rows.format(n=n, a="ab"[n % 2], **{one: n % count + 1 for one, count in stars.items()}) + "\n"
        for n in range(50)
    )
    assert seen(write("a.csv", f"text,{name}\n{lines}"), label=name).kind == kind


def test_a_preview_says_how_lists_are_divided(write: Write) -> None:
    told = seen(write("a.csv", lists()), label="tags")
    assert (told.kind, told.separator, told.label_columns) == ("several", ";", ())


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("['spam']", "['ham']"), "one"),
        (("[0 1 0]", "[1 0 0]", "[0 0 1]"), "one"),
        (("['spam']", "['ham' 'spam']"), "several"),
        (("[0 1 0]", "[1 1 0]"), "several"),
        (("{spam}", "{ham,spam}", "{}"), "several"),
        (("[deleted]", "{x}"), "one"),
    ],
)
def test_lists_of_one_are_no_several_labels(write: Write, cells: tuple[str, ...], kind: str) -> None:
    assert seen(write("a.csv", lists(cells)), label="tags").kind == kind


def test_a_list_that_numpy_cut_short_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match=r"cut short.*row 1, column “tags”.*tolist"):
        load(write("a.csv", lists(("[1 2 ... 8 9]", "[1 2]"))))


def test_numbers_are_sampled(write: Write) -> None:
    path = write("a.csv", "text,score\n" + "".join(f"text {n},{n / 2}\n" for n in range(40)))
    data = DataConfig(train=path, columns={"label": "score"})
    report = diagnose(data, NUMBER, 0)
    assert report.kind == "number" and len(report.numbers) == report.num_rows["train"] and report.numbers.max() <= 19.5


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_built_in_aspects_say_what_they_judge(language: str) -> None:
    texts = builtin_texts(BuiltinTexts(topic="aspects", language=language, num_rows=160), 3)
    assert len(set(texts["text"])) == 160
    for row in texts:
        assert bool(row["label"]) == bool(row["evidence"]) == (row["kind"] != "none")
        for word, start in zip(row["evidence"], row["evidence_start"], strict=True):
            assert row["text"][start : start + len(word)] == word
    assert len(load_splits(DataConfig(builtin=BuiltinTexts(topic="aspects", num_rows=160)), SEVERAL, 0).labels) == 6


def test_built_in_stars_are_the_mean_of_what_their_author_says() -> None:
    grade = {word: stars for stars in range(1, 6) for word in grammar_of("stars", "en").rules[str(stars)]}
    texts = builtin_texts(BuiltinTexts(topic="stars", num_rows=200), 1)
    for row in texts:
        assert np.mean([grade[word] for word in row["evidence"]]) == float(row["label"])
    assert Counter(texts["label"]) == {str(stars): 40 for stars in range(1, 6)}


def test_wrong_labels_on_purpose_of_every_kind() -> None:
    for topic, task in (("aspects", SEVERAL), ("stars", NUMBER), ("stars", Classification())):
        plain = DataConfig(builtin=BuiltinTexts(topic=topic, num_rows=200))
        noisy = DataConfig(builtin=BuiltinTexts(topic=topic, num_rows=200, label_noise=0.25))
        true, turned = (load_splits(data, task, 0).splits["train"]["label"][:] for data in (plain, noisy))
        assert sum(one != other for one, other in zip(true, turned, strict=True)) == round(0.25 * len(true))
    assert with_label_noise(builtin_texts(BuiltinTexts(num_rows=60), 0), 0.0, 0)["label"][0] in ("negative", "positive")
