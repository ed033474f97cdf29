"""Every task has a view, and every view says all that the pages ask of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.config.tasks.registry import TASK_TYPES, type_of
from engine.runs.history import History
from studio.main_window.stages import STAGES
from studio.recipes import recipe
from studio.tasks.registry import FIRST_GOAL, VIEWS, view_of
from studio.translation import words

ROOT = Path(__file__).resolve().parents[3]


def test_both_sides_know_the_same_tasks() -> None:
    assert set(VIEWS) == set(TASK_TYPES)
    assert RunConfig().task.name == FIRST_GOAL
    assert all(view_of(one.spec()).name == name for name, one in TASK_TYPES.items())


@pytest.mark.parametrize("name", VIEWS)
def test_a_goal_begins_with_a_recipe_whose_model_it_takes(name: str) -> None:
    config = recipe(VIEWS[name].recipe).config
    kind = TASK_TYPES[name]
    assert type_of(config.task).model_names == kind.model_names
    assert not kind.model_names or config.model.name in kind.model_names
    assert config.data.builtin.topic in VIEWS[name].wizard.topics


@pytest.mark.parametrize("name", VIEWS)
def test_the_pages_of_a_run_are_there_and_do_what_its_task_can(name: str) -> None:
    view, kind = VIEWS[name], TASK_TYPES[name]
    assert set(view.stages) <= set(STAGES) and view.result_page in view.stages
    assert ("samples" in view.stages) == kind.can("generate")
    assert ("evaluation" in view.stages or "scores" in view.stages) == kind.can("evaluate")
    assert ("export" in view.stages) == kind.can("export")


@pytest.mark.parametrize("name", VIEWS)
def test_every_player_has_a_name_and_every_curve_is_read(name: str) -> None:
    config = recipe(VIEWS[name].recipe).config
    config = config.model_copy(update={"task": config.task if config.task.name == name else TASK_TYPES[name].spec()})
    view, history = VIEWS[name].training, History()
    assert view.main_player(history, config) in view.players_of(config)
    assert all(view.player_name(player) != player for player in view.players_of(config) if player != "generator")
    drawn = (*view.curves(config), *view.tiles(config))
    assert all(measure.key in view.read_curves(history, config) for measure in drawn)
    assert len({panel.key for panel in view.panels(history, config)}) == len(view.panels(history, config)) > 0
    assert view.followed(config).key in (*(one.key for one in view.tiles(config)), config.training.best.metric)


@pytest.mark.parametrize("name", VIEWS)
def test_the_wizard_has_forms_and_words(name: str, qtbot: QtBot) -> None:
    view = VIEWS[name]
    forms = view.wizard.make_forms()
    qtbot.addWidget(forms)
    config = recipe(view.recipe).config
    if config.task.name != name:
        config = config.model_copy(update={"task": TASK_TYPES[name].spec()})
    forms.show_config(config, None)
    assert not forms.refusals()
    assert len({words(one) for one in view.wizard.lengths.values()}) == 4 and set(view.wizard.lengths) == {
        "quick", "balanced", "best", "own"
    }  # fmt: skip
    told = [one.english() for one in view.wizard.paragraph(config, None, None)]
    assert len(told) >= 4 and all(one.endswith(".") for one in told)
    assert str(config.training.max_steps - config.training.pretraining.steps) in " ".join(told).replace(",", "")


def test_what_the_pages_need_of_a_task_loads_when_they_ask() -> None:
    code = (
        "import sys, studio.tasks.registry; "
        "late = [one for one in sys.modules if one.startswith(('studio.forms', 'studio.plots', 'engine.config'))]; "
        "sys.exit(', '.join(late) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
