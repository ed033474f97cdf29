"""text_batch: a batch of token ids as the tests make them up."""

from __future__ import annotations

import numpy as np
import torch

from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import ATTENTION_MASK, INPUT_IDS, LABELS


def text_batch(
    ids: torch.Tensor,
    mask: torch.Tensor | None = None,
    labels: torch.Tensor | None = None,
    unlabelled: Batch | None = None,
) -> Batch:
    """`ids` [rows, tokens], all of them real without a `mask`; nothing is to be learned without `labels`."""
    real = torch.ones_like(ids) if mask is None else mask
    targets = {} if labels is None else {LABELS: labels}
    padding = float(1 - real.float().mean())
    return Batch({INPUT_IDS: ids, ATTENTION_MASK: real}, targets, np.arange(len(ids)), padding, unlabelled)
