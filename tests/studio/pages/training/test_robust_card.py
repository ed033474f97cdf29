"""The card of attacks: shown when there were some, with figures, intervals and the changed words of examples."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from engine import events
from engine.runs.history import History
from studio.pages.training import TrainingPage
from studio.pages.training.robust_card import ChangedText, RobustCard, changed_pieces
from studio.widgets.labels import Heading
from tests.studio.desk import tooltip_at, word_boxes
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/reviews")
pytestmark = pytest.mark.usefixtures("look")


def _attacked(method: str = "character", after: float = 0.71) -> events.Attacked:
    example = {"row": 3, "label": "fraud", "prediction": "honest", "num_changes": 1}
    return events.Attacked(
        step=40,
        method=method,
        before={"precision": 0.97, "recall": 0.92, "f1": 0.94, "accuracy": 0.98},
        after={"precision": after, "recall": 0.8, "f1": 0.75, "accuracy": 0.9},
        num_rows=200,
        success=0.08,
        changed_share=0.12,
        intervals={"precision": 0.08, "recall": 0.05},
        examples=[
            {**example, "before": "win a free prize", "after": "win a fr-ee prize"},
            {**example, "before": "请点击链接", "after": "请点及链接"},
        ],
    )


def _figures(card: QWidget) -> list[str]:
    return [label.text() for label in card.findChildren(Heading) if "→" in label.text() and label.isVisible()]


def test_shown_only_when_there_were_attacks(qtbot: QtBot) -> None:
    history = synthetic_history()
    book = SyntheticBook(SyntheticEntry(PATH, history))
    page = TrainingPage(book)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1192, 844)
    page.show()
    page.show_run(PATH)
    card = page.findChild(RobustCard)
    assert card.isHidden()
    history.append(_attacked())
    book.advanced.emit(PATH)
    page.refresh()
    assert not card.isHidden() and _figures(card) == ["97.0 % → 71.0 %", "92.0 % → 80.0 %"]
    history.append(_attacked("word", 0.9))
    book.advanced.emit(PATH)
    page.refresh()
    assert _figures(card)[2] == "97.0 % → 90.0 %"
    history.append(events.RunResumed(step=20, process=1))
    book.advanced.emit(PATH)
    page.refresh()
    assert card.isHidden(), "what is trained on is attacked anew"


def test_examples_in_turn_with_what_stood_there(qtbot: QtBot) -> None:
    card = RobustCard()
    qtbot.addWidget(card)
    history = History()
    history.append(_attacked())
    card.resize(900, 300)
    card.show()
    card.show_history(history)
    text = card.findChild(ChangedText)
    assert text.marks.text == "win a fr-ee prize" and text.marks.spans == ((6, 11),)
    assert tooltip_at(text, word_boxes(text)[0].center()) == "before: “free”"
    another = card.findChild(QAbstractButton, "another_character")
    QTest.mouseClick(another, Qt.MouseButton.LeftButton)
    assert text.marks.text == "请点及链接" and text.marks.spans == ((2, 3),)
    QTest.mouseClick(another, Qt.MouseButton.LeftButton)
    assert text.marks.text == "win a fr-ee prize"
    card.resize(600, 300)
    card.grab()


def test_nothing_turned(qtbot: QtBot) -> None:
    card = RobustCard()
    qtbot.addWidget(card)
    history = History()
    event = events.Attacked(
        step=1, method="word", before=(same := {"precision": 1.0, "recall": 1.0}), after=same, num_rows=9, success=0.0
    )
    history.append(event)
    card.show()
    card.show_history(history)
    assert _figures(card) == ["100.0 % → 100.0 %"] * 2
    assert not any(text.isVisible() for text in card.findChildren(ChangedText))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("win a prize", "win a prize", []),
        ("win the prize now", "win prize now", [("prize", "the prize")]),
        ("call now", "ring well now", [("ring well", "call")]),
        ("call now", "call so now", [("so", "")]),
        ("免费领取", "不要钱领取", [("不要钱", "免费")]),
        ("the", "", []),
        ("win it the", "win it", [("it", "the it")]),
    ],
)
def test_changed_pieces(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert [(after[start:end], was) for (start, end), was in changed_pieces(before, after)] == expected
