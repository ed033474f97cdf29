"""What a text gets, one label, several or a number: one word is enough, and a contradiction is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.losses import BinaryCrossEntropy, Focal, MeanSquaredError
from engine.config.run import RunConfig, from_tree, from_yaml, merged, read_tree
from engine.config.tasks.classification import Classification
from engine.config.tasks.registry import target_kind
from engine.config.tasks.semi_supervised import SemiSupervised
from engine.errors import InputError
from engine.targets import target_of

RECIPES = Path(__file__).resolve().parents[3] / "resources" / "recipes"


@pytest.mark.parametrize("value", [True, "true", "yes"])
def test_several_labels_bring_their_loss(value: object) -> None:
    config = RunConfig().with_values({"task.multi_label": value})
    assert config.task.multi_label and config.task.loss == BinaryCrossEntropy()
    recipe = from_tree(merged(read_tree(RECIPES / "quick-look.yaml"), {"task.multi_label": value}))
    assert target_kind(recipe.task) == "several"
    assert from_tree({"task": {"name": "classification", "multi_label": True}}).task.loss == BinaryCrossEntropy()


def test_what_a_loss_was_told_is_kept() -> None:
    told = RunConfig().with_values({"task.loss.class_weights": "balanced", "task.loss.label_smoothing": 0.1})
    loss = told.with_values({"task.multi_label": True}).task.loss
    assert loss == BinaryCrossEntropy(class_weights="balanced", label_smoothing=0.1)
    set_too = RunConfig().with_values(
        {"task.multi_label": True, "task.loss.class_weights": "balanced", "task.loss.name": "binary-cross-entropy"}
    )
    assert set_too.task.loss == BinaryCrossEntropy(class_weights="balanced")


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"task.multi_label": True, "task.loss.name": "focal"}, "task.loss", "binary cross-entropy"),
        ({"task.multi_label": True, "task.loss.name": "mse"}, "task.loss", "one label a text"),
        (
            {"task.multi_label": True, "task.positive_label": "a"},
            "task.positive_label",
            "leave the positive label empty",
        ),
        ({"task.multi_label": True, "training.attacked_rows": 5}, "training.attacked_rows", "choose 0"),
        ({"task.loss.name": "mse", "training.attacked_rows": 5}, "training.attacked_rows", "choose 0"),
        ({"task.loss.name": "mse", "training.adversary.name": "vat"}, "training.adversary", "FGM or FreeLB"),
        ({"data.label_columns": "a, b"}, "data.label_columns", "task.multi_label=true"),
    ],
)
def test_contradictions_are_told(changes: dict[str, object], where: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        RunConfig().with_values(changes)
    assert caught.value.where.english() == where and words in caught.value.mend.english()


def test_columns_of_labels_may_be_one_text() -> None:
    config = RunConfig().with_values({"task.multi_label": "true", "data.label_columns": "toxic, rude"})
    assert config.data.label_columns == ("toxic", "rude")


def test_a_task_goes_from_kind_to_kind() -> None:
    one = Classification(loss=Focal(class_weights="balanced"), positive_label="a")
    several = one.with_target(target_of("several"))
    assert several == Classification(loss=BinaryCrossEntropy(class_weights="balanced"), multi_label=True)
    assert several.with_target(target_of("number")) == Classification(loss=MeanSquaredError())
    assert target_kind(one.with_target(target_of("number")).with_target(target_of("one"))) == "one"
    assert one.with_target(target_of("one")) == one
    assert target_kind(SemiSupervised()) == "one"


def test_recipes_of_several_labels_and_of_numbers() -> None:
    several, stars = (from_yaml(RECIPES / f"{name}.yaml") for name in ("several-labels", "stars"))
    assert (target_kind(several.task), several.data.builtin.topic) == ("several", "aspects")
    assert (target_kind(stars.task), stars.data.builtin.topic) == ("number", "stars")
