"""The Attention page asks once the person rests, shows the answer, and slices without asking again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.messages import message
from engine.records import UNCHANGED, AttentionRecord, Prediction
from engine.runs.history import History
from engine.runs.run import Run
from studio.main_window.makers import MAKERS
from studio.numbers import likelihood
from studio.pages.attention import AttentionPage
from studio.pages.attention.map_files import write_map
from studio.pages.attention.reading import (
    Choice,
    first_choice,
    fitting,
    num_for_half,
    received_words,
    slice_of,
    words_received,
)
from studio.pages.attention.sentences import sentence
from studio.widgets.text_bar import TextBar
from studio.widgets.toggle import Toggle
from tests.studio.pages.attention.desk import PATH, TEXT, AttentionDesk
from tests.studio.synthetic_attention import synthetic_record
from tests.studio.synthetic_history import Shape, SyntheticBook, SyntheticEntry, synthetic_history

pytestmark = pytest.mark.usefixtures("look")


def test_begins_with_a_probe_text(desk: AttentionDesk) -> None:
    assert desk.editor.toPlainText().startswith("The new phone screen cracked")
    asked = desk.worker("answer").asked[-1]
    assert asked.key.path == PATH
    assert asked.arguments == (Run(PATH), desk.editor.toPlainText(), "best")
    assert asked.options == {"switches": UNCHANGED}


def test_asks_once_after_a_rest(desk: AttentionDesk, qtbot: QtBot) -> None:
    count = desk.num_asked("answer")
    desk.editor.clear()
    QTest.keyClicks(desk.editor, "not bad")
    qtbot.waitUntil(lambda: desk.worker("answer").asked[-1].arguments[1] == "not bad", timeout=1000)
    assert desk.num_asked("answer") - count < 7


def test_the_text_field_grows_with_its_text(desk: AttentionDesk, qtbot: QtBot) -> None:
    low = desk.editor.height()
    desk.part(TextBar).set_text("a few words " * 20)
    qtbot.waitUntil(lambda: desk.editor.height() > low, timeout=1000)
    assert desk.editor.verticalScrollBar().value() == 0
    three = desk.editor.height()
    desk.part(TextBar).set_text("a few words " * 400)
    qtbot.waitUntil(lambda: desk.editor.height() > three, timeout=1000)
    assert desk.editor.height() < 6 * low


def test_shows_the_answer(answered: AttentionDesk) -> None:
    assert answered.said.startswith("It says “negative”")
    assert "it looks most at “" in answered.said
    assert answered.says("predictedLabel") == "negative"
    assert answered.heat_map.data is not None
    assert answered.heat_map.data.keys == ("[CLS]", *TEXT.split(), "[SEP]")


def test_another_head_only_slices(answered: AttentionDesk) -> None:
    count = answered.num_asked("answer")
    grid = answered.grid
    before = answered.heat_map.data.weights
    assert grid.current == (1, 0)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place_of(0, 2).center())
    record = answered.record
    np.testing.assert_array_equal(answered.heat_map.data.weights, record.maps[0].weights[0, 2])
    assert not np.array_equal(before, answered.heat_map.data.weights)
    answered.pick("mapChooser", "mean of heads")
    np.testing.assert_allclose(answered.heat_map.data.weights, record.maps[0].weights[0].mean(axis=0), rtol=1e-6)
    assert grid.current is None
    assert answered.num_asked("answer") == count


def test_the_chosen_head_stays_for_the_next_text(answered: AttentionDesk, qtbot: QtBot) -> None:
    answered.grid.chosen.emit(0, 3)
    answered.read("quite good")
    assert answered.grid.current == (0, 3)


def test_special_tokens_can_be_left_out(answered: AttentionDesk) -> None:
    QTest.mouseClick(answered.page.findChild(Toggle, "specialTokens"), Qt.MouseButton.LeftButton)
    assert answered.heat_map.data.keys == answered.heat_map.data.queries == tuple(TEXT.split())


def test_text_view(answered: AttentionDesk) -> None:
    QTest.mouseClick(answered.page.findChild(QAbstractButton, "segment_text"), Qt.MouseButton.LeftButton)
    assert answered.is_shown("markedText")
    assert not answered.heat_map.isVisible()


def test_an_old_answer_is_dropped(answered: AttentionDesk, qtbot: QtBot) -> None:
    old = answered.worker("answer").asked[-1].key
    answered.type("another text")
    answered.worker("answer").answered.emit(old, synthetic_record("old words"))
    assert answered.heat_map.data.keys[1] == "the"


def test_empty_text_keeps_the_last_picture(answered: AttentionDesk, qtbot: QtBot) -> None:
    count = answered.num_asked("answer")
    answered.editor.clear()
    qtbot.waitUntil(lambda: "empty" in answered.said, timeout=1000)
    assert answered.heat_map.isVisible()
    assert answered.num_asked("answer") == count


def test_an_error_stands_over_the_last_picture(answered: AttentionDesk, qtbot: QtBot) -> None:
    answered.type("broken")
    error = InputError(message("A checkpoint is damaged."), "step-40", message("Use another one."))
    answered.worker("answer").failed.emit(answered.worker("answer").asked[-1].key, error)
    banner = answered.banner
    assert banner.lines() == ("A checkpoint is damaged.", "step-40", "Use another one.")
    assert answered.heat_map.isVisible()
    count = answered.num_asked("answer")
    answered.book.advanced.emit(PATH)
    assert answered.num_asked("answer") == count
    answered.type("whole again")
    answered.answer(synthetic_record("whole again"))
    assert not banner.isVisible()


def test_a_run_without_a_checkpoint_says_so(qtbot: QtBot) -> None:
    desk = AttentionDesk(qtbot, synthetic_history(Shape(steps=20)))
    assert desk.is_shown("noCheckpoint")
    assert desk.num_asked("answer") == 0
    with qtbot.waitSignal(desk.page.training_requested) as asked:
        desk.page.findChild(QWidget, "empty_action").click()
    assert asked.args == [PATH]


def test_a_better_checkpoint_answers_anew(answered: AttentionDesk) -> None:
    from engine.events import CheckpointSaved

    count = answered.num_asked("answer")
    history = answered.book.entry(PATH).history
    answered.book.advanced.emit(PATH)
    assert answered.num_asked("answer") == count
    history.append(CheckpointSaved(step=999, path="checkpoints/step-999", is_best=True, metric="f1", value=0.99))
    answered.book.advanced.emit(PATH)
    assert answered.num_asked("answer") == count + 1
    assert answered.worker("answer").asked[-1].key.step == 999


def test_a_model_without_attention_still_answers(desk: AttentionDesk) -> None:
    desk.answer(replace(synthetic_record(TEXT), maps=()))
    assert desk.said.startswith("It says “")
    assert "looks" not in desk.said
    assert not desk.is_shown("exportMap")
    assert not desk.heat_map.isVisible()


def test_a_number_as_answer(desk: AttentionDesk) -> None:
    desk.answer(replace(synthetic_record(TEXT), prediction=Prediction("3.25", {})))
    assert desk.said.startswith("It says “3.25”;")


def test_what_was_cut_or_unknown_is_said(desk: AttentionDesk) -> None:
    desk.answer(synthetic_record(TEXT, truncated=1, unknown=2))
    notice = desk.says("readingNotice")
    assert "last 1 token was cut off" in notice
    assert "2 words are unknown" in notice


def test_the_map_is_chosen_by_name(desk: AttentionDesk) -> None:
    desk.answer(synthetic_record(TEXT, layers=2, heads=2, both=True))
    chooser = desk.find("mapChooser", QComboBox)
    assert [chooser.itemText(index) for index in range(chooser.count())] == [
        "self-attention: this head",
        "self-attention: mean of heads",
        "self-attention: maximum of heads",
        "additive attention",
        "rollout",
    ]
    chooser.activated.emit(3)
    assert desk.heat_map.data.is_pooled


def test_examples_fill_the_text(desk: AttentionDesk) -> None:
    menu = desk.page.findChild(QAbstractButton, "examples").findChild(QMenu)
    assert len(menu.actions()) == 3
    menu.actions()[1].trigger()
    assert desk.editor.toPlainText().startswith("I expected little")


def test_copying_puts_the_picture_on_the_clipboard(answered: AttentionDesk) -> None:
    answered.page.findChild(QAbstractButton, "copyPicture").click()
    assert not QGuiApplication.clipboard().image().isNull()


@pytest.mark.parametrize("suffix", [".png", ".svg", ".csv", ".npz"])
def test_exports(answered: AttentionDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    path = tmp_path / f"map{suffix}"
    answered.export_to(path, monkeypatch)
    if suffix == ".png":
        assert QImage(str(path)).width() > 400
    elif suffix == ".svg":
        assert "clean" in path.read_text(encoding="utf-8")
    elif suffix == ".npz":
        _check_npz(path, answered.record)
    else:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        data = answered.heat_map.data
        assert rows[0] == ["", *data.keys]
        assert [row[0] for row in rows[1:]] == list(data.queries)
        np.testing.assert_allclose([[float(cell) for cell in row[1:]] for row in rows[1:]], data.weights, rtol=1e-6)


def _check_npz(path: Path, record: AttentionRecord) -> None:
    with np.load(path, allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["self-attention"], record.maps[0].weights)
        about = json.loads(str(stored["about"]))
    assert (about["text"], tuple(about["tokens"])) == (record.text, record.tokens)
    assert about["prediction"]["label"] == "negative"
    assert (about["muted"], about["uniform"]) == ([], False)


def test_an_export_that_cannot_be_written_says_why(answered: AttentionDesk, tmp_path: Path) -> None:
    data, picture = answered.heat_map.data, answered.heat_map.image()
    with pytest.raises(InputError, match="cannot be written"):
        write_map(tmp_path / "missing" / "map.csv", data, picture)
    with pytest.raises(InputError, match=r"\.png, \.svg, \.csv"):
        write_map(tmp_path / "map.gif", data, picture)


def test_state_is_restored(answered: AttentionDesk, qtbot: QtBot) -> None:
    state = answered.page.state()
    answered.new_page().restore(state)
    assert answered.page.state() == state


def test_the_worker_is_closed_with_the_page(desk: AttentionDesk) -> None:
    desk.page.close_workers()
    assert desk.worker("answer").is_closed


def test_a_page_that_is_deleted_hears_no_answer(desk: AttentionDesk) -> None:
    page = AttentionPage(desk.book, desk.make_worker)  # type: ignore[arg-type]
    page.show()
    page.show_run(PATH)
    worker = desk.worker("answer")
    assert not worker.is_closed
    shiboken6.delete(page)
    assert worker.is_closed


def test_the_window_goes_to_training_when_asked(qtbot: QtBot) -> None:
    opened: list[tuple[Path, str]] = []

    def open_run(path: Path, stage: str = "training") -> None:
        opened.append((path, stage))

    book = SyntheticBook(SyntheticEntry(PATH, History()))
    page = MAKERS["attention"](SimpleNamespace(book=book, opening=SimpleNamespace(open_run=open_run)))
    qtbot.addWidget(page)
    page.show()
    page.show_run(PATH)
    qtbot.mouseClick(page.findChild(QWidget, "noCheckpoint").findChild(QAbstractButton), Qt.MouseButton.LeftButton)
    assert opened == [(PATH, "training")]


def test_choices_fit_the_record() -> None:
    record = synthetic_record(TEXT, layers=2, heads=3)
    assert first_choice(record) == Choice(layer=1)
    assert fitting(Choice(map=4, layer=9, head=9), record) == Choice(layer=1, head=2)
    assert fitting(Choice(scope="mean"), record) == Choice(scope="mean")
    pooled = synthetic_record(TEXT, pooled=True)
    assert slice_of(pooled, Choice(with_special=False)).keys == tuple(TEXT.split())


def test_words_that_repeat_are_counted_together() -> None:
    special = np.array([True, False, False, False, False])
    words = words_received(("[CLS]", "not", "very", "not", "it"), np.array([0.5, 0.2, 0.01, 0.25, 0.04]), special)
    assert words == [("not", pytest.approx(0.45))]
    assert words_received(("a",), np.zeros(1), np.array([False])) == []


def test_certainty_is_never_rounded_up() -> None:
    assert [likelihood(share) for share in (1.0, 0.9996, 0.93, 0.0001, 0.0)] == [
        "100 %",
        "> 99 %",
        "93 %",
        "< 1 %",
        "0 %",
    ]


def test_half_of_the_weight() -> None:
    assert num_for_half(np.array([0.6, 0.2, 0.2])) == 1
    assert num_for_half(np.full(10, 0.1)) == 5


def test_a_sentence_without_words() -> None:
    record = synthetic_record(TEXT)
    assert sentence(record, []).endswith(").")
    assert received_words(replace(record, maps=())) == []
