"""What a batch of pairs costs: the negative log-likelihood of its targets, word by word.

Shapes: B rows, T tokens of the longest target, N real tokens of all targets, V words.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

from engine.data.tokens.batches import Batch
from engine.models.seq2seq import IGNORED, Seq2SeqModel


@dataclass(frozen=True)
class TokenLosses:
    """`losses` [N] of the real tokens, `rows` [N]: which row each stands in; `coverage` [N], or None."""

    losses: Tensor
    rows: Tensor
    coverage: Tensor | None = None

    def by_row(self, num_rows: int) -> Tensor:
        """[B, 2]: -log p in nats, and tokens."""
        sums = torch.stack([self.losses, torch.ones_like(self.losses)], dim=1).double()
        return sums.new_zeros(num_rows, 2).index_add_(0, self.rows, sums)


def num_tokens(labels: Tensor) -> float:
    """Of `labels` [B, T] those that are learned."""
    return float((labels != IGNORED).sum())


def token_losses(model: PreTrainedModel, batch: Batch, smoothing: float = 0.0, own_share: float = 0.0) -> TokenLosses:
    """`smoothing` gives so much of the probability to all words alike (Szegedy 2016, sec. 7). With `own_share` so many
    of the words before are drawn from what the model itself expects there, in a first pass (Bengio 2015, in the
    parallel form of Mihaylova & Martins 2019)."""
    labels = batch.labels
    is_real = labels != IGNORED
    before: Tensor = model.prepare_decoder_input_ids_from_labels(labels=labels)  # type: ignore[operator]
    if own_share > 0:
        before = _with_own_words(model, batch, before, is_real, own_share)
    logits, coverage = _logits(model, batch, before, is_real)
    losses = functional.cross_entropy(logits.float(), labels[is_real], reduction="none", label_smoothing=smoothing)
    return TokenLosses(losses, is_real.nonzero()[:, 0], None if coverage is None else coverage[is_real])


def _logits(model: PreTrainedModel, batch: Batch, before: Tensor, is_real: Tensor) -> tuple[Tensor, Tensor | None]:
    """[N, V], and the coverage cost [B, T] of a model that has one."""
    inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask, "decoder_input_ids": before}
    if isinstance(model, Seq2SeqModel):
        output = model(**inputs, logits_at=is_real)
        return output.logits, output.coverage_cost
    return model(**inputs, use_cache=False).logits[is_real], None


def _with_own_words(model: PreTrainedModel, batch: Batch, before: Tensor, is_real: Tensor, own_share: float) -> Tensor:
    with torch.no_grad():
        logits, _ = _logits(model, batch, before, is_real)
        noise = torch.empty_like(logits).exponential_().log_()
        own = before.clone()
        own[is_real] = (logits - noise).argmax(dim=-1)
    is_own = (torch.rand(before.shape, device=before.device) < own_share) & is_real
    mixed = before.clone()
    mixed[:, 1:] = torch.where(is_own[:, 1:], own[:, :-1], before[:, 1:])
    return mixed
