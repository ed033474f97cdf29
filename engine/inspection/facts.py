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
from engine.records import HeadFacts, Pattern

LEAST_SHARE = 0.5
"""A pattern names a head when it explains at least half of its weight."""

LEAST_ENTROPY = 0.85
"""A head without a pattern is broad from here on."""

_PATTERNS: tuple[Pattern, ...] = ("previous", "next", "self", "first", "separator", "same-word")
_LEAST_TOKENS = 4
"""In shorter texts every token is somebody's neighbour."""

_MOST_QUERIES = 512


class FactsOfMaps:
    """Watches one pass (`watch` is a lens's `keep`), then gives the facts of each map by its name."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, text: str, max_length: int) -> None:
        read = read_text(tokenizer, text, max_length)
        self._words = [token.lower() for token in read.tokens]
        self._special = torch.tensor(read.special)
        self._queries = _counted(self._special)
        self._measures: Tensor | None = None
        self._layers: dict[str, list[tuple[Tensor, Tensor]]] = {}

    def watch(self, name: str, _layer: int, weights: Tensor) -> None:
        """Weights [1, H, all queries, K] of the next layer of a map."""
        exact = weights[0]
        is_pooling = exact.shape[1] != len(self._words)
        rows = exact if is_pooling else exact[:, self._queries.to(exact.device)]
        rows = rows.float().cpu()
        shares = torch.zeros(len(rows), len(_PATTERNS) + 1) if is_pooling else self._shares(rows)
        self._layers.setdefault(name, []).append((_entropy(rows), shares))

    def of(self, name: str) -> HeadFacts:
        """The facts of the map `name`; importance is not measured here and 0."""
        entropy = torch.stack([layer[0] for layer in self._layers[name]])
        shares = torch.stack([layer[1] for layer in self._layers[name]])
        best = shares[..., :-1].max(dim=-1)
        pattern = tuple(
            tuple(
                _named(int(index), float(share), float(spread), len(self._words))
                for index, share, spread in zip(indices, values, spreads, strict=True)
            )
            for indices, values, spreads in zip(best.indices, best.values, entropy, strict=True)
        )
        return HeadFacts(
            entropy=entropy.numpy(),
            distance=shares[..., -1].numpy(),
            share=best.values.numpy(),
            importance=torch.zeros_like(entropy).numpy(),
            pattern=pattern,
        )

    def _shares(self, weights: Tensor) -> Tensor:
        """[H, patterns + 1]: the share that each pattern explains, then the mean distance."""
        if self._measures is None:
            self._measures = self._made_measures() / len(self._queries)
        return weights.flatten(1) @ self._measures.flatten(0, 1)

    def _made_measures(self) -> Tensor:
        """[Q, K, patterns + 1]: 1 where a query-key pair belongs to a pattern, and the distance of the two."""
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
            ],
            dim=-1,
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
    """[H]: the mean of the rows' entropy over that of an even look at the same keys."""
    spread = torch.special.entr(weights).sum(dim=-1)
    num_keys = (weights > 0).sum(dim=-1)
    even = num_keys.clamp_min(2).float().log()
    share: Tensor = (spread / even).mean(dim=-1)
    return share.clamp(0, 1)


def _named(index: int, share: float, spread: float, num_tokens: int) -> Pattern:
    if share >= LEAST_SHARE and num_tokens >= _LEAST_TOKENS:
        return _PATTERNS[index]
    return "broad" if spread >= LEAST_ENTROPY else ""
