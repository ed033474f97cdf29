"""Every page with a wide font, a narrow one and large letters, in a large window and a small one: nothing is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QFrame, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.breath import drain
from engine.inspection.evaluation.text_slices import text_slices
from engine.records.search import SearchRecord
from engine.studies.ablation import run_ablation
from engine.studies.variants import create_ablation
from studio.pages.home import HomePage
from studio.pages.samples import SamplesPage
from studio.pages.settings import SettingsPage
from studio.pages.training import TrainingPage
from studio.preferences import Preferences
from studio.widgets.card import Card
from studio.widgets.labels import ElidingLabel
from studio.widgets.segmented_control import SegmentedControl
from studio.workers.run_book import RunBook
from tests.engine.answered_runs import answered_run
from tests.engine.inspection.comparison.test_compare import TRUTHS, wrong_on
from tests.engine.scored_answers import scored_rows
from tests.engine.studies.pretended import pretend
from tests.engine.studies.test_ablation import follow
from tests.engine.studies.test_variants import THREE, recipe
from tests.studio.cut_texts import cut_texts, texts_of
from tests.studio.desk import SyntheticWorker
from tests.studio.made_gan_runs import Course, make_gan_run
from tests.studio.made_runs import make_run
from tests.studio.pages.attention.desk import AttentionDesk
from tests.studio.pages.chat.test_page import ChatDesk
from tests.studio.pages.compare.test_page import CompareDesk
from tests.studio.pages.evaluation.desk import (
    EvaluationDesk,
    made_answers,
    made_calibration,
    made_counted,
    made_measures,
    made_promise,
)
from tests.studio.pages.evaluation.rows_desk import Rows
from tests.studio.pages.export.test_page import ExportDesk
from tests.studio.pages.scores.desk import ScoresDesk
from tests.studio.pages.search.made_searches import finished, searching
from tests.studio.pages.search.test_page import SearchDesk
from tests.studio.pages.study.test_page import StudyDesk
from tests.studio.pages.training.answered import answering_history
from tests.studio.pages.try_it.test_page import TryDesk
from tests.studio.pages.wizard.answers import reply
from tests.studio.pages.wizard.desk import WizardDesk
from tests.studio.seven_goals import offer_seven_goals
from tests.studio.synthetic_attention import synthetic_attribution, synthetic_record, synthetic_trust
from tests.studio.synthetic_history import Shape, SyntheticBook, SyntheticEntry, synthetic_history

TEXT = "the room was not clean at all"
PATH = Path("/runs/reviews")
TEXTS = {"usual": (100, 1.0), "wide": (130, 1.0), "narrow": (80, 1.0), "large": (100, 1.5)}
"""Percent of width, and size."""
SIZES = {"1440x900": (1192, 844), "1024x700": (968, 644)}
"""Of a page, without the side bar and the top bar."""
_BAR, _MOMENT = 56, 300
Maker = Callable[[QtBot, Path, tuple[int, int]], QWidget]


def _home(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    make_run(folder, "Tickets")
    return _shown(qtbot, HomePage(RunBook(folder)), size)


def _training(state: str) -> Maker:
    def made(qtbot: QtBot, _folder: Path, size: tuple[int, int]) -> QWidget:
        history = synthetic_history(Shape(steps=600 if state == "finished" else 400))
        page = TrainingPage(SyntheticBook(SyntheticEntry(PATH, history, state)))  # type: ignore[arg-type]
        _shown(qtbot, page, size)
        page.show_run(PATH)
        return page

    return made


def _attention(qtbot: QtBot, _folder: Path, size: tuple[int, int]) -> QWidget:
    desk = AttentionDesk(qtbot, size=size)
    record = synthetic_record(TEXT, layers=6, heads=12)
    desk.type(record.text)
    desk.answer(record)
    desk.wait_asked("one-out").answer(synthetic_attribution(record, strongest=4))
    desk.wait_asked("trust").answer(synthetic_trust())
    return desk.page


def _evaluation(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    answers = made_answers(num=300)
    desk = EvaluationDesk(qtbot, folder, answers, size=size)
    desk.wait_asked("measure").answer(made_measures(answers))
    desk.wait_asked("counted").answer(made_counted(answers))
    desk.wait_asked("calibrate").answer(made_calibration())
    desk.press("findThreshold")
    desk.wait_asked("promise").answer(made_promise(answers, "spam"))
    return desk.page


def _rows(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    desk = Rows(qtbot, folder)
    desk.show()
    desk.page.resize(size[0] * 6 // 10, size[1])
    desk.details.texts.table.selectRow(0)
    return desk.page


def _scores(panel: str) -> Maker:
    def made(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
        scored = replace(scored_rows(200), num_in_split=25_000)
        desk = ScoresDesk(qtbot, folder, size=size)
        desk.answer(scored)
        desk.find("scoresPanels", SegmentedControl).segment(panel).click()
        if panel == "groups":
            desk.wait_asked("text_slices").answer(drain(text_slices(scored)))
        else:
            desk.find("scoredTable", QTableView).selectRow(0)
        return desk.page

    return made


def _answering(qtbot: QtBot, _folder: Path, size: tuple[int, int]) -> QWidget:
    """The training page of a run that answers in words."""
    history = answering_history(synthetic_history())
    page = TrainingPage(SyntheticBook(SyntheticEntry(PATH, history, "running")))  # type: ignore[arg-type]
    _shown(qtbot, page, size)
    page.show_run(PATH)
    return page


def _try(qtbot: QtBot, _folder: Path, size: tuple[int, int]) -> QWidget:
    desk = TryDesk(qtbot)
    desk.page.resize(*size)
    desk.read()
    return desk.page


def _chat(qtbot: QtBot, _folder: Path, size: tuple[int, int]) -> QWidget:
    desk = ChatDesk(qtbot)
    desk.page.resize(*size)
    desk.talk()
    return desk.page


def _export(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    desk = ExportDesk(qtbot, folder)
    desk.page.resize(*size)
    return desk.page


def _compare(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    runs = [answered_run(folder, f"Plain {seed}", wrong_on(60 + seed), TRUTHS, seed=seed) for seed in range(2)]
    runs.append(answered_run(folder, "Wide", wrong_on(20), TRUTHS, changes={"model.hidden_size": 64}))
    desk = CompareDesk(qtbot, folder)
    desk.page.resize(*size)
    desk.page.show_runs([run.path for run in runs])
    return desk.page


def _samples(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    run = make_gan_run(folder, course=Course(steps=2_000, num_samples=12))
    page = SamplesPage(RunBook(folder), SyntheticWorker)  # type: ignore[arg-type]
    _shown(qtbot, page, size)
    page.show_run(run.path)
    return page


def _study(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    study = create_ablation(recipe(**THREE), folder, 3, "Whole")
    follow(run_ablation(study, pretend(study)))
    desk = StudyDesk(qtbot, RunBook(folder))
    desk.page.resize(*size)
    desk.page.show_run(folder / "Whole")
    qtbot.wait(_MOMENT)
    return desk.page


def _wizard(step: str) -> Maker:
    """A step of the wizard: its own bar takes the place of the window's."""

    def made(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
        wizard = WizardDesk(qtbot, folder, partial(reply, is_binary=True))
        wizard.page.resize(size[0], size[1] + _BAR)
        if step != "goal":
            wizard.page.begin(None, Path("/data/tickets.csv"))
            wizard.wait_for_report()
            wizard.page.show_step(step)
            qtbot.wait(_MOMENT)
        return wizard.page

    return made


def _settings(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
    return _shown(qtbot, SettingsPage(Preferences(folder / "studio.ini")), size)


def _shown(qtbot: QtBot, page: QWidget, size: tuple[int, int]) -> QWidget:
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    return page


def _search(record: Callable[[], SearchRecord]) -> Maker:
    def made(qtbot: QtBot, folder: Path, size: tuple[int, int]) -> QWidget:
        desk = SearchDesk(qtbot, folder, record())
        desk.page.resize(*size)
        return desk.page

    return made


PAGES: dict[str, Maker] = {
    "home": _home,
    "training": _training("running"),
    "trained": _training("finished"),
    "attention": _attention,
    "evaluation": _evaluation,
    "rows": _rows,
    "scores": _scores("rows"),
    "scored-groups": _scores("groups"),
    "answering": _answering,
    "try": _try,
    "chat": _chat,
    "export": _export,
    "compare": _compare,
    "samples": _samples,
    "settings": _settings,
    "study": _study,
    "search": _search(searching),
    "found": _search(finished),
    **{f"wizard-{step}": _wizard(step) for step in ("goal", "data", "model", "training", "review")},
}
_TURNS_TO_SETTLE = 10
SAMPLE = [("attention", "wide", "1024x700"), ("evaluation", "large", "1024x700"), ("trained", "wide", "1024x700")]
GOALS = [(page, text, size) for page in ("home", "wizard-goal") for text in TEXTS for size in SIZES]
ALL = [(page, text, size) for page in PAGES for text in TEXTS for size in SIZES]


def _assert_whole(qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch, page: str, text: str, size: str) -> None:
    stretch, letters = TEXTS[text]
    with texts_of(stretch, letters):
        shown = PAGES[page](qtbot, folder, SIZES[size])
        qtbot.wait(60)
        found = cut_texts(shown, monkeypatch)
        for _ in range(_TURNS_TO_SETTLE if found else 0):  # columns that fit to their figures take a few turns
            qtbot.wait(200)
            found = cut_texts(shown, monkeypatch)
            if not found:
                break
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(("page", "text", "size"), SAMPLE)
def test_some_pages(
    qtbot: QtBot, look: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, text: str, size: str
) -> None:
    _assert_whole(qtbot, tmp_path, monkeypatch, page, text, size)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "text", "size"), ALL)
def test_all_pages(
    qtbot: QtBot, look: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, text: str, size: str
) -> None:
    _assert_whole(qtbot, tmp_path, monkeypatch, page, text, size)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "text", "size"), GOALS)
def test_seven_goals(
    qtbot: QtBot, look: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, text: str, size: str
) -> None:
    offer_seven_goals(monkeypatch)
    _assert_whole(qtbot, tmp_path, monkeypatch, page, text, size)


# -- the checker itself ------------------------------------------------------------------------------------------------


def test_what_is_cut_is_found(qtbot: QtBot, look: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtWidgets import QLabel, QPushButton

    page = QWidget()
    qtbot.addWidget(page)
    page.resize(300, 200)
    narrow, low, outside, fine = QLabel("many words here"), QLabel("a"), QLabel("over the edge"), QLabel("fine")
    short, button = ElidingLabel("this one may be shortened"), QPushButton("A button with words")
    for widget, place in (
        (narrow, (0, 0, 30, 20)), (low, (0, 30, 40, 3)), (outside, (260, 50, 200, 20)), (fine, (0, 80, 100, 30)),
        (short, (0, 120, 40, 20)), (button, (0, 150, 20, 30)),
    ):  # fmt: skip
        widget.setParent(page)
        widget.setGeometry(*place)
    page.show()
    found = cut_texts(page, monkeypatch)
    assert [any(word in line for line in found) for word in ("many words", "“a”", "over the edge", "A button")] == [
        True
    ] * 4
    assert not any("fine" in line or "shortened" in line for line in found)


def test_a_title_is_whole_before_what_stands_beside_it(qtbot: QtBot, look: QApplication) -> None:
    card = Card("Can you trust this map?", "a caption that takes much room of its own")
    qtbot.addWidget(card)
    card.resize(320, 100)
    card.show()
    assert card.title.width() >= card.title.sizeHint().width()
    card.grab()
    assert card.caption.toolTip() == card.caption.text()
    assert not card.title.toolTip()


@pytest.mark.parametrize("state", ["running", "finished"])
def test_cards_do_not_lie_over_each_other(qtbot: QtBot, look: QApplication, tmp_path: Path, state: str) -> None:
    """In a small window one scrolls."""
    page = _training(state)(qtbot, tmp_path, SIZES["1024x700"])

    def laid_out() -> None:
        cards = [one for one in page.findChildren(QFrame) if one.property("surface") == "card" and one.isVisible()]
        places = [QRect(one.mapTo(page, QPoint(0, 0)), one.size()) for one in cards]
        assert len(places) > 6
        for index, place in enumerate(places):
            assert not any(place.intersects(other) for other in places[index + 1 :]), cards[index].accessibleName()

    qtbot.waitUntil(laid_out)  # on a busy machine the first layout takes its time
