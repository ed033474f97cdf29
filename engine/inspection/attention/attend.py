"""attend: where a model looks while it reads a text, what each head does there, and what it then says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engine.errors import InputError
from engine.inspection.attention.head_statistics import HeadStatistics
from engine.inspection.subjects.loaded_models import Trained
from engine.messages import message
from engine.models.capture import fitting_bin_size, inputs_of, read_attention
from engine.models.lens import Lens
from engine.models.mechanisms import forward
from engine.models.reading import read_text
from engine.records import UNCHANGED, AttentionRecord, Head, Switches


def attend(trained: Trained, text: str, switches: Switches = UNCHANGED) -> AttentionRecord:
    """The model's maps, measured, and its prediction for one text; the model itself is left as it was.

    Raises InputError for a text in which the model reads nothing, and for a switched-off head that it has not.
    """
    facts = HeadStatistics(trained.tokenizer, text, trained.max_length)
    is_pooled = fitting_bin_size(trained.model, facts.num_tokens) > 1
    watch = facts.watch if is_pooled else None
    record = read_attention(trained.model, trained.tokenizer, text, trained.max_length, switches=switches, watch=watch)
    return replace(record, maps=tuple(replace(one, facts=facts.of(one)) for one in record.maps))


def exact_map(trained: Trained, text: str, head: Head, switches: Switches = UNCHANGED) -> np.ndarray:
    """One head's weights, float32 [query, key], never pooled: a long text costs the memory of one map only.

    Raises InputError as `attend` does, and for a head that the model has not.
    """
    kept: list[Tensor] = []

    def keep(name: str, layer: int, weights: Tensor) -> None:
        if (name, layer) == head[:2] and head[2] < weights.shape[1]:
            kept.append(weights[0, head[2]].float().cpu())

    inputs = inputs_of(read_text(trained.tokenizer, text, trained.max_length), trained.model)
    with torch.inference_mode():
        forward(trained.model, inputs, Lens(switches, keep=keep), trained.mechanism)
    if not kept:
        raise InputError(
            message("There is no head {layer}.{head} in “{name}”.", layer=head[1], head=head[2], name=head[0])
        )
    weights: np.ndarray = kept[0].numpy()
    return weights
