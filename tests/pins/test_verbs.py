"""What every verb of the command line says on small runs stays what it is: JSON, words, exit codes, standard error.

Numbers are held to five digits where the libraries that compute and the processor's architecture are those of the
pinned file (`pinned.ENVIRONMENT` says why the machine does not matter then). Elsewhere, where a training goes another
way in the end, keys and kinds of values are held, which are the contract.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pins.pinned import differences, in_child, machine, pinned

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def verbs_now(folder: Path) -> dict[str, Any]:
    """Train the small runs and ask all verbs, in a process of its own."""
    in_child("tests.pins.verbs", folder)
    return {"machine": machine(), "answers": json.loads((folder / "verbs.json").read_text(encoding="utf-8"))}


def test_answers_are_the_pinned_ones(tmp_path: Path) -> None:
    held, now = pinned("verbs"), verbs_now(tmp_path)
    one, other = held["answers"], now["answers"]
    if machine() != held["machine"]:
        one, other = shape(one), shape(other)
    found = list(differences(one, other))
    assert not found, "\n".join(found)


def shape(tree: Any) -> Any:
    """Keys and kinds: of a list those of its first value, of an answer its exit code and its JSON."""
    if isinstance(tree, dict) and "code" in tree and "json" in tree:
        return {"code": tree["code"], "json": shape(tree["json"])}
    if isinstance(tree, dict):
        return {key: shape(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [shape(one) for one in tree[:1]]
    return "number" if isinstance(tree, int | float) and not isinstance(tree, bool) else type(tree).__name__
