"""Folders as people have them: clones of hubs, Kaggle's, one text a file, and what lies between."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Dataset, Features, List, Value

from engine.config.data import DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.data.sources.layouts import readers_of
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.records import DataReport


def table(count: int, start: int = 0, header: str = "text,label") -> str:
    rows = (f"words number {n},{'ab'[n % 2]}\n" for n in range(start, start + count))
    return f"{header}\n" + "".join(rows if "," in header else (row.split(",")[0] + "\n" for row in rows))


def fill(folder: Path, files: dict[str, str | bytes]) -> str:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder)


def parquet(folder: Path, name: str, count: int, start: int = 0) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    texts = [f"words number {n}" for n in range(start, start + count)]
    pq.write_table(pa.table({"text": texts, "label": [n % 2 for n in range(count)]}), folder / name)


def texts(*labels: str, count: int = 10, ending: str = ".txt") -> dict[str, str | bytes]:
    return {f"{label}/{n}{ending}": f"words of {label} {n}" for label in labels for n in range(count)}


def report_of(folder: str) -> DataReport:
    return diagnose(DataConfig(train=folder), Classification(), 0)


def rows_of(folder: str) -> dict[str, int]:
    """Rows that each reader of the folder gives."""
    return {split: sum(any(row) for row in reader.open().rows) for split, reader in readers_of(folder).items()}


def finding(report: DataReport, kind: str) -> str:
    return next(f"{one.title} {one.detail}" for one in report.findings if one.kind == kind)


HUBS = {
    "shards": {
        "data/train-00000-of-00002-a1.parquet": 20,
        "data/train-00001-of-00002-b2.parquet": 20,
        "data/test-00000-of-00001.parquet": 10,
    },
    "one configuration": {"plain_text/train-00000-of-00001.parquet": 40, "plain_text/test-00000-of-00001.parquet": 10},
    "converted": {"default/train/0000.parquet": 40, "default/test/0000.parquet": 10},
}


@pytest.mark.parametrize("name", HUBS)
def test_clones_of_a_hub(tmp_path: Path, name: str) -> None:
    for start, (file, count) in enumerate(HUBS[name].items()):
        parquet(tmp_path, file, count, 100 * start)
    fill(tmp_path, {"README.md": "about", ".gitattributes": "x", ".git/config": "y", "dataset_infos.json": "{}"})
    assert rows_of(str(tmp_path)) == {"train": 40, "test": 10}


def test_class_names_of_lists_are_read(tmp_path: Path) -> None:
    """As a hub's file with several labels a text has them, and as `save_to_disk` writes them."""
    features = Features(text=Value("string"), labels=List(ClassLabel(names=["joy", "anger"])))
    rows = {"text": [f"words {n}" for n in range(40)], "labels": [[[0], [1], [0, 1], []][n % 4] for n in range(40)]}
    made = Dataset.from_dict(rows, features=features)
    (tmp_path / "hub").mkdir()
    made.to_parquet(tmp_path / "hub" / "train-00000-of-00001.parquet")
    made.save_to_disk(str(tmp_path / "saved"))
    for folder in ("hub", "saved"):
        data = DataConfig(train=str(tmp_path / folder), columns={"label": "labels"})
        assert load_splits(data, Classification(multi_label=True), 0).labels == ("anger", "joy")


def test_several_data_sets_are_named(tmp_path: Path) -> None:
    for name in ("cola", "sst2"):
        parquet(tmp_path, f"{name}/train-00000-of-00001.parquet", 10)
    with pytest.raises(InputError, match=r"several data sets: cola, sst2.*Choose the folder"):
        readers_of(str(tmp_path))
    assert rows_of(str(tmp_path / "cola")) == {"train": 10}


def test_a_pointer_is_told(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n"
    folder = fill(tmp_path, {"data/train-00000-of-00001.parquet": pointer})
    for source in (folder, str(tmp_path / "data" / "train-00000-of-00001.parquet")):
        with pytest.raises(InputError, match=r"pointer of Git LFS.*git lfs pull"):
            readers_of(source)


def test_a_test_file_without_labels_is_left_out_and_told(tmp_path: Path) -> None:
    folder = fill(
        tmp_path,
        {
            "train.csv": table(60),
            "test.csv": table(10, 100, "text"),
            "sample_submission.csv": "id,label\n1,a\n",
            "test_labels.csv": "id,label\n1,a\n",
        },
    )
    report = report_of(folder)
    assert report.num_rows == {"train": 48, "validation": 6, "test": 6}
    assert "test.csv" in finding(report, "split_left_out") and "no column “label”" in finding(report, "split_left_out")
    assert "test_labels.csv" in finding(report, "stray_files")
    notes = " ".join(note.english() for note in load_splits(DataConfig(train=folder), Classification(), 0).notes)
    assert "Test data left out. test.csv" in notes
    named = DataConfig(train=f"{folder}/train.csv", test=f"{folder}/test.csv")
    with pytest.raises(InputError, match=r"no column “label”.*1 “text” \(words number 100\)"):
        load_splits(named, Classification(), 0)


@pytest.mark.parametrize("labels", ["text,label\n" + "words {n},-1\n" * 9, "text,label\n" + "words {n},\n" * 9])
def test_a_test_file_whose_labels_are_hidden(tmp_path: Path, labels: str) -> None:
    report = report_of(fill(tmp_path, {"train.csv": table(60), "test.csv": labels}))
    assert report.num_rows["test"] == 6 and finding(report, "split_left_out")


FILES: dict[str, tuple[dict[str, str | bytes], dict[str, int]]] = {
    "upper case": (
        {"Train.CSV": table(40), "TEST.csv": table(9), "Valid.csv": table(8)},
        {"train": 40, "test": 9, "validation": 8},
    ),
    "other words": (
        {"training.csv": table(40), "dev.csv": table(8), "eval.csv": table(7)},
        {"train": 40, "validation": 15},
    ),
    "two formats": ({"train.csv": table(40), "train.json": "[]"}, {"train": 40}),
    "parts": ({f"part-{n}.csv": table(5, 5 * n) for n in range(12)} | {"_SUCCESS": "", "README": "x"}, {"train": 60}),
    "the only file": ({"films.csv": table(40), "notes.md": "x", "picture.png": b"\x89PNG"}, {"train": 40}),
    "wrapped": (
        {"a/b/train.csv": table(40), "a/b/test.csv": table(9), "__MACOSX/a/b/._train.csv": b"\0"},
        {"train": 40, "test": 9},
    ),
    "notes beside": ({"train.csv": table(40), "docs/one.txt": "x", "docs/two.txt": "y"}, {"train": 40}),
    "names in another case": ({"train_1.csv": table(20), "train_2.csv": table(20, 20, "Text,LABEL ")}, {"train": 40}),
}


@pytest.mark.parametrize("name", FILES)
def test_tables(tmp_path: Path, name: str) -> None:
    files, rows = FILES[name]
    assert rows_of(fill(tmp_path, files)) == rows


def test_parts_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    folder = fill(tmp_path, {f"part-{n}.csv": table(2, 2 * n) for n in range(12)})
    found = [row[0] for row in readers_of(folder)["train"].open().rows]
    assert found == [f"words number {n}" for n in range(24)]


STRAYS = {
    "neg/desktop.ini": "[x]",
    "pos/notes.md": "# n",
    "pos/Thumbs.db": b"\0\1",
    "neg/.DS_Store": b"\0",
    "notes.txt": "x",
}
CLASSES: dict[str, tuple[dict[str, str | bytes], dict[str, int]]] = {
    "strays": (texts("pos", "neg") | STRAYS, {"train": 20}),
    "split first": (texts("TRAIN/pos", "TRAIN/neg", "test/pos", "test/neg"), {"train": 20, "test": 20}),
    "label first": (texts("pos/train", "neg/train", "pos/valid", "neg/valid"), {"train": 20, "validation": 20}),
    "deeper": (texts("pos/one", "pos/two", "neg/one"), {"train": 30}),
    "wrapped": (texts("data/films/pos", "data/films/neg"), {"train": 20}),
    "mails": (texts("ham", "spam", ending=".00a1b2"), {"train": 20}),
    "web pages": (texts("ham", "spam", ending=".html") | {"ham/style.md": "x"}, {"train": 20}),
    "without labels": (texts("pos", "neg", "unsup"), {"train": 20}),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_folder_a_label(tmp_path: Path, name: str) -> None:
    files, rows = CLASSES[name]
    folder = fill(tmp_path, files)
    assert rows_of(folder) == rows
    found = Counter(row[1] for row in readers_of(folder)["train"].open().rows)
    assert set(found) <= {"pos", "neg", "ham", "spam"} and len(found) == 2


def test_strays_are_counted(tmp_path: Path) -> None:
    binary = {"neg/99.txt": bytes(range(256)) * 9}
    report = report_of(fill(tmp_path, texts("pos", "neg") | STRAYS | binary))
    assert report.labels == {"neg": 10, "pos": 10}
    told = finding(report, "stray_files")
    assert "4 files" in told and all(name in told for name in ("neg/desktop.ini", "pos/notes.md", "neg/99.txt"))


REFUSED: dict[str, tuple[dict[str, str | bytes], str]] = {
    "nothing": ({"README.md": "x"}, "holds no data"),
    "no training data": ({"test.csv": table(9), "dev.csv": table(9)}, "only dev.csv, test.csv"),
    "several tables": ({"a.csv": table(9), "b.jsonl": "{}"}, "several files: a.csv, b.jsonl"),
    "no labels": ({"train/1.txt": "x", "test/1.txt": "y"}, "nothing that tells their labels"),
    "documents": (
        {f"{label}/{n}.pdf": b"%PDF\0\1" + bytes(range(256)) for label in "ab" for n in range(3)},
        "holds text",
    ),
    "other columns": ({"a.csv": table(9), "b.csv": table(9, 0, "body,kind")}, "different columns"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    files, said = REFUSED[name]
    with pytest.raises(InputError, match=said) as raised:
        load_splits(DataConfig(train=fill(tmp_path, files)), Classification(), 0)
    assert raised.value.mend.english()
