"""The label page before the real engine: what is pressed lies on the disk, check texts come without a suggestion."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from engine.breath import drain
from engine.config.data import DataConfig
from engine.inspection.labelling.beginning import begin_labelling
from engine.inspection.labelling.desk import desk_of
from engine.inspection.labelling.files import contradiction, export_labels, import_labels, labelled_files
from engine.inspection.labelling.learning import learn_labels
from engine.inspection.labelling.queue import labelling_queue, next_texts
from engine.records import Contradiction
from engine.runs.labelling import Labelling
from studio.pages.label import LabelPage
from studio.pages.label.text_card import LabelButton
from studio.pages.label.text_view import MarkedWords
from studio.plots.charts.labels_curve import LabelsCurve
from studio.widgets.toggle import Toggle
from studio.workers.run_book import RunBook
from tests.studio.desk import Desk

VERBS: dict[str, Callable[..., Any]] = {
    "labelling_queue": labelling_queue,
    "learn_labels": learn_labels,
    "contradiction": contradiction,
    "export_labels": export_labels,
    "import_labels": import_labels,
    "labelled_files": labelled_files,
}
PLACES = ("school", "house", "garden", "market", "station", "office")
SAYINGS = {
    "late": "the bus was {number} minutes late again this morning on the way to the {place}",
    "fee": "please pay the fee of {number} euros for the trip to the {place} by card",
    "ill": "he has a fever of {number} and stays in bed today and not in the {place}",
}


def truth(text: str) -> str:
    return "late" if "late" in text else "fee" if "fee" in text else "ill"


@pytest.fixture
def project(tmp_path: Path) -> Labelling:
    texts = [
        SAYINGS[label].format(number=number, place=PLACES[number % len(PLACES)])
        for number in range(60)
        for label in SAYINGS
    ]
    file = tmp_path / "messages.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["text"], *([text] for text in texts)])
    return drain(begin_labelling(DataConfig(train=str(file)), list(SAYINGS), tmp_path / "runs"))


class LabelDesk(Desk[LabelPage]):
    def __init__(self, qtbot: QtBot, project: Labelling) -> None:
        super().__init__(qtbot, lambda verb, *asked, **how: VERBS[verb](*asked, **how), is_slow=True)
        self.project = project
        self.book = RunBook(project.path.parent)
        self.put(LabelPage(self.book, self.make_worker)).show_run(project.path)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: all(not one.is_busy for one in self.workers), timeout=60_000)
        QApplication.processEvents()

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.page, key)
        self.settle()

    @property
    def text(self) -> str:
        return self.find("labelText", MarkedWords).accessibleName()

    @property
    def given(self) -> dict[int, str]:
        return self.project.journal().labels.given

    def buttons(self) -> list[LabelButton]:
        return [one for one in self.page.findChildren(LabelButton) if one.isVisible()]

    def queue(self) -> list[str]:
        model = self.find("queueList", QListView).model()
        role = Qt.ItemDataRole.AccessibleTextRole
        return [model.index(row, 0).data(role) for row in range(model.rowCount())]

    def label_rightly(self) -> str:
        """The right key for the text that is shown."""
        text = self.text
        self.key(Qt.Key(Qt.Key.Key_1.value + list(SAYINGS).index(truth(text))))
        return text


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication, project: Labelling) -> LabelDesk:
    return LabelDesk(qtbot, project)


def _labelled(project: Labelling, num: int) -> Labelling:
    journal = project.journal()
    for one in next_texts(desk_of(project), journal.labels, num=num):
        journal.label(one.row, truth(one.text), is_check=one.is_check)
    return project


@pytest.fixture
def taught(qtbot: QtBot, look: QApplication, project: Labelling) -> LabelDesk:
    """45 labels, 15 of them check texts."""
    return LabelDesk(qtbot, _labelled(project, 45))


def test_begins_with_texts_by_chance_and_no_suggestion(desk: LabelDesk) -> None:
    assert desk.text
    assert [one.accessibleName() for one in desk.buttons()] == ["1: late", "2: fee", "3: ill"]
    assert not desk.is_shown("suggestion")
    assert "by chance" in desk.queue()[0]
    assert "check text" in desk.queue()[2]
    assert "20" in desk.says("labelSentence")
    assert not desk.find("trainWithLabels").isEnabled()


def test_a_key_labels_at_once_and_the_next_text_comes(desk: LabelDesk) -> None:
    first = desk.text
    desk.key(Qt.Key.Key_2)
    assert desk.text != first
    ((row, label),) = desk.given.items()
    assert (desk.project.text(row), label) == (first, "fee")
    assert desk.says("lastLabel").startswith("Last")


def test_undo_goes_back_many_steps(desk: LabelDesk) -> None:
    texts = [desk.label_rightly() for _ in range(4)]
    assert len(desk.given) == 4
    for text in reversed(texts):
        desk.key(Qt.Key.Key_U)
        assert desk.text == text
    assert desk.given == {}
    assert not desk.find("undoLabel").isEnabled()


def test_skip_and_not_sure_are_no_labels(desk: LabelDesk) -> None:
    first, labels = desk.text, lambda: desk.project.journal().labels
    desk.key(Qt.Key.Key_S)
    second = desk.text
    desk.key(Qt.Key.Key_N)
    assert len({first, second, desk.text}) == 3
    assert (len(labels().skipped), len(labels().unsure), labels().given) == (1, 1, {})


def test_every_third_is_a_check_text_that_only_measures(desk: LabelDesk) -> None:
    for _ in range(9):
        desk.label_rightly()
    labels = desk.project.journal().labels
    assert list(labels.checks) and len(labels.checks) == 3
    assert labels.checks <= set(desk.project.check_order[:3].tolist())


def test_learns_again_after_twenty_labels_and_then_suggests(desk: LabelDesk) -> None:
    for _ in range(20):
        desk.label_rightly()
    assert desk.num_asked("learn_labels") == 2, "once when it was opened, once after twenty"
    assert "check texts" in desk.says("labelSentence")
    assert any("border" in one or "unsure" in one or "new kind" in one for one in desk.queue())
    assert "20" in desk.find("learningCard").accessibleName()


def test_enter_accepts_the_suggestion(taught: LabelDesk) -> None:
    while "check text" in taught.queue()[0]:
        taught.label_rightly()
    text, before = taught.text, len(taught.given)
    assert taught.is_shown("suggestion")
    best = next(one for one in taught.buttons() if one.label == truth(text))
    assert "%" in best.accessibleName()
    assert {label for _, label in taught.find("labelText", MarkedWords).marks()} <= set(SAYINGS)
    taught.key(Qt.Key.Key_Return)
    assert len(taught.given) == before + 1
    assert taught.given[next(reversed(taught.given))] in SAYINGS


def test_a_check_text_has_no_suggestion(taught: LabelDesk) -> None:
    for _ in range(3):
        if "check text" in taught.queue()[0]:
            break
        taught.label_rightly()
    assert not taught.is_shown("suggestion")
    assert taught.find("labelText", MarkedWords).marks() == []
    assert all("%" not in one.accessibleName() for one in taught.buttons())
    assert "without a suggestion" in taught.says("textNote")
    before = len(taught.given)
    taught.key(Qt.Key.Key_Return)
    assert len(taught.given) == before, "there is nothing to accept"


def test_h_hides_the_suggestion(taught: LabelDesk) -> None:
    while "check text" in taught.queue()[0]:
        taught.label_rightly()
    taught.key(Qt.Key.Key_H)
    assert not taught.find("suggestionToggle", Toggle).isChecked()
    assert not taught.is_shown("suggestion")
    assert all("%" not in one.accessibleName() for one in taught.buttons())


@pytest.mark.slow
def test_the_curve_and_the_verdict_are_the_engines(qtbot: QtBot, look: QApplication, project: Labelling) -> None:
    taught = LabelDesk(qtbot, _labelled(project, 69))
    found = drain(learn_labels(taught.project.path))
    assert found.curve is not None and found.advantage is not None
    assert dict(taught.part(LabelsCurve).figures())["labels"].tolist() == found.curve.labels.tolist()
    assert f"{found.right} of {found.checked}" in taught.says("labelSentence")
    assert str(abs(round(100 * found.advantage.gain.low))) in taught.says("choosingVerdict")


def test_keys_are_off_while_a_field_has_the_keyboard(desk: LabelDesk) -> None:
    desk.press("newLabel")
    field = desk.see("newLabelName", QLineEdit)
    field.setFocus()
    desk.qtbot.keyClicks(field, "2 news")
    assert desk.given == {}
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    desk.settle()
    assert [one.label for one in desk.buttons()] == ["late", "fee", "ill", "2 news"]


def test_more_than_nine_labels_are_typed(desk: LabelDesk) -> None:
    journal = desk.project.journal()
    for number in range(10):
        journal.name(f"other {number}")
    desk.page.close_workers()
    more = LabelDesk(desk.qtbot, desk.project)
    assert len(more.buttons()) == 9
    more.key(Qt.Key.Key_Slash)
    field = more.see("labelSearch", QLineEdit)
    more.qtbot.keyClicks(field, "other 7")
    assert [one.label for one in more.buttons()] == ["other 7"]
    more.qtbot.keyClick(field, Qt.Key.Key_Return)
    more.settle()
    assert list(more.given.values()) == ["other 7"]


def test_order_and_looking_for_more(taught: LabelDesk) -> None:
    taught.pick("queueOrder", "by row")
    taught.settle()
    rows = [one for one in taught.queue() if "by row" in one]
    assert rows
    taught.pick("queueOrder", "looks like fee")
    taught.settle()
    likely = [one for one in taught.queue() if "looks like it" in one]
    assert sum("fee" in one for one in likely[:8]) >= 7


def test_a_contradiction_is_told_with_a_way_back(taught: LabelDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "contradiction", lambda *_asked: Contradiction(7, "the fee is due", "fee", 0.9))
    given = dict(taught.given)
    taught.key(Qt.Key.Key_3)
    assert taught.is_shown("notice")
    assert "the fee is due" in taught.says("noticeWords")
    assert len(taught.given) == len(given) + 1
    taught.press("noticeAction")
    taught.settle()
    assert taught.given == given


def test_labels_out_and_in(taught: LabelDesk, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    taught.page.export_to(file)
    taught.settle()
    assert len(list(csv.DictReader(file.open(encoding="utf-8-sig", newline="")))) == 45
    assert str(file) in taught.says("noticeWords")
    given = tmp_path / "given.csv"
    row = int(taught.project.chance_order[-1])
    with given.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["text", "label"], [taught.project.text(row), "fee"], [taught.project.text(1), "ill"]]
        )
    taught.page.import_from(given)
    taught.settle()
    assert taught.given[row] == "fee"


def test_training_begins_with_the_labelled_files(taught: LabelDesk) -> None:
    with taught.qtbot.waitSignal(taught.page.training_wished) as wished:
        taught.press("trainWithLabels")
    train, test, name = wished.args
    assert (Path(train).name, Path(test).name, name) == ("train.jsonl", "test.jsonl", "messages")
    assert len(Path(test).read_text(encoding="utf-8").splitlines()) == 15


def test_the_list_of_runs_says_how_far_it_is(taught: LabelDesk) -> None:
    from studio.widgets.run_summary import summarize

    told = summarize(taught.book.entry(taught.project.path))
    assert (told.state, told.words) == ("labelling", "labelling · 45 of 180")
    assert len(told.steps) == len(told.values) > 1


def test_a_full_disk_is_said_and_the_text_stays(desk: LabelDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk.text
    monkeypatch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    desk.key(Qt.Key.Key_1)
    assert desk.banner.isVisible()
    assert desk.text == first
    assert desk.given == {}


def test_says_what_counts_of_each_label(taught: LabelDesk) -> None:
    counts = taught.project.journal().labels.counts()
    told = taught.find("labelCounts").accessibleDescription()
    assert all(f"{label}: {count}" in told for label, count in counts.items())
    assert any("15" in one.text() for one in taught.find("countsCard").findChildren(QLabel))
