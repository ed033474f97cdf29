"""What a source names: the built-in reviews, files, a folder in one of several layouts, a Hugging Face data set."""

from __future__ import annotations

import re
from pathlib import Path

from engine.config.data import Source
from engine.config.reading import Reading
from engine.data.hub import hub_readers, looks_like_hub_name, saved_readers
from engine.data.opening import path_errors
from engine.data.readers import ClassFolderReader, FileReader, Reader, SeveralReader
from engine.errors import InputError
from engine.messages import message

_SPLIT_NAMES = {"train": "train", "training": "train", "test": "test", "testing": "test"} | dict.fromkeys(
    ("validation", "valid", "val", "dev", "development"), "validation"
)
_WITHOUT_LABELS = frozenset(("unsup", "unlabelled", "unlabeled", "unsupervised"))
_NO_DATA = re.compile(r"(?i)^(\..*|readme.*|licen[cs]e.*|.*\.(md|py|png|jpg|pdf|ya?ml|lock))$")


def readers_of(source: Source, *, has_labels: bool = True, reading: Reading | None = None) -> dict[str, Reader]:
    """A reader for each split that the source itself knows; one alone is called "train". Raises InputError.

    Files are read as `reading` says. Where labels are not needed (`has_labels` is False) a folder may also hold one
    text a file.
    """
    how = reading or Reading()
    if not isinstance(source, str):
        parts = [_only(readers_of(part, has_labels=has_labels, reading=how), part) for part in source]
        if not parts:
            raise InputError(message("No file was given."), "", message("Choose a file, a folder or a data set."))
        return {"train": parts[0] if len(parts) == 1 else SeveralReader(tuple(parts))}
    path = Path(source).expanduser()
    with path_errors(path):
        if path.is_dir():
            return _folder_readers(path, has_labels, how)
        if path.exists():
            return {"train": FileReader(path, how)}
    if looks_like_hub_name(source):
        return hub_readers(source)
    raise InputError(
        message("There is no such file or folder."), source, message("Check the path; drop the file on the window.")
    )


def _only(readers: dict[str, Reader], part: str) -> Reader:
    if len(readers) > 1:
        raise InputError(
            message("This folder holds several splits: {names}.", names=sorted(readers)),
            part,
            message("Name the files or folders of one split."),
        )
    return next(iter(readers.values()))


def _folder_readers(folder: Path, has_labels: bool, how: Reading) -> dict[str, Reader]:
    saved = saved_readers(folder)
    if saved:
        return saved
    by_split = {
        split: reader
        for child in _folders(folder)
        if (split := _SPLIT_NAMES.get(child.name.lower())) and (reader := _class_reader(child, how))
    }
    if "train" in by_split:
        return by_split
    classes = _class_reader(folder, how)
    if classes:
        return {"train": classes}
    files = _split_files(folder, how)
    if files:
        return files
    if not has_labels and _holds_texts(folder):
        return {"train": ClassFolderReader(folder, ("",), how)}
    raise InputError(
        message("The folder holds no data that can be read."),
        str(folder),
        message("It should hold a folder of text files for each label, or files named train, validation and test."),
    )


def _folders(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))


def _class_reader(folder: Path, how: Reading) -> Reader | None:
    """Folders that hold files are labels; those of texts without labels are left out."""
    labels = [
        child.name
        for child in _folders(folder)
        if child.name.lower() not in _WITHOUT_LABELS and any(item.is_file() for item in child.iterdir())
    ]
    return ClassFolderReader(folder, tuple(labels), how) if labels else None


def _holds_texts(folder: Path) -> bool:
    """Whether the folder holds text files only, such as `unsup` of the film reviews."""
    files = [item for item in folder.iterdir() if item.is_file() and not item.name.startswith(".")]
    return bool(files) and all(item.suffix.lower() in ("", ".txt") for item in files)


def _split_files(folder: Path, how: Reading) -> dict[str, Reader]:
    """Files whose names begin with a split's name, in the folder or in its folder `data`; else the only file."""
    parts: dict[str, list[Reader]] = {}
    nested = list((folder / "data").iterdir()) if (folder / "data").is_dir() else []
    files = [item for item in sorted([*folder.iterdir(), *nested]) if item.is_file() and not _NO_DATA.match(item.name)]
    for file in files:
        words = re.split(r"[^a-z]+", file.name.lower())
        split = next((_SPLIT_NAMES[word] for word in words if word in _SPLIT_NAMES), None)
        if split:
            parts.setdefault(split, []).append(FileReader(file, how))
    if "train" in parts:
        return {
            split: readers[0] if len(readers) == 1 else SeveralReader(tuple(readers))
            for split, readers in parts.items()
        }
    return {"train": FileReader(files[0], how)} if len(files) == 1 else {}
