"""NormalizedEmbedding: word vectors of mean 0 and variance 1, so that a model cannot outgrow changes of a fixed size.

Shapes: V words of the vocabulary, E features of a word vector.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.classifier import ClassifierConfig

_LEAST = 1e-6
"""Added to a variance: a vocabulary of one word has none."""


class NormalizedEmbedding(nn.Embedding):
    """(v_k - E[v]) / sqrt(Var[v]), mean and variance feature by feature over all words, each as often as it is used
    (Miyato 2017, eq. 1). Padding is a vector of zeros.

    The gradient goes through mean and variance. `frequencies` [V] sum to 1 and are saved with the weights; until they
    are set every word counts alike. Whoever wants the whole table takes `table()`, not `weight`.
    """

    frequencies: Tensor

    def __init__(self, num_words: int, size: int, padding_idx: int | None = None) -> None:
        super().__init__(num_words, size, padding_idx=padding_idx)
        self.register_buffer("frequencies", torch.full((num_words,), 1 / num_words))
        self._known: tuple[tuple[object, ...], tuple[Tensor, Tensor]] | None = None

    def forward(self, input_ids: Tensor) -> Tensor:
        """[..., E] for ids [...]."""
        return self._placed(functional.embedding(input_ids, self.weight, self.padding_idx), input_ids)

    def table(self) -> Tensor:
        """Every word's vector, [V, E]."""
        return self._placed(self.weight, torch.arange(self.num_embeddings, device=self.weight.device))

    def count(self, frequencies: Tensor) -> None:
        """Set how often each word is used, [V]; padding does not count."""
        assert frequencies.shape == (self.num_embeddings,), "one frequency a word"
        counted = frequencies.detach().to(self.frequencies).clone()
        if self.padding_idx is not None:
            counted[self.padding_idx] = 0
        total = counted.sum()
        assert total > 0, "some word must be used"
        with torch.no_grad():
            self.frequencies.copy_(counted / total)

    def _placed(self, vectors: Tensor, ids: Tensor) -> Tensor:
        mean, scale = self._moments()
        placed = (vectors - mean) * scale
        return placed if self.padding_idx is None else placed * (ids != self.padding_idx).unsqueeze(-1)

    def _moments(self) -> tuple[Tensor, Tensor]:
        """Mean and 1 / standard deviation, [E] each; known from before where the weights do not learn."""
        if torch.compiler.is_compiling():
            return _scaled(*_measured(self.weight, self.frequencies))
        if self.training or (torch.is_grad_enabled() and self.weight.requires_grad):
            return _scaled(*_Moments.apply(self.weight, self.frequencies))  # type: ignore[no-untyped-call]
        state = (self.weight.data_ptr(), self.weight._version, self.frequencies.data_ptr(), self.frequencies._version)
        if self._known is None or self._known[0] != state:
            with torch.inference_mode(False), torch.no_grad():
                self._known = (state, _scaled(*_measured(self.weight, self.frequencies)))
        return self._known[1]


class _Moments(torch.autograd.Function):
    """`_measured` with its gradient by hand: a vocabulary's table is large, and autograd would pass over it thrice as
    often. dL/dv_k = f_k (dL/dE + 2 (v_k - E) dL/dVar), as the mean of v - E is 0."""

    @staticmethod
    def forward(context: Any, weight: Tensor, frequencies: Tensor) -> tuple[Tensor, Tensor]:
        mean, variance = _measured(weight, frequencies)
        context.save_for_backward(weight, frequencies, mean)
        return mean, variance

    @staticmethod
    def backward(context: Any, *slopes: Tensor) -> tuple[Tensor, None]:
        weight, frequencies, mean = context.saved_tensors
        of_mean, of_variance = slopes
        slope = (weight - mean).mul_(2 * of_variance).add_(of_mean)
        return slope.mul_(frequencies.unsqueeze(-1)), None


def _measured(weight: Tensor, frequencies: Tensor) -> tuple[Tensor, Tensor]:
    """(E[v], Var[v]), [E] each, in the number format of `weight`: autocast would round products of matrices."""
    with torch.autocast(weight.device.type, enabled=False):
        mean = frequencies @ weight
        return mean, frequencies @ (weight - mean).square_()


def _scaled(mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
    return mean, (variance + _LEAST).rsqrt()


def make_embedding(config: ClassifierConfig, size: int) -> nn.Embedding:
    """Word vectors of `size` features for a new model of `config`; padding is a vector of zeros."""
    kind = NormalizedEmbedding if config.normalize_embeddings else nn.Embedding
    return kind(config.vocab_size, size, padding_idx=config.pad_token_id)


def table_of(embedding: nn.Embedding) -> Tensor:
    """[V, E]: the vectors as a model reads them, whichever kind of embedding holds them."""
    return embedding.table() if isinstance(embedding, NormalizedEmbedding) else embedding.weight
