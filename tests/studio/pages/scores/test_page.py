"""The Evaluation page of answers in words: what is asked, what is shown, what a person can do with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QTableView
from pytestqt.qtbot import QtBot

from engine.breath import drain
from engine.inspection.evaluation.scored_table import save_scored_rows
from engine.inspection.evaluation.text_slices import text_slices
from engine.messages import message
from engine.records import LeftOut, ScoredRow, ScoredRows
from studio.pages.scores import ScoresPage
from studio.pages.scores.parts import Columns
from studio.pages.scores.row_card import RowCard
from studio.pages.scores.rows_model import in_order
from studio.plots.attention.difference_text import DifferenceText
from studio.plots.charts.score_histogram import ScoreHistogram
from studio.widgets.search_field import SearchField
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.stat_tile import StatTile
from tests.engine.scored_answers import scored_rows
from tests.studio.desk import drop
from tests.studio.pages.scores.desk import ScoresDesk

pytestmark = pytest.mark.usefixtures("look")
SCORED = scored_rows(200, lambda row, length: 0.5 if length > 8 else 0.15)


def table(desk: ScoresDesk, name: str = "scoredTable") -> QTableView:
    return desk.find(name, QTableView)


def cells(view: QTableView, column: int) -> list[str]:
    model = view.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_the_first_thousand_rows_are_asked_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path)
    asked = desk.wait_asked("score_rows").asked[-1]
    assert asked.options == {"split": "test", "checkpoint": "step-40", "most": 1000}
    assert desk.said == "The model is answering the rows …"
    desk.worker("score_rows").tell(30, 120)
    assert desk.is_shown("stopMeasuring") and desk.says("measuredLeft").startswith("25 %")
    desk.answer(replace(SCORED, num_in_split=25_000))
    assert desk.said.endswith("on 200 of 25,000 rows it never saw.") and desk.said.startswith("F1 7")
    tiles = {one.property("figure"): one for one in desk.page.findChildren(StatTile)}
    assert list(tiles) == ["f1", "em"]
    assert " to " in tiles["f1"].accessibleName() and tiles["f1"].accessibleDescription() == "the text itself 12.0 %"
    assert tiles["em"].accessibleDescription() == "at best 99.0 % · the text itself 0.0 %"
    assert desk.says("partTold") == "200 of 25,000 rows were answered, evenly drawn from all of them."
    desk.press("askAll")
    assert desk.worker("score_rows").asked[-1].options["most"] is None


def test_what_lies_on_disk_opens_without_the_engine(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    assert desk.num_asked("score_rows") == 0
    assert desk.said.endswith("on 200 rows it never saw.") and not desk.is_shown("partTold")
    assert table(desk).model().rowCount() == 200


def test_rows_stand_worst_first_and_can_be_searched(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    scores = [float(one.removesuffix(" %")) for one in cells(table(desk), 3)]
    assert scores == sorted(scores)
    desk.pick("rowsOrder", "best")
    assert cells(table(desk), 3)[0] == "100.0 %"
    desk.pick("rowsOrder", "row")
    assert cells(table(desk), 4)[:3] == ["1", "2", "3"]
    desk.part(SearchField).setText("Wiese thing")
    found = [row for row in SCORED.rows if "Wiese" in row.read[0] and "thing" in row.said]
    qtbot.waitUntil(lambda: table(desk).model().rowCount() == len(found) > 0, timeout=2000)
    qtbot.waitUntil(lambda: desk.says("rowsCount") == f"{len(found)} of 200 rows", timeout=2000)
    desk.part(SearchField).setText("nowhere")
    qtbot.waitUntil(lambda: not table(desk).isVisible(), timeout=2000)


def test_a_row_opens_with_its_differences_marked(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    assert not desk.part(RowCard).isVisible()
    table(desk).selectRow(0)
    row = min(SCORED.rows, key=lambda one: one.scores["f1"])
    card = desk.part(RowCard)
    assert card.isVisible() and card.title.text() == f"Row {row.row}"
    assert desk.find("rowRead", QLabel).text() == row.read[0]
    said = desk.find("rowSaid", DifferenceText)
    assert said.marks.text == row.said and "thing" in said.marked
    assert desk.find("rowRight", DifferenceText).marks.text == row.wanted[0]
    desk.press("closeRow")
    assert not card.isVisible()


def test_a_deliberate_silence_and_several_right_answers_are_shown(qtbot: QtBot, tmp_path: Path) -> None:
    silent = ScoredRow(7, ("Who?",), ("Ada", "Ada Lovelace"), "", {"f1": 0.0})
    unanswerable = ScoredRow(8, ("Why?",), (), "because", {"f1": 0.0})
    statistics = {"f1": np.array([[0.0, 1.0], [0.0, 1.0]])}
    desk = ScoresDesk(
        qtbot, tmp_path, ScoredRows("test", ("question",), (silent, unanswerable), statistics, "f1", "f1")
    )
    table(desk).selectRow(0)
    assert desk.find("rowSaid", DifferenceText).marks.text == "(nothing)"
    assert desk.says("rowOthers") == "also right: Ada Lovelace"
    table(desk).selectRow(1)
    assert desk.find("rowRight", DifferenceText).marks.text == "(no answer is right)"


def test_a_bar_shows_its_rows(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    desk.part(ScoreHistogram).chosen.emit(0.95, float("inf"))
    wanted = sum(one.scores["f1"] >= 0.95 for one in SCORED.rows)
    assert table(desk).model().rowCount() == wanted
    assert desk.find("dropChoice").isVisible()
    desk.press("dropChoice")
    assert table(desk).model().rowCount() == 200


def test_a_group_shows_its_rows(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    assert desk.num_asked("text_slices") == 0
    desk.find("scoresPanels", SegmentedControl).segment("groups").click()
    found = drain(text_slices(SCORED))
    desk.wait_asked("text_slices").answer(found)
    worse = [one for one in found if one.is_worse]
    assert worse and desk.says("groupsTold").startswith(f"{len(worse)} group")
    groups = table(desk, "groupTable")
    assert groups.model().rowCount() == len(found)
    groups.clicked.emit(groups.model().index(0, 0))
    assert table(desk).isVisible() and table(desk).model().rowCount() == len(worse[0].places)


def test_the_signature_is_copied(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    desk.press("copySignature")
    assert QGuiApplication.clipboard().text() == SCORED.signature


def test_rows_are_saved(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    desk.page.save_rows(tmp_path / "rows.csv")
    _, (scored, path), _ = desk.wait_asked("save_scored_rows").asked[-1]
    desk.worker("save_scored_rows").answer(drain(save_scored_rows(scored, path)))
    assert (tmp_path / "rows.csv").exists() and str(tmp_path / "rows.csv") in desk.says("noticeWords")


def test_what_was_left_out_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    scored = replace(SCORED, left_out=(LeftOut("no_text", 2, (7, 9)),), notes=(message("beams: {n}", n=5),))
    desk = ScoresDesk(qtbot, tmp_path, scored)
    assert desk.says("scoresNotesTold") == "beams: 5\nLeft out: 2 rows have no text. (rows 7, 9)"


def test_a_dropped_file_is_answered(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    file = tmp_path / "more.csv"
    file.write_text("source,target\na,b\n", encoding="utf-8")
    drop(desk.page, file)
    assert desk.wait_asked("score_rows").asked[-1].options["source"] == str(file)
    desk.answer(scored_rows(50, split="data"))
    assert desk.said.endswith("on 50 rows of more.csv.")
    desk.find("measuredSplit", SegmentedControl).segment("test").click()
    assert desk.said.endswith("on 200 rows it never saw.") and desk.num_asked("score_rows") == 1


def test_stopped_and_refused_leave_what_was_shown(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path)
    desk.wait_asked("score_rows")
    desk.press("stopMeasuring")
    assert desk.find("notMeasured").isVisible()
    desk.press("measureNow")
    desk.worker("score_rows").fail("It broke.")
    assert desk.banner.isVisible() and desk.is_shown("measureNow")
    desk.press("measureNow")
    desk.answer(SCORED)
    assert not desk.banner.isVisible() and table(desk).isVisible()


def test_without_a_checkpoint_there_is_nothing_to_measure(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, step=None)
    assert desk.find("noCheckpoint").isVisible() and desk.num_asked("score_rows") == 0


def test_while_the_window_trains_it_waits_for_a_word(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, state="running")
    assert desk.num_asked("score_rows") == 0 and desk.is_shown("measureNow")
    desk.press("measureNow")
    assert desk.num_asked("score_rows") == 1


def test_a_page_built_anew_shows_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path)
    desk.answer(replace(SCORED, num_in_split=999))
    desk.pick("rowsOrder", "best")
    state, old = desk.page.state(), desk.page
    new = ScoresPage(desk.book, desk.make_worker)  # type: ignore[arg-type]
    desk.put(new)
    new.restore(state)
    old.close_workers()
    assert desk.num_asked("score_rows") == 1 and "200 of 999" in desk.said
    assert cells(table(desk), 3)[0] == "100.0 %"


def test_twenty_five_thousand_rows_are_a_table_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    import time

    scored = scored_rows(25_000)
    desk = ScoresDesk(qtbot, tmp_path)
    began = time.perf_counter()
    desk.wait_asked("score_rows").answer(scored)
    assert time.perf_counter() - began < 2.0
    assert table(desk).model().rowCount() == 25_000
    table(desk).scrollToBottom()
    qtbot.wait(10)


def test_there_are_two_columns_where_there_is_room(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    plot, rows = desk.part(ScoreHistogram), table(desk)
    columns = desk.part(Columns)
    assert plot.mapTo(columns, plot.rect().topRight()).x() < rows.mapTo(columns, rows.rect().topLeft()).x()
    desk.page.resize(968, 644)
    qtbot.waitUntil(
        lambda: plot.mapTo(columns, plot.rect().bottomLeft()).y() < rows.mapTo(columns, rows.rect().topLeft()).y()
    )


def test_surprise_is_worst_where_it_is_highest() -> None:
    scores = np.array([3.0, np.nan, 9.0, 1.0])
    places = np.arange(4)
    assert in_order(places, scores, "worst", lower_is_better=True).tolist() == [2, 0, 3, 1]
    assert in_order(places, scores, "worst", lower_is_better=False).tolist() == [3, 0, 2, 1]
    assert in_order(places, scores, "row", lower_is_better=True).tolist() == [0, 1, 2, 3]


def test_escape_closes_a_row(qtbot: QtBot, tmp_path: Path) -> None:
    desk = ScoresDesk(qtbot, tmp_path, SCORED)
    table(desk).selectRow(2)
    qtbot.keyClick(table(desk), Qt.Key.Key_Escape)
    assert not desk.part(RowCard).isVisible()


def test_texts_that_are_only_weighed_have_no_answers(qtbot: QtBot, tmp_path: Path) -> None:
    rows = tuple(ScoredRow(n, (f"text {n}",), (), "", {"perplexity": 2.0 + n}) for n in range(30))
    statistics = {"perplexity": np.array([[1.0 + 0.1 * n, 1.0] for n in range(30)])}
    desk = ScoresDesk(qtbot, tmp_path, ScoredRows("test", ("text",), rows, statistics, "perplexity", "perplexity"))
    assert cells(table(desk), 0)[0] == "text 29"
    assert table(desk).isColumnHidden(1) and table(desk).isColumnHidden(2)
    table(desk).selectRow(0)
    assert not desk.find("rowSaid").isVisible() and not desk.find("rowRight").isVisible()


def test_what_is_said_where_silence_is_right_is_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    rows = (
        ScoredRow(1, ("Who?",), ("Ada",), "Ada", {"f1": 1.0, "no_answer": 0.2}),
        ScoredRow(2, ("Why?",), ("",), "just because", {"f1": 0.0, "no_answer": 0.2}),
    )
    scored = ScoredRows("test", ("question",), rows, {"f1": np.array([[1.0, 1.0], [0.0, 1.0]])}, "f1", "f1")
    desk = ScoresDesk(qtbot, tmp_path, scored)
    assert cells(table(desk), 1)[0] == "(no answer is right)"
    table(desk).selectRow(0)
    assert desk.find("rowSaid", DifferenceText).marked == ["just", "because"]
    assert desk.says("rowScores") == "F1 0.0 %"
