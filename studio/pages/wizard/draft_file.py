"""A draft as a line of text, so that closing the window does not lose it."""

from __future__ import annotations

import json
from typing import Any, get_args

from engine.config.presets import PRESETS
from engine.config.run import from_tree
from engine.errors import AttuneError
from studio.pages.wizard.draft import Draft, SourceKind, draft_of
from studio.recipes import recipes


def to_text(draft: Draft, step: int, name: str) -> str:
    """What was chosen; what the engine answered is asked again. `name` is what the draft is called in lists."""
    return json.dumps(
        {
            "config": draft.config.to_tree(),
            "recipe": draft.recipe,
            "preset": draft.preset,
            "source_kind": draft.source_kind,
            "name": draft.name,
            "open_roles": sorted(draft.open_roles),
            "is_kind_chosen": draft.is_kind_chosen,
            "waiting": [name, step],
        },
        ensure_ascii=False,
    )


def from_text(text: str) -> tuple[Draft, int] | None:
    """The draft and its step; None for a text that this version does not understand."""
    try:
        kept: dict[str, Any] = json.loads(text)
        draft = draft_of(from_tree(kept["config"]))
        step = int(kept["waiting"][1])
        known = {one.key for one in recipes()}
        if kept["recipe"] not in known or kept["source_kind"] not in get_args(SourceKind) or not 0 <= step <= 4:
            return None
        values: dict[str, Any] = {
            "recipe": kept["recipe"],
            "preset": kept["preset"] if kept["preset"] in PRESETS else None,
            "source_kind": kept["source_kind"],
            "name": str(kept["name"]),
            "open_roles": frozenset(map(str, kept["open_roles"])),
            "is_kind_chosen": bool(kept["is_kind_chosen"]),
        }
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, AttuneError):
        return None
    return Draft(config=draft.config, **values), step
