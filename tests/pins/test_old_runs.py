"""Folders of earlier versions open, are read and go on as they did: `runs/VERSION/` holds some as they were written.

They are never made anew. A version that changes what a folder holds adds its own, made by its own command line: a
finished run with a kept threshold and a correction, an interrupted one, a text GAN, a study, all of the smallest size
(`data.builtin.num_rows=80 data.max_length=16 data.tokenizer.vocabulary_size=100`, sizes of 4, 4 to 6 updates).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.events import Event
from engine.runs.history import open_history
from engine.runs.journal import JournalReader
from engine.runs.run import Run, runs_in
from engine.runs.study import Study, studies_in
from studio.workers.run_book import RunBook
from tests.pins.pinned import differences, pinned
from tests.pins.verbs import Asked

OLD = Path(__file__).parent / "runs"
VERSIONS = tuple(sorted(path.name for path in OLD.iterdir() if path.is_dir()))
RUNS = ("finished", "gan", "interrupted")
_TEXT = "The phone is great, but the battery was awful."
_NEAR = 1e-3
"""The weights are the same everywhere; what another processor adds in another order is far smaller."""


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a version's runs: reading leaves answers beside a run."""
    folder = tmp_path / str(request.param)
    shutil.copytree(OLD / str(request.param), folder)
    return folder


def answers_now(folder: Path) -> dict[str, Any]:
    """What the verbs say of old runs, as JSON."""
    ask = Asked(folder)
    finished = str(folder / "finished")
    ask("predict", "predict", finished, "--text", _TEXT, in_words=False)
    ask("attend", "attend", finished, "--text", _TEXT, in_words=False)
    ask("evaluate", "evaluate", finished, in_words=False)
    ask("evaluate an earlier checkpoint", "evaluate", finished, "--checkpoint", "last", in_words=False)
    ask("suspects", "suspects", finished, "-n", "3", in_words=False)
    ask("resume of a finished run", "resume", finished, in_words=False)
    ask("generate", "generate", str(folder / "gan"), "-n", "3", "--seed", "1", in_words=False)
    ask("study", "ablate", str(folder / "study"), in_words=False)
    ask("compare", "compare", finished, str(folder / "study" / "lstm-seed0"), in_words=False)
    for name in (*RUNS, "study"):
        ask(f"check {name}", "check", str(folder / name), in_words=False)
    return ask.answers


def resumed_now(folder: Path) -> dict[str, Any]:
    """The losses of an old run that is gone on with."""
    ask = Asked(folder)
    ask("resume", "resume", str(folder / "interrupted"), in_words=False)
    return ask.answers


def all_answers_now(folder: Path) -> dict[str, Any]:
    """{version: answers}, of copies in a folder."""
    for version in VERSIONS:
        shutil.copytree(OLD / version, folder / version)
    return {
        version: {"answers": answers_now(folder / version), "resumed": resumed_now(folder / version)}
        for version in VERSIONS
    }


def test_verbs_say_what_they_said(old: Path) -> None:
    found = list(differences(pinned("old_runs")[old.name]["answers"], answers_now(old), near=_NEAR))
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_an_interrupted_run_goes_on(old: Path) -> None:
    found = list(differences(pinned("old_runs")[old.name]["resumed"], resumed_now(old), near=_NEAR))
    assert not found, "\n".join(found)
    assert Run.open(old / "interrupted").state == "finished"


def test_the_journal_is_read_whole(old: Path) -> None:
    for name, kinds in (
        ("finished", {"RunStarted", "StepsTaken", "Evaluated", "BaselineEvaluated", "CheckpointSaved", "RunFinished"}),
        ("gan", {"RunStarted", "StepsTaken", "ReferenceMeasured", "SamplesWritten", "CheckpointSaved", "RunFinished"}),
    ):
        reader = JournalReader(old / name / "journal.jsonl")
        events: list[Event] = list(reader.read())
        assert kinds <= {type(event).__name__ for event in events} and reader.num_damaged == 0
        history = open_history(old / name / "journal.jsonl")[0]
        assert history.log and history.num_damaged == 0


def test_lists_show_them(old: Path, qapp: object) -> None:
    runs = {run.path.name: run.state for run in runs_in(old) if isinstance(run, Run)}
    assert runs == {"finished": "finished", "gan": "finished", "interrupted": "interrupted"}
    (study,) = studies_in(old)
    assert isinstance(study, Study) and len(study.members) == 5 and study.last_table
    book = RunBook(old)
    assert {entry.path.name for entry in book.entries() if entry.damage is None} == {*RUNS, "study"}
    assert all(not book.faults(old / name) for name in RUNS)
    assert book.entry(old / "finished").history.log


def test_no_machine_is_named() -> None:
    """Of the committed files none holds a path of the machine that wrote it, and none is a pickle."""
    places = re.compile(rb"(/(home|root|work|tmp|Users|var)/)|([A-Z]:\\\\)")
    for path in sorted((*OLD.rglob("*"), *(Path(__file__).parent / "pinned").rglob("*"))):
        if path.is_file():
            assert path.suffix in (".json", ".jsonl", ".yaml", ".safetensors", ".npz", ".npy", ".bin", "") or (
                path.name == ".gitattributes"
            ), path
            if path.suffix in (".json", ".jsonl", ".yaml"):
                assert not places.search(path.read_bytes()), path
