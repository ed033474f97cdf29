"""What a source names: the built-in reviews, files, a folder in one of several layouts, a Hugging Face data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.config.data import Source
from engine.config.reading import Reading
from engine.data.sources.file_opening import path_errors
from engine.data.sources.folders import (
    SPLIT_NAMES,
    chosen_parts,
    configuration_of,
    data_files,
    documents_and_strays,
    ending_of,
    folders_in,
    is_table,
    natural,
    refuse_pointer,
    split_of,
)
from engine.data.sources.hub import hub_readers, looks_like_hub_name, saved_readers
from engine.data.sources.parallel_files import ParallelReader, pair_of
from engine.data.sources.readers import ClassFolderReader, FileReader, NotedReader, Reader, SeveralReader, stray_facts
from engine.errors import InputError
from engine.messages import message

_WITHOUT_LABELS = frozenset(("unsup", "unlabelled", "unlabeled", "unsupervised"))
_SHOWN = 10


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
    if pair := pair_of(source):
        return {"train": ParallelReader(*pair, how)}
    path = Path(source).expanduser()
    with path_errors(path):
        if path.is_dir():
            return _folder_readers(path, has_labels, how)
        if path.exists():
            if path.is_file():
                refuse_pointer(path)
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
    files = data_files(folder)
    of_splits = any(split_of(file.name) == "train" and is_table(file) for file in files if file.parent == folder)
    found = {} if of_splits else _class_readers(folder, how)
    if found:
        return found
    is_of_parts = any(split_of(file.name) == "train" for file in files if file.parent == folder)
    if not has_labels and not is_of_parts and _holds_texts(folder):
        return {"train": ClassFolderReader(folder, ("",), reading=how)}
    return _table_readers(folder, files, how)


def _class_readers(folder: Path, how: Reading) -> dict[str, Reader]:
    """Folders of texts by label; such in a folder for each split, or with one for each split in them. Where all lies in
    a single folder, that one is looked into."""
    children = folders_in(folder)
    by_split: dict[str, list[Reader]] = {}
    for child in children:
        if (split := SPLIT_NAMES.get(child.name.lower())) and (labels := _labels(child)):
            by_split.setdefault(split, []).append(ClassFolderReader(child, labels, reading=how))
    if "train" in by_split:
        return {split: _joined(readers) for split, readers in by_split.items()}
    labels = _labels(folder)
    if len(labels) == 1 and not any(item.is_file() for item in (folder / labels[0]).iterdir()):
        return _class_readers(folder / labels[0], how)
    if labels and not all(label.lower() in SPLIT_NAMES for label in labels):
        inner = {name: split for name in _names_inside(folder, labels) if (split := SPLIT_NAMES.get(name.lower()))}
        if "train" in inner.values():
            return {split: ClassFolderReader(folder, labels, name, how) for name, split in inner.items()}
        return {"train": ClassFolderReader(folder, labels, reading=how)}
    return _class_readers(children[0], how) if len(children) == 1 and not labels else {}


def _labels(folder: Path) -> tuple[str, ...]:
    """Folders that hold texts are labels; those of texts without labels, and those of tables, are left out."""
    named = [child for child in folders_in(folder) if child.name.lower() not in _WITHOUT_LABELS]
    return tuple(child.name for child in named if _holds_documents(child))


def _holds_documents(folder: Path) -> bool:
    files = [item for item in folder.rglob("*") if item.is_file() and not item.name.startswith(".")]
    documents, _ = documents_and_strays(files)
    return bool(documents) and sum(map(is_table, documents)) * 2 <= len(documents)


def _names_inside(folder: Path, labels: Sequence[str]) -> list[str]:
    """The folders that every label has, where labels hold nothing but folders."""
    inside = [folder / label for label in labels]
    if any(item.is_file() and not item.name.startswith(".") for label in inside for item in label.iterdir()):
        return []
    names = [{child.name for child in folders_in(label)} for label in inside]
    return sorted(set.intersection(*names))


def _holds_texts(folder: Path) -> bool:
    """Whether the folder holds text files only, such as `unsup` of the film reviews."""
    files = [item for item in folder.iterdir() if item.is_file() and not item.name.startswith(".")]
    return bool(files) and all(item.suffix.lower() in ("", ".txt") for item in files)


def _table_readers(folder: Path, files: Sequence[Path], how: Reading) -> dict[str, Reader]:
    """Files whose names, or whose folders' names, speak of a split; else the only file, or all parts of one table."""
    parts: dict[str, list[Path]] = {}
    for file in _of_one_configuration(folder, files):
        if split := _split_in(file, folder):
            parts.setdefault(split, []).append(file)
    if "train" in parts:
        return _split_readers(folder, parts, how)
    tables = [file for file in files if is_table(file)] or list(files)
    if len(tables) == 1:
        refuse_pointer(tables[0])
        return {"train": FileReader(tables[0], how)}
    if parts or not tables:
        raise _no_data(folder, files)
    if not is_table(tables[0]):
        raise _no_data(folder, ())
    if len({(ending_of(table), table.parent) for table in tables}) > 1:
        raise InputError(
            message("The folder holds several files: {files}.", files=_shown(tables, folder)),
            str(folder),
            message("Choose one of them, or call them train, validation and test."),
        )
    return {"train": _joined([_file_reader(table, how) for table in sorted(tables, key=natural)])}


def _split_readers(folder: Path, parts: dict[str, list[Path]], how: Reading) -> dict[str, Reader]:
    readers: dict[str, Reader] = {}
    beside: list[Path] = []
    for split, files in parts.items():
        chosen, others = chosen_parts(files, split)
        beside.extend(others)
        readers[split] = _joined([_file_reader(file, how) for file in chosen])
    if beside:
        readers["train"] = NotedReader(readers["train"], stray_facts(beside, folder))
    return readers


def _file_reader(path: Path, how: Reading) -> Reader:
    refuse_pointer(path)
    return FileReader(path, how)


def _of_one_configuration(folder: Path, files: Sequence[Path]) -> list[Path]:
    """Those of the folder itself before those of a folder in it. Raises InputError for several data sets side by
    side."""
    found: dict[str, list[Path]] = {}
    for file in files:
        found.setdefault(configuration_of(file, folder), []).append(file)
    whole = {name: own for name, own in found.items() if any(_split_in(file, folder) == "train" for file in own)}
    if "" in whole or not whole:
        return found.get("", list(files))
    if len(whole) > 1:
        raise InputError(
            message("This folder holds several data sets: {names}.", names=sorted(whole)[:_SHOWN]),
            str(folder),
            message("Choose the folder of one of them."),
        )
    return next(iter(whole.values()))


def _split_in(file: Path, folder: Path) -> str:
    return split_of(file.name) or split_of("/".join(file.relative_to(folder).parts[:-1]))


def _no_data(folder: Path, files: Sequence[Path]) -> InputError:
    if files:
        return InputError(
            message("The folder holds no training data, only {files}.", files=_shown(files, folder)),
            str(folder),
            message("Call one of them train, or choose a file."),
        )
    if any(child.name.lower() in SPLIT_NAMES for child in folders_in(folder)):
        return InputError(
            message("The folders of the splits hold texts, but nothing that tells their labels."),
            str(folder),
            message("Each should hold a folder of text files for each label."),
        )
    return InputError(
        message("The folder holds no data that can be read."),
        str(folder),
        message("It should hold a folder of text files for each label, or files named train, validation and test."),
    )


def _shown(files: Sequence[Path], folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in files[:_SHOWN]]


def _joined(readers: Sequence[Reader]) -> Reader:
    return readers[0] if len(readers) == 1 else SeveralReader(tuple(readers))
