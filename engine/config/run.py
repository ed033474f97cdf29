"""RunConfig: all choices of one run; to and from YAML, with errors that name the field, the value and the mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from engine.config.choice import Choice, setting
from engine.config.classifiers import Recurrent
from engine.config.combination import misfit
from engine.config.data import DataConfig
from engine.config.losses import settings_kept
from engine.config.model import Model
from engine.config.plain_yaml import read_yaml
from engine.config.roles import ROLES
from engine.config.tasks.classification import Classification
from engine.config.tasks.registry import Task
from engine.config.tasks.task_type import is_yes
from engine.config.training import TrainingConfig
from engine.errors import InputError
from engine.messages import message


class RunConfig(Choice):
    """Everything that decides a run: with the same config, data and machine it comes out the same."""

    model_config = ConfigDict(title="Run")
    title: str = setting("", max_length=200, title="Name", help="What the run is called in lists.")
    description: str = setting("", max_length=2000, title="Description", help="One sentence on what to expect.")
    data: DataConfig = setting(DataConfig(), title="Data", help="What to learn from.")
    task: Task = setting(Classification(), title="Goal", help="What to learn.")
    model: Model = setting(Recurrent(), title="Model", help="What learns.")
    training: TrainingConfig = setting(TrainingConfig(), title="Training", help="How to learn.")
    seed: int = setting(
        0, ge=0, le=2**31 - 1, title="Seed", help="Where all chance begins; the same seed repeats a run."
    )

    @model_validator(mode="after")
    def _parts_fit(self) -> RunConfig:
        fault = misfit(self.task, self.model, self.training, self.data)
        if fault is not None:
            context = {"path": fault.path, "advice": fault.advice}
            raise PydanticCustomError("parts_fit", "the parts do not fit together", context)
        return self

    def to_tree(self) -> dict[str, Any]:
        """Plain JSON values, as written to YAML."""
        return self.model_dump(mode="json")

    def to_yaml(self) -> str:
        text: str = yaml.safe_dump(self.to_tree(), sort_keys=False, allow_unicode=True)
        return text

    def with_values(self, changes: Mapping[str, Any]) -> RunConfig:
        """A new config with some paths set: `{"training.max_steps": 100}`. Raises InputError."""
        return from_tree(merged(self.to_tree(), changes), where="")


def from_yaml(path: Path) -> RunConfig:
    """Read a config. Raises InputError naming the file, line or field."""
    return from_tree(read_tree(path), where=str(path))


def read_tree(path: Path) -> dict[str, Any]:
    """The settings as they stand in a file. Raises InputError."""
    tree = read_yaml(path)
    if not isinstance(tree, dict):
        raise InputError(
            message("The file holds no settings."),
            str(path),
            message("It must begin with keys such as “data:” and “model:”."),
        )
    return tree


def from_tree(tree: Mapping[str, Any], where: str = "") -> RunConfig:
    """Validate a tree. Raises InputError that names the first wrong field, its value and how to mend it."""
    try:
        return RunConfig.model_validate(tree)
    except ValidationError as error:
        raise _explain(error, tree, where) from error


def merged(tree: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set dotted paths in a tree. A changed `name` starts that spec from its defaults; several labels bring the loss
    that suits them, unless a loss is set too. Raises InputError."""
    result: dict[str, Any] = _copy(tree)
    ordered = sorted(changes.items(), key=lambda item: (item[0].split(".")[-1] != "name", item[0].count(".")))
    for path, value in ordered:
        _set(result, path.split("."), value, path)
    if is_yes(changes.get("task.multi_label")) and not any(path.startswith("task.loss") for path in changes):
        before = result["task"].get("loss") or {}
        result["task"]["loss"] = {"name": "binary-cross-entropy", **settings_kept(before)}
    return result


@cache
def paths() -> frozenset[str]:
    """Every path that can be set, over all members of all families."""
    return frozenset(_paths(RunConfig, ""))


def _copy(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {key: _copy(value) for key, value in tree.items()}
    return tree


def _set(tree: dict[str, Any], keys: list[str], value: Any, path: str) -> None:
    if path not in paths() and not path.startswith(("data.columns.", "data.mends.")):
        raise _unknown(path, tree, path)
    *parents, last = keys
    for key in parents:
        child = tree.get(key)
        if not isinstance(child, dict):
            child = {}
            tree[key] = child
        tree = child
    if last == "name" and tree.get("name") != value:
        tree.clear()
    if isinstance(value, Mapping) and "name" not in value and isinstance(tree.get(last), dict):
        tree[last] = {**tree[last], **value}
        return
    tree[last] = value


def _members(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inner in get_args(annotation):
        yield from _members(inner)


def _paths(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield prefix + name
        for member in _members(info.annotation):
            yield from _paths(member, f"{prefix}{name}.")
    if model is DataConfig:
        yield from (prefix + role for role in ROLES)


def _unknown(path: str, tree: Mapping[str, Any], place: str) -> InputError:
    """A setting of another choice says of which; else what is suggested can be set as things are chosen."""
    choice, names = _owners(path)
    if names:
        return InputError(
            message("“{path}” is no setting of what is chosen.", path=path),
            place,
            message("It belongs to {names}: choose that as “{choice}”, or remove it.", names=names, choice=choice),
        )
    known = set(_paths_as_chosen(RunConfig, tree, "")) - {path}
    near = difflib.get_close_matches(path, known, n=1, cutoff=0.3)
    otherwise = message("See the settings in a run's config.yaml.") if place == path else message("Remove it.")
    mend = message("Did you mean “{near}”?", near=near[0]) if near else otherwise
    return InputError(message("There is no setting “{path}”.", path=path), place, mend)


def _owners(path: str) -> tuple[str, list[str]]:
    """(the path of a choice, the names of the members that have the setting); ("", []) where none has it."""
    found = [(choice, name) for known, choice, name in _owned(RunConfig, "", "", "") if known == path and choice]
    return (found[0][0], list(dict.fromkeys(name for _, name in found))) if found else ("", [])


def _owned(model: type[BaseModel], prefix: str, choice: str, owner: str) -> Iterator[tuple[str, str, str]]:
    """(path, the path of the innermost choice that it depends on, the member's name)."""
    for name, info in model.model_fields.items():
        yield prefix + name, choice, owner
        members = list(_members(info.annotation))
        for member in members:
            is_choice = len(members) > 1 and "name" in member.model_fields
            inner = (f"{prefix}{name}.name", str(member.model_fields["name"].default)) if is_choice else (choice, owner)
            yield from _owned(member, f"{prefix}{name}.", *inner)


def _paths_as_chosen(model: type[BaseModel], tree: Any, prefix: str) -> Iterator[str]:
    """Every path that can be set without choosing anything else."""
    for name, info in model.model_fields.items():
        yield prefix + name
        inner = tree.get(name) if isinstance(tree, Mapping) else None
        members = list(_members(info.annotation))
        named = inner.get("name") if isinstance(inner, Mapping) else None
        chosen = [one for one in members if "name" in one.model_fields and one.model_fields["name"].default == named]
        for member in chosen or members:
            yield from _paths_as_chosen(member, inner, f"{prefix}{name}.")


def _explain(error: ValidationError, tree: Mapping[str, Any], where: str) -> InputError:
    first = error.errors()[0]
    if first["type"] == "parts_fit":
        path = first["ctx"]["path"]
        place = f"{where}: {path}" if where else path
        return InputError(message("The settings do not fit together."), place, first["ctx"]["advice"])
    keys = [str(key) for key in first["loc"]]
    field = ".".join(_without_tags(keys, tree))
    place = f"{where}: {field}" if where and field else where or field
    if first["type"] == "extra_forbidden":
        return _unknown(field, tree, place)
    if first["type"] == "union_tag_invalid":
        context = first["ctx"]
        return InputError(
            message("“{value}” is not a known choice.", value=str(context["tag"])),
            place,
            message("Choose one of: {choices}.", choices=str(context["expected_tags"])),
        )
    value = first["input"]
    shown = "" if isinstance(value, dict) else repr(value)[:60]
    what = (
        message("The value {value} does not fit.", value=shown)
        if shown
        else message("The settings do not fit together.")
    )
    return InputError(what, place, message("{advice}.", advice=first["msg"].removeprefix("Value error, ").rstrip(".")))


def _without_tags(keys: list[str], tree: Any) -> list[str]:
    """pydantic puts a union's tag into the path; a person's path has none."""
    kept: list[str] = []
    for index, key in enumerate(keys):
        if isinstance(tree, Mapping) and key not in tree and tree.get("name") == key and index < len(keys):
            continue
        kept.append(key)
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return kept
