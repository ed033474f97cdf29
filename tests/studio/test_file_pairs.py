"""Files that are dropped together: which two belong together, and which of them is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.file_pairs import pair_of, parts_of, short_name, source_of, with_partner
from studio.translation import set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def made(folder: Path, *names: str) -> tuple[Path, ...]:
    paths = tuple(folder / name for name in names)
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one\n", encoding="utf-8")
    return paths


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        ("train.de", "train.en", "train.de"),
        ("train.en", "train.de", "train.de"),
        ("train.tgt", "train.src", "train.src"),
        ("summaries.txt", "articles.txt", "articles.txt"),
        ("en-de/train.de", "en-de/train.en", "en-de/train.en"),
        ("news.en_de.de", "news.en_de.en", "news.en_de.en"),
        ("b.fr", "a.de", "b.fr"),
    ],
    ids=["window's language", "the other way", "names", "what they hold", "folder", "part of the name", "as given"],
)
def test_which_one_is_read(tmp_path: Path, first: str, second: str, read: str) -> None:
    found = pair_of(made(tmp_path, first, second))
    assert found is not None
    assert found[0] == tmp_path / read


def test_a_chinese_window_writes_chinese(tmp_path: Path) -> None:
    set_language("zh")
    found = pair_of(made(tmp_path, "a.zh", "a.en"))
    assert found is not None and [path.name for path in found] == ["a.en", "a.zh"]


def test_tables_settings_and_folders_are_no_pair(tmp_path: Path) -> None:
    assert pair_of(made(tmp_path, "a.csv", "b.csv")) is None
    assert pair_of(made(tmp_path, "a.de", "run.yaml")) is None
    assert pair_of((tmp_path, *made(tmp_path, "a.de"))) is None
    assert pair_of(made(tmp_path, "a.de", "a.en", "a.fr")) is None


def test_a_file_brings_the_only_one_that_is_called_like_it(tmp_path: Path) -> None:
    made(tmp_path, "train.de", "train.en", "val.en", "README.md")
    assert [path.name for path in with_partner(tmp_path / "train.en")] == ["train.de", "train.en"]
    assert [path.name for path in with_partner(tmp_path / "val.en")] == ["val.en"]
    made(tmp_path, "train.fr")
    assert [path.name for path in with_partner(tmp_path / "train.en")] == ["train.en"]


def test_files_beside_others_stand_in_their_order(tmp_path: Path) -> None:
    train, val = made(tmp_path, "train.en", "train.de"), made(tmp_path, "val.de", "val.en")
    like = f"{train[0]},{train[1]}"
    assert source_of(val, takes_pairs=True, like=like) == f"{val[1]},{val[0]}"
    assert source_of(val[:1], takes_pairs=True, like=like) == f"{val[1]},{val[0]}"


def test_as_a_source_and_back(tmp_path: Path) -> None:
    files = made(tmp_path, "a,b/train.de", "a,b/train.en")
    source = source_of(files, takes_pairs=True)
    assert parts_of(source) == files
    assert short_name(source) == "train.de,train.en"
    assert source_of(files, takes_pairs=False) == tuple(map(str, files))
    assert source_of(files[:1], takes_pairs=False) == str(files[0])
    assert parts_of(str(files[0])) is None and parts_of(tuple(map(str, files))) is None
