"""Many runs as one."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.commands import Command
from engine.config.run import RunConfig
from engine.records import (
    Progress,
    StudyReport,
)
from engine.runs.damage import refuse_changed
from engine.runs.study import Study
from engine.studies import ablation, variants
from engine.verbs.beginning import with_absolute_sources
from engine.verbs.running import resume, train


def create_ablation(config: RunConfig, folder: Path, seeds: int, name: str | None = None) -> Study:
    """A new study's folder: the plain network, each part of the config alone, and all three, each with `seeds` seeds.
    Raises InputError for a config that cannot be taken apart."""
    return variants.create_ablation(with_absolute_sources(config), folder, seeds, name)


def ablate(study: Study) -> Generator[Progress, Command | None, StudyReport]:
    """Run what is not finished of a study. `Progress.partial` is the report where the table is new, or `RunNews`."""
    refuse_changed(study)
    return (yield from ablation.run_ablation(study, lambda run: resume(run) if run.journal.exists() else train(run)))
