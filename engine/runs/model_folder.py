"""ModelFolder: a model that was not trained here, to look into; `open_subject` tells it from a run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import message
from engine.runs.plain_json import read_json
from engine.runs.run import Run

_HUB_NAME = re.compile(r"[\w][\w.-]*(/[\w][\w.-]*)?")


@dataclass(frozen=True)
class ModelFolder:
    """A folder in the Hugging Face format, or a name on the hub; `source` is what transformers is given."""

    source: str

    @staticmethod
    def open(path: Path) -> ModelFolder:
        """Raises InputError when the folder holds no model. Nothing heavy is read."""
        folder = path.expanduser().resolve()
        if not _config(folder):
            raise _no_model(folder)
        return ModelFolder(str(folder))

    @property
    def path(self) -> Path:
        """Names it in lists; a hub name makes a path that does not exist."""
        return Path(self.source)

    @property
    def name(self) -> str:
        """As its makers called it; a folder's own name else."""
        return str(_config(self.path).get("_name_or_path") or self.path.name)[:200].rstrip("/").rsplit("/", 1)[-1]

    @property
    def architecture(self) -> str:
        """The class that the folder's config names ("BertForSequenceClassification"); "" where it names none."""
        named = _config(self.path).get("architectures")
        return str(named[0]) if isinstance(named, list) and named else ""


Subject = Run | ModelFolder
"""What can be looked into."""


def open_subject(path: Path) -> Subject:
    """A run's folder, any other model's folder, or a model's name on the hub. Raises InputError for all else."""
    if (path / "run.json").is_file():
        return Run.open(path)
    if path.is_dir():
        return ModelFolder.open(path)
    if not path.exists() and not path.is_absolute() and _HUB_NAME.fullmatch(path.as_posix()):
        return ModelFolder(path.as_posix())
    raise _no_model(path)


def is_model_folder(path: Path) -> bool:
    """Whether a folder seems to hold a model of transformers."""
    return bool(_config(path)) and not (path / "run.json").exists()


def _config(folder: Path) -> dict[str, Any]:
    try:
        tree = read_json(folder / "config.json")
    except (OSError, ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) and "model_type" in tree else {}


def _no_model(path: Path) -> InputError:
    return InputError(
        message("This is neither a run nor a model's folder."),
        str(path),
        message(
            "A run's folder contains run.json; a model's folder contains config.json with a “model_type”, "
            "model.safetensors and the tokenizer's files."
        ),
    )
