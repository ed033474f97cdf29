"""A search's folder: a study whose trials are ordinary runs, and what the search itself keeps there.

study.json          as of every study; a variant a trial      trial-N-seedS/    the trials' runs, and their repeats
search.json         the plan: ranges, goals, budget           trials.journal    what was tried and how it came out
found.json          the record so far, for lists              (optuna's own file, see `engine.studies.trial_memory`)
best.yaml           the best config: a recipe for `train`
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.messages import message
from engine.records.search import SearchRecord
from engine.runs.checksums import Damage, damaged_file, read_object, sealed
from engine.runs.files import write_atomic
from engine.runs.pointer import FILE as POINTER
from engine.runs.pointer import all_step_folders
from engine.runs.run import Run
from engine.runs.run_facts import how_to_go_on
from engine.runs.study import Study, Variant, refuse_other_kinds

if TYPE_CHECKING:  # a list of searches opens without the choices, which are slow to load
    from engine.config.run import RunConfig
    from engine.config.search import Range, SearchPlan

PLAN_FILE, FOUND_FILE, TRIALS_FILE, BEST_FILE = "search.json", "found.json", "trials.journal", "best.yaml"


def create_search(config: RunConfig, plan: SearchPlan, folder: Path, name: str | None = None) -> Study:
    """A new search's folder. The plan must have been checked. Raises InputError for a name that is taken."""
    seeds = [config.seed + number for number in range(plan.budget.seeds)]
    study = Study.create("search", config, (), seeds, folder, name)
    write_atomic(study.path / PLAN_FILE, sealed(plan.model_dump(mode="json"), indent=1))
    return study


def plan_of(study: Study) -> SearchPlan:
    """Raises InputError for a study that is no search, and for a plan that cannot be read any more."""
    from pydantic import ValidationError

    from engine.config.search import SearchPlan

    refuse_other_kinds(study, "search")
    file = study.path / PLAN_FILE
    try:
        return SearchPlan.model_validate(read_object(file))
    except (OSError, Damage) as error:
        raise damaged_file(file, error, how_to_go_on(study.path)) from error
    except ValidationError as error:
        reason = Damage(message("it holds something else"))
        raise damaged_file(file, reason, how_to_go_on(study.path)) from error


def change_ranges(study: Study, ranges: Sequence[Range]) -> SearchPlan:
    """Other ranges for a search, also while it runs: they hold from the next trial on. Raises InputError for ranges
    that do not fit its settings, and RunFailure when the disk refuses; then everything stays as it was."""
    from engine.config.search import checked_plan

    plan = checked_plan(plan_of(study).model_copy(update={"ranges": tuple(ranges)}), study.base)
    write_atomic(study.path / PLAN_FILE, sealed(plan.model_dump(mode="json"), indent=1))
    return plan


def run_name(number: int, seed: int) -> str:
    return f"trial-{number}-seed{seed}"


def variant_of(number: int, config: RunConfig, *, is_start: bool) -> Variant:
    """A trial as a row of its study."""
    title = message("Your settings") if is_start else message("Trial {number}", number=number)
    return Variant(f"trial-{number}", title, config)


def keep_found(study: Study, record: SearchRecord) -> None:
    """Write the record down. Raises RunFailure when the disk refuses."""
    write_atomic(study.path / FOUND_FILE, sealed(record.to_json()))


def last_found(study: Study) -> dict[str, Any]:
    """The last `SearchRecord` as JSON; empty before the first one, and where the file is damaged."""
    try:
        return read_object(study.path / FOUND_FILE)
    except (OSError, Damage):
        return {}


def drop_checkpoints(runs: Iterable[Run]) -> None:
    """Take the weights away: settings, journal, curves and log stay, and the run opens as one that has none yet."""
    for run in runs:
        with contextlib.suppress(OSError):
            (run.path / POINTER).unlink(missing_ok=True)
        for folder in all_step_folders(run.path):
            shutil.rmtree(folder, ignore_errors=True)


def disk_bytes(folder: Path) -> int:
    """What all files of a folder take."""
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):  # written or taken away meanwhile
                total += (Path(place) / name).stat().st_size
    return total
