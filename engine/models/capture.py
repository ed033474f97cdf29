"""One text through a model with every attention map on the way: raw (`capture`) or as a record (`read_attention`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.models.answering import logits_of, model_kind, prediction_of
from engine.models.lens import Keep, Lens
from engine.models.mechanisms import ABILITIES, Mechanism, forward, prepare, prepared
from engine.models.reading import ReadText, mask_token_of, read_text
from engine.models.train_eval_mode import evaluating
from engine.records import UNCHANGED, WHOLE_TEXT, Ability, AttentionMap, AttentionRecord, Switches

Inputs = Mapping[str, Tensor]
MAX_EXACT_TOKENS = 512
"""Longer texts are kept pooled: 144 heads of 2,048 tokens would take 2.4 GB."""

_MAX_EXACT_BYTES = 200 * 2**20
_MOST_BINS = 256


@dataclass(frozen=True)
class Captured:
    """`logits` [answers] (None for a model that says nothing); `maps` by name, each [layers, H, Q, K] in float32 on
    the CPU, in the order of the model, pooled to bins of `bin_size` tokens; `abilities` of the model."""

    logits: Tensor | None
    maps: dict[str, Tensor]
    bin_size: int
    abilities: frozenset[Ability]


def capture(
    model: PreTrainedModel, inputs: Inputs, switches: Switches = UNCHANGED, watch: Keep | None = None
) -> Captured:
    """What the model answers to one unpadded text (`inputs` [1, L]) and where it looked.

    `watch` is given each layer's weights [1, H, Q, K] before they are pooled. The model is left in the mode it was in,
    and no gradient is kept. Raises InputError for a switched-off head that the model has not.
    """
    layers: dict[str, list[Tensor]] = {}
    size = fitting_bin_size(model, inputs["input_ids"].shape[1])

    def keep(name: str, layer: int, weights: Tensor) -> None:
        if watch is not None:
            watch(name, layer, weights)
        layers.setdefault(name, []).append(pooled(weights[0].float(), size).cpu())

    with torch.inference_mode(), evaluating(model):
        mechanism = prepare(model, inputs)
        output = forward(model, inputs, Lens(switches, keep=keep), mechanism)
    logits = logits_of(output, inputs["attention_mask"])
    return Captured(
        None if logits is None else logits[0],
        {name: torch.stack(stack) for name, stack in layers.items()},
        size,
        abilities_of(model, mechanism),
    )


def read_attention(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    text: str,
    max_length: int,
    switches: Switches = UNCHANGED,
    watch: Keep | None = None,
) -> AttentionRecord:
    """Run `model` on `text` alone, without padding; every row of every map sums to 1 within 1e-6.

    `watch` is given each layer's weights [1, H, Q, K] before they are pooled. Raises `InputError` for a text in which
    the model reads nothing, and for a switched-off head that it has not.
    """
    read = read_text(tokenizer, text, max_length)
    captured = capture(model, inputs_of(read, model), switches, watch)
    return record_of(model, tokenizer, text, read, captured, switches)


def read_attention_in_training(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, text: str, max_length: int
) -> AttentionRecord:
    """`read_attention` on a model that is being trained: its own attention comes back afterwards."""
    inputs = inputs_of(read_text(tokenizer, text, max_length), model)
    with evaluating(model), prepared(model, inputs):
        return read_attention(model, tokenizer, text, max_length)


def record_of(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    text: str,
    read: ReadText,
    captured: Captured,
    switches: Switches,
) -> AttentionRecord:
    """What was captured, with the words it is about."""
    size = captured.bin_size
    return AttentionRecord(
        text=text,
        tokens=read.tokens,
        spans=read.spans,
        special=read.special,
        maps=tuple(map_of(name, weights, read.tokens, size) for name, weights in captured.maps.items()),
        prediction=prediction_of(model, tokenizer, captured.logits),
        truncated=read.truncated,
        unknown=read.unknown,
        switches=switches,
        mask_token=mask_token_of(model, tokenizer),
        abilities=captured.abilities,
    )


def inputs_of(read: ReadText, model: PreTrainedModel) -> dict[str, Tensor]:
    """One text without padding, [1, L], where the model is."""
    input_ids = torch.tensor([read.input_ids], device=model.device)
    return {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}


def abilities_of(model: PreTrainedModel, mechanism: Mechanism) -> frozenset[Ability]:
    """What can be asked of a model that is looked into in this way."""
    found = ABILITIES[mechanism]
    return found if model_kind(model) == "encoder" else found | {"explain"}


def fitting_bin_size(model: PreTrainedModel, num_tokens: int) -> int:
    """1 while all maps fit into memory exactly, else so many tokens a bin that at most 256 bins are left."""
    config = model.config.get_text_config()
    num_heads = (getattr(config, "num_hidden_layers", 1) or 1) * (getattr(config, "num_attention_heads", 1) or 1)
    if num_tokens <= MAX_EXACT_TOKENS and 4 * num_heads * num_tokens**2 <= _MAX_EXACT_BYTES:
        return 1
    return max(2, -(-num_tokens // _MOST_BINS))


def pooled(weights: Tensor, size: int) -> Tensor:
    """Maps [H, Q, K] in bins of `size` tokens: the mean of the queries' rows, the sum of the keys' columns."""
    if size == 1:
        return weights
    columns = _sums(weights, size, dim=-1)
    if weights.shape[1] == 1:
        return columns
    counts = _sums(weights.new_ones(weights.shape[1]), size, dim=-1)
    return _sums(columns, size, dim=-2) / counts[:, None]


def map_of(name: str, weights: Tensor, tokens: tuple[str, ...], bin_size: int = 1) -> AttentionMap:
    """The map of `weights` [layers, heads, queries, keys]. One with one query for several keys is a pooling's: there
    the whole text looks."""
    is_pooling = weights.shape[2] == 1 and len(tokens) > 1
    keys = tokens[::bin_size]
    return AttentionMap(name, weights.numpy(), (WHOLE_TEXT,) if is_pooling else keys, keys, bin_size)


def _sums(values: Tensor, size: int, dim: int) -> Tensor:
    """Sums over bins of `size` along `dim` (counted from the end); the last bin may be smaller."""
    short = -values.shape[dim] % size
    if short:
        shape = list(values.shape)
        shape[dim] = short
        values = torch.cat([values, values.new_zeros(shape)], dim=dim)
    sums: Tensor = values.unflatten(dim, (-1, size)).sum(dim=dim)
    return sums
