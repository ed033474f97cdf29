"""Pretrained models of every kind on their way into training: loaded, checked, frozen as asked, restored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import PreTrainedConfig, PreTrainedModel

from engine.config.pretrained import LoRA, Pretrained
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import load_adapter
from engine.models.folders import model_folder
from engine.models.foreign_config import FAILURES
from engine.models.layers import parts_of
from engine.models.quiet_libraries import first_line, quiet
from engine.models.size_limits import refuse_disproportionate
from engine.models.stored_weights import stored_weights

Settle = Callable[[PreTrainedModel], None]
"""Freezes what shall not learn, and puts in what shall beside it."""


def loaded(
    kind: Any, folder: Path, source: str, config: PreTrainedConfig, *, has_new_head: bool = False
) -> tuple[PreTrainedModel, dict[str, Any]]:
    """(model in float32, transformers' account of the keys); `kind` is the auto class that opens it. Weights come as
    views into the mapped file, at any address, where some CPU kernels add up in another order: each gets memory of its
    own. `has_new_head`: an output of another size is drawn anew. Raises InputError."""
    refuse_disproportionate(kind, config, stored_weights(folder, source), source)
    try:
        with quiet():
            model, keys = kind.from_pretrained(
                folder,
                config=config,
                dtype=torch.float32,
                use_safetensors=True,
                ignore_mismatched_sizes=has_new_head,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except (*FAILURES, SafetensorError) as error:
        raise InputError(
            message("The model's weights cannot be read: {reason}", reason=first_line(error)),
            source,
            message("Download or save the model anew."),
        ) from error
    for weight in model.parameters():
        weight.data = weight.data.clone()
    return model, keys


def restored(
    kind: Any,
    spec: Pretrained,
    checkpoint: Path,
    config: PreTrainedConfig,
    settle: Settle,
    *,
    has_new_head: bool = False,
) -> PreTrainedModel:
    """The model of a checkpoint, as it was when it was saved, ready to go on learning: of LoRA the folder that it came
    from, and what the checkpoint holds beside it. Raises InputError."""
    is_whole_in_folder = not isinstance(spec.adaptation, LoRA)
    folder = checkpoint if is_whole_in_folder else model_folder(spec.source)
    model, _ = loaded(kind, folder, str(folder), config, has_new_head=has_new_head)
    settle(model)
    if not is_whole_in_folder:
        load_adapter(model, checkpoint)
    return model


def refuse_lacking_layers(model: PreTrainedModel, keys: dict[str, Any], source: str) -> None:
    """Only a head may be missing: an encoder with random layers would be no pretrained one. Raises InputError."""
    parts = parts_of(model)
    encoder = parts.below.union(parts.above, *parts.layers)
    gone = sorted(_names((*keys["missing_keys"], *keys["mismatched_keys"])) & encoder)
    if gone:
        raise InputError(
            message(
                "The folder lacks {count:plural:weight:weights} of its encoder, such as {name}.",
                count=len(gone),
                name=gone[0],
            ),
            source,
            message("Download or save the model anew."),
        )


def refuse_lacking(keys: dict[str, Any], source: str) -> None:
    """Nothing may be missing. Raises InputError."""
    gone = sorted(_names(keys["missing_keys"]))
    if gone:
        raise InputError(
            message(
                "The folder lacks {count:plural:weight:weights} of its model, such as {name}.",
                count=len(gone),
                name=gone[0],
            ),
            source,
            message("Download or save the model anew."),
        )


def save_memory(model: PreTrainedModel, spec: Pretrained) -> None:
    """Gradient checkpointing, where it is wished. Raises InputError for a model that knows none."""
    if not spec.gradient_checkpointing:
        return
    if not model.supports_gradient_checkpointing:
        raise InputError(
            message("This model knows no gradient checkpointing."),
            "model.gradient_checkpointing",
            message("Switch it off, and make “Micro-batch” smaller if memory is short."),
        )
    with quiet():  # newer releases call it activation checkpointing, and say so
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})


def _names(keys: Iterable[str | tuple[str, ...]]) -> set[str]:
    return {key if isinstance(key, str) else key[0] for key in keys}
