"""Writing: token ids of sources in, texts out, by transformers' `generate`."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.data.tokens.batches import Batch, in_order
from engine.data.tokens.detokenize import written_text
from engine.data.tokens.encoding import Encoded
from engine.models.train_eval_mode import evaluating
from engine.records import Decoding

_ROWS_AT_ONCE = 64


def write_all(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    encoded: Encoded,
    decoding: Decoding,
    device: torch.device,
) -> Generator[int, None, list[str]]:
    """A text for every example, in its order. Yields after each batch how many it was."""
    places = {int(row): place for place, row in enumerate(encoded.rows)}
    found = [""] * len(encoded)
    with evaluating(model):
        for batch in in_order(encoded, _ROWS_AT_ONCE):
            with torch.inference_mode():
                ids = _generated(model, batch.to(device), decoding)
            for row, text in zip(batch.rows, texts_of(tokenizer, ids), strict=True):
                found[places[int(row)]] = text
            yield len(batch)
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
