"""What a model says obeys the decision in its config: temperature, thresholds, abstention; in any kind of model."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.config.classifiers import Recurrent
from engine.config.losses import BinaryCrossEntropy
from engine.inspection.attention.attend import attend
from engine.inspection.attribution.attribution_target import ask
from engine.inspection.attribution.variants import probabilities
from engine.inspection.subjects.loaded_models import Trained
from engine.models.answering import answers_of, decision_of, target_of_model
from engine.records import UNDECIDED, Decision, Prediction
from tests.engine.inspection.small_models import MAKERS, TEXT, bert, own, result


def said(trained: Trained, decision: Any = None) -> Prediction:
    trained.model.config.decision = decision.to_json() if isinstance(decision, Decision) else decision
    return attend(trained, TEXT).prediction


@pytest.mark.parametrize("name", ["recurrent", "bert", "gpt2"])
def test_temperature_and_threshold(name: str) -> None:
    trained = MAKERS[name]()
    plain = said(trained)
    label, other = plain.label, next(one for one in plain.probabilities if one != plain.label)
    odds = plain.probabilities[label] / plain.probabilities[other]
    calm = said(trained, Decision(temperature=2.0))
    assert calm.label == label and not calm.abstains
    assert calm.probabilities[label] / calm.probabilities[other] == pytest.approx(odds**0.5, rel=1e-4)
    strict = said(trained, Decision(2.0, {label: 0.9999}))
    assert (strict.label, strict.abstains, strict.threshold) == (label, True, 0.9999)
    assert strict.probabilities == calm.probabilities
    turned = said(trained, Decision(thresholds={other: 1e-6}))
    assert (turned.label, turned.abstains) == (other, False)


@pytest.mark.parametrize(
    "garbage",
    ["yes", 3, [], {"temperature": "warm"}, {"temperature": 0}, {"thresholds": 5}, {"promises": [{"no": 1}]}, {}],
)
def test_what_others_call_a_decision_is_none(garbage: object) -> None:
    trained = bert()
    plain = said(trained)
    assert said(trained, garbage) == plain
    assert decision_of(trained.model) == UNDECIDED


def test_reasons_ask_the_same_probability() -> None:
    """Leave-one-out, trust and switches speak of the number that the answer shows."""
    trained = MAKERS["recurrent"]()
    plain = ask(trained, TEXT)
    trained.model.config.decision = Decision(temperature=3.0, thresholds={plain.label: 0.999}).to_json()
    prediction, question = attend(trained, TEXT).prediction, ask(trained, TEXT)
    assert question.label == prediction.label
    assert question.probability == pytest.approx(prediction.probabilities[prediction.label], abs=1e-6)
    assert question.probability != pytest.approx(plain.probability, abs=1e-4)
    (again,) = result(probabilities(question, [question.read.input_ids])).tolist()
    assert again == pytest.approx(question.probability, abs=1e-6)


def test_several_labels() -> None:
    """Each label's own sigmoid: ours by their config, others by their problem type."""
    logits = torch.tensor([[2.0, -1.0]])
    for trained in (bert(), own(Recurrent(embedding_size=8, hidden_size=6), BinaryCrossEntropy())):
        is_ours = isinstance(getattr(trained.model.config, "loss", None), dict)
        if not is_ours:
            trained.model.config.problem_type = "multi_label_classification"
        else:
            assert target_of_model(trained.model).name == "one", "binary cross-entropy alone is one label a text"
            trained.model.config.multi_label = True
        assert target_of_model(trained.model).name == "several"
        torch.testing.assert_close(answers_of(trained.model, logits), logits.sigmoid())
        first, second = trained.labels
        prediction = said(trained, Decision(2.0, {first: 1e-6, second: 1.0}))
        assert prediction.labels == (first,) and prediction.label == first and not prediction.abstains
        none = said(trained, Decision(thresholds={first: 1.0, second: 1.0}))
        assert none.labels == () and none.label == ""
        assert attend(trained, TEXT).has_answer, "no label is an answer too"


def test_a_number_has_no_decision() -> None:
    trained = MAKERS["number"]()
    assert said(trained, Decision(temperature=9.0)) == said(trained)
