"""What lies in a folder: tables by split and configuration, folders of texts by label, and what is neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.errors import InputError
from engine.messages import message

SPLIT_NAMES = dict.fromkeys(("train", "training", "trainset", "traindata"), "train")
SPLIT_NAMES |= dict.fromkeys(("test", "testing", "testset", "testdata"), "test")
SPLIT_NAMES |= dict.fromkeys(
    ("validation", "valid", "val", "dev", "development", "eval", "evaluation", "validset", "devset"), "validation"
)

_TABLES = (".parquet", ".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".json")
"""Endings of tables; where the same data lie there in several formats, the earlier one is read."""

_PACKED = (".gz", ".bz2", ".xz", ".zip")
_NO_FOLDERS = frozenset(("__macosx", "node_modules", "__pycache__"))
_NO_DATA = re.compile(
    r"(?i)^(\..*|~\$.*|_success|_committed.*|_started.*|icon\r|readme.*|licen[cs]e.*|desktop\.ini|thumbs\.db|ehthumbs\.db"
    r"|dataset_infos?\.json|croissant\.json|.*submission.*\.csv.*|.*\.(md|py|ipynb|png|jpe?g|gif|svg|bmp|ico|pdf|docx?|ya?ml"
    r"|lock|ini|db|lnk|url|tmp|bak|swp|pyc|log|exe|dll|so|mp[34]|wav|crc))$"
)
_DOCUMENTS = frozenset(
    (
        ".txt",
        ".text",
        ".md",
        ".markdown",
        ".html",
        ".htm",
        ".xml",
        ".json",
        ".rst",
        ".tex",
        ".eml",
        ".log",
        ".ini",
        ".db",
    )
)
_MOST = 0.6
_DEPTH = 3
_POINTER = b"version https://git-lfs.github.com/spec/"


def folders_in(folder: Path) -> list[Path]:
    """Its folders, without those of programs."""
    children = (child for child in folder.iterdir() if child.is_dir() and child.name.lower() not in _NO_FOLDERS)
    return sorted(child for child in children if not child.name.startswith("."))


def split_of(name: str) -> str:
    """The split that a file's or folder's name speaks of; "" where it speaks of none."""
    return next((SPLIT_NAMES[word] for word in re.split(r"[^a-z]+", name.lower()) if word in SPLIT_NAMES), "")


def is_table(path: Path) -> bool:
    """By its ending, packed or not."""
    return ending_of(path) in _TABLES


def ending_of(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in _PACKED]
    return suffixes[-1] if suffixes else ""


def data_files(folder: Path) -> list[Path]:
    """The files of the folder that may be data, those with the ending of a table in its folders too."""
    here = [item for item in sorted(folder.iterdir()) if item.is_file() and not _NO_DATA.match(item.name)]
    return [*here, *(item for child in folders_in(folder) for item in _tables_in(child, _DEPTH))]


def _tables_in(folder: Path, depth: int) -> list[Path]:
    found = [
        item
        for item in sorted(folder.iterdir())
        if item.is_file() and not _NO_DATA.match(item.name) and (is_table(item) or split_of(item.name))
    ]
    deeper = folders_in(folder) if depth > 1 else []
    return [*found, *(item for child in deeper for item in _tables_in(child, depth - 1))]


def natural(path: Path) -> list[object]:
    """The order that a person expects: part 2 before part 10."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", path.name.lower())]


def chosen_parts(files: Sequence[Path], split: str) -> tuple[list[Path], list[Path]]:
    """The files that are this split, and those that are something beside it (“test_labels.csv” beside “test.csv”, or
    the same data in another format)."""
    endings = {ending_of(file) for file in files}
    best = next((ending for ending in _TABLES if ending in endings), "")
    same = [file for file in files if ending_of(file) == best] if best else list(files)
    plain = [file for file in same if _stem(file) in ("", *(name for name, one in SPLIT_NAMES.items() if one == split))]
    chosen = plain or same
    return sorted(chosen, key=natural), [file for file in files if file not in chosen]


def _stem(path: Path) -> str:
    """The name up to its numbers: “train” of “train-00000-of-00001.parquet”."""
    name = path.name.lower().split(".")[0]
    return re.split(r"[-_ ]*\d", name)[0].strip("-_ ")


def configuration_of(file: Path, folder: Path) -> str:
    """The folders between the two that speak neither of a split nor of data: a configuration of a data set."""
    between = file.relative_to(folder).parts[:-1]
    return "/".join(part for part in between if not split_of(part) and part.lower() not in ("data", "default"))


def refuse_pointer(path: Path) -> None:
    """Raises InputError for what Git LFS leaves in the place of a file that it did not fetch."""
    if path.stat().st_size > 1024:
        return
    with path.open("rb") as file:
        is_pointer = file.read(len(_POINTER)) == _POINTER
    if is_pointer:
        raise InputError(
            message("The file is a pointer of Git LFS; what it points to was not fetched."),
            str(path),
            message("Run “git lfs pull” in the folder, or get the file from the page of the data set."),
        )


def documents_and_strays(files: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Texts, one a file; and what lies between them: settings of a program, notes, pictures."""
    found = list(files)
    kinds = {path: _kind_of(path) for path in found}
    counts = Counter(kinds.values())
    most, count = counts.most_common(1)[0] if counts else ("", 0)
    if count >= _MOST * len(found):
        return [path for path in found if kinds[path] == most], [path for path in found if kinds[path] != most]
    kept = [path for path in found if not _NO_DATA.match(path.name)]
    return kept, [path for path in found if path not in kept]


def _kind_of(path: Path) -> str:
    """The ending where it is that of a kind of file; numbers and names of senders behind a dot are none."""
    ending = path.suffix.lower()
    return ending if ending in _DOCUMENTS or _NO_DATA.match(path.name) else ""
