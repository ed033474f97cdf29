"""Writing: token ids of sources in, texts out, by transformers' `generate`."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.data.tokens.batches import Batch, in_order
from engine.data.tokens.detokenize import spaced
from engine.data.tokens.encoding import Encoded
from engine.models.train_eval_mode import evaluating

_ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class Decoding:
    """How words are chosen: the likeliest (one beam), the best of `num_beams` beginnings, or drawn (`samples`) from the
    `top_k` likeliest (0: all) that make up `top_p` of the probability, at a `temperature`. A beam search divides a
    log-probability by length ** `length_penalty`. `num_texts` are returned, the best first."""

    num_beams: int = 1
    length_penalty: float = 1.0
    samples: bool = False
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    num_texts: int = 1

    def arguments(self) -> dict[str, Any]:
        """As `generate` takes them."""
        found: dict[str, Any] = {"num_beams": 1 if self.samples else self.num_beams, "do_sample": self.samples}
        if self.samples:
            found |= {"temperature": self.temperature, "top_k": self.top_k, "top_p": self.top_p}
        elif self.num_beams > 1:
            found |= {"length_penalty": self.length_penalty, "early_stopping": False}
        if self.num_texts > 1:
            found["num_return_sequences"] = self.num_texts
        return found


def write_all(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    encoded: Encoded,
    decoding: Decoding,
    device: torch.device,
) -> Generator[None, None, list[str]]:
    """A text for every example, in its order. Yields between batches."""
    places = {int(row): place for place, row in enumerate(encoded.rows)}
    found = [""] * len(encoded)
    with evaluating(model):
        for batch in in_order(encoded, _ROWS_AT_ONCE):
            with torch.inference_mode():
                ids = _generated(model, batch.to(device), decoding)
            for row, text in zip(batch.rows, texts_of(tokenizer, ids), strict=True):
                found[places[int(row)]] = text
            yield
    return found


def _generated(model: PreTrainedModel, batch: Batch, decoding: Decoding) -> Tensor:
    ids: Tensor = model.generate(  # type: ignore[operator]
        input_ids=batch.input_ids, attention_mask=batch.attention_mask, **decoding.arguments()
    )
    return ids


def texts_of(tokenizer: PreTrainedTokenizerFast, ids: Tensor | Sequence[Sequence[int]]) -> list[str]:
    """What token ids [B, T] say, special ones left out. Words that a tokenizer has cut at blanks are put together as
    people write them."""
    return [written_text(tokenizer, one) for one in np.asarray(ids, dtype=np.int64).tolist()]


def written_text(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> str:
    """Of one text's ids."""
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    kept = [int(one) for one in ids if int(one) not in special]
    if tokenizer.backend_tokenizer.decoder is not None:
        return str(tokenizer.decode(kept)).strip()
    return spaced(" ".join(tokenizer.convert_ids_to_tokens(kept)))
