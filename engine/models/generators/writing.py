"""Text: a batch of texts that are being written, word by word, until each has ended.

Shapes: B rows, L tokens so far.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


class Text:
    """Texts that begin with the ids `first` [B]; behind the first `end` of a row all is `pad`.

    Only rows that still go on need the output layer, which is most of the work; an average text is half as long as the
    longest one.
    """

    def __init__(self, first: Tensor, pad: int, end: int | None) -> None:
        self.newest = first
        self.going = torch.arange(len(first), device=first.device)
        self._ids = [first]
        self._pad, self._end = pad, end

    @property
    def length(self) -> int:
        """Tokens so far."""
        return len(self._ids)

    def write(self, words: Tensor) -> None:
        """The next word of each of the rows `going`; which of them go on is new afterwards."""
        self.newest = torch.full_like(self.newest, self._pad).index_copy(0, self.going, words)
        self._ids.append(self.newest)
        self.going = self.going[words != self._end]

    def ids(self) -> Tensor:
        """[B, L]."""
        return torch.stack(self._ids, dim=1)


def side_by_side(parts: list[Tensor], pad: int) -> Tensor:
    """Ids [B, L] of several batches as one, padded to the longest."""
    longest = max(part.shape[1] for part in parts)
    return torch.cat([functional.pad(part, (0, longest - part.shape[1]), value=pad) for part in parts])
