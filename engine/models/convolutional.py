"""The convolutional classifier: embedding, filters of several widths, the strongest answer of each (Kim 2014), head.

Shapes: B rows, L tokens (padded on the right), E = embedding_size, F = num_filters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.config.classifiers import Convolutional
from engine.models.classifier import ClassifierConfig, ClassifierHead, TextClassifier
from engine.models.normalized import make_embedding


class ConvolutionalConfig(ClassifierConfig):
    """Config of `ConvolutionalClassifier`."""

    model_type = "attune-convolutional"

    @property
    def choice(self) -> Convolutional:
        return Convolutional.model_validate(self.spec or {})


class ConvolutionalClassifier(TextClassifier):
    """Looks for short runs of words, wherever they stand (`engine.config.classifiers.Convolutional`). It has no
    attention."""

    config_class = ConvolutionalConfig
    config: ConvolutionalConfig

    def __init__(self, config: ConvolutionalConfig) -> None:
        spec = config.choice
        super().__init__(config)
        self.embedding = make_embedding(config, spec.embedding_size)
        self.filters = nn.ModuleList(nn.Conv1d(spec.embedding_size, spec.num_filters, width) for width in spec.widths)
        self.dropout = nn.Dropout(spec.dropout)
        self.head = ClassifierHead(spec.num_filters * len(spec.widths), config)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return ()

    def summarize(self, input_ids: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        vectors = (self.embed(input_ids) * mask.unsqueeze(-1)).transpose(1, 2)
        found = [strongest(one, vectors, mask.sum(dim=1)) for one in self.filters]
        return self.dropout(torch.cat(found, dim=1)), ()


def strongest(filters: nn.Module, vectors: Tensor, lengths: Tensor) -> Tensor:
    """[B, F]: each filter's largest answer, at least 0, over the places where it sees only real words.

    `vectors` [B, E, L] are 0 behind each row's length [B]. A row shorter than the filter is seen once, from its first
    word on, with zeros behind.
    """
    assert isinstance(filters, nn.Conv1d)
    (width,) = filters.kernel_size
    # a trace is for texts of any length: it does not know how much is missing
    is_traced = torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
    missing = width - 1 if is_traced else max(0, width - vectors.shape[2])
    answers = functional.relu(filters(functional.pad(vectors, (0, missing))))
    places = torch.arange(answers.shape[2], device=lengths.device)
    is_whole = places < (lengths - width + 1).clamp_min(1).unsqueeze(1)
    # answers are at least 0, so that a 0 elsewhere is never the largest alone
    return (answers * is_whole.unsqueeze(1)).amax(dim=2)
