"""The Translate page: a text is written anew as it is typed; arcs and map point at one word; words are left out, chosen
and taken back; what was searched is a tree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from engine.config.run import from_tree
from engine.events import CheckpointSaved, Evaluated, RunStarted, TextsAnswered
from engine.records import (
    AlignmentTrust,
    BeamNode,
    Decoding,
    Figure,
    Hypothesis,
    LeftOutWord,
    OtherWord,
    SearchCost,
    SearchWorth,
    SourceWord,
    Translation,
    WrittenWord,
)
from engine.runs.history import History
from studio.pages.translate import TranslatePage
from studio.plots.translation.alignment_arcs import AlignmentArcs
from studio.plots.translation.alignment_map import AlignmentMap
from studio.plots.translation.beam_tree import BeamTree, TreeLayout, line_of
from tests.engine.translated_runs import TREE
from tests.studio.desk import Desk, figures_in
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry

PATH, BARE = Path("/runs/attention"), Path("/runs/none")
TEXT = "Das Mädchen hat gemalt ."
SAID = ("The", "girl", "drew", ".")


def history(bleu: float) -> History:
    found = History()
    found.append(
        RunStarted(
            total_steps=9, steps_per_epoch=3.0, num_parameters=9, rows={"train": 9, "validation": 4}, labels=[],
            positive_label=None, device="CPU", precision="fp32", process=1,
        )
    )  # fmt: skip
    metrics = {"loss": 1.0, "bleu": bleu, "chrf": 52.3}
    found.append(
        Evaluated(step=9, split="validation", metrics=metrics, num_rows=4, intervals={"bleu": 1.5, "chrf": 1.0})
    )
    found.append(TextsAnswered(step=9, rows=[{"read": [TEXT], "wanted": "The girl drew.", "said": "", "score": 0.5}]))
    found.append(CheckpointSaved(step=9, path="checkpoints/step-9", is_best=True, metric="bleu", value=bleu))
    return found


def config(attention: str) -> object:
    return from_tree({**TREE, "model": {**TREE["model"], "attention": attention}})


def translation(decoding: Decoding = Decoding(num_beams=5), *, has_map: bool = True) -> Translation:  # noqa: B008
    source = [SourceWord(word, TEXT.index(word), TEXT.index(word) + len(word)) for word in TEXT.split()]
    words = [
        WrittenWord(word, 0.9, 1, (OtherWord(f"other {word}", 0.05, (7, place)),)) for place, word in enumerate(SAID)
    ]
    words[2] = WrittenWord("drew", 0.35, 1, (OtherWord("painted", 0.31, (1, 2, 9)),))
    weights = np.full((4, 5), 0.02)
    for place, looked in enumerate((0, 1, 3, 4)):
        weights[place, looked] = 0.9
    tree = (
        *(BeamNode(place - 1, place + 1, f" {word}", -0.32, "finished" if place == 3 else "", True, place + 1)
          for place, word in enumerate(SAID)),
        BeamNode(1, 3, " painted", -0.4, "", False, 9),
        BeamNode(4, 4, " .", -0.36, "finished", False, 4),
        BeamNode(0, 2, " child", -1.8, "dropped", False, 8),
        BeamNode(-1, 1, " A", -3.0, "open", False, 6),
    )  # fmt: skip
    return Translation(
        source=TEXT, source_words=tuple(source), text="The girl drew .", words=tuple(words), score=-0.32,
        alignment=weights if has_map else None, others=(Hypothesis("The girl painted .", -0.36),),
        greedy=Hypothesis("The girl painted .", -0.36), tree=tree if decoding.num_beams > 1 else (), decoding=decoding,
        num_tokens=9, num_read=9, seconds=0.2, step=9,
    )  # fmt: skip


class TranslateDesk(Desk[TranslatePage]):
    def __init__(self, qtbot: QtBot, attention: str = "bahdanau") -> None:
        super().__init__(qtbot)
        entries = [
            SyntheticEntry(PATH, history(27.9), "finished", config(attention)),  # type: ignore[arg-type]
            SyntheticEntry(BARE, history(14.2), "finished", config("none" if attention != "none" else "bahdanau")),  # type: ignore[arg-type]
        ]
        self.book = SyntheticBook(*entries)
        self.put(TranslatePage(self.book, self.make_worker)).show_run(PATH)  # type: ignore[arg-type]
        self.wait_asked("translate")

    def answer(self, found: Translation | None = None) -> Translation:
        told = found or translation()
        self.worker("translate").answer(told)
        QApplication.processEvents()
        return told

    @property
    def arcs(self) -> AlignmentArcs:
        return self.find("alignmentArcs", AlignmentArcs)

    @property
    def map(self) -> AlignmentMap:
        return self.find("alignmentMap", AlignmentMap)

    def click(self, row: str, place: int) -> None:
        spot = self.arcs.chip(row, place).center().toPoint()  # type: ignore[arg-type]
        self.qtbot.mouseClick(self.arcs, Qt.MouseButton.LeftButton, pos=spot)


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication) -> TranslateDesk:
    made = TranslateDesk(qtbot)
    made.answer()
    return made


def test_an_answered_text_is_asked_at_once_and_told_in_a_sentence(desk: TranslateDesk) -> None:
    asked = desk.worker("translate").asked[0]
    assert asked.arguments[1:3] == (TEXT, Decoding(num_beams=5))
    said = desk.says("translateSentence")
    assert "“The girl drew .”" in said and "“drew” (35 %)" in said and "“The girl painted .”" in said


def test_typing_asks_anew_and_the_old_answer_is_dimmed(desk: TranslateDesk) -> None:
    desk.find("translateText", QPlainTextEdit).setPlainText("Ein Hund .")
    desk.wait_asked("translate", 2)
    assert desk.worker("translate").asked[-1].arguments[1] == "Ein Hund ."


def test_arcs_and_map_share_one_crosshair(desk: TranslateDesk) -> None:
    QTest.mouseMove(desk.arcs, desk.arcs.chip("target", 2).center().toPoint())
    desk.qtbot.waitUntil(lambda: desk.map.cross == (2, 3), timeout=2000)
    assert "drew comes from gemalt 0.90" in desk.says("alignmentSaid")
    assert figures_in(desk.says("mapSaid")) == ["0.900"]
    QTest.mouseMove(desk.map, desk.map.cell(1, 0).center().toPoint())
    desk.qtbot.waitUntil(lambda: desk.arcs.at == ("target", 1), timeout=2000)


def test_keys_walk_the_words(desk: TranslateDesk) -> None:
    desk.arcs.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(desk.arcs, key)
    assert desk.arcs.at == ("source", 1)
    QTest.keyClick(desk.arcs, Qt.Key.Key_Escape)
    assert desk.arcs.at is None


def test_another_word_is_chosen_and_taken_back(desk: TranslateDesk) -> None:
    opened: list[QMenu] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QMenu, "popup", lambda menu, _place: opened.append(menu))
        desk.click("target", 2)
    (action,) = opened[0].actions()
    assert "painted" in action.text() and "31 %" in action.text()
    action.trigger()
    assert desk.wait_asked("translate", 2).asked[-1].arguments[4] == (1, 2, 9)
    changed = translation()
    given = tuple(replace(word, is_given=place < 3) for place, word in enumerate(changed.words))
    desk.answer(replace(changed, words=given))
    desk.press("undoWord")
    assert desk.wait_asked("translate", 3).asked[-1].arguments[4] == ()


def test_a_word_of_the_text_is_left_out(desk: TranslateDesk) -> None:
    desk.worker("leave_out").answer(
        (
            LeftOutWord(3, ("The", "girl", "has", "."), "The girl has .", (2,), 0.34),
            LeftOutWord(0, SAID, "The girl drew .", (), 0.7),
        )
    )
    QApplication.processEvents()
    rows = [one for one in desk.page.findChildren(QLabel) if one.isVisible() and "<s>" in one.text()]
    assert [row.text() for row in rows] == ["<s>gemalt</s>", "<s>Das</s>"]
    desk.click("source", 3)
    assert "without gemalt: The girl has . (34 %)" in desk.says("alignmentSaid")
    assert desk.arcs.aligned.left_out == {3}
    desk.click("source", 3)
    assert not desk.arcs.aligned.left_out


def test_methods_wake_what_they_use(desk: TranslateDesk) -> None:
    penalty, top_p = desk.find("lengthPenalty", QDoubleSpinBox), desk.find("topP", QDoubleSpinBox)
    assert penalty.isEnabled() and not top_p.isEnabled()
    desk.press("segment_sampling")
    assert not penalty.isEnabled() and top_p.isEnabled()
    asked = desk.wait_asked("translate", 2).asked[-1].arguments[2]
    assert asked == Decoding(samples=True, top_p=0.9, num_texts=5)
    desk.answer(translation(asked))
    assert "The girl painted ." in desk.says("otherTexts") and not desk.is_shown("beamTree")
    desk.press("segment_greedy")
    desk.wait_asked("translate", 3)
    desk.answer(translation(Decoding()))
    assert "painted 31 %" in desk.says("otherTexts")


def test_the_tree_has_a_row_a_leaf_and_the_winners_is_first(desk: TranslateDesk) -> None:
    tree = desk.find("beamTree", BeamTree)
    layout = tree.laid_out
    assert layout.rows == [0, 0, 0, 0, 1, 1, 2, 3]
    assert line_of(layout.nodes, layout.leaves[1]) == "The girl painted ."
    tree.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(tree, key)
    assert desk.wait_asked("translate", 2).asked[-1].arguments[4] == (1, 2, 9, 4)


def test_a_large_tree_is_folded(desk: TranslateDesk) -> None:
    many = tuple(BeamNode(-1, 1, f" w{place}", -1.0, "dropped", place == 0, place) for place in range(40))
    assert (TreeLayout(many, 14).num_rows, TreeLayout(many, 14).num_shown) == (40, 14)
    desk.press("translateNow")
    desk.find("translateText", QPlainTextEdit).setPlainText("Ein Hund .")
    desk.wait_asked("translate", 2)
    desk.answer(replace(translation(), tree=many))
    desk.press("unfoldTree")
    assert desk.find("beamTree", BeamTree).laid_out.num_shown == 40


def test_figures_with_intervals_signature_and_the_run_without_attention(desk: TranslateDesk) -> None:
    told = [one.text() for one in desk.page.findChildren(QLabel) if one.isVisible()]
    assert "27.9" in told and any("14.2" in text for text in told)
    assert "sacrebleu nrefs:1|case:mixed|eff:no|tok:13a" in desk.says("signature")
    desk.press("copySignature")
    assert "nrefs:1" in QApplication.clipboard().text()


def test_the_search_is_measured_when_asked_for(desk: TranslateDesk) -> None:
    desk.press("measureSearch")
    worker = desk.wait_asked("search_worth")
    worker.tell(3, 30)
    assert "3 / 30" in desk.says("worthNote")
    costs = tuple(SearchCost(Decoding(beams), Figure(bleu), 0.1) for beams, bleu in ((1, 26.5), (5, 27.9), (10, 28.0)))
    worker.answer(SearchWorth(costs, 1000, 214, 90))
    assert figures_in(desk.says("worthNote")) == ["5", "214", "1,000", "90"]


def test_where_words_come_from_is_checked_where_it_is_known(desk: TranslateDesk) -> None:
    desk.wait_asked("alignment_trust").answer(AlignmentTrust(Figure(0.97, 0.95, 0.99, "wilson"), 0.2, 0.25, 600, 200))
    assert "97.0 %" in desk.says("alignmentTrust")


def test_a_run_without_attention_says_so_and_leads_to_the_other(qtbot: QtBot, look: QApplication) -> None:
    desk = TranslateDesk(qtbot, "none")
    desk.answer(translation(has_map=False))
    assert desk.is_shown("noAttention") and not desk.is_shown("alignmentMap")
    with qtbot.waitSignal(desk.page.run_requested) as asked:
        desk.press("attentionRun")
    assert asked.args == [BARE, "translate"]


def test_unknown_and_cut_words_are_told(desk: TranslateDesk) -> None:
    desk.find("translateText", QPlainTextEdit).setPlainText("Das Mädchen .")
    desk.wait_asked("translate", 2)
    plain = translation()
    words = tuple(replace(word, is_unknown=place == 1) for place, word in enumerate(plain.source_words))
    desk.answer(replace(plain, source_words=words, num_tokens=40, num_read=9, cut_at=11))
    notice = desk.says("readingNotice")
    assert "9 of 40 tokens" in notice and "“Mädchen”" in notice
    assert desk.arcs.aligned.unknown == {1}


def test_an_error_leaves_the_last_answer(desk: TranslateDesk) -> None:
    desk.find("translateText", QPlainTextEdit).setPlainText("Ein Hund .")
    desk.wait_asked("translate", 2).fail("It broke.")
    assert desk.banner.isVisible() and desk.arcs.aligned.target == SAID


def test_nothing_can_answer_before_the_first_checkpoint(qtbot: QtBot, look: QApplication) -> None:
    desk = Desk[TranslatePage](qtbot)
    book = SyntheticBook(SyntheticEntry(PATH, History(), "running", config("bahdanau")))  # type: ignore[arg-type]
    page = desk.put(TranslatePage(book, desk.make_worker))  # type: ignore[arg-type]
    page.show_run(PATH)
    assert desk.num_asked("translate") == 0
    assert any("Nothing can answer yet" in one.text() for one in page.findChildren(QLabel) if one.isVisible())
