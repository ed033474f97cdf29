"""read_text: one text as a model reads it: its ids, and the piece of the text that each of them stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.errors import InputError
from engine.messages import message
from engine.models.classifier import TextClassifier


@dataclass(frozen=True)
class ReadText:
    """`spans` are characters of the text, (0, 0) for special tokens; `truncated` tokens were cut off at the end, and
    `unknown` ones are not in the vocabulary."""

    input_ids: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    special: tuple[bool, ...]
    truncated: int
    unknown: int


def read_text(tokenizer: PreTrainedTokenizerFast, text: str, max_length: int) -> ReadText:
    """Tokens as the person wrote them: cut out of the text itself, not out of the vocabulary.

    Raises `InputError` for a text in which the model reads nothing.
    """
    if not text.strip():
        raise InputError(message("Type a sentence first."))
    encoded: Any = tokenizer(
        text,
        truncation=True,
        max_length=min(max_length, tokenizer.model_max_length),
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    ids: tuple[int, ...] = tuple(encoded["input_ids"])
    special = tuple(bool(flag) for flag in encoded["special_tokens_mask"])
    spans = tuple(
        (0, 0) if is_special else _trimmed(text, *span)
        for span, is_special in zip(encoded["offset_mapping"], special, strict=True)
    )
    if all(special):
        raise InputError(
            message("The model reads nothing in this text."),
            mend=message("Its tokenizer drops these characters; type words or other signs."),
        )
    names: list[str] = encoded.tokens()
    return ReadText(
        input_ids=ids,
        tokens=tuple(text[start:end] or name for (start, end), name in zip(spans, names, strict=True)),
        spans=spans,
        special=special,
        truncated=_num_cut(encoded),
        unknown=_num_unknown(ids, spans, text, tokenizer),
    )


def mask_token_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> str | None:
    """What the model reads as a hidden word: its mask token; ours, trained on whole texts alone, have only ever seen
    the unknown word hide one, and byte pairs know not even that."""
    if not isinstance(model, TextClassifier):
        token: str | None = tokenizer.mask_token
        return token
    is_open = type(tokenizer.backend_tokenizer.model).__name__ == "BPE"
    return None if is_open else str(tokenizer.unk_token)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space around it, unless it is nothing else (a byte-level token holds the space before)."""
    piece = text[start:end]
    if not piece.strip():
        return start, end
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _num_unknown(
    ids: tuple[int, ...], spans: tuple[tuple[int, int], ...], text: str, tokenizer: PreTrainedTokenizerFast
) -> int:
    """Tokens outside the vocabulary; an unknown token that the person typed as such is known."""
    if tokenizer.unk_token_id is None:
        return 0
    found = [span for index, span in zip(ids, spans, strict=True) if index == tokenizer.unk_token_id]
    return sum(text[start:end] != tokenizer.unk_token for start, end in found)


def _num_cut(encoded: Any) -> int:
    """Tokens of the text beyond the model's length; the special tokens around each overflowing part are not counted."""
    (encoding,) = encoded.encodings
    return sum(part.special_tokens_mask.count(0) for part in encoding.overflowing)
