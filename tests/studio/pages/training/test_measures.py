"""What chooses the best checkpoint is followed live, whichever metric it is."""

from __future__ import annotations

import pytest

from engine.config.run import RunConfig, from_tree
from engine.runs.history import History
from studio.tasks.measures import ABSOLUTE, REACH, Measure
from studio.tasks.registry import view_of

SEVERAL = {"task.multi_label": True}
NUMBER = {"task.loss.name": "mse"}


def followed(config: RunConfig) -> Measure:
    return view_of(config.task).training.followed(config)


def drawn(config: RunConfig) -> set[str]:
    return {one.key for one in view_of(config.task).training.curves(config)}


def looked_into(config: RunConfig) -> set[str]:
    return {trace.key for panel in view_of(config.task).training.panels(History(), config) for trace in panel.traces}


def chosen_by(metric: str, changes: dict[str, object] | None = None) -> RunConfig:
    return RunConfig().with_values({**(changes or {}), "training.best.metric": metric})


@pytest.mark.parametrize(
    ("config", "key"),
    [
        (chosen_by("f1"), "f1"),
        (chosen_by("accuracy"), "accuracy"),
        (chosen_by("auc"), "auc"),
        (chosen_by("f1_micro", SEVERAL), "f1_micro"),
        (chosen_by("mse", NUMBER), "mse"),
        (chosen_by("r2", NUMBER), "r2"),
    ],
)
def test_it_is_drawn_and_can_be_looked_into(config: RunConfig, key: str) -> None:
    assert followed(config).key == key
    assert key in drawn(config) and key in looked_into(config)


def test_the_loss_has_a_chart_of_its_own() -> None:
    assert "loss" not in drawn(chosen_by("loss"))
    assert followed(chosen_by("loss")).key == "loss" and followed(chosen_by("loss", NUMBER)) == ABSOLUTE


def test_a_writer_is_followed_by_what_chooses_its_checkpoint() -> None:
    tree = {"task": {"name": "text-gan"}, "model": {"name": "text-gan"}}
    assert followed(from_tree(tree)) == REACH
    assert followed(from_tree({**tree, "training": {"best": {"metric": "nll_gen"}}})).key == "nll_gen"


def test_percent_and_direction_are_the_registrys() -> None:
    auc, error = followed(chosen_by("auc")), followed(chosen_by("mae", NUMBER))
    assert auc.worded(0.934) == "93.4 %" and auc.rises and auc.title() == "AUC"
    assert error.worded(0.0312345) == "0.03123" and not error.rises and error.title() == "Mean error"
