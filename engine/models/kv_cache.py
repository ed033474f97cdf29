"""Past: what a model keeps of the words that it has written, so that each new one costs one step."""

from __future__ import annotations

import torch
from torch import Tensor


class KVCache:
    """States [..., t, D] that grow by one a step: in place where no gradient is kept, else by copying."""

    def __init__(self, max_length: int) -> None:
        self._max_length = max_length
        self._states: Tensor | None = None
        self._length = 0

    def append(self, newest: Tensor) -> Tensor:
        """All states so far [..., t, D], the `newest` [..., 1, D] last."""
        self._length += 1
        if torch.is_grad_enabled():
            self._states = newest if self._states is None else torch.cat([self._states, newest], dim=-2)
            return self._states
        if self._states is None:
            self._states = newest.new_empty(*newest.shape[:-2], self._max_length, newest.shape[-1])
        self._states[..., self._length - 1, :] = newest[..., 0, :]
        return self._states[..., : self._length, :]
