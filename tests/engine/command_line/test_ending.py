"""Whatever ends the command line ends it in words: signals, a console that is gone, bytes, faults, lacks."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import SafetensorError

from engine import verbs
from engine.__main__ import main
from engine.command_line.ending import interruptible, loading
from engine.command_line.outlets import Outlet, OutputLost
from engine.records import Progress
from engine.runs.run import Run
from tests.engine.command_line.test_contract import SMALL as OTHERS

pytestmark = pytest.mark.slow

SMALL = [*OTHERS, "training.baseline=false", "training.attacked_rows=0"]
SIGNALS = [one for one in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, one)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    assert main(["train", "quick-look", "--set", *SMALL, "--runs", str(folder), "--name", "one"]) == 0
    return folder / "one"


def raising(problem: BaseException) -> Callable[..., Any]:
    def verb(*_: object, **__: object) -> Any:
        raise problem

    return verb


def signalled(name: str) -> Callable[..., Iterator[Progress]]:
    """A verb that takes long, in the midst of which the signal comes."""

    def verb(*_: object, **__: object) -> Iterator[Progress]:
        yield Progress(0, 2)
        signal.raise_signal(getattr(signal, name))
        yield Progress(1, 2)

    return verb


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_stops_a_verb_in_one_line(
    name: str, trained: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(getattr(signal, name))
    monkeypatch.setattr(verbs, "attack", signalled(name))
    assert main(["attack", str(trained)]) == 130
    printed = capsys.readouterr()
    assert printed.err == "Stopped.\n"
    assert printed.out == ""
    assert signal.getsignal(getattr(signal, name)) == before


def test_an_interruption_leaves_nothing_half_written(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the midst of an export, and of a file of answers, where an older one stays as it was."""
    from engine.export import export as exporting
    from engine.inspection.prediction import batch_answers

    def interrupted(*_: object, **__: object) -> Iterator[None]:
        signal.raise_signal(signal.SIGINT)
        yield

    monkeypatch.setattr(exporting, "pipeline_answers", interrupted)
    assert main(["export", str(trained), "--format", "hf", "--out", str(tmp_path / "out")]) == 130
    assert list(tmp_path.iterdir()) == []

    table, answers = tmp_path / "texts.csv", tmp_path / "answers.csv"
    table.write_text("text\n" + "a fine film\n" * 30)
    answers.write_text("older")
    monkeypatch.setattr(batch_answers, "collate", lambda *_, **__: next(interrupted()))
    assert main(["predict", str(trained), "--data", str(table), "--out", str(answers)]) == 130
    assert sorted(one.name for one in tmp_path.iterdir()) == ["answers.csv", "texts.csv"]
    assert answers.read_text() == "older"
    assert "Traceback" not in capsys.readouterr().err


def test_what_a_library_makes_of_an_interruption(
    trained: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Extension modules turn it into an ImportError of their own; the person stopped it all the same."""

    def verb(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as stopped:
            raise ImportError("initialization failed") from stopped

    monkeypatch.setattr(verbs, "predict", verb)
    assert main(["predict", str(trained), "--text", "fine"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_an_interruption_that_is_swallowed_comes_again() -> None:
    class Swallowing:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), interruptible():
        Swallowing()
        threading.Event().wait(10)


def test_a_signal_while_the_program_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The class statement of an import makes an error of its own of it; the program ends with 130 and no other."""
    left: list[int] = []

    def leave(code: int) -> None:
        left.append(code)
        raise SystemExit(code)

    class Field:
        def __set_name__(self, owner: type, name: str) -> None:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit), loading():
        type("Imported", (), {"field": Field()})
    assert left == [130]
    assert capsys.readouterr().err == "Stopped.\n"
    with pytest.raises(ImportError), loading():
        raise ImportError("a module that is not there")


def test_a_training_stops_and_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.training.loop import Loop

    take, name = Loop._take_step, SIGNALS[-1]

    def at_the_second_step(self: Loop) -> None:
        take(self)
        if self._step == 2:
            signal.raise_signal(getattr(signal, name))

    monkeypatch.setattr(Loop, "_take_step", at_the_second_step)
    words = ["train", "quick-look", "--runs", str(tmp_path), "--name", "one", "--json", "--set", *SMALL]
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "Stopping" in printed.err
    assert json.loads(printed.out.splitlines()[-1])["state"] == "stopped"
    run = Run.open(tmp_path / "one")
    assert run.state == "stopped"
    assert 2 <= int(run.checkpoints["last"].removeprefix("step-")) <= 4, "soon after: commands are taken at a breath"


def test_a_training_stops_while_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.breath import breathe
    from engine.training import prepare

    def endless(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            breathe()

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "load_splits", endless)
        assert main(["train", "quick-look", "--runs", str(tmp_path), "--name", "one", "--set", *SMALL]) == 0
    printed = capsys.readouterr()
    assert "Stopping" in printed.err
    assert "Stopped by you before the first step." in printed.out
    assert Run.open(tmp_path / "one").state == "stopped"
    assert main(["resume", str(tmp_path / "one")]) == 0
    assert Run.open(tmp_path / "one").state == "finished"


# --- the console ------------------------------------------------------------------------------------------------


class Broken(io.StringIO):
    """A pipe that is closed after some lines, or a file on a full disk."""

    def __init__(self, problem: OSError, after: int = 0) -> None:
        super().__init__()
        self._problem, self._after = problem, after

    def write(self, text: str) -> int:
        self._after -= text.count("\n")
        if self._after < 0:
            raise self._problem
        return super().write(text)


@pytest.mark.parametrize(
    "problem", [BrokenPipeError(errno.EPIPE, "Broken pipe"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_a_training_goes_on_without_its_console(
    problem: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(problem, after=1))
    assert main(["train", "quick-look", "--runs", str(tmp_path), "--name", "one", "--set", *SMALL]) == 0
    assert capsys.readouterr().err.count("the training goes on") == 1
    assert Run.open(tmp_path / "one").state == "finished"


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), ""),
        (OSError(errno.ENOSPC, "No space left"), "The output cannot be written: No space left.\n"),
    ],
)
def test_other_verbs_end_without_their_console(
    problem: OSError, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(problem))
    assert main(["recipes"]) == 1
    assert capsys.readouterr().err == told


def test_no_console_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As pythonw starts a program."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["recipes", "--json"]) == 0
    assert main(["predict", "nowhere", "--text", "fine"]) == 2


def test_a_console_of_few_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding="ascii", write_through=True))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert main(["predict", "片", "--text", "“中文”", "--json"]) == 2
    tree = json.loads(content.getvalue().decode("ascii"))
    assert tree["error"]["where"].endswith("片")
    assert main(["predict", "片", "--text", "“中文”"]) == 2


def test_an_outlet_is_lost_once() -> None:
    outlet = Outlet(Broken(OSError(errno.ENOSPC, "full")), may_vanish=False)
    with pytest.raises(OutputLost):
        outlet.write("a\n")
    assert outlet.write("b\n") == 2
    outlet.flush()


# --- arguments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "RUN", "--text", "caf\udce9"],
        ["doctor", "caf\udce9.csv"],
        ["train", "quick-look", "--set", "title=caf\udce9"],
        ["evaluate", "RUN", "--target-precision", ".9", "--label", "caf\udce9"],
        ["train", "quick-look", "--name", "\udce9"],
        ["export", "caf\udce9", "--format", "hf", "--out", "x"],
    ],
    ids=lambda words: words[0],
)
def test_bytes_that_are_no_letters(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--json"]) == 2
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert "\\xe9" in error["what"]
    assert "is not written in UTF-8." in error["what"]
    assert all(error.values())
    assert len(printed.err.splitlines()) == 1


def test_letters_that_came_as_bytes(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under an ASCII locale the system hands UTF-8 over as bytes."""
    assert main(["predict", str(trained), "--text", os.fsdecode("é".encode()), "--json"]) == 0
    assert "probabilities" in json.loads(capsys.readouterr().out)


# --- what nobody planned for, and lacks ---------------------------------------------------------------------------


def test_a_fault_is_told_and_kept(
    trained: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verbs, "predict", raising(KeyError("no such thing")))
    assert main(["predict", str(trained), "--text", "fine", "--json"]) == 1
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert "KeyError" in error["what"]
    assert "fault of Attune" in error["mend"]
    assert "Traceback" not in printed.err
    assert "no such thing" in Path(error["where"]).read_text()
    assert "Traceback" in Path(error["where"]).read_text()
    assert main(["predict", str(trained), "--text", "fine", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_fault_without_a_place_to_keep_it(
    trained: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "file"))
    monkeypatch.setattr(verbs, "predict", raising(KeyError("no such thing")))
    assert main(["predict", str(trained), "--text", "fine"]) == 1
    assert "--debug" in capsys.readouterr().err


LACKS = [
    MemoryError(),
    RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4000000000 bytes."),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.50 GiB."),
]


@pytest.mark.parametrize("problem", LACKS, ids=lambda one: type(one).__name__)
def test_a_lack_of_memory(
    problem: Exception, trained: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verbs, "predict", raising(problem))
    assert main(["predict", str(trained), "--text", "fine", "--json"]) == 1
    printed = capsys.readouterr()
    assert "The memory is full" in json.loads(printed.out)["error"]["what"]
    assert "Traceback" not in printed.err


def test_a_training_that_runs_out_of_memory_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.training.loop import Loop

    take = Loop._take_step

    def short(self: Loop) -> None:
        if self._step == 6:
            raise LACKS[1]
        take(self)

    with monkeypatch.context() as patch:
        patch.setattr(Loop, "_take_step", short)
        words = ["train", "quick-look", "--runs", str(tmp_path), "--name", "one", "--json", "--set", *SMALL]
        assert main(words) == 1
    printed = capsys.readouterr()
    last = json.loads(printed.out.splitlines()[-1])
    assert (last["state"], last["best"]["step"]) == ("failed", 4)
    assert "4.0 GB" in last["error"]["what"]
    assert "Micro-batch" in last["error"]["mend"]
    assert "Traceback" not in printed.err
    assert main(["resume", str(tmp_path / "one")]) == 0


@pytest.mark.parametrize(
    ("problem", "told", "mend"),
    [
        (
            SafetensorError("I/O error: No space left on device (os error 28)"),
            "The disk is full",
            "the last checkpoint",
        ),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "share of the disk", "the last checkpoint"),
        (OSError(errno.EROFS, "Read-only file system"), "Writing failed", "a place that you may use"),
    ],
    ids=["full", "quota", "read-only"],
)
def test_a_disk_that_refuses_a_checkpoint(
    problem: Exception,
    told: str,
    mend: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The second one: what was there before stays, and with it the run goes on."""
    from engine.training import checkpoint

    save, count = checkpoint.save_file, iter(range(100))

    def refusing(*words: Any, **more: Any) -> None:
        if next(count) >= 2:  # a checkpoint has two such files
            raise problem
        save(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "save_file", refusing)
        words = ["train", "quick-look", "--runs", str(tmp_path), "--name", "one", "--json", "--set", *SMALL]
        assert main(words) == 1
    printed = capsys.readouterr()
    last = json.loads(printed.out.splitlines()[-1])
    assert last["state"] == "failed"
    assert told in last["error"]["what"]
    assert mend in last["error"]["mend"]
    assert len(printed.err.splitlines()) == 1
    run = Run.open(tmp_path / "one")
    assert run.checkpoints["last"] == "step-4"
    assert not list(run.path.rglob("*.part"))
    assert main(["resume", str(run.path)]) == 0


def test_a_run_that_is_deleted_while_it_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.training.loop import Loop

    take = Loop._take_step

    def deleting(self: Loop) -> None:
        take(self)
        shutil.rmtree(tmp_path / "one", ignore_errors=True)

    monkeypatch.setattr(Loop, "_take_step", deleting)
    words = ["train", "quick-look", "--runs", str(tmp_path), "--name", "one", "--json", "--set", *SMALL]
    assert main(words) == 1
    printed = capsys.readouterr()
    error = json.loads(printed.out.splitlines()[-1])["error"]
    assert "moved or deleted" in error["mend"]
    assert str(tmp_path / "one") in error["where"]
    assert "Traceback" not in printed.err
    assert list(tmp_path.iterdir()) == [], "nothing of it comes back"
