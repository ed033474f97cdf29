"""attend: where a model looks while it reads a text, and what it then says."""

from __future__ import annotations

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.models.capture import read_attention
from engine.records import AttentionRecord


def attend(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, text: str, max_length: int) -> AttentionRecord:
    """The model's maps and its prediction for one text; the model itself is left as it was.

    Raises `InputError` for an empty text.
    """
    return read_attention(model, tokenizer, text, max_length)
