"""Normalized word vectors: mean 0 and variance 1 over the words as they are used, saved, cached and exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification

from engine.config.classifiers import Transformer
from engine.config.losses import CrossEntropy
from engine.data.tokens.encoding import Encoded, Ragged, token_frequencies
from engine.models import TextClassifier
from engine.models.build import build
from engine.models.normalized import NormalizedEmbedding, table_of

FREQUENCIES = torch.rand(50, generator=torch.Generator().manual_seed(0))
IDS = torch.randint(1, 50, (3, 11), generator=torch.Generator().manual_seed(0))
MASK = (torch.arange(11)[None] < torch.tensor([11, 5, 2])[:, None]).long()


def make(spec, frequencies: torch.Tensor | None = FREQUENCIES) -> TextClassifier:
    torch.manual_seed(0)
    return build(
        spec,
        vocabulary_size=50,
        num_labels=2,
        max_length=30,
        pad_token_id=0,
        labels=("a", "b"),
        loss=CrossEntropy(),
        frequencies=frequencies,
    )


@pytest.fixture
def embedding() -> NormalizedEmbedding:
    torch.manual_seed(0)
    found = NormalizedEmbedding(50, 6, padding_idx=0)
    found.count(FREQUENCIES)
    return found


def test_equation_1(embedding: NormalizedEmbedding) -> None:
    f, v = embedding.frequencies.double().numpy(), embedding.weight.detach().double().numpy()
    assert f[0] == 0 and f.sum() == pytest.approx(1.0)
    mean = (f[:, None] * v).sum(0)
    expected = (v - mean) / np.sqrt((f[:, None] * (v - mean) ** 2).sum(0) + 1e-6)
    found = embedding(torch.arange(50)).detach().double().numpy()
    assert found[1:] == pytest.approx(expected[1:], abs=1e-5) and (found[0] == 0).all()
    assert (f[:, None] * found).sum(0) == pytest.approx(np.zeros(6), abs=1e-5)
    assert (f[:, None] * found**2).sum(0) == pytest.approx(np.ones(6), abs=1e-3)
    assert torch.equal(table_of(embedding), embedding(torch.arange(50)))


def test_the_gradient_goes_through_mean_and_variance(embedding: NormalizedEmbedding) -> None:
    exact = embedding.double()
    ids = torch.tensor([[1, 2, 0], [2, 3, 4]])
    torch.manual_seed(1)
    wanted = torch.randn(2, 3, 6, dtype=torch.float64)

    def value(weight: torch.Tensor) -> torch.Tensor:
        return (torch.func.functional_call(exact, {"weight": weight}, (ids,)) * wanted).sum()

    assert torch.autograd.gradcheck(value, exact.weight.detach().clone().requires_grad_())
    value(exact.weight).backward()
    assert exact.weight.grad is not None and (exact.weight.grad[10] != 0).any(), (
        "words that are not there move the mean"
    )


def test_a_vocabulary_of_one_word_stays_finite() -> None:
    embedding = NormalizedEmbedding(2, 4, padding_idx=0)
    embedding.count(torch.tensor([0.0, 1.0]))
    assert embedding(torch.tensor([0, 1])).isfinite().all()


def test_what_is_known_in_evaluation_is_forgotten_when_weights_change(embedding: NormalizedEmbedding) -> None:
    embedding.eval()
    ids = torch.arange(50)
    with torch.inference_mode():
        before = embedding(ids).clone()
        assert embedding._known is not None
        known = embedding._known
        assert torch.equal(embedding(ids), before) and embedding._known is known
    with torch.no_grad():
        embedding.weight.mul_(torch.arange(50).float().unsqueeze(1))
        changed = embedding(ids)
    assert not torch.allclose(changed, before) and torch.equal(changed, embedding.train()(ids))
    embedding.eval().count(torch.ones(50))
    with torch.no_grad():
        assert not torch.allclose(embedding(ids), changed)
    frozen = embedding.requires_grad_(False)(ids).requires_grad_()
    frozen.sum().backward()  # what was made in inference mode could not take part


def test_bf16_rounds_no_mean(embedding: NormalizedEmbedding) -> None:
    exact = embedding(IDS)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(embedding(IDS), exact)


def test_saved_and_opened_again(small_spec, tmp_path: Path) -> None:
    model = make(small_spec).eval()
    assert isinstance(model.embedding, NormalizedEmbedding) and model.config.normalize_embeddings
    model.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path, trust_remote_code=False)
    assert torch.equal(again.embedding.frequencies, model.embedding.frequencies)
    with torch.inference_mode():
        expected = model(IDS, MASK).logits
        assert torch.equal(again(IDS, MASK).logits, expected)
    assert not torch.allclose(make(small_spec, None).eval()(IDS, MASK).logits, expected)


def test_without_frequencies_a_model_is_the_same_as_ever(small_spec) -> None:
    model = make(small_spec, None)
    assert type(model.embedding) is torch.nn.Embedding and list(model.buffers()) == []


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_positions_are_as_large_as_normalized_words(positions: str) -> None:
    model = make(Transformer(hidden_size=64, num_heads=2, positions=positions, dropout=0.0))
    words = model.embedding(IDS).detach()
    places = model.positions(words).detach() - words
    ratio = float(places.norm(dim=-1).mean() / words.norm(dim=-1).mean())
    assert 0.5 < ratio < 2


@pytest.mark.slow
def test_it_can_be_exported(embedding: NormalizedEmbedding) -> None:
    exported = torch.export.export(embedding.eval(), (IDS,))
    assert torch.allclose(exported.module()(IDS), embedding(IDS))


def test_frequencies_are_counted() -> None:
    tokens = Ragged(np.array([2, 3, 3, 0, 2, 2], dtype=np.uint16), np.array([0, 3, 4, 6]))
    encoded = Encoded({"input_ids": tokens}, {}, np.arange(1, 4))
    assert token_frequencies(encoded, 5).tolist() == pytest.approx([0.0, 0.0, 0.6, 0.4, 0.0])
