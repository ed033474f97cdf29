"""load_foreign: a model and its tokenizer from a folder or the hub, whatever its head, to look into."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, LocalEntryNotFoundError, RepositoryNotFoundError
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from engine.errors import InputError
from engine.messages import message
from engine.models.answering import kind_of

_FAILURES = (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError, RuntimeError, SafetensorError)
"""What transformers raises for a folder that is not as it should be."""


def load_foreign(source: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A classifier with its head, a language model with its own, anything else as a bare encoder; float32, safetensors
    only: nothing is unpickled and no code of the folder is run. Raises InputError that says what is missing."""
    if Path(source).is_dir():
        _refuse_unreadable(Path(source))
    try:
        config = AutoConfig.from_pretrained(source, trust_remote_code=False)
        model, about = _class_for(config).from_pretrained(
            source,
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except _FAILURES as error:
        raise _not_opened(source, error) from error
    _refuse_incomplete(source, model, about["missing_keys"])
    tokenizer = _tokenizer(source, model)
    _refuse_mute(source, model, tokenizer)
    return model, tokenizer


def _refuse_unreadable(folder: Path) -> None:
    """Weights that are pickled, or none at all, before transformers looks for them in its own way."""
    if any(folder.glob("*.safetensors")):
        return
    pickled = next((one.name for one in sorted(folder.iterdir()) if one.suffix in (".bin", ".pt", ".pth", ".ckpt")), "")
    if pickled:
        raise InputError(
            message(
                "The weights are in “{name}”, which can run code when it is opened; it was not opened.", name=pickled
            ),
            str(folder),
            message("Get the same model as model.safetensors, or save it again with transformers."),
        )
    raise InputError(
        message("The folder has no weights."), str(folder), message("Put the model's model.safetensors into it.")
    )


def _refuse_incomplete(source: str, model: PreTrainedModel, missing: Iterable[str]) -> None:
    """Weights that were not stored are random now: what such a model says would be invented. An encoder's pooler has no
    part in its attention, and many are stored without."""
    lacking = sorted(name for name in missing if kind_of(model) != "encoder" or "pooler" not in name)
    if lacking:
        raise InputError(
            message("The stored weights are not complete: {names} are missing.", names=lacking[:5]),
            source,
            message("Get the whole model; an encoder without a head has another “architectures” in its config.json."),
        )


def _refuse_mute(source: str, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> None:
    """A model that cannot read a text alone: it wants pictures, or a text to write on."""
    input_ids = torch.tensor([tokenizer("a")["input_ids"] or [0]])
    try:
        with torch.inference_mode():
            model.eval()(input_ids=input_ids, attention_mask=torch.ones_like(input_ids))
    except (*_FAILURES, IndexError) as error:
        raise InputError(
            message("The model cannot read a text alone: {reason}", reason=_first_line(error)),
            source,
            message("Choose a model that reads texts (BERT, GPT-2, ...), with its own tokenizer."),
        ) from error


def _not_opened(source: str, error: Exception) -> InputError:
    causes = _causes(error)
    if Path(source).is_dir():
        return InputError(
            message("The model cannot be opened: {reason}", reason=_first_line(error)),
            source,
            message("Choose a folder with config.json and model.safetensors; one of them may be damaged."),
        )
    if any(isinstance(one, RepositoryNotFoundError | GatedRepoError) for one in causes):
        return InputError(
            message("The hub has no model of this name that is open to everybody."),
            source,
            message("Check the spelling (MAKER/NAME), or choose a folder."),
        )
    if any(isinstance(one, EntryNotFoundError) and not isinstance(one, LocalEntryNotFoundError) for one in causes):
        return InputError(
            message("The hub's model of this name has no config.json or no model.safetensors."),
            source,
            message("Choose another model; weights in other formats can run code and are not opened."),
        )
    return InputError(
        message("The hub cannot be reached, and the name is not in the local cache."),
        source,
        message("Connect to the internet, or choose a folder that holds the model."),
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]


def _class_for(config: Any) -> Any:
    architecture = (config.architectures or [""])[0]
    if architecture.endswith("ForSequenceClassification"):
        return AutoModelForSequenceClassification
    if architecture.endswith(("ForCausalLM", "LMHeadModel")):
        return AutoModelForCausalLM
    return AutoModel


def _tokenizer(source: str, model: PreTrainedModel) -> PreTrainedTokenizerFast:
    """A model that knows no padding (GPT-2) is padded by its end token, which is masked anyway."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
    except _FAILURES as error:
        raise _no_tokenizer(source) from error
    # without its files transformers makes one of special tokens alone, which reads every word as unknown
    if not isinstance(tokenizer, PreTrainedTokenizerFast) or len(tokenizer) <= len(set(tokenizer.all_special_ids)):
        raise _no_tokenizer(source)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token or tokenizer.convert_ids_to_tokens(0)
    if model.config.pad_token_id is None:
        model.config.pad_token_id = tokenizer.pad_token_id
    return tokenizer


def _no_tokenizer(source: str) -> InputError:
    return InputError(
        message("The model's tokenizer is missing."),
        source,
        message("Put tokenizer.json (and tokenizer_config.json) of the same model into the folder."),
    )
