"""model_folder: the folder of a pretrained model, found on this machine or downloaded from the hub, and looked over."""

from __future__ import annotations

import time
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from engine.errors import InputError
from engine.messages import message

FIELD = "model.source"
_WANTED = ["config.json", "*.safetensors", "*.safetensors.index.json", "tokenizer*", "*.txt", "*.model", "*map.json"]
_UNWANTED = ["*/*"]
_VOCABULARIES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spiece.model",
    "spm.model",
    "sentencepiece.bpe.model",
    "tokenizer.model",
)
_PICKLES = ("pytorch_model*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")
_SILENCE_SECONDS = 60.0
_UNREACHED: dict[str, float] = {}
"""Hub names that could not be reached, and when: several cards that ask at once wait for one timeout alone."""


def model_folder(source: str) -> Path:
    """The folder of a local model, or of a hub name in the hub's cache (downloaded when it is not there yet).

    It holds a config, safetensors weights and a vocabulary; nothing is unpickled, and no code of the model is run.
    Raises InputError when one of them is missing, or the hub does not answer.
    """
    path = Path(source).expanduser()
    if path.is_file():
        raise InputError(
            message("This is a file, not a model's folder."),
            source,
            message("Choose the folder that the file lies in."),
        )
    if not path.is_dir():
        path = _downloaded(source)
    _look_over(path, source)
    return path


def _look_over(folder: Path, source: str) -> None:
    if not (folder / "config.json").is_file():
        raise InputError(
            message("This folder holds no model: config.json is missing."),
            source,
            message("Choose a folder with config.json, model.safetensors and tokenizer.json in it."),
        )
    if not any(folder.glob("model*.safetensors")):
        raise _pickled(source) if any(any(folder.glob(one)) for one in _PICKLES) else _weightless(source)
    if not any((folder / one).is_file() for one in _VOCABULARIES):
        raise InputError(
            message("The model's tokenizer is missing from its folder."),
            source,
            message("Put tokenizer.json beside config.json; “save_pretrained” of the tokenizer writes it."),
        )


def _weightless(source: str) -> InputError:
    return InputError(
        message("The folder describes a model but holds no weights."),
        source,
        message("Put model.safetensors beside config.json, or choose a complete folder."),
    )


def _pickled(source: str) -> InputError:
    return InputError(
        message("The weights are pickled, and opening a pickle can run any code: nothing is unpickled here."),
        source,
        message("Choose a model with safetensors, or convert it with transformers' “save_pretrained”."),
    )


def _downloaded(source: str) -> Path:
    if _is_path(source):
        raise InputError(
            message("There is no such folder."), source, message("Check the path, or give a name on the hub.")
        )
    if time.monotonic() - _UNREACHED.get(source, -_SILENCE_SECONDS) < _SILENCE_SECONDS:
        raise _unreachable(source)
    try:
        return Path(snapshot_download(source, allow_patterns=_WANTED, ignore_patterns=_UNWANTED))
    except GatedRepoError as error:
        raise InputError(
            message("The owner of this model must let you in first."),
            source,
            message("Ask for access on its page on the hub, then log in with “hf auth login”."),
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise InputError(
            message("There is neither a folder nor a model on the hub of this name."),
            source,
            message("Check the spelling; for a private model log in with “hf auth login”."),
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        _UNREACHED[source] = time.monotonic()
        raise _unreachable(source) from error


def _unreachable(source: str) -> InputError:
    return InputError(
        message("There is no folder of this name here, and the Hugging Face hub cannot be reached."),
        source,
        message("Check the name or the connection; or download the model and choose its folder."),
    )


def _is_path(source: str) -> bool:
    """Hub names have one slash at most and begin with a letter or a number."""
    return source.startswith((".", "~", "/", "\\")) or source.count("/") > 1 or "\\" in source or ":" in source
