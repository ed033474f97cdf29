"""Several labels a text: one logit a label, a yes-or-no loss each, kept by a saved model; word counting beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForSequenceClassification, PreTrainedModel

from engine.config.classifiers import Recurrent
from engine.config.losses import BinaryCrossEntropy
from engine.config.pretrained import Pretrained
from engine.models.baseline import BagOfWords
from engine.models.build import build
from engine.models.losses import loss_of, probabilities_of, weight_of
from engine.models.pretrained import load_pretrained
from tests.engine.encoders import make_encoder

LABELS = ("a", "b")


def made(labels: tuple[str, ...] = LABELS) -> PreTrainedModel:
    torch.manual_seed(0)
    return build(
        Recurrent(embedding_size=6, hidden_size=4),
        vocabulary_size=20,
        num_labels=len(labels),
        max_length=12,
        pad_token_id=0,
        labels=labels,
        loss=BinaryCrossEntropy(),
        class_weights=(2.0, 1.0),
        multi_label=True,
    ).eval()


def test_two_labels_are_two_questions(tmp_path: Path) -> None:
    model = made()
    ids = torch.randint(2, 20, (3, 7))
    logits = model(input_ids=ids).logits
    assert logits.shape == (3, 2) and not torch.allclose(logits[:, 0], -logits[:, 1])
    assert model.config.problem_type == "multi_label_classification"
    model.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert again.config.multi_label and torch.equal(again.eval()(input_ids=ids).logits, logits)
    targets = torch.tensor([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    loss = again(input_ids=ids, labels=targets).loss
    wanted = functional.binary_cross_entropy_with_logits(logits, targets, pos_weight=torch.tensor([2.0, 1.0]))
    assert torch.allclose(loss, wanted)


def test_the_loss_adds_up_over_parts_and_takes_its_settings() -> None:
    torch.manual_seed(1)
    logits, targets = torch.randn(6, 3), torch.randint(0, 2, (6, 3)).float()
    plain, weights = BinaryCrossEntropy(), (3.0, 0.5, 1.0)
    total, weight = loss_of(logits, targets, plain, weights)
    parts = [loss_of(logits[part], targets[part], plain, weights) for part in (slice(0, 2), slice(2, 6))]
    assert torch.allclose(total, sum(one for one, _ in parts)) and weight == sum(one for _, one in parts) == 6
    assert weight_of(targets, plain, weights) == 6
    smooth, _ = loss_of(logits, targets, BinaryCrossEntropy(label_smoothing=0.2), None)
    wanted = functional.binary_cross_entropy_with_logits(logits, targets * 0.8 + 0.1, reduction="none").mean(1).sum()
    assert torch.allclose(smooth, wanted)


def test_probabilities_do_not_share_a_whole() -> None:
    logits = torch.tensor([[4.0, 4.0, -4.0]])
    assert torch.allclose(probabilities_of(logits, BinaryCrossEntropy(), several=True), logits.sigmoid())
    assert torch.allclose(probabilities_of(logits, BinaryCrossEntropy()).sum(), torch.tensor(1.0))


def test_a_pretrained_encoder_learns_several(tmp_path: Path) -> None:
    make_encoder(tmp_path)
    model = load_pretrained(
        Pretrained(source=str(tmp_path)), labels=LABELS, loss=BinaryCrossEntropy(), pad_token_id=1, multi_label=True
    )
    assert model.config.multi_label and model.config.problem_type == "multi_label_classification"
    assert model(input_ids=torch.tensor([[5, 6]])).logits.shape == (1, 2)


def test_word_counting_asks_one_question_a_label() -> None:
    texts = [" ".join(words) for words in (("soup", "x"), ("bed", "y"), ("soup", "bed"), ("z", "x"))] * 10
    rows = [["food"], ["room"], ["food", "room"], []] * 10
    model = BagOfWords.fit(texts, rows, seed=0)
    found = model.predict_probabilities(["soup x", "soup bed", "z x"])
    assert found.shape == (3, 2)
    assert (found > 0.5).tolist() == [[True, False], [True, True], [False, False]]


@pytest.mark.parametrize("constant", [True, False])
def test_word_counting_knows_what_never_changes(constant: bool) -> None:
    rows = [["always", "food"], ["always"]] * 5 if constant else [["food"], []] * 5
    found = BagOfWords.fit(["soup", "bed"] * 5, rows, seed=0).predict_probabilities(["soup"])
    assert found.shape == (1, 1 + constant) and (not constant or found[0, 0] == 1.0)
    assert np.isfinite(found).all()
