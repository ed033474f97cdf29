"""Two files whose lines belong together are one table; files that do not are refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.roles import SOURCE, TARGET
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.data.sources.source_splits import source_splits
from engine.data.sources.tables import read_tables
from engine.data.splitting.splits import load_splits
from engine.errors import InputError

GERMAN = ["Ein Hund rennt, schnell.", "Eine Frau liest.", "", "Zwei Männer kochen; laut.", "Ein Kind."]
ENGLISH = ["A dog runs, fast.", "A woman reads.", "", "Two men cook; loudly.", "A child."]


def pair(folder: Path, source: list[str] = GERMAN, target: list[str] = ENGLISH, name: str = "train") -> str:
    for ending, lines in (("de", source), ("en", target)):
        (folder / f"{name}.{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"{folder / name}.de,{folder / name}.en"


def rows_of(data: DataConfig) -> list[tuple[str, str]]:
    given = source_splits(data, 0, (SOURCE, TARGET))["train"]
    columns = given.table.dataset[:]
    return list(zip(columns[given.roles["source"]], columns[given.roles["target"]], strict=True))


def test_lines_stand_beside_each_other(tmp_path: Path) -> None:
    source = pair(tmp_path)
    assert rows_of(DataConfig(train=source)) == [
        (one, other) for one, other in zip(GERMAN, ENGLISH, strict=True) if one
    ]
    table = read_tables(source, BuiltinTexts(), has_labels=False)["train"]
    assert (table.columns, table.blank.rows, table.name) == (("de", "en"), [3], "train.de,train.en")


def test_columns_can_be_exchanged(tmp_path: Path) -> None:
    found = rows_of(DataConfig(train=pair(tmp_path), columns={"source": "en", "target": "de"}))
    assert found[0] == (ENGLISH[0], GERMAN[0])


def test_files_of_different_length_are_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        rows_of(DataConfig(train=pair(tmp_path, target=ENGLISH[:-1])))
    assert "train.de has 5 lines, train.en 4" in refused.value.what.english()
    assert "Line 4" in refused.value.mend.english()


def test_a_missing_half_is_named(tmp_path: Path) -> None:
    source = pair(tmp_path)
    (tmp_path / "train.en").unlink()
    with pytest.raises(InputError) as refused:
        read_tables(source, BuiltinTexts(), has_labels=False)
    assert "train.en" in str(refused.value)


def test_a_line_without_its_other_half_is_left_out_and_counted(tmp_path: Path) -> None:
    source = [f"Satz {number}." for number in range(30)]
    target = [f"Sentence {number}." for number in range(30)]
    target[7] = ""
    splits = load_splits(DataConfig(train=pair(tmp_path, source, target)), SequenceToSequence(), 0)
    assert sum(map(len, splits.splits.values())) == 29
    assert [(one.reason, one.count, one.rows) for one in splits.left_out["train"]] == [("no_text", 1, (8,))]


def test_nested_translations_are_read(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"id": 1, "translation": {"de": "Hund", "en": "dog"}}\n' * 3, encoding="utf-8")
    table = read_tables(str(file), BuiltinTexts(), has_labels=False)["train"]
    assert table.columns == ("id", "de", "en")
    assert rows_of(DataConfig(train=str(file)))[0] == ("Hund", "dog")
