"""What is written aside, what a crash leaves of it, and names that every disk takes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from engine.config.run import RunConfig
from engine.errors import AttuneError, InputError
from engine.messages import message
from engine.runs.answers import answers_path, are_damaged, keep_answers, keep_counted, kept_answers, kept_counted
from engine.runs.leftovers import clear_run_litter
from engine.runs.names import free_name, safe_name
from engine.runs.partial_files import aside_of, clear_litter, clear_litter_of, share
from engine.runs.run import Run
from engine.runs.study import Study, Variant
from tests.engine.runs.test_kept_answers import made
from tests.spoiled_runs import SPOILERS, flipped


def dead_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    return ended.pid


@pytest.fixture(scope="module")
def dead() -> int:
    return dead_process()


def left_by(process: int, path: Path) -> Path:
    """An aside of a path as a process with that number would have named it."""
    ours = aside_of(path)
    return ours.with_name(ours.name.replace(f"-{os.getpid()}-", f"-{process}-"))


# --- asides ---------------------------------------------------------------------------------------------------------


def test_no_two_writers_share_an_aside(tmp_path: Path) -> None:
    assert len({aside_of(tmp_path / "a") for _ in range(50)}) == 50
    assert len(aside_of(tmp_path / ("长" * 80)).name.encode()) < 255


def test_only_what_nobody_writes_any_more_is_cleared(tmp_path: Path, dead: int) -> None:
    mine, theirs, old = aside_of(tmp_path / "a"), left_by(dead, tmp_path / "a"), tmp_path / ".step-20.part"
    elsewhere = tmp_path / f".a.00000000-{dead}-1.part"
    for one in (theirs, old):
        one.mkdir()
        (one / "weights").write_text("half")
    for one in (mine, elsewhere):
        one.write_text("being written")
    (tmp_path / "whole.part").write_text("a person's own")
    assert clear_litter(tmp_path, tmp_path / "no such folder") == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([mine.name, elsewhere.name, "whole.part"])
    os.utime(elsewhere, (1, 1))
    assert clear_litter(tmp_path) == 1, "of another machine, and long ago"


def test_what_others_keep_beside_an_export_stays(tmp_path: Path, dead: int) -> None:
    (tmp_path / ".film.mkv.part").write_text("a browser's")
    left_by(dead, tmp_path / "other").write_text("another export's")
    gone = [left_by(dead, tmp_path / "model"), tmp_path / f".model.{dead}.part"]
    for one in gone:
        one.mkdir()
    clear_litter_of(tmp_path / "model")
    assert not any(one.exists() for one in gone) and len(list(tmp_path.iterdir())) == 2


def test_a_run_is_cleared_when_it_is_next_trained(tmp_path: Path, dead: int) -> None:
    run = Run.create(RunConfig(), tmp_path, "one")
    step = run.path / "checkpoints" / "step-1"
    step.mkdir()
    (run.path / "answers" / "0123").mkdir(parents=True)
    litter = [
        left_by(dead, run.path / "run.json"),
        run.path / "checkpoints" / ".step-2.part",
        left_by(dead, step / "manifest.json"),
        run.path / "answers" / ".0123.part",
        run.path / "answers" / "0123" / ".counted.part.npy",
    ]
    for one in litter:
        one.write_text("half")
    assert clear_run_litter(run) == len(litter) and not any(one.exists() for one in litter)
    assert (run.path / "run.json").is_file()


def test_every_file_gets_the_rights_that_a_persons_file_gets(tmp_path: Path) -> None:
    (tmp_path / "within").mkdir()
    closed, plain = tmp_path / "within" / "model.safetensors", tmp_path / "plain"
    plain.write_text("a")
    closed.write_text("a")
    closed.chmod(0o600)
    share(tmp_path)
    assert stat.S_IMODE(closed.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert len(list(tmp_path.rglob("*"))) == 3


# --- answers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    run = Run.create(RunConfig(), tmp_path, "one")
    path = answers_path(run, None, "test", "step-10")
    keep_answers(path, made())
    keep_counted(path, np.ones((3, 2)))
    return path


NAMES = (
    "about.json",
    "logits.npy",
    "truths.npy",
    "rows.npy",
    "num_tokens.npy",
    "texts.bin",
    "texts.npy",
    "column-0.bin",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)
def test_spoilt_answers_are_none(kept: Path, name: str, spoil: object) -> None:
    assert kept_answers(kept) is not None and not are_damaged(kept)
    spoil(kept / name)  # type: ignore[operator]
    assert kept_answers(kept) is None and are_damaged(kept)
    keep_answers(kept, made(5))
    found = kept_answers(kept)
    assert found is not None and len(found) == 5


@pytest.mark.parametrize("name", ["counted.npy", "counted.json"])
@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)
def test_spoilt_counting_is_none(kept: Path, name: str, spoil: object) -> None:
    assert kept_counted(kept) is not None
    spoil(kept / name)  # type: ignore[operator]
    assert kept_counted(kept) is None


def test_any_flipped_byte_of_answers_is_found(kept: Path) -> None:
    for name in NAMES:
        for place in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
            content = (kept / name).read_bytes()
            flipped(kept / name, place)
            found = kept_answers(kept)
            assert found is None or (list(found.texts) == made().texts and (found.logits == made().logits).all())
            (kept / name).write_bytes(content)


def test_several_keep_the_same_answers_at_once(kept: Path) -> None:
    failures: list[BaseException] = []

    def keep() -> None:
        try:
            for _ in range(5):
                keep_answers(kept, made())
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the test says it
            failures.append(failure)

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == [] and kept_answers(kept) is not None
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["评论" * 50, "é" * 300, "a" * 300, "🎉" * 100, "CON", "nul", "Com1", "lpt9.tar.gz", "aux.", "a. . ", "..x",
     "a\udcff", "a\u2028b", "a\x7fb", "con.txt", "com¹"],
)  # fmt: skip
def test_every_disk_takes_the_name(tmp_path: Path, name: str) -> None:
    run = Run.create(RunConfig(), tmp_path, name)
    folder = run.path.name
    assert len(folder.encode()) <= 200 and folder == folder.strip(" .") and folder.isprintable()
    assert folder.split(".")[0].rstrip(" ").upper() not in {"CON", "NUL", "COM1", "LPT9", "AUX", "COM¹"}
    assert Run.open(run.path).name and safe_name(name) == folder
    (run.path / "checkpoints" / ".step-1000000.part").mkdir()
    with pytest.raises(InputError, match="already"):
        Run.create(RunConfig(), tmp_path, name)


def test_long_names_that_begin_alike_stay_two(tmp_path: Path) -> None:
    first = Run.create(RunConfig(), tmp_path, "评" * 120 + "一")
    second = Run.create(RunConfig(), tmp_path, "评" * 120 + "二")
    assert first.path != second.path and first.name.endswith("一")


def test_long_titles_are_numbered(tmp_path: Path) -> None:
    runs = [Run.create(RunConfig(title="评论" * 90), tmp_path) for _ in range(3)]
    assert len({run.path for run in runs}) == 3 and free_name(tmp_path, "a") == "a"
    study = Study.create("ablation", RunConfig(), [Variant("a", message("a"), RunConfig())], [0], tmp_path, "究" * 100)
    assert study.members[0].made().path.is_dir() and study.name == "究" * 100


def test_nothing_is_no_name() -> None:
    for name in ("", " . ", "..."):
        with pytest.raises(AttuneError):
            safe_name(name)
