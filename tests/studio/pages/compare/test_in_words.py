"""The Compare page on runs that answer in words: their own figures, the rows where they differ most, who fits whom."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine import events
from engine.config.run import RunConfig, from_yaml
from engine.inspection.comparison import compared_in_words
from engine.messages import message
from engine.records import ScoredRow, ScoredRows
from engine.resources import resource
from engine.runs.run import Run
from studio.pages.compare import curves_card
from studio.pages.compare.results_card import ResultsCard
from studio.pages.compare.rows_card import RowsCard
from studio.plots.attention.difference_text import DifferenceText
from studio.tasks.registry import VIEWS
from studio.widgets.run_question import misfit, question_of
from studio.widgets.segmented_control import SegmentedControl
from tests.engine.answered_runs import answered_run
from tests.run_folders import place_checkpoint, started, write_run
from tests.studio.pages.compare.test_page import CompareDesk

pytestmark = pytest.mark.usefixtures("look")
NUM = 60


def scored(run: Run) -> ScoredRows:
    """So many answers are wrong as the run's name says; the last rows are."""
    wrong = int(run.name.split()[-1])
    rows, right = [], np.array([float(place >= wrong) for place in range(NUM)])
    for place in range(NUM):
        said = f"{place} dogs run" if right[place] else f"{place} cats run"
        rows.append(
            ScoredRow(place + 1, (f"{place} Hunde rennen",), (f"{place} dogs run",), said, {"em": right[place]})
        )
    statistics = {"em": np.stack([right, np.ones(NUM)], 1), "f1": np.stack([0.5 + right / 2, np.ones(NUM)], 1)}
    return ScoredRows(
        "test",
        ("source",),
        rows,
        statistics,
        leading="em",
        sort_by="f1",
        signature="exact|case:mixed",
        baseline={"em": 0.1},
        baseline_name=message("the beginning of the text"),
    )


def run_of(folder: Path, wrong: int, recipe: str = "squad-reader", **changes: object) -> Run:
    config = from_yaml(resource("recipes", f"{recipe}.yaml")).with_values({"data.train": "builtin", **changes})
    told = [
        started((), total_steps=10, rows={"train": 360, "validation": 40}),
        events.Evaluated(step=10, split="validation", metrics={"f1": 0.3, "loss": 1.0}, num_rows=40),
    ]
    run = write_run(folder, f"Words {wrong}", config, told, "finished", step=10, best={"metric": "f1", "value": 0.3})
    place_checkpoint(run, 10)
    return run


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CompareDesk:
    def asked(run: Run, split: str | None, source: object) -> Generator[None, None, ScoredRows]:
        return scored(run)
        yield

    monkeypatch.setattr(compared_in_words, "scored", asked)
    monkeypatch.setattr(curves_card, "view_of", lambda _task: VIEWS["classification"])
    run_of(tmp_path, 30)
    run_of(tmp_path, 10, **{"training.max_steps": 77})
    run_of(tmp_path, 29, **{"training.max_steps": 78})
    return CompareDesk(qtbot, tmp_path)


def test_the_verdict_and_the_figures_are_those_of_the_answers(desk: CompareDesk) -> None:
    desk.show("Words 30", "Words 10")
    assert desk.answer.startswith("Words 10 is better than Words 30: exact match 83.3 % against 50.0 % on 60 rows")
    card = desk.part(ResultsCard)
    heads = {label.text() for label in card.findChildren(QLabel)}
    assert {"Exact match", "F1", "Exact match, 95 % interval"} <= heads and "Accuracy" not in heads
    assert desk.says("in_words_1") == "Better: 20 rows answered better, 0 worse."
    assert any("Counted as exact|case:mixed." in text for text in heads)
    assert not desk.is_shown("ablate_compared"), "an ablation compares precision and recall"


def test_another_figure_can_be_drawn_and_is_kept(desk: CompareDesk) -> None:
    desk.show("Words 30", "Words 10")
    card = desk.part(ResultsCard)
    control = next(one for one in card.findChildren(SegmentedControl) if one.isVisible())
    control.segment("f1").click()
    assert any(label.text() == "F1, 95 % interval" for label in card.findChildren(QLabel))
    state = desk.page.state()
    assert state["figure"] == "f1"
    desk.new_page().restore(state)
    assert any(label.text() == "F1, 95 % interval" for label in desk.part(ResultsCard).findChildren(QLabel))


def test_the_rows_where_they_differ_most(desk: CompareDesk) -> None:
    desk.show("Words 30", "Words 10")
    card = desk.part(RowsCard)
    assert card.isVisible()
    texts = [one.marks.text for one in card.findChildren(DifferenceText) if one.isVisible()]
    assert texts[:2] == ["10 cats run", "10 dogs run"]
    marked = [one.marked for one in card.findChildren(DifferenceText)][:2]
    assert marked == [["cats"], []], "what the right answer lacks"
    assert len(texts) == 8
    desk.press("more_differing_rows")
    assert len([one for one in card.findChildren(DifferenceText) if one.isVisible()]) == 24
    desk.show("Words 30", "Words 10", "Words 29")
    control = next(one for one in card.findChildren(SegmentedControl) if one.isVisible())
    control.segment("2").click()
    texts = [one.marks.text for one in card.findChildren(DifferenceText) if one.isVisible()]
    assert texts == ["29 cats run", "29 dogs run"]


def test_runs_of_labels_show_no_rows(desk: CompareDesk, tmp_path: Path) -> None:
    truths = np.arange(20) % 2
    for place, name in enumerate(("Plain", "Wide")):
        answered_run(tmp_path, name, truths, truths, changes={"model.hidden_size": 32 + 32 * place})
    desk.book.rescan() if hasattr(desk.book, "rescan") else None
    desk.show("Plain", "Wide")
    assert not desk.part(RowsCard).isVisible()


def test_who_fits_whom() -> None:
    names = ("translate-attention", "squad-reader", "lstm-lm", "chat", "text-gan")
    asked = {name: question_of(from_yaml(resource("recipes", f"{name}.yaml")), None) for name in names}
    assert misfit(asked["chat"], asked["chat"]) == ""
    assert misfit(asked["chat"], asked["squad-reader"]) == "finds answers"
    assert misfit(asked["squad-reader"], asked["translate-attention"]) == "writes a text for another one"
    assert misfit(asked["squad-reader"], asked["lstm-lm"]) == "writes on"
    assert misfit(asked["squad-reader"], asked["chat"]) == "answers in a chat"
    assert misfit(asked["chat"], asked["text-gan"]) == "invents texts"
    assert misfit(question_of(RunConfig(), ["a", "b"]), asked["chat"]) == "answers in a chat"
