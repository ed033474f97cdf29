"""A run that counts words: fitted in one step, told, measured, looked into, and as any run in all else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.breath import drain
from engine.commands import Stop
from engine.config.run import RunConfig, from_tree
from engine.data.splitting.splits import load_splits
from engine.data.tokens.tokenizer import cuts_characters
from engine.errors import InputError
from engine.events import CheckpointSaved, Evaluated, Noticed, RunFinished, RunStarted
from engine.export.export import export
from engine.inspection.attribution.attribute import attribute
from engine.inspection.cost.estimate import estimate_cost
from engine.inspection.counting.occurrences import occurrences
from engine.inspection.counting.speaking import speaking_words
from engine.inspection.evaluation.examine import examine
from engine.inspection.subjects.loaded_models import trained
from engine.records import Format
from engine.runs.run import Run
from engine.tasks.material import make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.training.device import place
from engine.training.prepare import resume, train

MESSAGES = {"data": {"builtin": {"topic": "messages", "num_rows": 240}, "max_length": 512}}


def config(model: dict[str, Any] | None = None, **changes: Any) -> RunConfig:
    tree: dict[str, Any] = {
        **MESSAGES,
        "model": {"name": "word-counting", "ngrams": "words", "seconds": 1, **(model or {})},
        "training": {"max_steps": 1, "evaluate_every": 1, "baseline": False, "probes": []},
    }
    return from_tree({**tree, **changes})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = Run.create(config({"weighting": "naive-bayes"}), tmp_path_factory.mktemp("runs"), "counted")
    for _ in train(made):
        pass
    return made


def test_it_learns_in_one_step_and_tells_what_was_chosen(tmp_path: Path) -> None:
    made = Run.create(config(), tmp_path, "counted")
    events = [event for event in train(made) if event is not None]
    assert next(one for one in events if isinstance(one, RunStarted)).total_steps == 1
    notices = " ".join(str(one.message.id) for one in events if isinstance(one, Noticed))
    assert "It counts" in notices and "cross-validation" in notices
    figures = {one.split: one for one in events if isinstance(one, Evaluated)}
    assert figures["validation"].metrics["accuracy"] > 0.8 and figures["test"].metrics["accuracy"] > 0.8
    assert any(isinstance(one, CheckpointSaved) and one.is_best for one in events)
    last = events[-1]
    assert isinstance(last, RunFinished) and last.step == 1 and last.state == "finished"


def test_stopped_while_it_is_fitted_nothing_was_learned_and_it_begins_anew(tmp_path: Path) -> None:
    made = Run.create(config(), tmp_path, "stopped")
    training, event = train(made), None
    while not isinstance(event, RunStarted):
        event = next(training)
    events = [training.send(Stop()), *training]
    last = [one for one in events if one is not None][-1]
    assert isinstance(last, RunFinished) and last.state == "stopped" and last.step == 0
    assert not made.checkpoints
    again = [one for one in resume(made) if one is not None]
    assert isinstance(again[-1], RunFinished) and again[-1].step == 1


def test_a_finished_run_has_nothing_left_to_learn(run: Run) -> None:
    before = trained(run).model.state_dict()["table.weights"].clone()
    events = [one for one in resume(run) if one is not None]
    assert isinstance(events[-1], RunFinished) and events[-1].step == 1
    assert np.array_equal(before.numpy(), trained(run).model.state_dict()["table.weights"].numpy())


def test_the_words_of_a_label_and_where_they_stand(run: Run) -> None:
    fraud = speaking_words(run, "fraud", most=50)
    assert fraud.labels == trained(run).labels and len(fraud.runs) == 50
    weights = [one.weight for one in fraud.runs]
    assert weights == sorted(weights, reverse=True) and weights[-1] > 0
    honest = speaking_words(run, "honest", against=True, most=50)
    assert [one.text for one in honest.runs] == [one.text for one in fraud.runs]  # two labels are one question
    assert [one.weight for one in honest.runs] == [-one for one in weights]

    word = next(one for one in fraud.runs if len(one.ids) == 1)
    searched = speaking_words(run, "fraud", search=word.text)
    assert word.text in [one.text for one in searched.runs] and searched.num_matching < fraud.num_matching
    assert all(word.text in one.text for one in searched.runs)
    begun = speaking_words(run, "fraud", search=word.text[:-1])
    assert {one.text for one in searched.runs} <= {one.text for one in begun.runs}

    places = drain(occurrences(run, word.ids, most=1000))
    assert len(places) == word.num_texts
    for one in places:
        assert all(one.text[start:stop].lower() == word.text for start, stop in one.spans)


def test_a_label_that_is_not_there_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match="spam"):
        speaking_words(run, "spam")


def test_weights_are_what_a_word_changes(run: Run) -> None:
    """Of a text of one word, its weight is what leaving it out takes away."""
    found = speaking_words(run, "fraud", most=1000)
    word = next(one for one in found.runs if len(one.ids) == 1)
    model = trained(run)
    ids = model.tokenizer(word.text, return_tensors="pt")
    logits = model.model(**ids).logits[0]
    empty = model.model(**model.tokenizer("", return_tensors="pt")).logits[0]
    place = model.labels.index("fraud")
    change = (logits[place] - logits[1 - place]) - (empty[place] - empty[1 - place])
    assert float(change) == pytest.approx(word.weight, abs=1e-4)


def test_reasons_are_measured_by_leaving_out_alone(run: Run) -> None:
    found = drain(attribute(trained(run), "you won a prize, send your password", "leave-one-out"))
    assert np.abs(found.scores).max() > 0
    for method in ("gradient", "attention"):
        with pytest.raises(InputError, match="leave-one-out"):
            drain(attribute(trained(run), "you won a prize", method))  # type: ignore[arg-type]


def test_it_is_examined_as_any_run(run: Run) -> None:
    answers = drain(examine(run, split="test"))
    assert (answers.logits.argmax(axis=1) == answers.truths).mean() > 0.8


@pytest.mark.parametrize(("ngrams", "is_characters"), [("words", False), ("characters", True)])
def test_the_tokenizer_cuts_what_is_counted(ngrams: str, is_characters: bool) -> None:
    chosen = config({"ngrams": ngrams})
    tokenizer = make_tokenizer(chosen, load_splits(chosen.data, chosen.task, 0))
    assert cuts_characters(tokenizer) == is_characters
    assert tokenizer.model_max_length == 512


def test_what_is_better_answered_is_chosen_of_words_and_characters() -> None:
    chosen = config({"ngrams": "auto", "seconds": 8})
    splits = load_splits(chosen.data, chosen.task, 0)
    assert cuts_characters(make_tokenizer(chosen, splits)) in (True, False)
    still = config({"ngrams": "auto", "seconds": 0})
    assert not cuts_characters(make_tokenizer(still, splits))


def test_what_of_the_loss_it_does_not_learn_by_is_said() -> None:
    chosen = config(task={"name": "classification", "loss": {"name": "focal"}})
    splits = load_splits(chosen.data, chosen.task, 0)
    material = make_material(chosen, splits, make_tokenizer(chosen, splits))
    task = make_task(chosen, material, place(chosen.training).device)
    assert ["log loss" in str(one.id) for one in task.notes] == [True]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"training": {"adversary": {"name": "fgm"}}}, "training.adversary"),
        ({"training": {"pretraining": {"name": "language-model", "steps": 1}, "max_steps": 2}}, "training.pretraining"),
        ({"task": {"name": "semi-supervised"}}, "model"),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError) as refused:
        config(**changes)
    assert f"| {where} |" in str(refused.value)


@pytest.mark.parametrize(
    ("topic", "task"),
    [("aspects", {"multi_label": True}), ("stars", {"loss": {"name": "mse"}})],
)
def test_several_labels_and_numbers_are_learned_too(topic: str, task: dict[str, Any], tmp_path: Path) -> None:
    data = {"builtin": {"topic": topic, "num_rows": 160}, "max_length": 512}
    chosen = config(data=data, task={"name": "classification", **task})
    events = [one for one in train(Run.create(chosen, tmp_path, topic)) if one is not None]
    figures = next(one for one in events if isinstance(one, Evaluated) and one.split == "test")
    assert np.isfinite(list(figures.metrics.values())).all()


def test_its_cost_is_told_without_choosing() -> None:
    found = estimate_cost(config({"seconds": 3600}))
    assert 0 < found.total_seconds < 60 and found.num_learning == 0


@pytest.mark.slow
@pytest.mark.parametrize("format", ["onnx", "hf"])
def test_it_leaves_the_house_and_answers_the_same(run: Run, format: Format, tmp_path: Path) -> None:
    found = drain(export(run, format, tmp_path / "out"))
    assert found.max_difference < 1e-5
