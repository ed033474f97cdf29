"""What a checkpoint said of every row of a split or file: all that its evaluation is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

Kind = Literal["one", "several", "number"]
"""One label a text, any number of labels a text, or a number."""


@dataclass(frozen=True)
class Answers:
    """Row by row, in the order of the source. N rows, L labels.

    `logits` float32 [N, L]; for a number [N, 1], the number itself. `truths`: label ids int64 [N], for several labels
    bool [N, L], for a number float64 [N]; None where the file has no labels. `loss` is the name of the loss that the
    model was trained with: `engine.metrics.probabilities` turns logits into probabilities by it. `rows` are the row
    numbers of the source from 1, `num_tokens` what the model read of each text. `columns` are the source's further
    columns. `split` is "validation", "test", "train" or "data" (another file, whose path is `source`); `checkpoint` is
    """

    kind: Kind
    labels: tuple[str, ...]
    positive_label: str | None
    loss: str
    logits: np.ndarray
    truths: np.ndarray | None
    rows: np.ndarray
    num_tokens: np.ndarray
    texts: Sequence[str]
    split: str
    source: str
    checkpoint: str
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def positive(self) -> int | None:
        """The id of the positive one of two labels (without a choice the second one); None for all else."""
        if self.kind != "one" or len(self.labels) != 2:
            return None
        return 1 if self.positive_label is None else self.labels.index(self.positive_label)
