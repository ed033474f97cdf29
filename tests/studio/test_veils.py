"""Old answers are dimmed while a new one is computed, on every page that asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.messages import message
from engine.records import Prediction, Progress
from studio.pages.samples.sweep_panel import SweepPanel
from studio.pages.samples.texts_card import TextsCard
from studio.pages.try_it.reading import sentence, short_answer
from studio.widgets.label_names import label_name, quoted
from studio.widgets.veil import Veil
from tests.studio.pages.attention.desk import AttentionDesk
from tests.studio.pages.evaluation.desk import EvaluationDesk, made_answers
from tests.studio.pages.evaluation.rows_desk import Rows, slices
from tests.studio.pages.try_it.test_page import TryDesk
from tests.studio.synthetic_attention import synthetic_record

pytestmark = pytest.mark.usefixtures("look")


def dimmed(page: QWidget) -> bool:
    return any(veil.is_drawn for veil in page.findChildren(Veil))


def test_a_veil_covers_all_of_it_and_lets_the_mouse_through(qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    column, label = QVBoxLayout(over), QLabel("an answer")
    column.addWidget(label)
    over.resize(200, 100)
    over.show()
    before = over.grab().toImage()
    veil = Veil(over)
    veil.draw(True, at_once=True)
    after = over.grab().toImage()
    assert before != after
    assert over.childAt(QPoint(100, 50)) is label
    over.resize(300, 200)
    assert veil.geometry() == over.rect()
    veil.draw(False)
    over.resize(200, 100)
    assert over.grab().toImage() == before


def test_a_quick_answer_does_not_flicker(qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    veil = Veil(over)
    veil.draw(True)
    assert not veil.isVisible()
    qtbot.waitUntil(veil.isVisible, timeout=2000)


def test_attention(answered: AttentionDesk) -> None:
    assert not dimmed(answered.page)
    answered.type("the room was clean")
    assert dimmed(answered.page)
    answered.answer(synthetic_record("the room was clean", layers=2, heads=4))
    assert not dimmed(answered.page)


def test_attention_that_was_refused_or_asks_nothing_stays_dimmed(answered: AttentionDesk) -> None:
    answered.type("the room was clean")
    asked = answered.worker("answer")
    asked.failed.emit(asked.asked[-1].key, InputError(message("x"), "y", message("z")))
    assert dimmed(answered.page)
    answered.read()
    assert not dimmed(answered.page)
    answered.editor.setPlainText("")
    answered.qtbot.waitUntil(lambda: dimmed(answered.page), timeout=2000)


def test_attention_back_to_the_same_text(answered: AttentionDesk) -> None:
    """Cleared and typed again: nothing is asked, and what stands there is the answer."""
    text = answered.editor.toPlainText()
    answered.editor.setPlainText("")
    answered.qtbot.waitUntil(lambda: dimmed(answered.page), timeout=2000)
    answered.editor.setPlainText(text)
    answered.qtbot.waitUntil(lambda: not dimmed(answered.page), timeout=2000)


def test_trying(qtbot: QtBot) -> None:
    desk = TryDesk(qtbot)
    desk.read("a fine room")
    assert not dimmed(desk.page)
    desk.type("a dirty room")
    assert dimmed(desk.page)
    desk.worker("answer").answer(synthetic_record("a dirty room", layers=1, heads=2))
    assert not dimmed(desk.page)


def test_evaluation(qtbot: QtBot, tmp_path: Path) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, made_answers(num=60))
    assert not dimmed(desk.page)
    file = tmp_path / "other.csv"
    file.write_text("text,label\nx,spam\n", encoding="utf-8")
    desk.page.measure_file(file)
    assert dimmed(desk.page)
    desk.wait_asked("examine").answer(made_answers(num=40, split="data", source=str(file)))
    assert not dimmed(desk.page)


def test_samples_and_their_sweep(qtbot: QtBot) -> None:
    texts, sweep = TextsCard(), SweepPanel()
    for widget in (texts, sweep):
        qtbot.addWidget(widget)
    texts.show_drawing(0.0)
    assert dimmed(texts)
    texts.show_drawing(None)
    assert not dimmed(texts)
    sweep.show_progress(Progress(0, 3))
    assert dimmed(sweep)
    sweep.show_progress(None)
    assert not dimmed(sweep)


def test_slices(qtbot: QtBot, tmp_path: Path) -> None:
    rows = Rows(qtbot, tmp_path)
    rows.show()
    rows.details.panels.segment("slices").click()
    rows.wait_asked("slices").answer(slices())
    assert not dimmed(rows.details.slices)
    rows.details.slices.again.click()
    assert dimmed(rows.details.slices)
    rows.worker("slices").answer(slices())
    assert not dimmed(rows.details.slices)


# -- answers without a name --------------------------------------------------------------------------------------------


def test_a_bare_encoder_says_that_it_only_reads(qtbot: QtBot) -> None:
    desk = TryDesk(qtbot)
    desk.read("a fine room", Prediction("", {}))
    assert desk.says("trySentence").startswith("This model only reads")
    assert desk.says("tryLabel") == "no answer"


@pytest.mark.parametrize("label", ["", " ", "\n", "\u3000"])
def test_labels_that_cannot_be_seen_are_named(label: str, answered: AttentionDesk) -> None:
    record = synthetic_record("a fine room", layers=2, heads=4)
    prediction = Prediction(label, {label: 0.9, "other": 0.1})
    assert label_name(label).strip()
    assert "“”" not in sentence(prediction) and "“ ”" not in sentence(prediction)
    assert short_answer(prediction)[0].strip()
    answered.type("a fine room")
    answered.answer(replace(record, prediction=prediction))
    assert quoted(label) in answered.said
    assert answered.find("predictedLabel", QLabel).text().strip()


@pytest.mark.parametrize("labels", [(), ("",), ("food", "")])
def test_several_labels_of_which_one_has_no_name(labels: tuple[str, ...]) -> None:
    prediction = Prediction(", ".join(labels), {"food": 0.9, "": 0.8}, labels=labels)
    assert "“”" not in sentence(prediction)
    assert not sentence(prediction).endswith("says .")
