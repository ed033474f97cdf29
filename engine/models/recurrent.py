"""The recurrent classifier: embedding, RNN / LSTM / GRU, pooling, head.

Shapes: B rows, L tokens (padded on the right), D = directions * hidden_size features.
"""

from __future__ import annotations

import contextlib

import torch
from torch import Tensor, nn

from engine.config.classifiers import Cell, Recurrent
from engine.models.classifier import ClassifierConfig, ClassifierHead, TextClassifier
from engine.models.normalized import make_embedding
from engine.models.pooling import build_pooling, map_names

_CELLS: dict[Cell, type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class FeatureDropout(nn.Module):
    """Dropout that hides the same features at every token of a row (Gal & Ghahramani 2016).

    It regularizes recurrent layers better than a fresh draw at each token, and draws L times fewer numbers.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    def forward(self, states: Tensor) -> Tensor:
        if not self.training or self.probability == 0:
            return states
        kept = states.new_ones(states.shape[0], 1, states.shape[2])
        return states * nn.functional.dropout(kept, self.probability)


class RecurrentLayers(nn.Module):
    """Stacked recurrent layers in one or two directions, whose results do not depend on the padding.

    Each direction is a layer of its own: padding on the right comes after all that a forward layer reads, and the
    backward layer reads each row reversed within its own length. That is exact, faster than packed sequences on a
    CPU, and every exporter knows it.
    """

    def __init__(
        self, cell: Cell, input_size: int, hidden_size: int, *, num_layers: int, bidirectional: bool, dropout: float
    ) -> None:
        super().__init__()
        self.size = hidden_size * (2 if bidirectional else 1)
        sizes = [input_size] + [self.size] * (num_layers - 1)
        self.forward_layers = nn.ModuleList(_CELLS[cell](size, hidden_size, batch_first=True) for size in sizes)
        self.backward_layers = nn.ModuleList(
            _CELLS[cell](size, hidden_size, batch_first=True) for size in sizes if bidirectional
        )
        self.dropout = FeatureDropout(dropout)

    def forward(self, inputs: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """States [B, L, D] and the final state [B, D]: after the last real token and, backward, before the first."""
        with number_format(inputs.device):
            return self._read(inputs.float() if lacks_bf16(inputs.device) else inputs, mask)

    def _read(self, inputs: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        lengths = mask.sum(dim=1)
        mirror = _mirror(lengths, inputs.shape[1])
        states = inputs
        for depth, forward_layer in enumerate(self.forward_layers):
            directions = [forward_layer(states)[0]]
            if self.backward_layers:
                directions.append(_take(self.backward_layers[depth](_take(states, mirror))[0], mirror))
            states = self.dropout(torch.cat(directions, dim=-1))
        return states, self._final(states, lengths)

    def _final(self, states: Tensor, lengths: Tensor) -> Tensor:
        at_end = _take(states, (lengths - 1).unsqueeze(1)).squeeze(1)
        if not self.backward_layers:
            return at_end
        size = self.size // 2
        return torch.cat([at_end[:, :size], states[:, 0, size:]], dim=-1)


class RecurrentConfig(ClassifierConfig):
    """Config of `RecurrentClassifier`."""

    model_type = "attune-recurrent"

    @property
    def choice(self) -> Recurrent:
        return Recurrent.model_validate(self.spec or {})


class RecurrentClassifier(TextClassifier):
    """Reads word by word, then sums up what it read (`engine.config.classifiers.Recurrent`)."""

    config_class = RecurrentConfig
    config: RecurrentConfig

    def __init__(self, config: RecurrentConfig) -> None:
        spec = config.choice
        size = spec.hidden_size * (2 if spec.bidirectional else 1)
        super().__init__(config)
        self.embedding = make_embedding(config, spec.embedding_size)
        self.embedding_dropout = FeatureDropout(spec.embedding_dropout)
        self.layers = RecurrentLayers(
            spec.cell,
            spec.embedding_size,
            spec.hidden_size,
            num_layers=spec.num_layers,
            bidirectional=spec.bidirectional,
            dropout=spec.dropout,
        )
        self.pooling = build_pooling(spec.pooling, size, spec.hidden_size)
        self._names = map_names(spec.pooling)
        self.head = ClassifierHead(size, config)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return self._names

    def summarize(self, input_ids: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        states, final = self.layers(self.embedding_dropout(self.embed(input_ids)), mask)
        summary, weights = self.pooling(states, final, self.words(input_ids, mask))
        return summary, (weights,) if with_weights and weights is not None else ()


def lacks_bf16(device: torch.device) -> bool:
    """An older processor has no recurrent kernel for bf16, though it does everything else in it."""
    return (
        device.type == "cpu" and torch.is_autocast_enabled("cpu") and not torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )


def number_format(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """fp32 for the recurrent layers where bf16 is asked for and the processor cannot; else as it is."""
    return torch.autocast("cpu", enabled=False) if lacks_bf16(device) else contextlib.nullcontext()


def _mirror(lengths: Tensor, num_tokens: int) -> Tensor:
    """[B, L]: the place that each token takes when the row is reversed within its length; padding stays in place."""
    places = torch.arange(num_tokens, device=lengths.device).unsqueeze(0)
    return torch.where(places < lengths.unsqueeze(1), lengths.unsqueeze(1) - 1 - places, places)


def _take(states: Tensor, places: Tensor) -> Tensor:
    """States [B, L, D] at `places` [B, P]: [B, P, D]."""
    return states.gather(1, places.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
