"""A suggestion is never what was typed, and can be set as things are chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.config.run import RunConfig, from_tree, paths
from engine.errors import InputError


def refusal(changes: dict[str, Any]) -> InputError:
    with pytest.raises(InputError) as caught:
        RunConfig().with_values(changes)
    return caught.value


@pytest.mark.parametrize(
    ("changes", "what", "mend"),
    [
        ({"model.num_heads": 4}, "“model.num_heads” is no setting of what is chosen", "transformer, fusion"),
        (
            {"task.loss.gamma": 2},
            "no setting of what is chosen",
            "It belongs to focal: choose that as “task.loss.name”",
        ),
        ({"model.name": "transformer", "model.num_hads": 4}, "There is no setting", "“model.num_heads”"),
        ({"model.embeding_size": 4}, "There is no setting", "“model.embedding_size”"),
        ({"training.max_step": 4}, "There is no setting", "“training.max_steps”"),
        ({"zzzzqqq": 4}, "There is no setting", "See the settings"),
    ],
)
def test_what_is_suggested(changes: dict[str, Any], what: str, mend: str) -> None:
    found = refusal(changes)
    assert what in found.what.english() and mend in found.mend.english()


def test_in_a_file_too() -> None:
    with pytest.raises(InputError, match="It belongs to transformer, fusion"):
        from_tree({"model": {"name": "recurrent", "num_heads": 4}})


def test_never_the_very_path() -> None:
    """Paths of every family, asked of the defaults; what is suggested instead can be set."""
    for path in sorted(paths())[::12]:
        try:
            RunConfig().with_values({path: "never a value"})
        except InputError as error:
            near = re.search(r"Did you mean “(.*)”", error.mend.english())
            assert near is None or near[1] != path
            assert f"There is no setting “{path}”" not in error.what.english()
