"""ColumnModel and PaintedDelegate: what views, screen readers and tooltips are told of rows; they are drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from studio.tables.column_model import ROW, Column, ColumnModel
from studio.tables.painted_delegate import PaintedDelegate, RowList, RowTable, table_ground
from tests.studio.desk import painted

pytestmark = pytest.mark.usefixtures("look")
ROWS = [("one", 1), ("two", 2)]
Pair = tuple[str, int]


def model_of(**more: object) -> ColumnModel[Pair]:
    words = Column[Pair]("Word", lambda row: row[0], **more)  # type: ignore[arg-type]
    model = ColumnModel(
        (words, Column[Pair]("Count", lambda row: str(row[1]), is_right=True, title_tooltip="how many"))
    )
    model.show(ROWS)
    return model


def test_cells_and_headings(qapp: object) -> None:
    model = model_of(told=lambda row: f"the word {row[0]}", tooltip=lambda row: row[0] * 2)
    assert (model.rowCount(), model.columnCount()) == (2, 2)
    assert [[model.index(row, column).data() for column in range(2)] for row in range(2)] == [
        ["one", "1"],
        ["two", "2"],
    ]
    assert model.index(1, 1).data(ROW) == ROWS[1]
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert [model.index(0, column).data(spoken) for column in range(2)] == ["the word one", "1"]
    tips = Qt.ItemDataRole.ToolTipRole
    assert [model.index(0, column).data(tips) for column in range(2)] == ["oneone", None]
    heading = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(2)]
    assert heading == ["Word", "Count"] and model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(1, Qt.Orientation.Horizontal, tips) == "how many"
    aligned = model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert aligned & Qt.AlignmentFlag.AlignRight


def test_a_cell_has_no_rows_of_its_own(qapp: object) -> None:
    model = model_of()
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_other_rows_and_changed_ones_are_told(qtbot: QtBot) -> None:
    model = model_of()
    with qtbot.waitSignal(model.modelReset):
        model.show(ROWS[:1])
    assert model.rows == ROWS[:1]
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.tell_changed(0)
    assert [index.column() for index in changed.args[:2]] == [0, 1]
    with qtbot.waitSignal(model.modelReset):
        model.show(ROWS, model.columns[:1])
    assert (model.rowCount(), model.columnCount()) == (2, 1)


def test_the_same_rows_that_say_other_things_stay_where_they_are(qtbot: QtBot) -> None:
    model = model_of()
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as changed:
        model.renew([("one", 3), ("two", 4)])
    assert [(index.row(), index.column()) for index in changed.args[:2]] == [(0, 0), (1, 1)]
    assert model.index(1, 1).data() == "4"
    model.show(())
    with qtbot.assertNotEmitted(model.dataChanged):
        model.tell_all_changed()


def test_a_column_draws_its_cells(qtbot: QtBot) -> None:
    drawn: list[Pair] = []
    model = model_of(paint=lambda painter, option, row: drawn.append(row))
    table = RowTable(model, "pairs", "Pairs", 30, 24)
    table.setItemDelegate(PaintedDelegate(model, 30, table_ground, table))
    qtbot.addWidget(table)
    table.resize(300, 200)
    painted(table)
    assert set(drawn) == set(ROWS)
    assert table.accessibleName() == "Pairs" and table.rowHeight(0) == 30


def test_a_column_without_a_painter_of_its_own_is_drawn_too(qtbot: QtBot) -> None:
    model = model_of()
    rows = RowList(model, "pairs", "Pairs", 30)
    qtbot.addWidget(rows)
    rows.resize(300, 100)
    full = painted(rows)
    model.show([])
    assert full != painted(rows)
