"""The window's threads: real engine, real signals."""

from __future__ import annotations

import ast
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import commands, verbs
from engine.config.run import RunConfig
from engine.errors import AttuneError, InputError
from engine.records import HeadTable, Progress
from engine.runs.run import Run
from studio.preferences import Preferences
from studio.workers.latest_worker import LatestWorker
from studio.workers.run_book import OPENED, RunBook

STUDIO = Path(__file__).parents[3] / "studio"
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


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A tiny run with eight heads, trained in the same thread."""
    from engine import verbs

    changes = {**TINY, "model.hidden_size": 16, "model.num_heads": 4, "model.feed_forward_size": 16}
    del changes["model.embedding_size"]
    run = verbs.create(verbs.load_config("transformer", changes), tmp_path_factory.mktemp("trained"), "one")
    for _ in verbs.train(run):
        pass
    return run


class Heard:
    """Everything that a worker tells, in its order."""

    def __init__(self, worker: LatestWorker) -> None:
        self.told: list[tuple[str, object, Any]] = []
        worker.progressed.connect(lambda key, found: self.told.append(("progressed", key, found)))
        worker.answered.connect(lambda key, found: self.told.append(("answered", key, found)))
        worker.failed.connect(lambda key, error: self.told.append(("failed", key, error)))

    def kinds(self, key: object) -> list[str]:
        return [kind for kind, of, _ in self.told if of == key]


@pytest.fixture
def heads(monkeypatch: pytest.MonkeyPatch) -> Iterator[LatestWorker]:
    monkeypatch.setattr("studio.workers.latest_worker._TELL_EVERY", 0.0)
    worker = LatestWorker("heads")
    yield worker
    worker.close()
    worker.wait(20)
    assert not worker.is_alive


class Watched:
    """The real verb; `closed` counts the generators that were given up before their end."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        from engine import verbs

        self.closed, self.at_work, real = 0, threading.Event(), verbs.heads

        def heads(*arguments: Any, **options: Any) -> Generator[Progress, None, HeadTable]:
            asking = real(*arguments, **options)
            try:
                while True:
                    progress = next(asking)
                    self.at_work.set()
                    yield progress
            except StopIteration as end:
                return end.value
            except GeneratorExit:
                self.closed += 1
                asking.close()
                raise

        patch.setattr(verbs, "heads", heads)


def test_progress_is_told_before_the_answer(qtbot: QtBot, trained: Run, heads: LatestWorker) -> None:
    heard = Heard(heads)
    heads.ask("all", trained, num_rows=20)
    qtbot.waitUntil(lambda: "answered" in heard.kinds("all"), timeout=60_000)
    kinds = heard.kinds("all")
    assert kinds[-1] == "answered" and set(kinds[:-1]) == {"progressed"} and len(kinds) > 3
    progress = [found for kind, _, found in heard.told if kind == "progressed"]
    assert [one.done for one in progress] == sorted(one.done for one in progress)
    assert any(isinstance(one.partial, HeadTable) for one in progress)
    table = heard.told[-1][2]
    assert isinstance(table, HeadTable) and len(table.effects) == 8 and table.num_rows == 20


def test_stopping_closes_the_generator(
    qtbot: QtBot, trained: Run, heads: LatestWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, heard = Watched(monkeypatch), Heard(heads)
    heads.ask("all", trained, num_rows=None)
    assert watched.at_work.wait(60)
    heads.stop()
    qtbot.waitUntil(lambda: watched.closed == 1, timeout=20_000)
    qtbot.waitUntil(lambda: not heads.is_busy, timeout=20_000)
    assert "answered" not in heard.kinds("all")
    heads.ask("again", trained, num_rows=10)
    qtbot.waitUntil(lambda: "answered" in heard.kinds("again"), timeout=60_000)


def test_a_newer_request_closes_the_generator(
    qtbot: QtBot, trained: Run, heads: LatestWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, heard = Watched(monkeypatch), Heard(heads)
    heads.ask("old", trained, num_rows=None)
    assert watched.at_work.wait(60)
    heads.ask("new", trained, num_rows=10)
    qtbot.waitUntil(lambda: "answered" in heard.kinds("new"), timeout=60_000)
    assert watched.closed == 1
    assert "answered" not in heard.kinds("old")


def test_an_error_in_a_generator_is_told(qtbot: QtBot, trained: Run, heads: LatestWorker, tmp_path: Path) -> None:
    with qtbot.waitSignal(heads.failed, timeout=60_000) as caught:
        heads.ask("missing", trained, source=str(tmp_path / "missing.csv"))
    assert caught.args is not None and caught.args[0] == "missing"
    assert isinstance(caught.args[1], InputError) and "missing.csv" in str(caught.args[1])


# models that were opened


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "tiny-bert"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "bert", "architectures": ["BertModel"]}', encoding="utf-8")
    return folder


def test_a_model_joins_the_list_and_leaves_it(qtbot: QtBot, book: RunBook, model_folder: Path) -> None:
    with qtbot.waitSignal(book.changed):
        assert book.open_model(model_folder) == model_folder
    book.open_model(model_folder)
    assert [(one.name, one.state) for one in book.entries()] == [("tiny-bert", OPENED)]
    assert book.models == [model_folder]
    entry = book.entry(model_folder)
    assert entry.history.checkpoints == [] and entry.config.title == "tiny-bert"
    with pytest.raises(InputError, match="not trained here"):
        _ = entry.run
    with qtbot.waitSignal(book.changed):
        book.forget_model(model_folder)
    assert book.entries() == [] and book.models == []
    book.refresh()
    assert book.entries() == []
    assert (model_folder / "config.json").is_file(), "the folder stays"


def test_a_folder_that_is_no_model(book: RunBook, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        book.open_model(tmp_path)
    assert book.entries() == [] and book.models == []


def test_opened_models_are_there_at_the_next_launch(book: RunBook, model_folder: Path, tmp_path: Path) -> None:
    gone = tmp_path / "models" / "gone"
    kept = Preferences(tmp_path / "studio.ini")
    book.open_model(model_folder)
    kept.opened_models = [gone, *book.models]
    again = RunBook(book.folder, models=Preferences(tmp_path / "studio.ini").opened_models)
    assert [one.path for one in again.entries()] == [model_folder], "what is gone is left out"
    assert again.models == [model_folder]


def test_an_unforeseen_error_is_told_with_its_detail(qtbot: QtBot) -> None:
    worker = LatestWorker("preview")
    with qtbot.waitSignal(worker.failed, timeout=30_000) as caught:
        worker.ask("key", "not a config")
    assert caught.args is not None
    error = caught.args[1]
    assert "AttributeError" in str(error) and "Traceback" in error.__notes__[0]
    worker.close()


def asked_verbs(source: str) -> Iterator[str]:
    """What a file asks: in queries (also those that its own `_ask(verb, …)` makes), and in tables named `…_VERBS`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Query", "self._ask") and node.args:
            wanted = [node.args[0]]
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target).endswith("_VERBS"):
            assert isinstance(node.value, ast.Dict)
            wanted = node.value.values
        else:
            continue
        yield from (one.value for one in wanted if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_what_pages_ask_is_there() -> None:
    asked = {verb for file in STUDIO.rglob("*.py") for verb in asked_verbs(file.read_text(encoding="utf-8"))}
    assert {"attend", "preview", "examine", "importance", "compare"} <= asked
    assert not [verb for verb in asked if not callable(getattr(verbs, verb, None))]
