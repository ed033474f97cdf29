"""The transformer and the fusion: positions, norms, activations, padding, the two paths of attention, gradients."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.classifiers import Activation, Fusion, Positions, Transformer
from engine.errors import InputError
from engine.models.positions import rotate, rotation, sinusoidal

ACTIVATIONS, POSITIONS = get_args(Activation), get_args(Positions)


def small(**choices: object) -> Transformer:
    return Transformer(**{"hidden_size": 8, "num_heads": 2, "feed_forward_size": 12, **choices})


@pytest.mark.parametrize(
    ("positions", "norm", "pooling"), list(product(POSITIONS, ("pre", "post"), ("first", "mean", "max")))
)
def test_both_paths_of_attention_agree(make_model, positions: str, norm: str, pooling: str) -> None:
    model = make_model(small(positions=positions, norm=norm, pooling=pooling))
    ids = torch.randint(1, 50, (3, 9))
    mask = torch.arange(9)[None] < torch.tensor([9, 4, 1])[:, None]
    fused, explicit = model(ids, mask.long()), model(ids, mask.long(), output_attentions=True)
    torch.testing.assert_close(fused.logits, explicit.logits, atol=1e-5, rtol=0)
    assert fused.attentions is None and len(explicit.attentions) == 2
    for weights in explicit.attentions:
        assert weights.shape == (3, 2, 9, 9)
        torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 9), atol=1e-6, rtol=0)
        assert (weights[1, ..., 4:] == 0).all() and (weights[2, ..., 1:] == 0).all()


@pytest.mark.parametrize(("positions", "activation", "norm"), list(product(POSITIONS, ACTIVATIONS, ("pre", "post"))))
def test_every_parameter_learns(make_model, positions: str, activation: str, norm: str) -> None:
    specs = [small(positions=positions, activation=activation, norm=norm)]
    if norm == "pre":
        specs.append(
            Fusion(
                embedding_size=8,
                num_heads=2,
                feed_forward_size=12,
                hidden_size=5,
                positions=positions,
                activation=activation,
            )
        )
    for spec in specs:
        model = make_model(spec).train()
        ids = torch.randint(1, 50, (6, 30))
        model(ids, torch.ones_like(ids), labels=torch.tensor([0, 1] * 3)).loss.backward()
        still = [name for name, w in model.named_parameters() if w.grad is None or not w.grad.abs().sum() > 0]
        assert still == []


@settings(max_examples=40, deadline=None)
@given(
    positions=st.sampled_from(POSITIONS),
    norm=st.sampled_from(("pre", "post")),
    pooling=st.sampled_from(("first", "mean", "max")),
    is_fusion=st.booleans(),
    lengths=st.lists(st.integers(1, 8), min_size=1, max_size=3),
    extra=st.integers(0, 4),
)
def test_padding_changes_nothing(positions, norm, pooling, is_fusion, lengths, extra) -> None:
    from engine.config.losses import BinaryCrossEntropy
    from engine.models.build import build

    spec = (
        Fusion(embedding_size=8, num_heads=2, feed_forward_size=12, hidden_size=5, positions=positions)
        if is_fusion
        else small(positions=positions, norm=norm, pooling=pooling)
    )
    torch.manual_seed(3)
    model = build(
        spec,
        vocabulary_size=50,
        num_labels=3,
        max_length=30,
        pad_token_id=0,
        labels=("a", "b", "c"),
        loss=BinaryCrossEntropy(),
        class_weights=None,
    ).eval()
    ids = torch.randint(1, 50, (len(lengths), max(lengths) + extra))
    mask = (torch.arange(ids.shape[1])[None] < torch.tensor(lengths)[:, None]).long()
    with torch.inference_mode():
        together = model(ids, mask).logits
        alone = torch.cat([model(ids[row : row + 1, :length]).logits for row, length in enumerate(lengths)])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("positions", POSITIONS)
def test_order_matters(make_model, positions: str) -> None:
    model = make_model(small(positions=positions))
    one, other = torch.tensor([[5, 6, 7, 8]]), torch.tensor([[8, 6, 7, 5]])
    assert not torch.allclose(model(one).logits, model(other).logits, atol=1e-4)


def test_sinusoids_are_the_papers() -> None:
    table = sinusoidal(20, 6, torch.device("cpu"))
    for position, pair in product((0, 7, 19), range(3)):
        angle = torch.tensor(position / 10_000 ** (2 * pair / 6))
        torch.testing.assert_close(table[position, 2 * pair], angle.sin(), atol=1e-5, rtol=0)
        torch.testing.assert_close(table[position, 2 * pair + 1], angle.cos(), atol=1e-5, rtol=0)


def test_odd_widths_have_sinusoids_too() -> None:
    assert sinusoidal(4, 5, torch.device("cpu")).shape == (4, 5)


def test_rotated_products_depend_on_distance_alone() -> None:
    turn = rotation(12, 8, torch.device("cpu"))
    query, key = (torch.randn(8).expand(1, 1, 12, 8) for _ in range(2))
    scores = (rotate(query, turn) @ rotate(key, turn).transpose(-1, -2))[0, 0]
    for distance in (-4, 0, 3):
        line = scores.diagonal(distance)
        torch.testing.assert_close(line, line[:1].expand_as(line), atol=1e-4, rtol=0)
    assert not torch.allclose(scores.diagonal(0)[0], scores.diagonal(3)[0], atol=1e-3)


def test_a_longer_text_than_the_model_reads_is_refused_in_words(make_model) -> None:
    with pytest.raises(InputError, match="31 tokens; the model reads at most 30"):
        make_model(small())(torch.ones(1, 31, dtype=torch.long))


def test_fusion_names_its_maps(make_model) -> None:
    model = make_model(Fusion(embedding_size=8, num_heads=4, num_blocks=2, hidden_size=5))
    assert model.attention_names == ("self-attention", "self-attention", "additive attention")
    maps = model(torch.randint(1, 50, (2, 7)), output_attentions=True).attentions
    assert [tuple(weights.shape) for weights in maps] == [(2, 4, 7, 7), (2, 4, 7, 7), (2, 1, 1, 7)]
