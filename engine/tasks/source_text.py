"""SourceText: a person's text as a model that writes another one reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class SourceText:
    """`ids` [1, S] are read; `spans` [S] say where in `text` each stands, (0, 0) for what is no part of it. The text
    has `num_tokens`; where those are more than S, nothing was read from the sign `cut_at` on."""

    text: str
    ids: Tensor
    spans: Sequence[tuple[int, int]]
    num_tokens: int
    cut_at: int | None
