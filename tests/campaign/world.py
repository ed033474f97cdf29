"""What every case begins with: a run that was trained once, its data, its answers; and one way to ask the program."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.__main__ import main
from engine.runs.run import Run

ROOT = Path(__file__).resolve().parents[2]
CODES = (0, 1, 2, 130)
HANG_SECONDS = 240
NUM_ROWS = 160
SMALL = [
    "data.max_length=16",
    "model.embedding_size=8",
    "model.hidden_size=8",
    "training.max_steps=8",
    "training.micro_batch_size=8",
    "training.evaluate_every=2",
    "training.keep_checkpoints=3",
    "training.baseline=false",
    "training.device=cpu",
]


class Broken(AssertionError):
    """A rule was broken."""


class Hang(BaseException):
    """A case took too long."""


@dataclass(frozen=True)
class Said:
    """What the program answered. `tree` is the last line of JSON, empty where there is none."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def tree(self) -> dict[str, Any]:
        lines = [line for line in self.out.splitlines() if line.startswith("{")]
        with contextlib.suppress(ValueError):
            found = json.loads(lines[-1]) if lines else {}
            return found if isinstance(found, dict) else {}
        return {}

    def keeps_the_rules(self) -> Said:
        """Exit codes, no traceback, and errors that are the person's or the machine's, not the program's."""
        told = f"{' '.join(self.words)}\nexit {self.code}\n{self.err[-3000:]}\n{self.out[-1000:]}"
        if self.code not in CODES:
            raise Broken(f"an exit code that says nothing: {told}")
        if "Traceback" in self.err or "Traceback" in self.out:
            raise Broken(f"a traceback: {told}")
        if "fault of Attune" in self.err or "should not:" in self.err:
            raise Broken(f"a fault: {told}{_report(self.tree)}")
        if self.code in (1, 2) and "--json" in self.words and "error" not in self.tree:
            raise Broken(f"an error without JSON: {told}")
        return self


def _report(tree: dict[str, Any]) -> str:
    """What stands in the file that a fault's details were written into."""
    with contextlib.suppress(OSError, KeyError, TypeError):
        return "\n" + Path(tree["error"]["where"]).read_text(encoding="utf-8")[-3000:]
    return ""


def ask(*words: str) -> Said:
    """One verb in this process: starting Python and torch would take longer than all else."""
    out, err = io.StringIO(), io.StringIO()
    with _no_longer_than(HANG_SECONDS), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return Said(words, code, out.getvalue(), err.getvalue()).keeps_the_rules()


def start(*words: str, cwd: Path = ROOT, **options: Any) -> subprocess.Popen[str]:
    """One verb in a process of its own, for what ends processes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "engine", *words]
    return subprocess.Popen(
        command, cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def finish(child: subprocess.Popen[str], words: Sequence[str]) -> Said:
    """What it said; raises Broken where it hangs."""
    try:
        out, err = child.communicate(timeout=HANG_SECONDS)
    except subprocess.TimeoutExpired as error:
        child.kill()
        out, err = child.communicate()
        raise Broken(f"it hangs: {' '.join(words)}\n{err[-2000:]}") from error
    return Said(tuple(words), child.returncode, out, err)


@contextlib.contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def late(number: int, frame: object) -> None:
        raise Hang(f"no answer after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class World:
    """Made once for all cases; each case works on copies in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data.csv"
        self.data.write_text(table(), encoding="utf-8")
        self.settings = [f"data.train={self.data}", *SMALL]
        self._numbers = iter(range(10**9))

    def empty(self) -> Path:
        """A folder for one case."""
        made = self.folder / "cases" / str(next(self._numbers))
        made.mkdir(parents=True)
        return made

    def forget(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    @cached_property
    def finished(self) -> Run:
        """A run that was trained to its end without a fault."""
        return self.train(self.folder / "runs", "finished")

    @cached_property
    def halfway(self) -> Run:
        """The same run, interrupted after its second evaluation: its journal and checkpoints end there."""
        path = shutil.copytree(self.finished.path, self.folder / "runs" / "halfway")
        lines = (path / "journal.jsonl").read_bytes().splitlines(keepends=True)
        saved = [place for place, line in enumerate(lines) if b'"event":"CheckpointSaved"' in line]
        (path / "journal.jsonl").write_bytes(b"".join(lines[: saved[1] + 1]))
        tree = json.loads((path / "checkpoints.json").read_text())
        kept = sorted((path / "checkpoints").glob("step-*"), key=lambda one: int(one.name[5:]))
        for one in kept[2:]:
            shutil.rmtree(one)
        names = [one.name for one in kept[:2]]
        best = tree["best"] if tree["best"] in names else names[0]
        tree |= {"last": names[1], "kept": names[:1], "best": best}
        (path / "checkpoints.json").write_text(json.dumps(tree))
        return Run.open(path)

    def train(self, folder: Path, name: str, *more: str) -> Run:
        words = ("train", "quick-look", "--runs", str(folder), "--name", name, "--json", "--set", *self.settings, *more)
        said = ask(*words)
        if said.code:
            raise Broken(f"the first training fails: {said.err}")
        return Run.open(folder / name)

    def copied(self, run: Run, folder: Path) -> Run:
        return Run.open(shutil.copytree(run.path, folder / "run"))

    @cached_property
    def weights(self) -> str:
        """Of the last step of a run that nothing happened to."""
        return weights_of(self.finished)

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What the run says of a text, and how good it is."""
        return {
            "predict": ask("predict", str(self.finished.path), "--text", "liked film 3", "--json").tree,
            "evaluate": ask("evaluate", str(self.finished.path), "--json").tree["metrics"],
        }


def table(num_rows: int = NUM_ROWS) -> str:
    """Two labels that three words tell apart, with what people write between."""
    chance = random.Random(0)
    words = ["film", "plot", "actor", "the", "long", "“odd”", "naïve", "片子", "e.g.", "7", "it's"]
    lines = ["id,text,label"]
    for row in range(num_rows):
        is_good = row % 2 == 0
        middle = " ".join(chance.choices(words, k=5))
        lines.append(f'{row},"{"liked" if is_good else "hated"} {middle}, {row}",{"good" if is_good else "bad"}')
    return "\n".join(lines) + "\n"


def weights_of(run: Run) -> str:
    last = run.path / "checkpoints" / str(run.checkpoints["last"])
    return hashlib.sha256((last / "model.safetensors").read_bytes()).hexdigest()


def no_litter(folder: Path) -> None:
    """Nothing half-written lies in a folder or below."""
    left = [str(path) for path in folder.rglob("*.part*")]
    if left:
        raise Broken(f"half-written: {left}")
