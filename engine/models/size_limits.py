"""refuse_disproportionate: a config that asks for much more than its folder holds is refused before memory is given.

The model is first made without memory, on torch's “meta” device; what it would need is compared with what is there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedConfig

from engine.errors import InputError
from engine.messages import message
from engine.models.foreign_config import FAILURES
from engine.models.quiet_libraries import first_line, quiet
from engine.models.stored_weights import Shapes

_FREE_WEIGHTS = 2**26
"""A fresh head and the like; 256 MB."""
_FREE_BYTES = 2**30
"""Tables that are computed, such as positions and masks."""
_FREE_LAYERS = 64
_LAYER = re.compile(r"(^|\.)(h|layers?|blocks?)\.\d+\.")


def refuse_disproportionate(kind: Any, config: PreTrainedConfig, stored: Shapes, source: str) -> nn.Module:
    """The model without memory; `kind` is the auto class that will open it. Raises InputError."""
    num_layers = max(_layers(config), default=0)
    if num_layers > max(_FREE_LAYERS, len(stored)):
        raise _made_up(
            message("{count} layers", count=num_layers),
            message("{count} weights are stored", count=len(stored)),
            source,
        )
    model = _without_memory(kind, config, source)
    asked = sum(weight.numel() for weight in model.parameters())
    there = sum(math.prod(shape) for shape in stored.values())
    if asked > 2 * there + _FREE_WEIGHTS:
        raise _made_up(message("{count} numbers", count=asked), message("{count} are stored", count=there), source)
    tables = sum(table.numel() * table.element_size() for table in model.buffers())
    if tables > 2 * 4 * there + _FREE_BYTES:
        raise _made_up(
            message("{count} bytes of tables", count=tables), message("{count} numbers are stored", count=there), source
        )
    return model


def refuse_unread_layers(unexpected: Iterable[str], source: str) -> None:
    """Stored layers that the config does not count would be left out in silence. Raises InputError."""
    unread = sorted(name for name in unexpected if _LAYER.search(name))
    if unread:
        raise InputError(
            message("The folder holds more layers than its config.json counts: {names}.", names=unread[:3]),
            source,
            message("Get the model's own config.json; this one was damaged or made up."),
        )


def misfit_of(model: nn.Module, stored: Shapes) -> str:
    """The first weight that has another shape than the model would have it, in words; "" where all fit."""
    for name, wanted in model.state_dict().items():
        if name in stored and tuple(wanted.shape) != stored[name]:
            sizes = [" × ".join(map(str, shape)) for shape in (stored[name], wanted.shape)]
            return f"{name}: {sizes[0]} ({sizes[1]})"
    return ""


def _without_memory(kind: Any, config: PreTrainedConfig, source: str) -> nn.Module:
    try:
        with quiet(), torch.device("meta"):
            model: nn.Module = kind.from_config(config)
    except (*FAILURES, RecursionError) as error:
        raise InputError(
            message("No model can be made of this config.json: {reason}", reason=first_line(error)),
            source,
            message("Get the model's own config.json; this one was damaged or made up."),
        ) from error
    return model


def _layers(config: PreTrainedConfig) -> Iterator[int]:
    for name, value in config.to_dict().items():
        if "layer" in name and isinstance(value, int):
            yield value


def _made_up(asked: Any, there: Any, source: str) -> InputError:
    return InputError(
        message("The model's config.json asks for {asked}, but {there}.", asked=asked, there=there),
        source,
        message("Get the model's own config.json; this one was damaged or made up."),
    )
