"""The recipes stay what they are with all defaults filled in, and so do all choices with their words and limits."""

from __future__ import annotations

from typing import Any

import yaml

from engine import verbs
from engine.config.run import RunConfig, from_tree, paths
from tests.pins.pinned import as_json, pinned

_REFERENCE = "#/$defs/"


def recipes_now() -> dict[str, Any]:
    """Every recipe's whole tree and the YAML that a run made from it holds."""
    return {
        name: {"tree": as_json(config.to_tree()), "yaml": config.to_yaml().splitlines()}
        for name, config in verbs.recipes().items()
    }


def choices_now() -> dict[str, Any]:
    """Titles, help, words, limits and defaults of every choice, and every path that can be set. The names of classes
    are nobody's business: a definition is called after its title and what a person reads of it."""
    schema = RunConfig.model_json_schema()
    names = {name: _called(definition) for name, definition in schema["$defs"].items()}
    assert len(set(names.values())) == len(names)
    tree = as_json(_renamed(schema, names))
    tree["$defs"] = {names[name]: definition for name, definition in tree["$defs"].items()}
    return {"schema": tree, "paths": sorted(paths())}


def _called(definition: dict[str, Any]) -> str:
    return f"{definition['title']}: {definition['description']}"


def _renamed(tree: Any, names: dict[str, str]) -> Any:
    if isinstance(tree, dict):
        return {key: _renamed(value, names) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_renamed(value, names) for value in tree]
    if isinstance(tree, str) and tree.startswith(_REFERENCE):
        return _REFERENCE + names[tree.removeprefix(_REFERENCE)]
    return tree


def test_recipes_are_the_pinned_ones() -> None:
    held, now = pinned("recipe_files"), recipes_now()
    assert sorted(now) == sorted(held)
    for name, tree in held.items():
        assert now[name] == tree, name


def test_what_a_run_of_today_holds_is_read_as_it_was_meant() -> None:
    """The YAML of every recipe, as run folders of today hold it, is the whole config of today."""
    for name, held in pinned("recipe_files").items():
        tree = yaml.safe_load("\n".join(held["yaml"]))
        assert as_json(from_tree(tree).to_tree()) == held["tree"], name


def test_choices_are_the_pinned_ones() -> None:
    held, now = pinned("choices"), choices_now()
    assert now["paths"] == held["paths"]
    assert sorted(now["schema"]["$defs"]) == sorted(held["schema"]["$defs"])
    for name, definition in held["schema"]["$defs"].items():
        assert now["schema"]["$defs"][name] == definition, name
    assert now["schema"] == held["schema"]
