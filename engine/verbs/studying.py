"""Many runs as one."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.commands import Command
from engine.config.run import RunConfig
from engine.config.search import SearchPlan, checked_plan
from engine.inspection.comparison.at_recall import against_at_recall
from engine.inspection.comparison.compare import compare
from engine.inspection.cost.estimate import estimate_cost
from engine.records import (
    Progress,
    StudyReport,
)
from engine.records.search import SearchRecord
from engine.runs import search_folder
from engine.runs.damage import refuse_changed
from engine.runs.run import Run
from engine.runs.study import Study, refuse_other_kinds
from engine.studies import ablation, best, variants
from engine.studies.search import run_search
from engine.studies.search_session import SearchTools
from engine.studies.trial_configs import refuse_no_valid_point
from engine.verbs.beginning import recipes, with_absolute_sources
from engine.verbs.running import Training, resume, train


def create_ablation(config: RunConfig, folder: Path, seeds: int, name: str | None = None) -> Study:
    """A new study's folder: the plain network, each part of the config alone, and all three, each with `seeds` seeds.
    Raises InputError for a config that cannot be taken apart."""
    return variants.create_ablation(with_absolute_sources(config), folder, seeds, name)


def ablate(study: Study) -> Generator[Progress, Command | None, StudyReport]:
    """Run what is not finished of a study. `Progress.partial` is the report where the table is new, or `RunNews`."""
    refuse_other_kinds(study, "ablation")
    refuse_changed(study)
    return (yield from ablation.run_ablation(study, _trained))


def create_search(config: RunConfig, plan: SearchPlan, folder: Path, name: str | None = None) -> Study:
    """A new search's folder. Raises InputError for a plan that does not fit the config, and for a space in which no
    settings go together."""
    checked = checked_plan(plan, config)
    refuse_no_valid_point(config, checked)
    return search_folder.create_search(with_absolute_sources(config), checked, folder, name)


def search(study: Study) -> Generator[Progress, Command | None, SearchRecord]:
    """Begin a search or go on with one. `Progress.partial` is the record where it is new, or `RunNews`."""
    refuse_other_kinds(study, "search")
    refuse_changed(study)
    return (yield from run_search(study, SearchTools(_trained, compare, against_at_recall)))


def create_best(
    config: RunConfig, folder: Path, minutes: float, encoder: str | None = None, name: str | None = None
) -> Study:
    """A new folder for finding the best model for the config's texts in so many minutes; `encoder` is a folder or a
    name on the hub. Raises InputError for a goal that knows no word counting, and for minutes that are no time."""
    return best.create_best(with_absolute_sources(config), recipes(), minutes, folder, encoder, name)


def find_best(study: Study) -> Generator[Progress, Command | None, StudyReport]:
    """Begin, or go on: word counting, the config's own model, wide and deep, an encoder; then which one to take."""
    refuse_other_kinds(study, "best")
    refuse_changed(study)
    tools = best.BestTools(recipes, estimate_cost, _trained, compare)
    return (yield from best.find_best(study, tools))


def go_on(study: Study) -> Generator[Progress, Command | None, StudyReport]:
    """Run what is not finished of a study whose report is a table, be it an ablation or a search for the best model."""
    return (yield from (find_best if study.kind == "best" else ablate)(study))


def _trained(run: Run) -> Training:
    return resume(run) if run.journal.exists() else train(run)
