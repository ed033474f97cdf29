"""A folder that transformers opens: probabilities, temperature and decision go along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import pipeline

from engine.breath import drain
from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from engine.errors import InputError, RunFailure
from engine.export.check_texts import check_texts
from engine.export.equivalence import pipeline_answers, studio_answers
from engine.export.huggingface import must_be_divided, write_folder
from engine.export.model_loading import ModelToExport
from engine.export.temperature_folding import fold_temperature
from engine.records import BUILT_IN, Decision, Promise
from engine.runs.decision import read_decision
from engine.runs.model_folder import ModelFolder
from engine.targets import target_of
from tests.engine.export.leavers import TEXTS, files_in, leaver, small, stranger
from tests.engine.inspection.small_models import WORDS, own
from tests.engine.models.tiny import tiny

THREE = ("bad", "good", "so so")
PROMISE = Promise("good", 0.95, 0.9, 0.8, 500, 0.951, 0.97, 0.6, 0.7)
DECISION = Decision(2.5, {"good": 0.8}, (PROMISE,))


def table(texts: list[str]) -> Any:
    from datasets import Dataset

    return Dataset.from_dict({"row": list(range(len(texts))), "text": texts})


def differences(leaving: ModelToExport, folder: Path) -> list[float]:
    """Of the pipeline, for texts alone and in batches."""
    studio = drain(studio_answers(leaving, table(TEXTS)))  # type: ignore[arg-type]
    write_folder(leaving, folder)
    return [float(np.abs(found - studio).max()) for found in drain(pipeline_answers(leaving, folder, TEXTS))]


def own_leaver(spec: Any, loss: Any, labels: tuple[str, ...], decision: Decision) -> ModelToExport:
    """The studio's model and the one that leaves are two: a temperature is folded into the second alone."""
    leaving = leaver(own(spec, loss, labels), decision)
    return ModelToExport(own(spec, loss, labels).model, leaving.studio, leaving.target, leaving.loss, decision)


@pytest.mark.parametrize("kind", [Recurrent, Transformer, Fusion, Convolutional])
def test_our_models(kind: type, tmp_path: Path) -> None:
    leaving = own_leaver(small(kind), CrossEntropy(), THREE, DECISION)
    assert max(differences(leaving, tmp_path)) < 1e-6
    assert files_in(tmp_path) == {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


@pytest.mark.parametrize("labels", [THREE[:2], THREE])
def test_yes_or_no_questions(labels: tuple[str, ...], tmp_path: Path) -> None:
    """With two labels the sigmoids sum to 1; with more the studio divides by their sum, and so must who asks."""
    leaving = own_leaver(small(Convolutional), BinaryCrossEntropy(), labels, Decision(temperature=0.4))
    assert must_be_divided(leaving) == (len(labels) > 2)
    assert max(differences(leaving, tmp_path)) < 1e-6
    raw = pipeline("text-classification", model=str(tmp_path), device="cpu")(TEXTS[1], top_k=None)
    assert (abs(sum(one["score"] for one in raw) - 1) > 1e-3) == (len(labels) > 2)


def test_a_number(tmp_path: Path) -> None:
    leaving = own_leaver(small(Recurrent), MeanSquaredError(), (), Decision())
    assert max(differences(leaving, tmp_path)) < 1e-6


def test_several_labels(tmp_path: Path) -> None:
    leaving = own_leaver(small(Convolutional), BinaryCrossEntropy(), THREE, DECISION)
    for one in (leaving.model, leaving.studio.model):
        one.config.multi_label = True
    leaving = ModelToExport(leaving.model, leaving.studio, target_of("several"), leaving.loss, DECISION)
    assert not must_be_divided(leaving) and max(differences(leaving, tmp_path)) < 1e-6


@pytest.mark.parametrize("name", ["bert", "roberta", "distilbert", "gpt2"])
def test_models_of_transformers(name: str, tmp_path: Path) -> None:
    changes: dict[str, Any] = {"vocab_size": len(WORDS), "pad_token_id": 0, "num_labels": 3}
    studio, leaving = stranger(tiny(name, **changes), DECISION), tiny(name, **changes)
    made = ModelToExport(leaving, studio.studio, studio.target, studio.loss, DECISION)
    assert max(differences(made, tmp_path)) < 1e-5


def test_what_a_pipeline_cannot_ask_is_said_in_words(tmp_path: Path) -> None:
    """XLNet gives its memory back, which breaks transformers' own batches."""
    with pytest.raises(RunFailure, match="does not run"):
        differences(stranger(tiny("xlnet", vocab_size=len(WORDS), pad_token_id=0)), tmp_path)


def test_the_last_layer_is_found_by_what_it_does() -> None:
    """A layer of the right size that is not the last one is left as it was."""
    model = tiny("bert", vocab_size=len(WORDS))
    model.aside = torch.nn.Linear(16, 2)
    before = model.aside.weight.clone()
    ids = torch.tensor([[2, 7, 8, 3]])
    with torch.no_grad():
        logits = model(ids).logits
        fold_temperature(model, 3.0, ids)
        assert model(ids).logits == pytest.approx(logits / 3.0, abs=1e-6)
    assert torch.equal(model.aside.weight, before)


def test_no_layer_makes_the_logits_alone() -> None:
    model = tiny("bert", vocab_size=len(WORDS))
    model.classifier.register_forward_hook(lambda _module, _inputs, output: output + 1.0)
    weight = model.classifier.weight.clone()
    with pytest.raises(InputError, match="cannot be put into"):
        fold_temperature(model, 3.0, torch.tensor([[2, 7, 8, 3]]))
    assert torch.equal(model.classifier.weight, weight), "nothing is changed"


def test_the_decision_goes_along(tmp_path: Path) -> None:
    write_folder(own_leaver(small(Recurrent), CrossEntropy(), THREE, DECISION), tmp_path)
    tree = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert tree["decision"]["folded_temperature"] == 2.5
    assert read_decision(tmp_path) == Decision(1.0, DECISION.thresholds, DECISION.promises)
    assert str(Path.home()) not in json.dumps(tree) and "_name_or_path" not in tree
    limit = json.loads((tmp_path / "tokenizer_config.json").read_text(encoding="utf-8"))["model_max_length"]
    assert limit == 40


def test_a_foreign_model_is_checked_on_invented_texts(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    rows, name = check_texts(ModelFolder.open(tmp_path))
    lengths = [len(text) for text in rows["text"]]
    assert name == BUILT_IN and len(rows) == 100 and max(lengths) > 5 * min(lengths)
