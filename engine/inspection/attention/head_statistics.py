"""What each head does with a text, measured on its exact weights: how broadly, how far, and by which named pattern.

The patterns are those that Clark et al. 2019 ("What does BERT look at?", section 3) found by eye; here each is the
share of a head's weight that it explains, a mean over the queries that are words (of a long text over 512 of them,
evenly drawn). All shares are linear in the weights, so one matrix product measures them for every head of a layer.
Shapes: H heads, Q queries (the counted ones), K keys.
"""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.models.reading import read_text
from engine.records import AttentionMap, HeadFacts, Pattern

LEAST_SHARE = 0.5
"""A pattern names a head when it explains at least half of its weight."""

LEAST_ENTROPY = 0.85
"""A head without a pattern is broad from here on."""

_PATTERNS: tuple[Pattern, ...] = ("previous", "next", "self", "first", "separator", "same-word")
_LEAST_TOKENS = 4
"""In shorter texts every token is somebody's neighbour."""

_MOST_QUERIES = 512
_TINY = 1e-30
"""0 log 0 is 0; faster than `torch.special.entr`."""


class HeadStatistics:
    """The facts of each map of one text. A long text's maps are pooled while they are captured: then `watch`, a lens's
    `keep`, measures each layer as it passes by; the exact maps of any other are measured all at once."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, text: str, max_length: int) -> None:
        read = read_text(tokenizer, text, max_length)
        self._words = [token.lower() for token in read.tokens]
        self._special = torch.tensor(read.special)
        self._queries = _counted(self._special)
        self._measures: Tensor | None = None
        self._layers: dict[str, list[tuple[Tensor, Tensor]]] = {}

    @property
    def num_tokens(self) -> int:
        return len(self._words)

    def watch(self, name: str, _layer: int, weights: Tensor) -> None:
        """Weights [1, H, all queries, K] of the next layer of a map."""
        self._layers.setdefault(name, []).append(self._measured(weights[0].float().cpu()))

    def of(self, one: AttentionMap) -> HeadFacts:
        """What the heads of a map do; importance is not measured here and 0."""
        if one.name in self._layers:
            entropy, shares = (torch.stack(layers) for layers in zip(*self._layers[one.name], strict=True))
        else:
            entropy, shares = self._measured(torch.from_numpy(one.weights))
        best = shares[..., :-1].max(dim=-1)
        layers = zip(best.indices.tolist(), best.values.tolist(), entropy.tolist(), strict=True)
        return HeadFacts(
            entropy=entropy.numpy(),
            distance=shares[..., -1].numpy(),
            share=best.values.numpy(),
            importance=torch.zeros_like(entropy).numpy(),
            pattern=tuple(
                tuple(_named(*head, self.num_tokens) for head in zip(*layer, strict=True)) for layer in layers
            ),
        )

    def _measured(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """(entropies [..., H], shares of the patterns and mean distances [..., H, patterns + 1]) of weights
        [..., H, all queries, K]; a pooling's map has no patterns."""
        if weights.shape[-2] != self.num_tokens:
            return _entropy(weights), weights.new_zeros(*weights.shape[:-2], len(_PATTERNS) + 1)
        if self._measures is None:
            self._measures = self._made_measures() / len(self._queries)
        rows = weights[..., self._queries, :]
        return _entropy(rows), rows.flatten(-2) @ self._measures.flatten(1).T

    def _made_measures(self) -> Tensor:
        """[patterns + 1, Q, K]: 1 where a query-key pair belongs to a pattern, and the distance of the two."""
        count = len(self._words)
        offset = torch.arange(count)[None, :] - self._queries[:, None]
        known = {word: number for number, word in enumerate(dict.fromkeys(self._words))}
        numbers = torch.tensor([known[word] for word in self._words])
        is_first = torch.arange(count) == 0
        return torch.stack(
            [
                (offset == -1).float(),
                (offset == 1).float(),
                (offset == 0).float(),
                is_first.float().expand_as(offset),
                (self._special & ~is_first).float().expand_as(offset),
                ((numbers[None, :] == numbers[self._queries][:, None]) & (offset != 0)).float(),
                offset.abs().float(),
            ]
        )


def _counted(special: Tensor) -> Tensor:
    """[Q]: places of the words, evenly thinned where they are many; of all tokens where there are no words."""
    places = torch.arange(len(special))[~special]
    if not len(places):
        places = torch.arange(len(special))
    if len(places) <= _MOST_QUERIES:
        return places
    return places[torch.linspace(0, len(places) - 1, _MOST_QUERIES).round().long()]


def _entropy(weights: Tensor) -> Tensor:
    """[..., H]: the mean of the rows' entropy over that of an even look at the same keys."""
    spread = -(weights * (weights + _TINY).log()).sum(dim=-1)
    num_keys = torch.count_nonzero(weights, dim=-1)
    even = num_keys.clamp_min(2).float().log()
    share: Tensor = (spread / even).mean(dim=-1)
    return share.clamp(0, 1)


def _named(index: int, share: float, spread: float, num_tokens: int) -> Pattern:
    if share >= LEAST_SHARE and num_tokens >= _LEAST_TOKENS:
        return _PATTERNS[index]
    return "broad" if spread >= LEAST_ENTROPY else ""
