"""The pinned files, and the environment in which arithmetic comes out the same on every machine of an architecture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parent / "pinned"
REPOSITORY = Path(__file__).parents[2]


def pinned(name: str) -> Any:
    """What was pinned under a name."""
    return json.loads((PINNED / f"{name}.json").read_text(encoding="utf-8"))


def pin(name: str, tree: Any) -> None:
    """Pin a tree of plain JSON values; a line a leaf, so that a difference can be read."""
    text = json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True)
    (PINNED / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def as_json(tree: Any) -> Any:
    """The tree as it comes back from a file: lists for tuples, text for keys."""
    return json.loads(json.dumps(tree))
