"""NgramTable: the n-grams of token ids and what each counts, as a plain graph: look up, take each once, add up.

A run of tokens is one whole number, as in `ngrams`; it is looked up by binary search, so that two different ones never
share a place, and what the table does not hold has weight 0. Sorting brings the same ones of a text together; all but
the first of them count nothing.

Shapes: B rows, L tokens, P = L times the longest run, N n-grams, Q questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.counting.counting import Counted


class NgramTable(nn.Module):
    """`num_ngrams` of up to `longest` tokens; `silent` token ids belong to none. `is_normalised`: the sum is divided by
    the text's length. Nothing in it learns by gradient: `take` takes over what was fitted."""

    def __init__(
        self,
        vocabulary_size: int,
        num_questions: int,
        silent: Sequence[int],
        *,
        num_ngrams: int = 0,
        longest: int = 1,
        is_normalised: bool = False,
    ) -> None:
        super().__init__()
        self.base, self.longest = vocabulary_size + 1, longest
        speaks = torch.ones(vocabulary_size, dtype=torch.int64)
        speaks[list(silent)] = 0
        self.speaks = _kept(speaks)
        self.keys = _kept(torch.zeros(num_ngrams, dtype=torch.int64))
        self.num_texts = _kept(torch.zeros(num_ngrams, dtype=torch.int64))
        self.weights = _kept(torch.zeros(num_ngrams + 1, num_questions))
        self.bias = _kept(torch.zeros(num_questions))
        self.squares: nn.Parameter | None = _kept(torch.zeros(num_ngrams + 1, 1)) if is_normalised else None

    def take(self, counted: Counted) -> None:
        """Take over what was fitted."""
        device, linear = self.keys.device, counted.linear
        self.longest = counted.way.longest
        self.keys = _kept(torch.from_numpy(counted.ngrams.keys).to(device))
        self.num_texts = _kept(torch.from_numpy(counted.num_texts.astype(np.int64)).to(device))
        self.weights = _kept(_with_unknown(torch.from_numpy(linear.weights)).to(device))
        self.bias = _kept(torch.from_numpy(linear.bias).to(device))
        squares = linear.squares
        self.squares = None if squares is None else _kept(_with_unknown(torch.from_numpy(squares)[:, None]).to(device))

    def forward(self, input_ids: Tensor, mask: Tensor) -> Tensor:
        """[B, Q]: log odds, or numbers; `mask` [B, L] is True where a token is real."""
        places = self.places(input_ids, mask)
        is_first = torch.cat([torch.ones_like(places[:, :1]), places[:, 1:] - places[:, :-1]], dim=1) != 0
        total = _summed(self.weights, places, is_first)
        if self.squares is not None:
            length = _summed(self.squares, places, is_first).sqrt()
            total = total / torch.where(length > 0, length, torch.ones_like(length))
        return total + self.bias

    def places(self, input_ids: Tensor, mask: Tensor) -> Tensor:
        """[B, P]: where the n-grams of each row stand in the table, in ascending order; N for one that is not there."""
        digits = (input_ids + 1) * self.speaks[input_ids] * mask.to(torch.int64)
        found, key = [digits], digits
        nothing = torch.zeros_like(digits[:, :1])
        for _ in range(self.longest - 1):
            before = torch.cat([nothing, key[:, :-1]], dim=1)
            key = (before * self.base + digits) * ((before > 0) & (digits > 0))
            found.append(key)
        ordered: Tensor = self._looked_up(torch.cat(found, dim=1)).sort(dim=1).values
        return ordered

    def _looked_up(self, wanted: Tensor) -> Tensor:
        """The place of each key `wanted` [B, P], N where the table has it not."""
        size = len(self.keys)
        if not size:
            return torch.zeros_like(wanted)
        is_traced = torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        at = (self.halved(wanted) if is_traced else torch.searchsorted(self.keys, wanted)).clamp_max(size - 1)
        return torch.where(self.keys[at] == wanted, at, torch.full_like(at, size))

    def halved(self, wanted: Tensor) -> Tensor:
        """As `torch.searchsorted` of `wanted` [B, P], in operations that every exporter knows."""
        low, high = torch.zeros_like(wanted), torch.full_like(wanted, len(self.keys))
        for _ in range(len(self.keys).bit_length()):
            middle = (low + high) // 2
            is_open = low < high
            is_less = is_open & (self.keys[middle.clamp_max(len(self.keys) - 1)] < wanted)
            low = torch.where(is_less, middle + 1, low)
            high = torch.where(is_open & ~is_less, middle, high)
        return low


def _summed(values: Tensor, places: Tensor, counts: Tensor) -> Tensor:
    """[B, columns]: the sum of `values` [N + 1, columns] at `places` [B, P] that count."""
    if torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
        return (functional.embedding(places, values) * counts.unsqueeze(-1)).sum(dim=1)
    return functional.embedding_bag(places, values, per_sample_weights=counts.to(values.dtype), mode="sum")


def _with_unknown(values: Tensor) -> Tensor:
    """A row of 0 behind [N, columns]."""
    return torch.cat([values, torch.zeros_like(values[:1]) if len(values) else values.new_zeros(1, values.shape[1])])


def _kept(table: Tensor) -> nn.Parameter:
    return nn.Parameter(table, requires_grad=False)


def frozen(loaded: Any) -> Any:
    """What `from_pretrained` gave, with what was fitted out of every optimizer's reach: loading lets all weights
    learn."""
    model: nn.Module = loaded[0] if isinstance(loaded, tuple) else loaded
    for module in model.modules():
        if isinstance(module, NgramTable):
            module.requires_grad_(False)
    output = getattr(model, "output", None)
    if isinstance(output, nn.Linear):
        output.requires_grad_(False)
    return loaded


def table_in(model: nn.Module) -> NgramTable | None:
    """The table of a model that counts, alone or beside a network."""
    return next((one for one in model.modules() if isinstance(one, NgramTable)), None)
