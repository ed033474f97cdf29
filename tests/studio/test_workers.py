"""The window's threads: real engine, real signals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import commands
from engine.config.run import RunConfig
from engine.errors import AttuneError, InputError
from studio.workers.latest_worker import LatestWorker
from studio.workers.run_book import RunBook

TINY: dict[str, Any] = {
    "data.builtin.num_rows": 240,
    "data.max_length": 24,
    "model.embedding_size": 8,
    "model.hidden_size": 8,
    "training.max_steps": 30,
    "training.micro_batch_size": 8,
    "training.evaluate_every": 10,
    "training.device": "cpu",
}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[RunBook]:
    book = RunBook(tmp_path)
    yield book
    book.stop_and_wait()


def finished(book: RunBook) -> bool:
    return book.active is None


def test_a_run_streams_into_its_history(qtbot: QtBot, book: RunBook) -> None:
    threads = []
    book.advanced.connect(lambda path: threads.append(threading.current_thread()))
    path = book.start(RunConfig().with_values(TINY), "one")
    assert book.active == path and book.entry(path).state == "running"
    with pytest.raises(InputError, match="Another run"):
        book.start(RunConfig().with_values(TINY), "two")
    qtbot.waitUntil(lambda: finished(book), timeout=60_000)
    entry = book.entry(path)
    assert entry.state == "finished" and entry.history.last_step == 30
    assert entry.history.metric("f1")[0].tolist() == [10, 20, 30]
    assert set(threads) == {threading.main_thread()}, "events arrive in the window's thread"
    again = RunBook(book.folder)
    assert [one.name for one in again.entries()] == ["one"]
    assert again.entry(path).history.last_step == 30


def test_pause_resume_stop(qtbot: QtBot, book: RunBook) -> None:
    path = book.start(RunConfig().with_values({**TINY, "training.max_steps": 100_000}), "long")
    entry = book.entry(path)
    qtbot.waitUntil(lambda: entry.history.last_step > 0, timeout=60_000)
    book.send(commands.Pause())
    qtbot.waitUntil(lambda: entry.state == "paused", timeout=10_000)
    step = entry.history.last_step
    book.send(commands.Resume())
    qtbot.waitUntil(lambda: entry.history.last_step > step, timeout=10_000)
    book.stop_and_wait()
    assert book.active is None and entry.state == "stopped"
    assert entry.run.checkpoints["last"]
    book.resume(path)
    qtbot.waitUntil(lambda: entry.history.state == "running" and book.active == path, timeout=10_000)
    book.send(commands.Stop())
    qtbot.waitUntil(lambda: finished(book), timeout=60_000)


def test_a_failure_reaches_the_person(qtbot: QtBot, book: RunBook, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with qtbot.waitSignal(book.failed, timeout=60_000) as caught:
        path = book.start(RunConfig().with_values({**TINY, "data.train": str(empty)}), "bad")
    assert caught.args is not None and caught.args[0] == path
    assert isinstance(caught.args[1], AttuneError) and str(empty) in str(caught.args[1])
    assert book.entry(path).state == "failed" and book.active is None


def test_newest_request_wins(qtbot: QtBot, book: RunBook) -> None:
    path = book.start(RunConfig().with_values(TINY), "one")
    qtbot.waitUntil(lambda: finished(book), timeout=60_000)
    run = book.entry(path).run
    worker = LatestWorker("attend")
    answers: list[tuple[object, Any]] = []
    worker.answered.connect(lambda key, answer: answers.append((key, answer)))
    for number in range(20):
        worker.ask(number, run, f"The phone is great {number}.")
    qtbot.waitUntil(lambda: bool(answers) and answers[-1][0] == 19, timeout=30_000)
    assert len(answers) < 20 and answers[-1][1].text == "The phone is great 19."
    with qtbot.waitSignal(worker.failed, timeout=10_000) as caught:
        worker.ask("blank", run, "  ")
    assert caught.args is not None and caught.args[0] == "blank" and isinstance(caught.args[1], InputError)
    worker.close()


def test_an_unforeseen_error_is_told_with_its_detail(qtbot: QtBot) -> None:
    worker = LatestWorker("preview")
    with qtbot.waitSignal(worker.failed, timeout=30_000) as caught:
        worker.ask("key", "not a config")
    assert caught.args is not None
    error = caught.args[1]
    assert "AttributeError" in str(error) and "Traceback" in error.__notes__[0]
    worker.close()
