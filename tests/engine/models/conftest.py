"""Small models of every kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.config.losses import CrossEntropy, Loss
from engine.config.model import Model
from engine.models import TextClassifier
from engine.models.build import build

MakeModel = Callable[..., TextClassifier]


@pytest.fixture
def make_model() -> MakeModel:
    """`make_model(spec, loss=..., labels=..., class_weights=...)`: seeded, in evaluation mode, 30 tokens long."""

    def make(
        spec: Model,
        loss: Loss | None = None,
        labels: tuple[str, ...] = ("bad", "good"),
        class_weights: tuple[float, ...] | None = None,
    ) -> TextClassifier:
        torch.manual_seed(0)
        model = build(
            spec,
            vocabulary_size=50,
            num_labels=max(1, len(labels)),
            max_length=30,
            pad_token_id=0,
            labels=labels,
            loss=loss or CrossEntropy(),
            class_weights=class_weights,
        )
        return model.eval()

    return make


@pytest.fixture(params=["recurrent", "transformer", "fusion", "convolutional"])
def small_spec(request: pytest.FixtureRequest) -> Model:
    """One small spec of each kind, with attention where it has one."""
    specs: dict[str, Model] = {
        "recurrent": Recurrent(embedding_size=8, hidden_size=6, num_layers=2),
        "transformer": Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, positions="sinusoidal"),
        "fusion": Fusion(embedding_size=8, num_heads=2, feed_forward_size=12, hidden_size=6),
        "convolutional": Convolutional(embedding_size=8, num_filters=5),
    }
    return specs[request.param]
