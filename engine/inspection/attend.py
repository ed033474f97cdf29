"""attend: where a model looks while it reads a text, and what it then says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.config.task import MeanSquaredError
from engine.errors import InputError
from engine.messages import message
from engine.models.capture import capture
from engine.models.classifier import TextClassifier
from engine.models.losses import probabilities_of
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction


@dataclass(frozen=True)
class ReadText:
    """One text as the model reads it: ids, and what each of them stands for in the text."""

    input_ids: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    special: tuple[bool, ...]
    truncated: int
    unknown: int


def attend(model: TextClassifier, tokenizer: PreTrainedTokenizerFast, text: str, max_length: int) -> AttentionRecord:
    """Run `model` on `text` alone, without padding; every row of every map sums to 1 within 1e-6.

    Raises `InputError` for an empty text.
    """
    read = read_text(tokenizer, text, max_length)
    input_ids = torch.tensor([read.input_ids], device=model.device)
    captured = capture(model, {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)})
    return AttentionRecord(
        text=text,
        tokens=read.tokens,
        spans=read.spans,
        special=read.special,
        maps=tuple(_map(name, weights, read.tokens) for name, weights in captured.maps.items()),
        prediction=prediction_of(model, captured.logits),
        truncated=read.truncated,
        unknown=read.unknown,
    )


def read_text(tokenizer: PreTrainedTokenizerFast, text: str, max_length: int) -> ReadText:
    """Tokens as the person wrote them: cut out of the text itself, not out of the vocabulary."""
    if not text.strip():
        raise InputError(message("Type a sentence first."))
    encoded: Any = tokenizer(
        text,
        truncation=True,
        max_length=max_length,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    ids: list[int] = encoded["input_ids"]
    special = tuple(bool(flag) for flag in encoded["special_tokens_mask"])
    spans = tuple(
        (0, 0) if is_special else _trimmed(text, *span)
        for span, is_special in zip(encoded["offset_mapping"], special, strict=True)
    )
    names: list[str] = encoded.tokens()
    return ReadText(
        input_ids=tuple(ids),
        tokens=tuple(text[start:end] or name for (start, end), name in zip(spans, names, strict=True)),
        spans=spans,
        special=special,
        truncated=_num_cut(encoded),
        unknown=sum(
            token == tokenizer.unk_token_id and not is_special for token, is_special in zip(ids, special, strict=True)
        ),
    )


def prediction_of(model: TextClassifier, logits: Tensor) -> Prediction:
    """Logits [labels] in words. For a numeric target the label is the number itself and there are no probabilities."""
    values = probabilities_of(logits, model.loss_choice).double().cpu()
    if isinstance(model.loss_choice, MeanSquaredError):
        return Prediction(label=f"{values.item():.4g}", probabilities={})
    names = model.config.id2label or {}
    probabilities = {str(names[index]): value for index, value in enumerate(values.tolist())}
    return Prediction(label=max(probabilities, key=probabilities.__getitem__), probabilities=probabilities)


def _map(name: str, weights: Tensor, tokens: tuple[str, ...]) -> AttentionMap:
    """A map with one query is a pooling's: there the whole text looks."""
    is_pooling = weights.shape[2] == 1 and len(tokens) > 1
    return AttentionMap(name, weights.numpy(), (WHOLE_TEXT,) if is_pooling else tokens, tokens)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space around it, unless it is nothing else (a byte-level token holds the space before)."""
    piece = text[start:end]
    if not piece.strip():
        return start, end
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _num_cut(encoded: Any) -> int:
    """Tokens of the text beyond the model's length; the special tokens around each overflowing part are not counted."""
    (encoding,) = encoded.encodings
    return sum(part.special_tokens_mask.count(0) for part in encoding.overflowing)
