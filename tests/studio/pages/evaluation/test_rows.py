"""What is said of rows, which are chosen and how they are ordered, which words are marked: plain logic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.metrics.decision_rules import ABSTAINED
from engine.records import UNDECIDED, Answers, Decision
from engine.runs.corrections import corrections_of
from engine.runs.run import Run
from engine.targets import Decided
from studio.pages.evaluation.target_view import Order, view_of
from studio.pages.evaluation.texts.answer_model import ARROW, both_elided
from studio.pages.evaluation.texts.label_edits import LabelEdits, correction_words, labelled_row
from studio.pages.evaluation.texts.rows_model import RowSelection, chosen_rows, first_choice, title_of
from studio.pages.evaluation.texts.word_marks import token_spans, word_marks
from studio.tables.line_painting import line_of
from studio.tables.text_search import TextSearch
from tests.studio.desk import figures_in
from tests.studio.pages.evaluation.rows_desk import SPAM, TEXTS, attribution, made_answers

CAREFUL = Decision(thresholds={"spam": 0.95, "ham": 0.8})


def rows_of(
    choice: RowSelection, answers: Answers, decision: Decision = UNDECIDED, order: Order = "worst"
) -> list[int]:
    """Row numbers, counted from 1 in the made answers."""
    return [int(place) + 1 for place in chosen_rows(choice, Decided(answers, decision), order)]


def test_most_sure_and_wrong_comes_first() -> None:
    assert rows_of(RowSelection(), made_answers()) == [4, 3, 6, 5]  # .91 and .90 and .70 and .60 sure


def test_temperature_changes_how_sure_and_not_who_is_wrong() -> None:
    answers = made_answers()
    decided = Decided(answers)
    before, after = decided.doubts, decided.under(Decision(temperature=2.0)).doubts
    assert (after.sure < before.sure).all()
    np.testing.assert_array_equal(before.wrong, after.wrong)
    assert before.sure == pytest.approx([max(share, 1 - share) for share in SPAM])


def test_who_abstains_is_not_wrong() -> None:
    answers = made_answers()
    found = Decided(answers, CAREFUL)
    assert found.said.tolist() == [1, 0, 0, ABSTAINED, ABSTAINED, ABSTAINED]
    assert rows_of(RowSelection(), answers, CAREFUL) == [3]
    assert rows_of(RowSelection("abstained"), answers, CAREFUL, "surest") == [4, 6, 5]
    assert rows_of(RowSelection("all"), answers, CAREFUL) == [3, 4, 6, 5, 1, 2]  # wrong, left to a person, right


@pytest.mark.parametrize(
    ("truth", "said", "rows"),
    [(1, 0, [3, 6]), (0, 1, [4, 5]), (1, None, [3, 6, 1]), (None, 1, [4, 5, 1]), (0, 0, [2]), (0, ABSTAINED, [])],
)
def test_cells_rows_and_columns(truth: int | None, said: int | None, rows: list[int]) -> None:
    assert rows_of(RowSelection("cell", truth, said), made_answers()) == rows


def test_cell_of_those_left_to_a_person() -> None:
    assert rows_of(RowSelection("cell", 0, ABSTAINED), made_answers(), CAREFUL) == [4, 5]
    assert rows_of(RowSelection("cell", None, ABSTAINED), made_answers(), CAREFUL, "row") == [4, 5, 6]


def test_rows_without_labels_come_least_sure_first() -> None:
    answers = made_answers(has_truths=False)
    assert rows_of(first_choice(answers), answers, order="least-sure") == [5, 6, 3, 4, 1, 2]
    assert not Decided(answers).doubts.wrong.any()


def test_worst_wrong_question_of_several_labels() -> None:
    answers = made_answers("several")
    found, view = Decided(answers), view_of(answers)
    assert np.flatnonzero(found.doubts.wrong).tolist() == [2, 5]
    assert found.doubts.question[[2, 5]].tolist() == [1, 1]  # “offer” was not said and stands there
    assert found.doubts.sure[[2, 5]] == pytest.approx([0.6, 0.8])
    assert rows_of(RowSelection(), answers) == [6, 3]
    assert view.said(found, 2) == "urgent" and view.truth(answers, 2) == "urgent, offer"
    assert view.said(found, 3) == "none"
    assert rows_of(RowSelection("cell", 1, None), answers, order="row") == [3, 6]
    assert rows_of(RowSelection("cell", None, 0), answers, order="row") == [1, 3]
    assert rows_of(RowSelection("abstained"), answers, order="row") == [4, 5, 6]


def test_largest_residual_of_numbers_first() -> None:
    answers = made_answers("number")
    assert rows_of(first_choice(answers), answers)[:4] == [3, 6, 1, 4]
    found, view = Decided(answers), view_of(answers)
    assert view.sure(found, 2) == "3"
    low, high = (view.sentence(found, place) for place in (2, 5))
    assert figures_in(low) == ["4", "1", "3"] and "too little" in low
    assert figures_in(high) == ["1", "3", "2"] and "too much" in high
    assert view.bars(found, 2) == []


def test_titles_say_what_is_chosen() -> None:
    answers = made_answers()
    assert title_of(RowSelection("cell", 1, 0), answers) == "You said “spam”, it said “ham”"
    assert title_of(RowSelection("cell", 1, 1), answers) == "Both said “spam”"
    assert title_of(RowSelection("cell", None, ABSTAINED), answers) == "Left to a person"
    assert title_of(RowSelection("slice", places=np.array([1]), title="short"), answers) == "short"
    assert title_of(first_choice(made_answers(has_truths=False)), made_answers(has_truths=False)) == "What it answered"


def test_sentence_of_a_row_that_was_left_to_a_person() -> None:
    answers = made_answers()
    told = view_of(answers).sentence(Decided(answers, CAREFUL), 3)
    assert "“spam” at 91.0 %" in told and told.endswith("You said “ham”")


def test_bars_keep_the_own_label_of_many() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(1, 77)).astype(np.float32)
    own = int(logits[0].argmin())
    labels = tuple(f"label {index}" for index in range(77))
    base = made_answers()
    answers = replace(base, labels=labels, positive_label=None, logits=logits, truths=np.array([own]), texts=["x"])
    bars = view_of(answers).bars(Decided(answers), 0)
    assert [bar.label for bar in bars if bar.strong] == [labels[own]]
    assert bars[-1].label == "70 more labels"
    assert sum(bar.share for bar in bars) == pytest.approx(1.0)


# -- marked words ------------------------------------------------------------------------------------------------------


def test_tokens_are_found_one_after_the_other() -> None:
    text = "The cat, the Cats"
    tokens, special = ("[CLS]", "the", "cat", ",", "the", "cat", "##s", "[UNK]"), (True, *(False,) * 7)
    assert token_spans(tokens, special, text) == [None, (0, 3), (4, 7), (7, 8), (9, 12), (13, 16), (16, 17), None]


def test_words_that_pushed_stand_out_even_where_it_is_sure() -> None:
    """At .99999 no word moves the probability by a thousandth, but the odds by ten times."""
    text = TEXTS[0]
    sure = attribution(text, {"free": 9e-5, "win": 1e-7}, probability=0.99999)
    marks = word_marks(sure, text)
    assert [text[start:end] for start, end in marks.strong] == ["free"]
    assert marks.weights[marks.spans.index(marks.strong[0])] == pytest.approx(np.log(10), abs=0.05)


def test_no_word_is_marked_where_none_counts() -> None:
    assert word_marks(attribution(TEXTS[0], {"free": 0.001}), TEXTS[0]).strong == ()


def test_what_pushed_against_a_label_that_was_not_said() -> None:
    found = attribution(TEXTS[2], {"free": 0.3, "call": -0.05}, probability=0.4)
    marks = word_marks(found, TEXTS[2], against=True)
    assert [TEXTS[2][start:end] for start, end in marks.strong] == ["call"]


def test_marked_words_are_brought_into_sight() -> None:
    text = "nothing of interest " * 10 + "here it is"
    at = text.index("here")
    line = line_of(text, ((at, at + 4),), fits=40)
    assert line.text.startswith("… ") and line.text[slice(*line.spans[0])] == "here"
    assert line_of("here\nit is", ((0, 4),), fits=40).text == "here it is"


def test_both_of_two_long_labels_stay_readable(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    words = f"balance_not_updated{ARROW}pending_transfer"
    room = metrics.horizontalAdvance(words) + 8
    assert both_elided(words, metrics, room) == words
    for share in (0.8, 0.5):
        before, after = both_elided(words, metrics, round(share * room)).split(ARROW)
        assert before.startswith("bal") and after.startswith("pen")
        assert metrics.horizontalAdvance(f"{before}{ARROW}{after}") <= share * room + 2
    assert both_elided(f"ham{ARROW}{'x' * 60}", metrics, 120).startswith(f"ham{ARROW}xx")


# -- search ------------------------------------------------------------------------------------------------------------


def test_search_looks_through_thousands_in_small_parts(qtbot: QtBot, qapp: QApplication) -> None:
    texts = [f"Text number {index}, " + "and so on " * 300 for index in range(6000)]
    search = TextSearch()
    search.show_texts(texts)
    search.seek("TEXT 599")
    places = np.arange(len(texts))
    found = search.filtered(places)
    assert not search.is_done and len(found) < 15
    with qtbot.waitSignal(search.advanced, check_params_cb=lambda: search.is_done):
        pass
    assert search.filtered(places).tolist() == [place for place in range(6000) if "599" in str(place)]
    assert search.filtered(places[::-1]).tolist()[-1] == 599


# -- corrections -------------------------------------------------------------------------------------------------------


def test_ledger_keeps_what_was_said_and_takes_it_back(tmp_path: Path, qapp: QApplication) -> None:
    run = Run.create(RunConfig(), tmp_path, "run")
    ledger, answers = LabelEdits(), made_answers()
    ledger.show_run(run)
    row = labelled_row(answers, 3)
    assert ledger.file is None and not ledger.can_undo
    assert ledger.say(row, "spam") and ledger.say(row, None)
    found = ledger.find(row.row, row.text)
    assert found is not None and correction_words(found) == "left out"
    assert ledger.undo() == row
    kept = corrections_of(run).find(row.row, row.text)
    assert kept is not None and (kept.before, kept.after, kept.split) == ("ham", "spam", "test")
    assert ledger.num_changed == 1 and ledger.file == corrections_of(run).path
    ledger.say(labelled_row(answers, 0), "spam")
    assert ledger.num_changed == 1  # looked at, and right
    assert ledger.undo() is not None and ledger.undo() == row and ledger.undo() is None
    assert len(corrections_of(run)) == 0


def test_ledger_of_several_labels_and_numbers(tmp_path: Path, qapp: QApplication) -> None:
    ledger = LabelEdits()
    ledger.show_run(Run.create(RunConfig(), tmp_path, "run"))
    row = labelled_row(made_answers("several", split="data"), 2)
    assert (row.label, row.source) == (("urgent", "offer"), "/data/new.csv")
    ledger.say(row, ("urgent",))
    found = ledger.find(row.row, row.text)
    assert found is not None and correction_words(found) == "now “urgent”" and found.source == "/data/new.csv"
    assert labelled_row(made_answers("number"), 0).label == 4.5
