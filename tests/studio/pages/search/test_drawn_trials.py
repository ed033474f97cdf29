"""What a record is in charts and tables, on records that were written down."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.config.search import Range
from engine.config.search_limits import searchable
from engine.messages import Message
from engine.records.search import Influence, SearchRecord
from studio.pages.search.drawn_trials import (
    SettingAxis,
    boxes,
    curves,
    extent_of,
    front,
    lines,
    looks,
    ranked,
    rungs,
    value_axes,
)
from studio.pages.search.mattered_card import narrower
from studio.pages.search.trial_rows import scale_of_rows, sorted_rows, trial_rows
from tests.studio.pages.search.made_searches import (
    PASS,
    RANGES,
    config,
    finished,
    repeated,
    searching,
    with_two_goals,
)

RATE = RANGES[0]

pytestmark = pytest.mark.usefixtures("look")


def axes_of(record: SearchRecord) -> list[SettingAxis]:
    limits = {one.path: one for one in searchable(config())}
    return [SettingAxis(one, one.title.english(), limits[one.path]) for one in record.axes]


def test_one_trial_is_the_best_and_five_lead() -> None:
    record = searching()
    found = list(looks(record).values())
    assert found.count("best") == 1 and found.count("leading") == 4 and found.count("running") == 1
    assert found.count("pruned") == sum(one.state == "pruned" for one in record.trials)
    assert looks(record)[7] == "failed"
    values = [one.value for one in ranked(record) if one.state == "done"]
    assert values == sorted(values, reverse=True)


def test_of_a_metric_of_which_less_is_better_the_least_leads() -> None:
    record = searching()
    goal = replace(record.goals[0], lower_is_better=True)
    turned = replace(record, goals=(goal,))
    values = [one.value for one in ranked(turned) if one.state == "done"]
    assert values == sorted(values)


def test_curves_are_over_passes_and_checks_stand_at_their_share() -> None:
    record = searching()
    drawn = {one.key: one for one in curves(record)}
    assert 7 not in drawn, "it failed before it was measured"
    best = drawn[record.best]
    np.testing.assert_allclose(best.xs[-1], 8.0)
    np.testing.assert_allclose(best.ys[best.mark], record.trial(record.best).value)
    assert best.label.endswith(f"{100 * record.trial(record.best).value:.1f}")
    assert rungs(record) == pytest.approx((1.0, 2.0, 4.0))
    assert all(one.label for one in drawn.values() if one.look == "running")


def test_trials_that_do_not_know_their_passes_are_drawn_over_steps() -> None:
    record = searching()
    trials = tuple(replace(one, steps_per_pass=math.nan) for one in record.trials)
    found = replace(record, trials=trials)
    assert extent_of(found) == "step"
    assert max(one.xs[-1] for one in curves(found)) == 8 * PASS


def test_axes_span_what_was_tried_before_a_range_was_narrowed() -> None:
    record = searching()
    narrow = replace(record, axes=(replace(record.axes[0], low=1e-3, high=3e-3), *record.axes[1:]))
    drawn_on = value_axes(narrow, axes_of(narrow))
    tried = [one.parameters[RATE.path] for one in record.trials]
    assert drawn_on[0].low == min(tried) and drawn_on[0].high == max(tried) and drawn_on[0].is_log
    found = lines(narrow, axes_of(narrow), drawn_on)
    assert len(found) == len(record.trials)
    running = next(one for one in found if one.look == "running")
    assert all(math.isfinite(one) for one in running.values[:4])


def test_values_to_choose_from_are_places_on_their_axis() -> None:
    record = searching()
    cell = replace(record.axes[3], path="model.cell", choices=("rnn", "lstm", "gru"), low=math.nan, high=math.nan)
    cells = ("lstm", "gru", "rnn")
    trials = tuple(replace(one, parameters={"model.cell": cells[one.number % 3]}) for one in record.trials)
    found = replace(record, axes=(cell,), trials=trials)
    axes = axes_of(found)
    drawn_on = value_axes(found, axes)
    assert len(drawn_on[0].options) == 3
    values = [one.values[0] for one in lines(found, axes, drawn_on)]
    assert values[:3] == [1.0, 2.0, 0.0]


def test_boxes_hold_the_best_five() -> None:
    record = searching()
    best = [one for one in ranked(record) if one.state == "done"][:5]
    low, high = boxes(record, axes_of(record))[0]
    rates = [one.parameters[RATE.path] for one in best]
    assert (low, high) == (min(rates), max(rates))


def test_the_front_is_the_records() -> None:
    record = with_two_goals()
    _, points = front(record)
    assert {one.key for one in points if one.is_front} == set(record.front) and len(points) == len(record.trials)


def test_a_repeated_trial_has_the_mean_of_its_seeds_and_their_interval() -> None:
    record = repeated()
    rows = {one.number: one for one in trial_rows(record, axes_of(record))}
    first = record.repeats[0]
    assert rows[first.trial].value == pytest.approx(first.mean)
    assert rows[first.trial].interval == pytest.approx((first.mean - 0.0126, first.mean + 0.0126))
    once = next(one for one in rows.values() if one.shape == "done" and not one.values)
    assert math.isnan(once.half_width)


@pytest.mark.parametrize(
    ("outcome", "state"), [("better", "winner"), ("noise", "best, within noise"), ("none", "stays the best")]
)
def test_winner_is_said_only_of_one_beyond_chance(outcome: str, state: str) -> None:
    record = finished(outcome)
    row = next(one for one in trial_rows(record, axes_of(record)) if one.number == record.winner)
    assert row.state == state


def test_rows_are_sorted_by_what_a_head_says() -> None:
    record = searching()
    rows, goal = trial_rows(record, axes_of(record)), record.goals[0]
    numbers = [one.number for one in sorted_rows(rows, "number", goal)]
    assert numbers == sorted(numbers)
    assert [one.number for one in sorted_rows(rows, "number", goal, is_turned=True)] == numbers[::-1]
    times = [one.seconds for one in sorted_rows(rows, "seconds", goal)]
    assert times == sorted(times, reverse=True)
    assert sorted_rows(rows, "value", goal)[-1].number == 7, "the failed one has no value"
    assert sorted_rows(rows, "value", goal)[0].number == record.best


def test_the_axis_of_all_rows_holds_the_baseline_and_whatever_is_good() -> None:
    record = repeated()
    rows = trial_rows(record, axes_of(record))
    scale = scale_of_rows(rows, record)
    assert scale.baseline == record.baseline and scale.low < record.baseline < scale.high
    assert all(scale.low <= one.value <= scale.high for one in rows if one.shape in ("best", "done"))
    assert max(one.value for one in rows if math.isfinite(one.value)) <= scale.high


@pytest.mark.parametrize(
    ("one", "low", "high", "wanted"),
    [
        (RATE, 0.0012, 0.0022, (0.00076, 0.0035)),
        (RATE, 0.0002, 0.009, None),
        (Range(path="model.num_layers", low=1, high=8), 2.0, 3.0, (1, 4)),
        (Range(path="model.hidden_size", low=64, high=256, step=32), 128.0, 160.0, (96, 192)),
        (Range(path="model.dropout", low=0.0, high=0.5), 0.0, 0.05, (0.0, 0.1)),
        (Range(path="model.cell", choices=("lstm", "gru")), math.nan, math.nan, None),
    ],
)
def test_a_range_is_narrowed_to_where_the_best_lie(
    one: Range, low: float, high: float, wanted: tuple[float, float] | None
) -> None:
    found = narrower(Influence(one.path, Message("Setting"), 0.6, low, high), one)
    assert wanted is None if found is None else (found.low, found.high) == pytest.approx(wanted)
    if found is not None:
        assert found.log == one.log and found.step == one.step and type(found.low) is type(one.low)
