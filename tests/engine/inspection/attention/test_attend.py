"""read_attention: tokens as a person reads them, maps that sum to 1, a model left as it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.classifiers import Fusion, LastState, Recurrent, Transformer
from engine.config.data import BpeTokenizer, CharacterTokenizer, WordPieceTokenizer, WordTokenizer
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from engine.config.model import Model
from engine.data.tokens.tokenizer import train_tokenizer
from engine.errors import InputError
from engine.models import TextClassifier
from engine.models.build import build
from engine.models.capture import read_attention
from engine.models.losses import probabilities_of
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction

TEXTS = ["The film was not good, but the ending saved it all!", "这部电影很好看。", "A dull, dull cast in Zürich."] * 3
TOKENIZERS = (
    WordTokenizer(min_frequency=1),
    BpeTokenizer(vocabulary_size=320),
    WordPieceTokenizer(vocabulary_size=100),
    CharacterTokenizer(),
)
SPECS: tuple[Model, ...] = (
    Recurrent(embedding_size=8, hidden_size=6),
    Transformer(hidden_size=8, num_heads=2, num_layers=3, feed_forward_size=8),
    Fusion(embedding_size=8, num_heads=2, num_blocks=2, feed_forward_size=8, hidden_size=6),
)
TRAINED = {spec.name: train_tokenizer(spec, TEXTS, 24) for spec in TOKENIZERS}


def model_of(
    spec: Model, tokenizer: str = "word", loss: Loss | None = None, labels: tuple[str, ...] = ("bad", "good")
) -> TextClassifier:
    torch.manual_seed(0)
    return build(
        spec,
        vocabulary_size=len(TRAINED[tokenizer]),
        num_labels=max(1, len(labels)),
        max_length=24,
        pad_token_id=0,
        labels=labels,
        loss=loss or CrossEntropy(),
        class_weights=None,
    )


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_maps_and_prediction(spec: Model) -> None:
    model = model_of(spec, loss=BinaryCrossEntropy()).train()
    record = read_attention(model, TRAINED["word"], "The film was not good", 24)
    assert record.tokens == ("[CLS]", "The", "film", "was", "not", "good", "[SEP]")
    assert record.special == (True, False, False, False, False, False, True)
    assert [record.text[a:b] for a, b in record.spans] == ["", "The", "film", "was", "not", "good", ""]
    shapes = {one.name: one.weights.shape for one in record.maps}
    expected = {
        "recurrent": {"additive attention": (1, 1, 1, 7)},
        "transformer": {"self-attention": (3, 2, 7, 7)},
        "fusion": {"self-attention": (2, 2, 7, 7), "additive attention": (1, 1, 1, 7)},
    }
    assert shapes == expected[spec.name]
    for one in record.maps:
        np.testing.assert_allclose(one.weights.sum(axis=-1), 1, atol=1e-6)
        assert one.keys == record.tokens and one.queries in (record.tokens, (WHOLE_TEXT,))
    assert model.training and all(weight.grad is None for weight in model.parameters())
    ids = TRAINED["word"]("The film was not good", return_tensors="pt")["input_ids"]
    direct = probabilities_of(model.eval()(ids).logits, BinaryCrossEntropy())[0]
    assert list(record.prediction.probabilities) == ["bad", "good"]
    assert list(record.prediction.probabilities.values()) == pytest.approx(direct.tolist(), abs=1e-6)
    assert record.prediction.label == ("bad", "good")[int(direct.argmax())]


@pytest.mark.parametrize("name", sorted(TRAINED))
@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(lambda text: bool(text.strip())))
def test_tokens_are_pieces_of_the_text(name: str, text: str) -> None:
    record = read_attention(model_of(SPECS[0], name), TRAINED[name], text, 24)
    for token, (start, end), special in zip(record.tokens, record.spans, record.special, strict=True):
        assert 0 <= start <= end <= len(text)
        assert token.startswith("[") if special else start == end or token == text[start:end]
    np.testing.assert_allclose(record.received().sum(), 1, atol=1e-5)


def test_byte_pairs_read_as_words() -> None:
    record = read_attention(model_of(SPECS[0], "bpe"), TRAINED["bpe"], "The film was not good", 24)
    assert not any("Ġ" in token for token in record.tokens)
    pieces = [token for token, special in zip(record.tokens, record.special, strict=True) if not special]
    assert pieces[0] == "The" and "".join(pieces).replace(" ", "") == "Thefilmwasnotgood"
    assert record.unknown == 0


def test_pieces_of_a_word_read_without_hashes() -> None:
    record = read_attention(model_of(SPECS[0], "wordpiece"), TRAINED["wordpiece"], "ending goodall", 24)
    pieces = [token for token, special in zip(record.tokens, record.special, strict=True) if not special]
    assert "".join(pieces) == "endinggoodall" and len(pieces) > 2


def test_what_is_cut_and_unknown_is_counted() -> None:
    text = "good " * 30
    record = read_attention(model_of(SPECS[1]), TRAINED["word"], text, 24)
    assert len(record.tokens) == 24 and record.truncated == 30 - 22
    record = read_attention(model_of(SPECS[1]), TRAINED["word"], "good quixotic film", 24)
    assert (record.unknown, record.truncated) == (1, 0)
    assert "quixotic" in record.tokens
    assert read_attention(model_of(SPECS[1]), TRAINED["word"], text, 10).truncated == 30 - 8


def test_a_very_long_line_is_answered() -> None:
    record = read_attention(model_of(SPECS[0]), TRAINED["word"], "good " * 50_000, 24)
    assert record.truncated == 50_000 - 22


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_blank_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="Type a sentence first"):
        read_attention(model_of(SPECS[0]), TRAINED["word"], text, 24)


def test_a_model_without_attention_still_predicts() -> None:
    record = read_attention(
        model_of(Recurrent(embedding_size=4, hidden_size=4, pooling=LastState())), TRAINED["word"], "good", 24
    )
    assert record.maps == () and not record.received().any()
    assert sum(record.prediction.probabilities.values()) == pytest.approx(1)


def test_a_number_is_its_own_label() -> None:
    model = model_of(SPECS[0], loss=MeanSquaredError(), labels=())
    record = read_attention(model, TRAINED["word"], "good", 24)
    number = model.eval()(TRAINED["word"]("good", return_tensors="pt")["input_ids"]).logits.item()
    assert float(record.prediction.label) == pytest.approx(number, rel=1e-3)
    assert record.prediction.probabilities == {}


def test_received_prefers_the_pooling() -> None:
    tokens = ("[CLS]", "good", "film")
    look = np.array([[[[0.2, 0.5, 0.3]]]], dtype=np.float32)
    self_maps = np.zeros((2, 1, 3, 3), dtype=np.float32)
    self_maps[0, ..., 0], self_maps[1, ..., 2] = 1, 1
    pooling = AttentionMap("additive attention", look, (WHOLE_TEXT,), tokens)
    blocks = AttentionMap("self-attention", self_maps, tokens, tokens)

    def received(*maps: AttentionMap) -> list[float]:
        spans, special = ((0, 0), (0, 4), (5, 9)), (True, False, False)
        record = AttentionRecord("good film", tokens, spans, special, maps, Prediction("good", {"good": 1.0}))
        return record.received().tolist()

    assert received(blocks, pooling) == pytest.approx([0.2, 0.5, 0.3])
    assert received(blocks) == pytest.approx([0.5, 0.0, 0.5])
    assert received() == [0.0, 0.0, 0.0]
