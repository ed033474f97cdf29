"""Ranges come from the fields' own limits, goals from what a task measures."""

from __future__ import annotations

import pytest

from engine.config.run import RunConfig
from engine.config.search import (
    Budget,
    Goal,
    Range,
    SearchPlan,
    budget_of,
    checked_plan,
    checked_range,
    goal_of,
    start_of,
)
from engine.config.search_limits import limits_of, searchable, usual_ranges
from engine.config.tasks.best_metric import validated
from engine.errors import InputError
from engine.studies.trial_configs import chosen_config, refuse_no_valid_point
from engine.verbs.beginning import recipes

RECIPES = recipes()


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_can_be_searched_with_its_usual_ranges(name: str) -> None:
    config = RECIPES[name]
    plan = SearchPlan(ranges=usual_ranges(config), goals=(Goal(metric=validated(config.task)[0]),))
    checked = checked_plan(plan, config)
    assert any(one.path == "training.optimizer.learning_rate" for one in checked.ranges)
    start = start_of(checked.ranges, config)
    assert all(one.holds(start[one.path]) for one in checked.ranges), "the start lies in them"
    refuse_no_valid_point(config, checked)
    for one in checked.ranges:
        for end in (one.low, one.high):
            limits = limits_of(config, one.path)
            assert limits.admits(end) and isinstance(end, int) == limits.is_integer
    assert chosen_config(config, checked, start).model == config.model


def test_limits_are_those_of_the_field() -> None:
    config = RunConfig()
    dropout = limits_of(config, "model.dropout")
    assert dropout.admits(0) and dropout.admits(0.999) and not dropout.admits(1.0) and not dropout.admits(-0.1)
    assert dropout.in_words().english() == "a number, at least 0, below 1"
    rate = limits_of(config, "training.optimizer.learning_rate")
    assert (
        not rate.admits(0) and rate.admits(100.0) and not rate.admits(True) and rate.title.english() == "Learning rate"
    )
    size = limits_of(config, "model.hidden_size")
    assert size.is_integer and not size.admits(8.5) and size.admits(8) and not size.admits(1)
    assert limits_of(config, "model.cell").choices == ("rnn", "lstm", "gru")
    assert "additive" in limits_of(config, "model.pooling.name").choices
    assert limits_of(config, "model.bidirectional").choices == (False, True)
    assert limits_of(config, "data.max_length").is_integer


def test_what_decides_no_quality_is_not_offered() -> None:
    offered = {one.path for one in searchable(RunConfig())}
    assert {"model.dropout", "training.optimizer.learning_rate", "training.micro_batch_size"} <= offered
    assert not offered & {
        "seed",
        "title",
        "training.device",
        "training.evaluate_every",
        "task.multi_label",
        "data.train",
    }
    with pytest.raises(InputError, match="neither numbers nor values"):
        limits_of(RunConfig(), "seed")


@pytest.mark.parametrize(
    ("text", "metric", "floor", "key"),
    [
        ("f1", "f1", None, "f1"),
        ("precision@0.85", "precision", 0.85, "precision_at_recall"),
        ("precision@recall=.5", "precision", 0.5, "precision_at_recall"),
        ("Precision@85%", "precision", 0.85, "precision_at_recall"),
    ],
)
def test_goals_as_they_are_written(text: str, metric: str, floor: float | None, key: str) -> None:
    goal = goal_of(text)
    assert (goal.metric, goal.recall_floor, goal.key) == (metric, floor, key)


def test_steps_and_kinds_of_numbers() -> None:
    config = RunConfig()
    sizes = checked_range(Range(path="model.hidden_size", low=32.0, high=96.0, step=32), config)
    assert (sizes.low, sizes.high, sizes.step) == (32, 96, 32) and isinstance(sizes.low, int)
    assert sizes.holds(64) and not sizes.holds(65) and not sizes.holds(128)
    share = checked_range(Range(path="model.dropout", low=0, high=0.5), config)
    assert isinstance(share.low, float) and share.holds(0.25) and not share.holds("0.25")
    assert SearchPlan.model_validate(SearchPlan(ranges=(sizes, share)).model_dump(mode="json")).ranges == (sizes, share)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (SearchPlan(ranges=()), "nothing to try"),
        (SearchPlan(ranges=(Range(path="model.dropout", low=0, high=0.5),) * 2), "two ranges"),
        (
            SearchPlan(ranges=(Range(path="model.dropout", low=0, high=0.5),), budget=Budget(minutes=None)),
            "no end",
        ),
        (SearchPlan(ranges=(Range(path="model.dropout"),)), "smaller to a larger"),
        (SearchPlan(ranges=(Range(path="model.cell", low=0, high=1),)), "values to choose from"),
        (
            SearchPlan(ranges=(Range(path="model.hidden_size", low=8, high=64, step=8, log=True),)),
            "only one of them",
        ),
    ],
)
def test_plans_that_cannot_be_carried_out(plan: SearchPlan, said: str) -> None:
    with pytest.raises(InputError, match=said):
        checked_plan(plan, RunConfig())


@pytest.mark.parametrize(("minutes", "trials"), [(0.0, None), (-1.0, None), (float("nan"), None), (None, 0)])
def test_a_budget_that_allows_nothing(minutes: float | None, trials: int | None) -> None:
    with pytest.raises(InputError, match="cannot"):
        budget_of(minutes, trials)


def test_a_choice_between_specs_begins_from_its_defaults() -> None:
    plan = SearchPlan(ranges=(Range(path="training.optimizer.name", choices=("sgd", "adamw")),))
    config = RunConfig().with_values({"training.optimizer.learning_rate": 0.005})
    checked = checked_plan(plan, config)
    assert chosen_config(config, checked, {"training.optimizer.name": "sgd"}).training.optimizer.learning_rate == 0.1
    assert (
        chosen_config(config, checked, {"training.optimizer.name": "adamw"}).training.optimizer.learning_rate == 0.005
    )
