"""SourceAttention: where the writer looks in what was read, by Bahdanau's score or Luong's three, everywhere or in a
window.

Shapes: B rows, S tokens of the source, T words of the target, D features of an encoder state, Q of the query.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.config.seq2seq import RecurrentSeq2Seq
from engine.models.attention import masked_softmax
from engine.models.initialization import initialize

_LARGEST = 2**24
"""Numbers that the additive scores of some words may take at once."""


class Keys(NamedTuple):
    """What is looked at: the encoder's `states` [B, S, D], as the score reads them [B, S, Q], and which are real."""

    states: Tensor
    keys: Tensor
    mask: Tensor


class GeneralKey(nn.Linear):
    """The W of q W h, kept as V / sqrt(Q) where V begins as the identity on each direction: it starts as dot.

    An update of Adam moves every number of a weight by the whole learning rate, and all of them the same way for the
    score: by rate * |q|_1 * |h|_1, about 9 at 128 features and .003, after which the softmax looks at one token and
    learns no more. Divided so (and by the square root of Q that all products are) an update moves a score by as much
    whatever the size (Yang 2022)."""

    def __init__(self, source_size: int, size: int) -> None:
        super().__init__(source_size, size, bias=False)

    def forward(self, states: Tensor) -> Tensor:
        keys: Tensor = super().forward(states) * self.out_features**-0.5
        return keys


@initialize.register
def _(module: GeneralKey) -> None:
    size = module.out_features
    with torch.no_grad():
        module.weight.copy_(torch.eye(size).repeat(1, module.in_features // size) * size**0.5)


class SourceAttention(nn.Module):
    """score(q, h) = v tanh(W h + U q) (Bahdanau 2015, A.1.2; Luong's concat without the bias), q W h (general) or q h
    (dot; of a reader in both directions h is the sum of the two, so that it has the size of q). With `scaled` the last
    two are divided by the square root of their size (Vaswani 2017, 3.2.1): without, some seeds never learn to look."""

    def __init__(self, spec: RecurrentSeq2Seq, source_size: int, *, scaled: bool) -> None:
        super().__init__()
        size = spec.hidden_size
        self.kind, self.window, self.reach = spec.attention, spec.window, spec.window_size
        self.is_additive = spec.attention in ("bahdanau", "luong-concat")
        self.size = size
        if self.is_additive:
            self.key = nn.Linear(source_size, size, bias=spec.attention == "bahdanau")
            self.query = nn.Linear(size, size, bias=False)
            self.score = nn.Linear(size, 1, bias=False)
        elif spec.attention == "luong-general":
            self.key = GeneralKey(source_size, size) if scaled else nn.Linear(source_size, size, bias=False)
        self.scale = size**-0.5 if scaled else 1.0
        if spec.coverage:
            self.seen = nn.Linear(1, size if self.is_additive else 1, bias=False)
        if spec.window == "predictive":
            self.place = nn.Sequential(nn.Linear(size, size), nn.Tanh(), nn.Linear(size, 1, bias=False))

    def read(self, states: Tensor, mask: Tensor) -> Keys:
        """Of `states` [B, S, D]; done once a text."""
        if self.kind == "luong-dot":
            extra = states.shape[-1] // self.size
            keys = states.unflatten(-1, (extra, self.size)).sum(dim=-2)
        else:
            keys = self.key(states)
        return Keys(states, keys, mask)

    def forward(self, query: Tensor, read: Keys, first: int, coverage: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(context [B, T, D], weights [B, T, S]) for `query` [B, T, Q], the states of words number `first` and on.
        `coverage` [B, S] is the sum of all weights before."""
        scores = self._scores(query, read, coverage)
        mask = read.mask[:, None, :]
        if self.window == "global":
            weights = masked_softmax(scores, mask)
        else:
            weights = self._in_window(scores, mask, query, first)
        return weights @ read.states, weights

    def _scores(self, query: Tensor, read: Keys, coverage: Tensor | None) -> Tensor:
        """[B, T, S]"""
        if not self.is_additive:
            scores = (query * self.scale) @ read.keys.transpose(-1, -2)
            return scores if coverage is None else scores + self.seen(coverage.unsqueeze(-1)).transpose(-1, -2)
        keys = read.keys if coverage is None else read.keys + self.seen(coverage.unsqueeze(-1))
        asked = self.query(query)
        at_once = max(1, _LARGEST // keys.numel())
        parts = [
            self.score(torch.tanh(keys[:, None] + some[:, :, None])).squeeze(-1) for some in asked.split(at_once, dim=1)
        ]
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)

    def _in_window(self, scores: Tensor, mask: Tensor, query: Tensor, first: int) -> Tensor:
        """Only `reach` tokens on each side of the middle (Luong 2015, 3.2): the word's own number (local-m), or where
        it is expected, weighed by a normal distribution about it (local-p, eq. 9 and 10). A row sums to 1 here too."""
        length = mask.sum(dim=-1, keepdim=True)  # [B, 1, 1]
        places = torch.arange(scores.shape[-1], device=scores.device)
        if self.window == "monotonic":
            numbers = torch.arange(first, first + scores.shape[1], device=scores.device)
            middle = numbers[None, :, None].minimum(length - 1)
            return masked_softmax(scores, mask & ((places - middle).abs() <= self.reach))
        middle = (length - 1) * torch.sigmoid(self.place(query))
        distance = places - middle
        near = mask & (distance.detach().abs() <= self.reach)
        bell = -(distance.float() ** 2) / (2 * (self.reach / 2) ** 2)
        return masked_softmax(scores.float() + bell, near).to(scores.dtype)
