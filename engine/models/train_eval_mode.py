"""The two states that a model is put into for a while or for good: without dropout; with its weights in own memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn
from transformers import PreTrainedModel


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """No dropout inside; afterwards the mode that was before."""
    was_training = model.training
    if was_training:
        model.train(False)
    try:
        yield
    finally:
        if was_training:
            model.train(True)


def in_own_memory(loaded: Any) -> Any:
    """What `from_pretrained` gave, its weights copied.

    They come as views into the mapped file, at any address; some CPU kernels add up in another order there, and the
    last bits would differ from those of the model that was saved.
    """
    model: PreTrainedModel = loaded[0] if isinstance(loaded, tuple) else loaded
    for weight in model.parameters():
        if weight.device.type == "cpu":
            weight.data = weight.data.clone()
    return loaded
