"""Saved and opened again: bit for bit, by class, by AutoModel and by transformers' pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForSequenceClassification, PreTrainedTokenizerFast, pipeline

from engine.config.classifiers import Fusion, Transformer
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Focal, MeanSquaredError
from engine.models.losses import probabilities_of

IDS = torch.randint(1, 50, (3, 11), generator=torch.Generator().manual_seed(0))
MASK = (torch.arange(11)[None] < torch.tensor([11, 5, 2])[:, None]).long()


@pytest.mark.parametrize("loss", [CrossEntropy(label_smoothing=0.1), BinaryCrossEntropy(), Focal(gamma=3.0)])
def test_round_trip_is_exact(make_model, small_spec, loss, tmp_path: Path) -> None:
    model = make_model(small_spec, loss=loss, class_weights=(0.25, 3.0))
    model.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path, trust_remote_code=False)
    assert type(again) is type(model) and not again.training
    assert again.labels == ("bad", "good") and again.loss_choice == loss
    labels = torch.tensor([0, 1, 1])
    for asked in (False, True):
        expected = model(IDS, MASK, labels=labels, output_attentions=asked)
        found = again(IDS, MASK, labels=labels, output_attentions=asked)
        assert torch.equal(found.logits, expected.logits) and torch.equal(found.loss, expected.loss)
    assert all(torch.equal(a, b) for a, b in zip(found.attentions, expected.attentions, strict=True))


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "rotary"])
@pytest.mark.parametrize("kind", [Transformer, Fusion])
def test_positions_survive(make_model, kind, positions: str, tmp_path: Path) -> None:
    model = make_model(kind(num_heads=4, positions=positions))
    model.save_pretrained(tmp_path)
    again = type(model).from_pretrained(tmp_path)
    assert torch.equal(again(IDS, MASK).logits, model(IDS, MASK).logits)
    assert list(again.buffers()) == []


def test_a_numeric_target_survives(make_model, small_spec, tmp_path: Path) -> None:
    model = make_model(small_spec, loss=MeanSquaredError(), labels=())
    model.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert again.config.problem_type == "regression" and again(IDS, MASK).logits.shape == (3, 1)
    assert again(IDS, MASK, labels=torch.tensor([0.5, -1.0, 2.0])).loss.isfinite()


def test_the_same_seed_gives_the_same_weights(make_model, small_spec) -> None:
    one, other = make_model(small_spec), make_model(small_spec)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_a_tuple_comes_back_on_demand(make_model, small_spec) -> None:
    (logits,) = make_model(small_spec)(IDS, return_dict=False)
    assert logits.shape == (3, 2)


def test_the_word_vectors_are_found(make_model, small_spec) -> None:
    assert make_model(small_spec).get_input_embeddings().weight.shape == (50, 8)


@pytest.fixture
def tokenizer() -> PreTrainedTokenizerFast:
    words = ["[PAD]", "[UNK]", "a", "good", "film", "not", "bad"]
    backend = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", model_max_length=30)


@pytest.mark.parametrize("loss", [CrossEntropy(), BinaryCrossEntropy()])
def test_pipeline_gives_our_probabilities(make_model, small_spec, loss, tokenizer, tmp_path: Path) -> None:
    model = make_model(small_spec, loss=loss)
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    classify = pipeline("text-classification", model=str(tmp_path), device="cpu")
    texts = ["a good film", "not a bad film at all"]
    for batch_size in (1, 2):
        answers = classify(texts, top_k=None, batch_size=batch_size)
        for text, answer in zip(texts, answers, strict=True):
            ours = probabilities_of(model(tokenizer(text, return_tensors="pt")["input_ids"]).logits, loss)[0]
            theirs = {one["label"]: one["score"] for one in answer}
            assert theirs == pytest.approx({"bad": ours[0].item(), "good": ours[1].item()}, abs=1e-6)
