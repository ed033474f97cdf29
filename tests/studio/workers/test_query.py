"""Query and Asker: who hears of an answer, and when something is asked again."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject

from engine.errors import AttuneError
from engine.records import Progress
from studio.workers.query import Asker, Query
from tests.studio.desk import SyntheticWorker


class Office:
    """An asker before engines that answer when they are told to, and what was heard."""

    def __init__(self) -> None:
        self.workers: dict[str, SyntheticWorker] = {}
        self.asker = Asker(self._make_worker)
        self.heard: list[object] = []

    def _make_worker(self, verb: str) -> Any:
        worker = SyntheticWorker(verb)
        worker.objectNameChanged.connect(lambda name: self.workers.__setitem__(name, worker))
        return worker

    def query(self, key: str = "a", verb: Any = "attend") -> Query:
        return Query(verb, key, key).success(self.heard.append).failure(self.heard.append).progress(self.heard.append)


@pytest.fixture
def office(qapp: object) -> Office:
    return Office()


def test_only_who_asked_hears_of_it(office: Office) -> None:
    others: list[object] = []
    office.asker.ask(office.query(), "answer")
    office.asker.ask(Query("attend", "a", "a").success(others.append), "plain")
    office.workers["answer"].answer("one")
    assert office.heard == ["one"] and others == []
    office.workers["plain"].answer("two")
    assert office.heard == ["one"] and others == ["two"]


def test_progress_and_failure_are_told(office: Office) -> None:
    office.asker.ask(office.query())
    office.workers["attend"].tell(1, 2)
    error = office.workers["attend"].fail()
    assert office.heard == [Progress(1, 2), error] and isinstance(error, AttuneError)
    assert not office.asker.is_asking("attend")


def test_nobody_needs_to_hear(office: Office) -> None:
    office.asker.ask(Query("attend", "a"))
    office.workers["attend"].tell(1, 2)
    office.workers["attend"].answer("one")
    assert not office.asker.is_asking("attend")


def test_the_newest_wins(office: Office) -> None:
    office.asker.ask(office.query("a"))
    office.asker.ask(office.query("b"))
    worker = office.workers["attend"]
    for signal in (worker.answered, worker.progressed, worker.failed):
        signal.emit("a", "old")
    assert office.heard == [] and office.asker.asked("attend") == "b"
    worker.answer("new")
    assert office.heard == ["new"] and office.asker.asked("attend") is None


@pytest.mark.parametrize("end", ["stop", "forget", "close"])
def test_what_was_ended_is_not_told(office: Office, end: str) -> None:
    office.asker.ask(office.query())
    getattr(office.asker, end)(*(() if end == "close" else ("attend",)))
    office.workers["attend"].answer("late")
    assert office.heard == [] and not office.asker.is_asking("attend")
    office.asker.ask(office.query("b"))
    assert len(office.workers["attend"].asked) == (1 if end == "close" else 2)


def test_what_is_being_asked_is_not_asked_again(office: Office) -> None:
    office.asker.ask(office.query())
    office.asker.ask(office.query())
    worker = office.workers["attend"]
    assert len(worker.asked) == 1
    worker.answer("one")
    office.asker.ask(office.query())
    assert len(worker.asked) == 2


def test_what_stays_true_is_asked_once(office: Office) -> None:
    def num_asked() -> int:
        office.asker.ask(office.query().once())
        return len(office.workers["attend"].asked)

    assert num_asked() == 1
    office.workers["attend"].answer("one")
    assert num_asked() == 1
    office.asker.forget("attend")
    assert num_asked() == 2
    office.workers["attend"].fail()
    assert num_asked() == 3, "what failed is not known"
    office.workers["attend"].answer("two")
    office.asker.ask(office.query("b"))
    assert num_asked() == 5, "only the last of a kind is remembered"


class Listener(QObject):
    def __init__(self, heard: list[object]) -> None:
        super().__init__()
        self._heard = heard

    def take(self, answer: object) -> None:
        self._heard.append(answer)


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("told", [lambda one: one.take, lambda one: partial(one.take)])
def test_who_is_gone_is_not_told(office: Office, told: Any, is_gone: bool) -> None:
    listener = Listener(office.heard)
    office.asker.ask(Query("attend", "a").success(told(listener)))
    if is_gone:
        shiboken6.delete(listener)
    office.workers["attend"].answer("one")
    assert office.heard == ([] if is_gone else ["one"])


def test_an_asker_that_is_destroyed_closes_its_workers(office: Office) -> None:
    office.asker.ask(office.query())
    shiboken6.delete(office.asker)
    assert office.workers["attend"].is_closed
