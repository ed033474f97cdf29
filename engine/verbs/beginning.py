"""What a run begins with: recipes, a look at the data, what it costs, its folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from engine.config.data import DataConfig, Source
from engine.config.pretrained import Pretrained
from engine.config.roles import Role
from engine.config.run import RunConfig, from_tree, from_yaml, merged, read_tree
from engine.config.tasks.registry import type_of
from engine.data.columns.roles import TEXT_AND_LABEL
from engine.data.diagnosis import doctor
from engine.data.sources import preview_rows as asked_rows
from engine.data.sources import tables as sources
from engine.data.sources.dialogue_tables import as_people_read, with_dialogues
from engine.data.sources.parallel_files import pair_of
from engine.data.sources.tables import BUILTIN
from engine.errors import InputError
from engine.inspection.cost.estimate import estimate_cost
from engine.messages import message
from engine.records import (
    DataReport,
    Estimate,
    Preview,
    PreviewRows,
)
from engine.resources import resource
from engine.runs.correction_files import corrections_file
from engine.runs.run import Run
from engine.targets import target_of

RECIPES = resource("recipes")


def recipes() -> dict[str, RunConfig]:
    """The recipes that come with Attune, by name."""
    return {path.stem: from_yaml(path) for path in sorted(RECIPES.glob("*.yaml"))}


def load_config(recipe_or_yaml: str, changes: dict[str, object]) -> RunConfig:
    """A recipe by name, or a YAML file by path, with `changes` (dotted paths) put in. Raises InputError."""
    path = Path(recipe_or_yaml)
    if path.suffix not in (".yaml", ".yml"):
        path = RECIPES / f"{recipe_or_yaml}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(one.stem for one in RECIPES.glob("*.yaml")))
            raise InputError(
                message("There is no recipe “{name}”.", name=recipe_or_yaml),
                recipe_or_yaml,
                message("Choose one of {known}, or give the path of a YAML file.", known=known),
            )
    tree = from_tree(read_tree(path), where=str(path)).to_tree()
    return from_tree(merged(tree, changes))


def preview(data: DataConfig, roles: Sequence[Role] = TEXT_AND_LABEL) -> Preview:
    """The first rows of the training source, its columns and which of these `roles` they seem to play."""
    if not any(role.holds_turns for role in roles):
        return sources.preview(data.train, data.builtin, data.columns, reading=data.reading, wanted=roles)
    read_as = partial(with_dialogues, named=data.columns)
    return as_people_read(
        sources.preview(data.train, data.builtin, data.columns, reading=data.reading, wanted=roles, read_as=read_as)
    )


def preview_rows(data: DataConfig, rows: Sequence[int], split: str = "train") -> PreviewRows:
    """The rows with these numbers, wherever in the source of that split they stand. Raises InputError."""
    return asked_rows.preview_rows(data, rows, split)


def first_lines(data: DataConfig) -> PreviewRows:
    """The bare lines at the beginning of the training file, for one that cannot be read as a table."""
    return asked_rows.first_lines(data)


def diagnose(config: RunConfig) -> DataReport:
    """The doctor's findings on all splits, and what is left after the chosen mends."""
    return doctor.diagnose(config.data, config.task, config.seed)


def guessed_target(report: DataReport) -> DataReport:
    """The report of `with_guessed_target`, with a finding that says by which settings a training reads it so."""
    return doctor.with_target_said(report)


def first_look(config: RunConfig, error: InputError) -> DataReport:
    """What is known of data that `diagnose` refused with this error, which is the report's finding."""
    return doctor.first_look(config.data, config.task, error)


def with_guessed_target(config: RunConfig) -> RunConfig:
    """The same for texts that get what they seem to get: one label, several, or a number. Raises InputError."""
    if not type_of(config.task).can("label lists") or config.data.train == BUILTIN:
        return config
    found = preview(config.data)
    if target_of(found.kind).is_exclusive:
        return config
    columns = config.data.label_columns or found.label_columns
    data = config.data.model_copy(update={"label_columns": columns})
    return config.model_copy(update={"task": config.task.with_target(target_of(found.kind)), "data": data})


def estimate(config: RunConfig) -> Estimate:
    """Parameters, memory and time, measured by a short probe on this machine."""
    return estimate_cost(config)


def create(config: RunConfig, folder: Path, name: str | None = None) -> Run:
    """A new run's folder. Paths (of data, of a model) become absolute: the run can be resumed from anywhere."""
    return Run.create(with_absolute_sources(config), folder, name)


def with_absolute_sources(config: RunConfig) -> RunConfig:
    changes: dict[str, object] = {
        f"data.{name}": _absolute(source)
        for name in ("train", "validation", "test", "unlabelled")
        if (source := getattr(config.data, name)) is not None
    }
    if config.data.corrections:
        changes["data.corrections"] = [str(corrections_file(one).resolve()) for one in config.data.corrections]
    if isinstance(config.model, Pretrained):
        changes["model.source"] = _absolute(config.model.source)
    return config.with_values(changes)


def _absolute(source: Source) -> str | list[str]:
    if isinstance(source, tuple):
        return [str(_absolute(one)) for one in source]
    if pair := pair_of(source):
        return ",".join(str(path.resolve()) for path in pair)
    path = Path(source).expanduser()
    return str(path.resolve()) if source != "builtin" and path.exists() else source
