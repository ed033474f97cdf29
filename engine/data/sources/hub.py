"""Hugging Face data sets: by name from the hub, or as a folder written by `save_to_disk`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from engine.data.sources.cache import fingerprint
from engine.data.sources.readers import Opened, Reader, Row, arrow_rows
from engine.errors import InputError
from engine.messages import message

_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*(/[\w.-]+)?(:[\w.-]+)?$")
_FILE_ENDING = re.compile(r"(?i)\.(csv|tsv|tab|txt|jsonl?|ndjson|parquet|file|gz|bz2|xz|zip|ya?ml|data|xlsx?)$")
_READ_ROWS = 2000


@dataclass(frozen=True)
class SavedReader:
    """One split of a folder that `save_to_disk` wrote."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def num_bytes(self) -> int:
        return sum(item.stat().st_size for item in self.folder.iterdir() if item.is_file())

    def fingerprint(self) -> list[Any]:
        return ["saved", *fingerprint(self.folder)]

    def open(self) -> Opened:
        try:
            dataset = datasets.Dataset.load_from_disk(str(self.folder))
        except (ValueError, KeyError, OSError) as error:
            raise InputError(
                message("The saved data set is damaged or from another version."),
                str(self.folder),
                message("Save it anew with “save_to_disk”."),
            ) from error
        return _opened(dataset, "saved data set")


@dataclass(frozen=True)
class HubReader:
    """One split of a data set of the hub, downloaded into the cache of `datasets`."""

    dataset: datasets.Dataset
    name: str

    @property
    def num_bytes(self) -> int:
        return int(self.dataset.dataset_size or 0)

    def fingerprint(self) -> list[Any]:
        return ["hub", self.name, self.dataset._fingerprint]

    def open(self) -> Opened:
        return _opened(self.dataset, "Hugging Face")


def looks_like_hub_name(source: str) -> bool:
    """`imdb`, `owner/name` or, with a configuration, `glue:sst2`; nothing that ends as a file does."""
    return bool(_NAME.match(source)) and not _FILE_ENDING.search(source)


def saved_readers(folder: Path) -> dict[str, Reader]:
    """Nothing when `save_to_disk` did not write this folder."""
    if (folder / "dataset_dict.json").is_file():
        names = [child for child in sorted(folder.iterdir()) if (child / "state.json").is_file()]
        return _standard({child.name: SavedReader(child) for child in names})
    return {"train": SavedReader(folder)} if (folder / "state.json").is_file() else {}


def hub_readers(source: str) -> dict[str, Reader]:
    """Download a data set's splits. No code of the data set is run. Raises InputError when the hub does not answer."""
    name, _, configuration = source.partition(":")
    try:
        splits = datasets.load_dataset(name, configuration or None)
    except datasets.exceptions.DatasetNotFoundError as error:
        raise InputError(
            message("There is neither a file nor a Hugging Face data set of this name."),
            source,
            message("Check the spelling; for a private data set log in with “hf auth login”."),
        ) from error
    except (ConnectionError, OfflineModeIsEnabled, HfHubHTTPError, TimeoutError) as error:
        raise InputError(
            message("There is no file of this name here, and the Hugging Face hub cannot be reached."),
            source,
            message("Check the path or the connection; or download the data set and choose its folder."),
        ) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise InputError(
            message("The Hugging Face data set cannot be read: {reason}.", reason=str(error).splitlines()[0][:200]),
            source,
            message("With several configurations write “name:configuration”."),
        ) from error
    return _standard({split: HubReader(dataset, f"{source} ({split})") for split, dataset in splits.items()})


def _standard(readers: dict[str, Reader]) -> dict[str, Reader]:
    """Under the names train, validation, test; a lone split trains. Others (unsupervised, ...) are left out."""
    names = {"train": "train", "validation": "validation", "valid": "validation", "dev": "validation", "test": "test"}
    known = {names[split]: reader for split, reader in readers.items() if split in names}
    return known if "train" in known else {"train": next(iter(readers.values()))}


def _opened(dataset: datasets.Dataset, format_name: str) -> Opened:
    inner = {name: getattr(feature, "feature", feature) for name, feature in dataset.features.items()}
    class_names = {name: one.names for name, one in inner.items() if isinstance(one, datasets.ClassLabel)}
    return Opened(tuple(dataset.column_names), _rows(dataset, class_names), {"format": format_name})


def _rows(dataset: datasets.Dataset, class_names: dict[str, list[str]]) -> Iterator[Row]:
    for table in dataset.with_format("arrow").iter(_READ_ROWS):
        yield from arrow_rows(table, class_names)
