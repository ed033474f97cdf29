"""Guessing words: no state has seen its answer, the sum is exact, and only the encoder learns."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.config.classifiers import Convolutional, FromScratch, Fusion, Recurrent, Transformer
from engine.config.losses import CrossEntropy
from engine.data.tokens.batches import Batch
from engine.models import TextClassifier
from engine.models.build import build
from engine.models.tied_softmax import TiedSoftmax
from engine.models.word_guessing import WordGuessing, token_states
from tests.engine.text_batch import text_batch

PAD, CLS, SEP, MASK = 0, 2, 3, 4
VOCABULARY = 60

RECURRENT = Recurrent(embedding_size=8, hidden_size=6)
SPECS: dict[str, FromScratch] = {
    "both directions": RECURRENT,
    "three layers": Recurrent(embedding_size=8, hidden_size=6, num_layers=3, cell="gru"),
    "forward": Recurrent(embedding_size=8, hidden_size=6, num_layers=2, bidirectional=False),
    "transformer": Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, positions="rotary"),
    "causal": Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, causal=True),
    "convolutional": Convolutional(embedding_size=8, widths=(2, 3), num_filters=6),
    "fusion": Fusion(embedding_size=8, num_heads=2, feed_forward_size=12, hidden_size=6),
}
each_spec = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())


def classifier(spec: FromScratch, vocabulary_size: int = VOCABULARY) -> TextClassifier:
    torch.manual_seed(0)
    return build(
        spec,
        vocabulary_size=vocabulary_size,
        num_labels=2,
        max_length=40,
        pad_token_id=PAD,
        labels=("bad", "good"),
        loss=CrossEntropy(),
        special_token_ids=(CLS, SEP),
    )


def guessing(spec: FromScratch, vocabulary_size: int = VOCABULARY) -> WordGuessing:
    return WordGuessing(
        classifier(spec, vocabulary_size),
        pad_token_id=PAD,
        special_token_ids=(CLS, SEP),
        mask_token_id=MASK,
        vocabulary_size=vocabulary_size,
    )


def texts(*lengths: int, seed: int = 1, longest: int = 0, vocabulary_size: int = VOCABULARY) -> Batch:
    """[CLS] words [SEP]; `lengths` count the words."""
    generator = torch.Generator().manual_seed(seed)
    width = max(longest, *lengths) + 2
    ids = torch.full((len(lengths), width), PAD)
    for row, length in enumerate(lengths):
        words = torch.randint(5, vocabulary_size, (length,), generator=generator)
        ids[row, : length + 2] = torch.cat([torch.tensor([CLS]), words, torch.tensor([SEP])])
    mask = (torch.arange(width) < torch.tensor(lengths)[:, None] + 2).long()
    return text_batch(ids, mask)


@pytest.mark.parametrize("vocabulary_size", [40, 2_500, 6_500])
def test_probabilities_of_all_words_sum_to_one(vocabulary_size: int) -> None:
    torch.manual_seed(0)
    softmax, embedding = TiedSoftmax(6, 32, vocabulary_size), torch.randn(vocabulary_size, 32)
    states, targets = torch.randn(50, 6), torch.randint(vocabulary_size, (50,))
    exact = softmax.log_probabilities(states, embedding)
    assert exact.shape == (50, vocabulary_size)
    assert torch.allclose(exact.exp().sum(dim=1), torch.ones(50), atol=1e-4)
    assert torch.allclose(softmax(states, targets, embedding), -exact[torch.arange(50), targets], atol=1e-4)


def test_output_words_are_the_embedding() -> None:
    softmax, embedding = TiedSoftmax(6, 8, 1_000), torch.randn(1_000, 8)
    assert sum(weight.numel() for weight in softmax.parameters()) == 6 * 8 + 8 + 1_000
    states, other = torch.randn(3, 6), embedding.clone()
    other[7] += 1
    moved = softmax.log_probabilities(states, other) - softmax.log_probabilities(states, embedding)
    assert moved[:, 7].abs().min() > 1e-3


@each_spec
def test_weight_is_known_before_and_counts_guesses(spec: FromScratch) -> None:
    task, batch = guessing(spec), texts(5, 20, 1)
    weight = task.weight(batch)
    assert weight == float(task.loss(batch)[1])
    assert weight == {("next", "previous"): 52, ("next",): 26, ("hidden",): 5}[task.ways]


def test_a_batch_without_words_weighs_something() -> None:
    task, blank = guessing(RECURRENT), texts(0, 0)
    total, weight = task.loss(blank)
    assert (float(total.detach()), float(weight)) == (0.0, 1.0)
    total.backward()


@pytest.mark.parametrize("name", ["both directions", "three layers", "forward", "causal"])
def test_no_state_has_seen_its_answer(name: str) -> None:
    """Every token is changed in turn: of the states, only those on the far side of it move."""
    task, batch = guessing(SPECS[name]).eval(), texts(9)
    before = task._states(batch.input_ids, batch.attention_mask)
    size = before.shape[-1] // len(task.ways)
    for place in range(batch.input_ids.shape[1]):
        changed = batch.input_ids.clone()
        changed[0, place] = 5 + (changed[0, place] - 4) % 50
        moved = (task._states(changed, batch.attention_mask) - before).abs()[0]
        assert moved[:place, :size].sum() == 0
        assert moved[place].sum() > 0  # of itself: it guesses its neighbours
        assert moved[place + 1 :, size:].sum() == 0


def test_stacked_directions_mix_again_afterwards() -> None:
    task, batch = guessing(SPECS["three layers"]).eval(), texts(9)
    before = token_states(task.model, batch.input_ids, batch.attention_mask)
    apart = task._states(batch.input_ids, batch.attention_mask)
    mixed = token_states(task.model, batch.input_ids, batch.attention_mask)
    assert torch.equal(before, mixed)
    assert not torch.allclose(apart, mixed, atol=1e-4)


def test_a_filters_answer_stands_at_the_token_in_its_middle() -> None:
    task, batch = guessing(SPECS["convolutional"]).eval(), texts(9)
    states = task._states(batch.input_ids, batch.attention_mask)
    assert states.shape == (1, 11, 12)
    changed = batch.input_ids.clone()
    changed[0, 5] = 5 + (changed[0, 5] - 4) % 50
    moved = (task._states(changed, batch.attention_mask) - states).abs()[0].sum(dim=1)
    assert set(moved.nonzero().squeeze(1).tolist()) <= {4, 5, 6} and moved[5] > 0


def test_guesses_stand_beside_their_words() -> None:
    task, batch = guessing(RECURRENT), texts(3, 1)
    ids = batch.input_ids
    ahead, back = (task._guesses(way, batch) for way in task.ways)
    assert ahead.answers.tolist() == [*ids[0, 1:4].tolist(), int(ids[1, 1])] == back.answers.tolist()
    assert ahead.where.nonzero().tolist() == [[0, 0], [0, 1], [0, 2], [1, 0]]
    assert back.where.nonzero().tolist() == [[0, 2], [0, 3], [0, 4], [1, 2]]


def test_a_text_that_was_cut_is_guessed_up_to_its_end() -> None:
    batch = texts(4)
    cut = text_batch(batch.input_ids[:, :-1], batch.attention_mask[:, :-1])
    task = guessing(RECURRENT)
    assert task.weight(cut) == 4 + 3  # nothing stands behind the last word


def test_words_are_hidden_as_bert_hides_them() -> None:
    torch.manual_seed(0)
    batch = texts(*[40] * 500, vocabulary_size=5_000)
    task = guessing(SPECS["transformer"], 5_000)
    read, where, answers = task._guesses("hidden", batch)
    assert where.sum(dim=1).tolist() == [6] * 500
    assert torch.equal(batch.input_ids[where], answers)
    assert not where[(batch.input_ids == CLS) | (batch.input_ids == SEP)].any()
    assert torch.equal(read[~where], batch.input_ids[~where])
    shown = read[where]
    assert float((shown == MASK).float().mean()) == pytest.approx(0.8, abs=0.03)
    assert float((shown == answers).float().mean()) == pytest.approx(0.1, abs=0.03)
    again = task._guesses("hidden", batch)
    assert not torch.equal(again.where, where)


def test_micro_batches_and_padding_change_nothing() -> None:
    task = guessing(RECURRENT).eval()
    whole, padded = texts(7, 3, 12, 5), texts(7, 3, 12, 5, longest=20)
    parts = [text_batch(whole.input_ids[rows], whole.attention_mask[rows]) for rows in (slice(0, 1), slice(1, 4))]
    with torch.inference_mode():
        sums = [task.loss(batch) for batch in (whole, padded, *parts)]
    assert float(sums[0][0]) == pytest.approx(float(sums[1][0]), rel=1e-5)
    assert float(sums[0][0]) == pytest.approx(float(sums[2][0] + sums[3][0]), rel=1e-5)
    assert float(sums[0][1]) == float(sums[2][1] + sums[3][1])


@each_spec
def test_the_encoder_learns_and_the_head_does_not(spec: FromScratch) -> None:
    task, batch = guessing(spec).train(), texts(*[12] * 16)
    head = task.model.head.output.weight.detach().clone()
    embedding = task.model.embedding.weight.detach().clone()
    optimizer = torch.optim.AdamW(task.parameters(), lr=0.02)
    losses = []
    for _ in range(25):
        total, weight = task.loss(batch)
        optimizer.zero_grad()
        (total / weight).backward()
        optimizer.step()
        losses.append(float((total / weight).detach()))
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) - 0.2
    assert torch.equal(task.model.head.output.weight, head)
    assert not torch.equal(task.model.embedding.weight, embedding)


@pytest.mark.parametrize("precision", [torch.bfloat16])
def test_half_precision_learns_too(precision: torch.dtype) -> None:
    task = guessing(RECURRENT, 2_500)
    with torch.autocast("cpu", precision):
        total, weight = task.loss(texts(8, 9, vocabulary_size=2_500))
    (total / weight).backward()
    assert total.dtype == torch.float32
    assert task.model.embedding.weight.grad is not None and task.model.embedding.weight.grad.isfinite().all()


def test_what_is_beside_the_classifier_is_kept_apart() -> None:
    task, batch = guessing(RECURRENT, 2_500).eval(), texts(8, 9, vocabulary_size=2_500)
    with torch.no_grad():
        for weight in task.softmaxes.parameters():
            weight.normal_()
    extra = task.extra_state()
    names = set(task.model.state_dict())
    assert names and not names & set(extra)
    other = guessing(RECURRENT, 2_500).eval()
    with torch.inference_mode():
        expected = float(task.loss(batch)[0])
        assert float(other.loss(batch)[0]) != pytest.approx(expected)
        other.load_extra(extra)
        assert float(other.loss(batch)[0]) == expected
