"""capture: maps of long texts are pooled rightly, odd texts are read, a model in training is left as it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.data import WordTokenizer
from engine.data.tokens.tokenizer import train_tokenizer
from engine.errors import InputError
from engine.inspection.attention.attend import attend, exact_map
from engine.inspection.subjects.loaded_models import Trained
from engine.models.answering import labels_of
from engine.models.capture import capture, fitting_bin_size, pooled, read_attention, read_attention_in_training
from engine.models.lens import SELF_ATTENTION
from engine.models.mechanisms import prepare
from engine.records import Switches
from tests.engine.models.tiny import HOOKS, INTERFACE, TEXTS, TOKENIZER, ids, tiny

ODD = (
    "😀👩‍👩‍👧 great",
    "שלום עולם",
    "مرحبا بالعالم",
    "ΩΩΩ ЖЖЖ",
    "\u200bthe\u200b film\ufeff",
    "  the\t\n film  ",
    "e\u0301a",
    "𝔘𝔫𝔦",
)
LONG_TOKENIZER = train_tokenizer(WordTokenizer(min_frequency=1), TEXTS, 4096)
WORDS = "the film was not good but the ending saved it all "


def long_subject(max_length: int) -> Trained:
    """A Llama with rotary positions: any length."""
    model = tiny("llama", max_position_embeddings=4096)
    return Trained(model, LONG_TOKENIZER, labels_of(model), max_length, prepare(model, ids(4)))


@pytest.mark.slow
@pytest.mark.parametrize(("num_tokens", "bin_size", "num_bins"), [(512, 1, 512), (600, 3, 200), (2048, 8, 256)])
def test_long_texts_are_pooled(num_tokens: int, bin_size: int, num_bins: int) -> None:
    subject = long_subject(num_tokens)
    record = attend(subject, WORDS * 400)
    (one,) = record.maps
    assert len(record.tokens) == num_tokens and record.truncated > 0
    assert one.bin_size == bin_size and one.weights.shape == (3, 4, num_bins, num_bins)
    assert one.keys == record.tokens[::bin_size] == one.queries
    np.testing.assert_allclose(one.weights.sum(axis=-1), 1, atol=1e-5)
    assert record.received().sum() == pytest.approx(1, abs=1e-4) and len(record.received()) == num_tokens
    exact = exact_map(subject, WORDS * 400, (SELF_ATTENTION, 1, 2))
    assert exact.shape == (num_tokens, num_tokens)
    np.testing.assert_allclose(exact.sum(axis=-1), 1, atol=1e-5)
    again = pooled(torch.from_numpy(exact)[None], bin_size)[0].numpy()
    np.testing.assert_allclose(one.weights[1, 2], again, atol=1e-6)


def test_the_exact_map_is_the_full_one() -> None:
    subject = long_subject(100)
    record = attend(subject, WORDS)
    for layer in range(3):
        exact = exact_map(subject, WORDS, (SELF_ATTENTION, layer, 3))
        np.testing.assert_allclose(exact, record.maps[0].weights[layer, 3], atol=1e-6)
    muted = Switches(muted=frozenset({(SELF_ATTENTION, 0, 1)}))
    exact = exact_map(subject, WORDS, (SELF_ATTENTION, 2, 3), muted)
    np.testing.assert_allclose(exact, attend(subject, WORDS, muted).maps[0].weights[2, 3], atol=1e-6)
    with pytest.raises(InputError, match=r"no head 0\.9"):
        exact_map(subject, WORDS, (SELF_ATTENTION, 0, 9))


@given(
    num_queries=st.integers(1, 40), num_keys=st.integers(2, 40), size=st.integers(1, 9), seed=st.integers(0, 2**31 - 1)
)
@settings(max_examples=60, deadline=None)
def test_pooling_keeps_what_there_is(num_queries: int, num_keys: int, size: int, seed: int) -> None:
    torch.manual_seed(seed)
    weights = torch.rand(2, num_queries, num_keys).softmax(dim=-1)
    small = pooled(weights, size)
    bins = -(-num_keys // size)
    assert small.shape == (2, 1 if num_queries == 1 or size >= num_queries else -(-num_queries // size), bins)
    torch.testing.assert_close(small.sum(dim=-1), torch.ones(small.shape[:2]), atol=1e-5, rtol=0)
    first = weights[0, :size, :size].sum(dim=-1).mean()
    torch.testing.assert_close(small[0, 0, 0], first, atol=1e-5, rtol=0)


def test_many_heads_are_pooled_sooner() -> None:
    model = tiny("bert")
    assert fitting_bin_size(model, 512) == 1 and fitting_bin_size(model, 513) == 3
    model.config.num_hidden_layers, model.config.num_attention_heads = 48, 64
    assert fitting_bin_size(model, 512) == 2 and fitting_bin_size(model, 128) == 1


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("name", ["bert", "llama", "deberta"])
def test_odd_texts_are_read(name: str, text: str) -> None:
    record = read_attention(tiny(name), TOKENIZER, text, 64)
    assert len(record.tokens) == len(record.spans) == len(record.special)
    for token, (start, end), is_special in zip(record.tokens, record.spans, record.special, strict=True):
        assert is_special or token == text[start:end]
    np.testing.assert_allclose(record.maps[0].weights.sum(axis=-1), 1, atol=1e-6)
    assert sum(record.prediction.probabilities.values()) == pytest.approx(1)


def test_unknown_words_are_counted() -> None:
    record = read_attention(tiny("bert"), TOKENIZER, "Ω Ж the", 64)
    assert record.unknown == 2 and record.tokens[1:4] == ("Ω", "Ж", "the")


@pytest.mark.parametrize("text", ["", "   ", "\n\t\r", "\u3000"])
def test_nothing_to_read_is_said(text: str) -> None:
    with pytest.raises(InputError, match="Type a sentence first"):
        read_attention(tiny("bert"), TOKENIZER, text, 64)


def test_what_is_cut_is_said() -> None:
    record = read_attention(tiny("bert"), TOKENIZER, "the film " * 500, 64)
    assert len(record.tokens) == 64 and record.truncated == 1000 - 62
    assert record.tokens[-1] == "[SEP]" and record.special[-1]


@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS])
def test_a_model_in_training_is_left_as_it_was(name: str) -> None:
    model = tiny(name).train()
    implementation = model.config._attn_implementation
    torch.manual_seed(5)
    expected = model(**ids(9, 6)).logits
    read_attention_in_training(model, TOKENIZER, "the film was good", 64)
    assert model.training and all(module.training for module in model.modules())
    assert model.config._attn_implementation == implementation
    assert all(weight.requires_grad for weight in model.parameters())
    torch.manual_seed(5)
    read_attention_in_training(model, TOKENIZER, "the film was good", 64)
    assert torch.equal(model(**ids(9, 6)).logits, expected), "no random number was drawn meanwhile"


def test_a_language_model_says_the_next_token() -> None:
    model = tiny("gpt2", "LMHeadModel")
    record = read_attention(model, TOKENIZER, "the film was", 64)
    assert sum(record.prediction.probabilities.values()) == pytest.approx(1)
    assert len(record.prediction.probabilities) <= 11 and record.prediction.label in record.prediction.probabilities
    with torch.no_grad():
        logits = model(torch.tensor([TOKENIZER("the film was")["input_ids"]])).logits[0, -1]
    assert record.prediction.label == TOKENIZER.decode([int(logits.argmax())])
    assert {"mute", "uniform", "explain"} == record.abilities


def test_an_encoder_says_nothing() -> None:
    record = read_attention(tiny("bert", "Model"), TOKENIZER, "the film was", 64)
    assert not record.has_answer and record.prediction.probabilities == {} and record.abilities == {"mute", "uniform"}
    assert record.maps[0].weights.shape == (3, 4, 5, 5)


def test_a_number_is_said() -> None:
    model = tiny("bert", num_labels=1)
    record = read_attention(model, TOKENIZER, "the film was", 64)
    assert record.prediction.probabilities == {}
    with torch.no_grad():
        number = model(torch.tensor([TOKENIZER("the film was")["input_ids"]])).logits.item()
    assert float(record.prediction.label) == pytest.approx(number, rel=1e-3)


def test_a_model_without_attention_still_answers() -> None:
    record = read_attention(tiny("fnet"), TOKENIZER, "the film was", 64)
    assert record.maps == () and record.abilities == {"explain"} and record.has_answer


def test_muting_changes_the_record_alone() -> None:
    model = tiny("bert")
    inputs = {"input_ids": torch.tensor([[2, 7, 8, 3]]), "attention_mask": torch.ones(1, 4, dtype=torch.long)}
    before = capture(model, inputs)
    muted = capture(model, inputs, Switches(muted=frozenset({(SELF_ATTENTION, 0, 0)})))
    again = capture(model, inputs)
    assert torch.equal(before.logits, again.logits) and not torch.equal(before.logits, muted.logits)
    first = before.maps[SELF_ATTENTION]
    assert torch.equal(first[0], muted.maps[SELF_ATTENTION][0]), "a head that is off still looks"
    assert torch.equal(first, again.maps[SELF_ATTENTION])
