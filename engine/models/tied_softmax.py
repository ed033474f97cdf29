"""TiedSoftmax: which word of a large vocabulary it is, exactly, at a small part of a softmax's cost.

Shapes: N guesses, H state features, D embedding features, V words.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

_HEAD = 1000
_GROWTH = 5


class TiedSoftmax(nn.Module):
    """An adaptive softmax (Grave 2017) whose words are the rows of the model's own embedding (Press & Wolf 2017).

    The most frequent 1,000 words, which have the lowest ids in a vocabulary that was learned here, are told apart at
    once; the others lie in groups, and a group's words are told apart only where the answer lies in it, in fewer
    features (a quarter of them, then a sixteenth). The probabilities of all words sum to 1: training and evaluation see
    the same exact likelihood. The embedding is lent at each call, so that it is no weight of this module.
    """

    def __init__(self, state_size: int, embedding_size: int, vocabulary_size: int) -> None:
        super().__init__()
        self.cutoffs = _cutoffs(vocabulary_size)
        ranks = [max(8, embedding_size // 4**depth) for depth in range(1, len(self.cutoffs) - 1)]
        self.query = nn.Linear(state_size, embedding_size)
        self.groups = nn.Linear(state_size, len(ranks)) if ranks else None
        self.group_queries = nn.ModuleList(nn.Linear(state_size, rank) for rank in ranks)
        self.group_keys = nn.ModuleList(nn.Linear(embedding_size, rank, bias=False) for rank in ranks)
        self.bias = nn.Parameter(torch.zeros(vocabulary_size))

    def forward(self, states: Tensor, targets: Tensor, embedding: Tensor) -> Tensor:
        """-log p of `targets` [N] (word ids) after `states` [N, H], each in nats, float32 [N]; `embedding` [V, D]."""
        group = torch.bucketize(targets, targets.new_tensor(self.cutoffs[1:-1]), right=True)
        head = torch.where(group == 0, targets, self.cutoffs[1] + group - 1)
        found = functional.cross_entropy(self._head(states, embedding).float(), head, reduction="none")
        for index, (first, _) in enumerate(pairwise(self.cutoffs[1:])):
            rows = (group == index + 1).nonzero().squeeze(-1)
            logits = self._group(index, states[rows], embedding).float()
            inside = functional.cross_entropy(logits, targets[rows] - first, reduction="none")
            found = found.index_add(0, rows, inside)
        return found

    def log_probabilities(self, states: Tensor, embedding: Tensor) -> Tensor:
        """Of every word, [N, V]: exact and as costly as any softmax."""
        head = self._head(states, embedding).float().log_softmax(dim=-1)
        first = self.cutoffs[1]
        parts = [head[:, :first]]
        for index in range(len(self.group_queries)):
            inside = self._group(index, states, embedding).float().log_softmax(dim=-1)
            parts.append(head[:, first + index, None] + inside)
        return torch.cat(parts, dim=-1)

    def _head(self, states: Tensor, embedding: Tensor) -> Tensor:
        """[N, frequent words + groups]."""
        first = self.cutoffs[1]
        logits = functional.linear(self.query(states), embedding[:first], self.bias[:first])
        return logits if self.groups is None else torch.cat([logits, self.groups(states)], dim=-1)

    def _group(self, index: int, states: Tensor, embedding: Tensor) -> Tensor:
        """[N, words of the group]."""
        first, last = self.cutoffs[index + 1 : index + 3]
        keys = self.group_keys[index](embedding[first:last])
        return functional.linear(self.group_queries[index](states), keys, self.bias[first:last])


def _cutoffs(vocabulary_size: int) -> list[int]:
    """0, 1,000, 5,000, 25,000, ... up to the vocabulary's size: few groups, the last one never tiny."""
    cutoffs, size = [0], _HEAD
    while 2 * size <= vocabulary_size:
        cutoffs.append(size)
        size *= _GROWTH
    return [*cutoffs, vocabulary_size]
