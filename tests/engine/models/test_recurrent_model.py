"""The recurrent classifier: every cell and pooling, padding, direction, gradients, initial weights."""

from __future__ import annotations

from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.config.classifiers import Cell, Pooling, Recurrent
from engine.config.losses import CrossEntropy
from engine.models.build import build
from engine.models.recurrent import RecurrentLayers

CELLS = get_args(Cell)
POOLINGS = ("last", "max", "mean", "additive", "dot", "general", "concat", "multi-head")
WITH_ATTENTION = POOLINGS[3:]


def pooling_of(name: str) -> Pooling:
    pooling: Pooling = TypeAdapter(Pooling).validate_python({"name": name})
    return pooling


def small(cell: str, pooling: str, bidirectional: bool = True, num_layers: int = 1):
    torch.manual_seed(1)
    spec = Recurrent(
        cell=cell,
        embedding_size=7,
        hidden_size=5,
        num_layers=num_layers,
        bidirectional=bidirectional,
        pooling=pooling_of(pooling),
    )
    model = build(
        spec,
        vocabulary_size=40,
        num_labels=3,
        max_length=64,
        pad_token_id=0,
        labels=("a", "b", "c"),
        loss=CrossEntropy(),
        class_weights=None,
    )
    return model.eval()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    cell=st.sampled_from(CELLS),
    pooling=st.sampled_from(POOLINGS),
    bidirectional=st.booleans(),
    num_layers=st.integers(1, 2),
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    extra=st.integers(0, 5),
    rubbish=st.integers(0, 39),
)
def test_padding_changes_nothing(cell, pooling, bidirectional, num_layers, lengths, extra, rubbish) -> None:
    model = small(cell, pooling, bidirectional, num_layers)
    width = max(lengths) + extra
    texts = [torch.randint(1, 40, (1, length)) for length in lengths]
    padded = torch.full((len(texts), width), rubbish)
    mask = torch.zeros_like(padded)
    for row, text in enumerate(texts):
        padded[row, : text.shape[1]] = text
        mask[row, : text.shape[1]] = 1
    with torch.inference_mode():
        together = model(padded, mask, output_attentions=True)
        for row, text in enumerate(texts):
            alone = model(text, output_attentions=True)
            torch.testing.assert_close(together.logits[row], alone.logits[0], atol=1e-6, rtol=1e-5)
            for padded_map, own_map in zip(together.attentions, alone.attentions, strict=True):
                torch.testing.assert_close(padded_map[row, ..., : text.shape[1]], own_map[0], atol=1e-6, rtol=1e-5)
                assert (padded_map[row, ..., text.shape[1] :] == 0).all()


@pytest.mark.parametrize("cell", CELLS)
def test_layers_equal_torchs_packed_bidirectional_ones(cell: str) -> None:
    """The reversal within each row is the packed sequence's, value for value, final state included."""
    torch.manual_seed(2)
    ours = RecurrentLayers(cell, 4, 3, num_layers=1, bidirectional=True, dropout=0.0)
    theirs = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](4, 3, batch_first=True, bidirectional=True)
    own = {f"{name}": value for name, value in ours.forward_layers[0].named_parameters()}
    own |= {f"{name}_reverse": value for name, value in ours.backward_layers[0].named_parameters()}
    theirs.load_state_dict(own)
    lengths = torch.tensor([5, 2, 7])
    mask = torch.arange(7)[None] < lengths[:, None]
    inputs = torch.randn(3, 7, 4)
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    outputs, final = theirs(packed)
    final = final[0] if cell == "lstm" else final
    expected = pad_packed_sequence(outputs, batch_first=True)[0]
    states, last = ours(inputs, mask)
    torch.testing.assert_close(states[mask], expected[mask])
    torch.testing.assert_close(last, torch.cat([final[0], final[1]], dim=-1))


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("cell", CELLS)
def test_every_parameter_learns(cell: str, pooling: str) -> None:
    model = small(cell, pooling, num_layers=2).train()
    ids = torch.randint(1, 40, (6, 8))
    model(ids, torch.ones_like(ids), labels=torch.tensor([0, 1, 2, 0, 1, 2])).loss.backward()
    still = [
        name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.abs().sum() > 0
    ]
    assert still == []


@pytest.mark.parametrize("pooling", POOLINGS)
def test_maps_come_only_when_asked_for(pooling: str) -> None:
    model = small("gru", pooling)
    ids = torch.randint(1, 40, (2, 6))
    assert model(ids).attentions is None
    maps = model(ids, output_attentions=True).attentions
    assert len(maps) == len(model.attention_names) == (pooling in WITH_ATTENTION)
    for weights in maps:
        assert weights.shape == (2, 4 if pooling == "multi-head" else 1, 1, 6)
        torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]), atol=1e-6, rtol=0)


@pytest.mark.parametrize("num_heads", [1, 3, 7, 64])
def test_any_number_of_heads_fits(num_heads: int) -> None:
    pooling = TypeAdapter(Pooling).validate_python({"name": "multi-head", "num_heads": num_heads})
    spec = Recurrent(embedding_size=4, hidden_size=5, pooling=pooling)
    model = build(
        spec,
        vocabulary_size=9,
        num_labels=2,
        max_length=8,
        pad_token_id=0,
        labels=("a", "b"),
        loss=CrossEntropy(),
        class_weights=None,
    )
    assert model(torch.tensor([[1, 2, 3]]), output_attentions=True).attentions[0].shape == (1, num_heads, 1, 3)


def test_reads_backwards_too() -> None:
    """With one direction the first state knows nothing of later words; with two it does."""
    first, second = torch.tensor([[3, 4, 5]]), torch.tensor([[3, 4, 9]])
    for bidirectional in (False, True):
        model = small("lstm", "last", bidirectional)
        states = [model.layers(model.embedding(ids), ids > 0)[0][:, 0] for ids in (first, second)]
        assert torch.equal(*states) is not bidirectional


def test_a_row_of_padding_alone_stays_finite() -> None:
    for pooling in POOLINGS:
        output = small("lstm", pooling)(torch.zeros(2, 4, dtype=torch.long), torch.zeros(2, 4, dtype=torch.long))
        assert output.logits.isfinite().all(), pooling


def test_initial_weights() -> None:
    model = small("lstm", "last")
    layer = model.layers.forward_layers[0]
    assert torch.equal(layer.bias_ih_l0.detach().chunk(4)[1], torch.ones(5))
    assert layer.bias_ih_l0.sum() == 5 and layer.bias_hh_l0.abs().sum() == 0
    for gate in layer.weight_hh_l0.detach().chunk(4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(5), atol=1e-5, rtol=0)
    assert (model.embedding.weight[0] == 0).all()


def test_dropout_hides_whole_features_while_training_only() -> None:
    spec = Recurrent(embedding_size=64, hidden_size=4, embedding_dropout=0.5)
    model = build(
        spec,
        vocabulary_size=9,
        num_labels=2,
        max_length=8,
        pad_token_id=0,
        labels=("a", "b"),
        loss=CrossEntropy(),
        class_weights=None,
    )
    vectors = torch.ones(3, 5, 64)
    dropped = model.train().embedding_dropout(vectors)
    assert (dropped == dropped[:, :1]).all() and 0.2 < (dropped == 0).float().mean() < 0.8
    assert torch.equal(model.eval().embedding_dropout(vectors), vectors)


@pytest.mark.parametrize("pooling", ["additive", "dot", "general", "concat", "multi-head", "mean", "max"])
def test_no_pooling_looks_at_special_tokens(pooling: str) -> None:
    torch.manual_seed(0)
    model = build(
        Recurrent.model_validate({"embedding_size": 8, "hidden_size": 8, "pooling": {"name": pooling}}),
        vocabulary_size=20,
        num_labels=2,
        max_length=8,
        pad_token_id=0,
        labels=("a", "b"),
        loss=CrossEntropy(),
        special_token_ids=(2, 3),
    ).eval()
    with_words = torch.tensor([[2, 7, 8, 3, 0]])
    nothing_else = torch.tensor([[2, 3, 0, 0, 0]])
    output = model(with_words, (with_words != 0).long(), output_attentions=True)
    for weights in output.attentions:
        assert weights[..., [0, 3, 4]].abs().sum() == 0
        assert torch.allclose(weights.sum(-1), torch.ones(()))
    assert torch.isfinite(model(nothing_else, (nothing_else != 0).long()).logits).all()
