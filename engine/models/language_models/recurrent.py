"""The recurrent language model: word vectors, RNN / LSTM / GRU, output layer with the same vectors.

Shapes: B rows, L tokens, H hidden features, E features of a word vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.config.language_models import RecurrentLanguageModel
from engine.models.language_models.language_model import (
    LanguageModelConfig,
    NeuralLanguageModel,
    newest,
    reordered,
)
from engine.models.recurrent import FeatureDropout, lacks_bf16, number_format

_CELLS: dict[str, type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentState:
    """What a recurrent model keeps of all that it read: of each layer its states [1, B, H], an LSTM's two."""

    is_compileable = False

    def __init__(self, layers: Sequence[tuple[Tensor, ...]], length: int) -> None:
        self.layers, self._length = tuple(layers), length

    def get_seq_length(self, _layer: int = 0) -> int:
        """Tokens that were read."""
        return self._length

    def reorder_cache(self, beam_idx: Tensor) -> None:
        """The rows as a beam search wants them; a recurrent state has them on its second axis."""
        self.layers = tuple(tuple(reordered(one, beam_idx, 1) for one in layer) for layer in self.layers)

    def first_rows(self, num: int) -> RecurrentState:
        """Of the first `num` rows alone."""
        return RecurrentState(
            [tuple(one[:, :num].contiguous() for one in layer) for layer in self.layers], self._length
        )

    def detached(self) -> RecurrentState:
        """The same without the way back: where truncated back-propagation ends."""
        return RecurrentState([tuple(one.detach() for one in layer) for layer in self.layers], self._length)


class RecurrentLMConfig(LanguageModelConfig):
    """Config of `RecurrentLM`."""

    model_type = "attune-recurrent-lm"

    @property
    def choice(self) -> RecurrentLanguageModel:
        return RecurrentLanguageModel.model_validate(self.spec or {})


class RecurrentLM(NeuralLanguageModel):
    """Token by token, with variational dropout on what goes into, between and out of the layers (Gal & Ghahramani 2016;
    `engine.config.language_models.RecurrentLanguageModel`)."""

    config_class = RecurrentLMConfig
    config: RecurrentLMConfig
    _is_stateful = True

    def __init__(self, config: RecurrentLMConfig) -> None:
        spec = config.choice
        super().__init__(config, spec.embedding_size)
        sizes = [spec.embedding_size] + [spec.hidden_size] * (spec.num_layers - 1)
        self.layers = nn.ModuleList(_CELLS[spec.cell](size, spec.hidden_size, batch_first=True) for size in sizes)
        self.dropout = FeatureDropout(spec.dropout)
        fits = spec.hidden_size == spec.embedding_size
        self.project = nn.Identity() if fits else nn.Linear(spec.hidden_size, spec.embedding_size)
        self.post_init()

    @classmethod
    def _supports_default_dynamic_cache(cls) -> bool:
        return False

    def read(
        self, vectors: Tensor, attention_mask: Tensor | None, cache: Any, use_cache: bool, with_weights: bool
    ) -> tuple[Tensor, Any, tuple[Tensor, ...]]:
        del with_weights  # nothing is looked at
        mask = newest(attention_mask, vectors.shape[1])
        with number_format(vectors.device):
            states = self.dropout(vectors.float() if lacks_bf16(vectors.device) else vectors)
            states, layers = self._through(states, mask, cache)
            states = self.project(states)
        length = vectors.shape[1] + (cache.get_seq_length() if cache is not None else 0)
        return states, RecurrentState(layers, length) if use_cache else None, ()

    def _through(
        self, states: Tensor, mask: Tensor | None, cache: RecurrentState | None
    ) -> tuple[Tensor, list[tuple[Tensor, ...]]]:
        """What only fills up is moved to each row's end and left out, so that no state has seen it."""
        lengths = places = None
        if mask is not None:
            places = mask.long().argsort(dim=1, descending=True, stable=True)
            lengths = mask.sum(dim=1).clamp_min(1).cpu()
            states = _taken(states, places)
        kept: list[tuple[Tensor, ...]] = []
        for depth, layer in enumerate(self.layers):
            past = None if cache is None else cache.layers[depth]
            states, final = _run(layer, states, past, lengths)
            kept.append(final)
            states = self.dropout(states)
        if places is not None:
            states = _taken(states, places.argsort(dim=1))
        return states, kept


def _run(
    layer: nn.Module, states: Tensor, past: tuple[Tensor, ...] | None, lengths: Tensor | None
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """(states [B, L, H], the state after each row's last token); `past` is the state before."""
    begun = past if past is None or len(past) > 1 else past[0]
    if lengths is None:
        found, final = layer(states, begun)
    else:
        packed = pack_padded_sequence(states, lengths, batch_first=True, enforce_sorted=False)
        found, final = layer(packed, begun)
        found, _ = pad_packed_sequence(found, batch_first=True, total_length=states.shape[1])
    return found, (final,) if isinstance(final, torch.Tensor) else tuple(final)


def _taken(states: Tensor, places: Tensor) -> Tensor:
    """States [B, L, D] in the order of `places` [B, L]."""
    return states.gather(1, places.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
