"""surprise_of: -log p of every token of a stream, under any language model.

N tokens of the stream, B rows of a batch, L tokens of a chunk, V tokens of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

from engine.data.tokens.batches import Batch, side_by_side
from engine.data.tokens.encoding import LABELS, Encoded
from engine.models.language_models import NeuralLanguageModel, NGramLM, RecurrentState
from engine.tasks.language_model.streams import NO_TRUTH, stream_in

_LANES = 8
_TOKENS_AT_ONCE = 2**15


class Teller:
    """A language model asked what comes next in batches of chunks. Where they follow on, it goes on with what it
    remembers; `state` is that memory."""

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self.state: RecurrentState | None = None

    def surprises(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """(-log p in nats [K], which places of the batch [B, L] they are of), with gradient."""
        told = batch.targets[LABELS]
        where = told != NO_TRUTH
        if isinstance(self._model, NeuralLanguageModel):
            keeps = bool(getattr(self._model, "_is_stateful", False))
            states, after = self._model.states(batch.input_ids, batch.attention_mask, self._before(batch), keeps)
            self.state = after.detached() if isinstance(after, RecurrentState) else None
            logits = self._model.lm_head(states[where])
        else:
            output = self._model(input_ids=batch.input_ids, attention_mask=batch.attention_mask)
            logits = output.logits[where]
        return functional.cross_entropy(logits.float(), told[where], reduction="none"), where

    def _before(self, batch: Batch) -> RecurrentState | None:
        return None if self.state is None or not batch.follows_on else self.state.first_rows(len(batch))


def surprise_of(
    model: PreTrainedModel, encoded: Encoded, device: torch.device
) -> Generator[int, None, NDArray[np.float64]]:
    """[N - 1] nats of all tokens of the stream but the first end. Breathes between batches, yielding how many tokens
    are told; the model is in evaluation mode."""
    if isinstance(model, NGramLM):
        return (yield from _counted(model, stream_in(encoded), device))
    found, num_told = np.zeros(len(encoded.tokens.values)), 0
    teller = Teller(model)
    lanes = _LANES if encoded.follows_on else max(1, min(64, 4096 // max(1, encoded.limit)))
    for places, batch in side_by_side(encoded, lanes):
        with torch.inference_mode():
            values, where = teller.surprises(batch.to(device))
        rows, columns = where.cpu().numpy().nonzero()
        found[encoded.tokens.offsets[places[rows]] + columns] = values.double().cpu().numpy()
        num_told += len(values)
        yield num_told
    return found


def _counted(
    model: NGramLM, stream: NDArray[np.int64], device: torch.device
) -> Generator[int, None, NDArray[np.float64]]:
    ids = torch.from_numpy(stream)[None].to(device)
    reach = model.reach_of(ids)
    parts = []
    for start in range(1, len(stream), _TOKENS_AT_ONCE):
        first = max(0, start - model.order)
        end = start + _TOKENS_AT_ONCE
        p = model.probabilities(ids[:, first:end], reach[:, first:end])[0, start - first :]
        parts.append(-p.double().clamp_min(1e-30).log().cpu().numpy())
        yield min(end, len(stream))
    return np.concatenate([np.empty(0), *parts])
