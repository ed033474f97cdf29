"""Ranges that a person changes while a search runs: they hold from the next trial on, and what was tried stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.commands import Command
from engine.config.search import Range
from engine.errors import InputError
from engine.records import Progress
from engine.records.search import SearchRecord
from engine.runs.run import Run
from engine.runs.search_folder import change_ranges, plan_of
from engine.runs.study import Study
from engine.studies.search_record import search_record
from tests.engine.studies import pretended_search
from tests.engine.studies.pretended_search import CELL, DROPOUT, RANGES, RATE, Pretended, search_in, searched

NARROW = Range(path=RATE, low=5e-3, high=2e-2, log=True)
FIXED = Range(path=DROPOUT, choices=(0.1,))


def changed_at(study: Study, number: int, ranges: Sequence[Range]) -> SearchRecord:
    """A search whose ranges are changed while this trial trains."""

    def change(progress: Progress) -> Command | None:
        record = progress.partial
        if isinstance(record, SearchRecord) and record.running is not None and record.running.number == number:
            change_ranges(study, ranges)
        return None

    return searched(study, Pretended(), change)


def plan(trials: int = 10) -> object:
    return pretended_search.plan_of(trials=trials, seeds=1)


def test_a_narrower_range_holds_from_the_next_trial_on(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan())
    record = changed_at(study, 3, (NARROW, RANGES[1]))
    rates = [one.parameters[RATE] for one in record.trials]
    assert any(not 5e-3 <= rate <= 2e-2 for rate in rates[1:4])
    assert all(5e-3 <= rate <= 2e-2 for rate in rates[4:]) and len(rates) == 10
    assert record.axes[0].low == 5e-3 and plan_of(study).ranges[0] == NARROW
    for trial in record.trials:
        assert Run.open(study.path / trial.run).config.training.optimizer.learning_rate == trial.parameters[RATE]


@pytest.mark.slow
def test_a_setting_is_fixed_taken_out_and_added(tmp_path: Path) -> None:
    fixed = changed_at(search_in(tmp_path, plan(), name="fixed"), 3, (RANGES[0], FIXED))
    assert {one.parameters[DROPOUT] for one in fixed.trials[4:]} == {0.1}
    assert fixed.importance is None or DROPOUT not in {one.path for one in fixed.importance.influences}
    out = search_in(tmp_path, plan(), name="out")
    record = changed_at(out, 3, (RANGES[0],))
    assert all(DROPOUT not in one.parameters for one in record.trials[4:])
    assert Run.open(out.path / record.trials[-1].run).config.model.dropout == out.base.model.dropout
    added = changed_at(
        search_in(tmp_path, plan(), name="added"), 3, (*RANGES, Range(path=CELL, choices=("lstm", "gru")))
    )
    assert all(one.parameters[CELL] in ("lstm", "gru") for one in added.trials[4:])
    assert CELL not in added.trials[3].parameters


def test_another_scale_and_other_values_to_choose_from_are_no_contradiction(tmp_path: Path) -> None:
    ranges = (RANGES[0], Range(path=CELL, choices=("rnn", "lstm", "gru")))
    study = search_in(tmp_path, pretended_search.plan_of(trials=10, seeds=1, ranges=ranges))
    other = (Range(path=RATE, low=1e-3, high=1e-1), Range(path=CELL, choices=("lstm", "gru")))
    record = changed_at(study, 3, other)
    assert len(record.trials) == 10 and all(one.parameters[CELL] != "rnn" for one in record.trials[4:])
    assert not record.axes[0].log and search_record(Study.open(study.path)).trials == record.trials


def test_what_does_not_fit_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan())
    before = plan_of(study)
    for wrong in ((), (FIXED,), (Range(path=RATE, low=0.1, high=0.01),), (Range(path="model.nothing", low=1, high=2),)):
        with pytest.raises(InputError):
            change_ranges(study, wrong)
    assert plan_of(study) == before
