"""The convolutional classifier: padding, texts shorter than a filter, what it finds; and the Transformer that looks
back only."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.classifiers import Convolutional, Transformer
from engine.inspection.attention.rollout import _read_rows
from engine.models.convolutional import strongest


def small(**choices: object) -> Convolutional:
    return Convolutional(**{"embedding_size": 6, "num_filters": 5, **choices})


def test_padding_changes_nothing(make_model) -> None:
    @settings(max_examples=25, deadline=None)
    @given(
        widths=st.lists(st.integers(1, 6), min_size=1, max_size=3),
        lengths=st.lists(st.integers(1, 8), min_size=1, max_size=3),
        extra=st.integers(0, 4),
        rubbish=st.integers(0, 49),
    )
    def check(widths, lengths, extra, rubbish) -> None:
        model = make_model(small(widths=tuple(widths)))
        mask = torch.arange(max(lengths) + extra)[None] < torch.tensor(lengths)[:, None]
        ids = torch.randint(1, 50, mask.shape).masked_fill(~mask, rubbish)
        together = model(ids, mask.long()).logits
        alone = torch.cat([model(ids[row : row + 1, :length]).logits for row, length in enumerate(lengths)])
        torch.testing.assert_close(together, alone, atol=1e-6, rtol=1e-5)

    check()


def test_a_filter_finds_its_words_wherever_they_stand() -> None:
    filters = torch.nn.Conv1d(3, 1, 2, bias=False)
    with torch.no_grad():
        filters.weight.zero_()
        filters.weight[0, 0, 0] = filters.weight[0, 1, 1] = 1.0
    words = torch.eye(3)
    texts = torch.tensor([[2, 0, 1, 2], [0, 2, 2, 1], [2, 2, 0, 1], [1, 0, 2, 2]])
    found = strongest(filters, words[texts].transpose(1, 2), torch.tensor([4, 4, 4, 4]))
    assert found.flatten().tolist() == [2, 1, 2, 1]
    cut = words[texts] * (torch.arange(4) < 3)[:, None]
    assert strongest(filters, cut.transpose(1, 2), torch.tensor([3] * 4)).flatten().tolist() == [2, 1, 0, 1]


def test_every_parameter_learns(make_model) -> None:
    model = make_model(small()).train()
    ids = torch.randint(1, 50, (16, 9))
    model(ids, labels=torch.tensor([0, 1] * 8)).loss.backward()
    assert [name for name, one in model.named_parameters() if one.grad is None or not one.grad.abs().sum()] == []


def test_it_has_no_map(make_model) -> None:
    model = make_model(small())
    assert model.attention_names == () and model(torch.tensor([[5, 6]]), output_attentions=True).attentions == ()


POSITIONS = ("sinusoidal", "learned", "rotary")


@pytest.mark.parametrize(("positions", "norm"), list(product(POSITIONS, ("pre", "post"))))
@pytest.mark.parametrize("with_weights", [False, True])
def test_a_causal_transformer_knows_nothing_of_later_words(make_model, positions, norm, with_weights) -> None:
    ids = torch.randint(1, 50, (2, 9))
    changed = ids.clone()
    changed[:, 5] = torch.where(ids[:, 5] == 7, 8, 7)
    mask = torch.ones_like(ids, dtype=torch.bool)
    for causal in (True, False):
        spec = Transformer(
            hidden_size=8, num_heads=2, feed_forward_size=12, positions=positions, norm=norm, causal=causal
        )
        model = make_model(spec)
        before, after = (
            model.blocks(model.positions(model.embedding(one)), mask, with_weights)[0] for one in (ids, changed)
        )
        is_same = [torch.allclose(before[:, place], after[:, place], atol=1e-6) for place in range(9)]
        assert is_same == ([True] * 5 + [False] * 4 if causal else [False] * 9)


@pytest.mark.parametrize(("causal", "pooling"), list(product((True, False), ("first", "mean", "max", "last"))))
def test_causal_padding_and_paths(make_model, causal: bool, pooling: str) -> None:
    spec = Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, causal=causal, pooling=pooling)
    model = make_model(spec)
    lengths = [9, 4, 1]
    mask = torch.arange(9)[None] < torch.tensor(lengths)[:, None]
    ids = torch.randint(1, 50, (3, 9))
    shown = model(ids, mask.long(), output_attentions=True)
    torch.testing.assert_close(model(ids, mask.long()).logits, shown.logits, atol=1e-5, rtol=0)
    alone = torch.cat([model(ids[row : row + 1, :length]).logits for row, length in enumerate(lengths)])
    torch.testing.assert_close(shown.logits, alone, atol=1e-5, rtol=0)
    for weights in shown.attentions:
        torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 9), atol=1e-6, rtol=0)
        assert (weights.triu(1) == 0).all() == causal and (weights[1, ..., 4:] == 0).all()


def test_the_last_token_is_read(make_model) -> None:
    spec = Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, causal=True, pooling="last")
    model = make_model(spec)
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]]).bool()
    ids = torch.randint(1, 50, (2, 4))
    states, _ = model.blocks(model.positions(model.embedding(ids)), mask, False)
    summary, _ = model.summarize(ids, mask, False)
    assert torch.equal(summary, torch.stack([states[0, 2], states[1, 3]]))


@pytest.mark.parametrize(("pooling", "expected"), [("last", [0, 0, 1]), ("first", [1, 0, 0]), ("mean", [1 / 3] * 3)])
def test_rollout_reads_what_a_causal_model_reads(make_model, pooling: str, expected: list[float]) -> None:
    spec = Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, causal=True, pooling=pooling)
    rows = _read_rows(make_model(spec), torch.ones(3, 3).tril().numpy())
    assert rows.tolist() == pytest.approx(expected)
