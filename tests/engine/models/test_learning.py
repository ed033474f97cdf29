"""Every kind of model learns what a bag of words cannot: which of two words comes first."""

from __future__ import annotations

import pytest
import torch

from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.config.losses import BinaryCrossEntropy, CrossEntropy
from engine.config.model import Model

SPECS: list[Model] = [
    Recurrent(embedding_size=16, hidden_size=12),
    Transformer(hidden_size=16, num_heads=2, feed_forward_size=32, positions="sinusoidal"),
    Transformer(hidden_size=16, num_heads=2, feed_forward_size=32, positions="rotary", norm="post"),
    Transformer(hidden_size=16, num_heads=2, feed_forward_size=32, causal=True, pooling="last"),
    Convolutional(embedding_size=16, widths=(2, 4, 6), num_filters=24),
    Fusion(embedding_size=16, num_heads=4, feed_forward_size=32, hidden_size=16),
]


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_learns_the_order_of_words(make_model, spec: Model) -> None:
    generator = torch.Generator().manual_seed(5)
    ids = torch.randint(10, 50, (256, 8), generator=generator)
    labels = torch.randint(0, 2, (256,), generator=generator)
    places = torch.rand(256, 8, generator=generator).argsort(dim=1)[:, :2].sort(dim=1).values
    ids.scatter_(1, places, torch.where(labels[:, None] == 1, torch.tensor([3, 4]), torch.tensor([4, 3])))
    model = make_model(spec, loss=BinaryCrossEntropy() if spec.name == "fusion" else CrossEntropy()).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for step in range(120):
        rows = torch.arange(64) + step % 3 * 64
        optimizer.zero_grad()
        model(ids[rows], labels=labels[rows]).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.inference_mode():
        said = model.eval()(ids[192:]).logits.argmax(dim=1)
    assert (said == labels[192:]).float().mean() > 0.8


@pytest.mark.parametrize("spec", SPECS[:1] + SPECS[-1:], ids=lambda spec: spec.name)
def test_half_precision_trains(make_model, spec: Model) -> None:
    model = make_model(spec).train()
    ids = torch.randint(1, 50, (8, 9))
    with torch.autocast("cpu", torch.bfloat16):
        loss = model(ids, (ids > 5).long().cummin(dim=1).values, labels=torch.tensor([0, 1] * 4)).loss
    loss.backward()
    assert loss.dtype == torch.float32
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in model.parameters())
