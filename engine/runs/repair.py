"""Making anew what can be made anew of a damaged run: what it is called, and which checkpoints it has."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.checksums import Damage, read_json, sealed, sha256
from engine.runs.damage import accept, faults_of
from engine.runs.files import write_atomic
from engine.runs.lock import held
from engine.runs.names import plain_text
from engine.runs.run import SUMMED, Run
from engine.runs.run_facts import FORMAT, RUN_FILE, STUDY_FILE, OtherVersion, looks_like_run, read_run
from engine.runs.run_maintenance import Marks, set_aside
from engine.runs.study import Study, is_study


def mend(path: Path) -> list[Message]:
    """What was done, in words. Raises InputError for what cannot be made anew, RunFailure when the disk refuses."""
    path = path.resolve()
    if is_study(path) and not (path / RUN_FILE).exists():
        names = accept(Study.open(path))
        return [message("{file} is taken as it is now.", file=STUDY_FILE)] if names else []
    with held(path, message("The run is being trained already.")):
        done = [*_mend_about(path)]
        run = Run.open(path)
        if run.config and faults_of(run):
            done += [message("{file} is taken as it is now.", file=name) for name in accept(run)]
    return done


def _mend_about(path: Path) -> list[Message]:
    """run.json anew: the settings' sums are those of now, what of the old file can be believed is kept."""
    try:
        read_run(path)
    except OtherVersion:
        raise
    except InputError as error:
        if not (path / "config.yaml").is_file() or not looks_like_run(path):
            raise error
        set_aside(path / RUN_FILE)
        for name in ("journal.jsonl", "commands.jsonl"):
            set_aside(path / name)
        write_atomic(path / RUN_FILE, sealed(_about_of(path)))
        read_run(path)
        return [message("{file} was made anew.", file=RUN_FILE)]
    return []


def _about_of(path: Path) -> dict[str, Any]:
    old: dict[str, Any] = {}
    with contextlib.suppress(OSError, Damage):
        tree = read_json(path / RUN_FILE)
        old = tree if isinstance(tree, dict) else {}
    name, marks = old.get("name"), Marks.of(old)
    about = {
        "format": FORMAT,
        "name": plain_text(name if isinstance(name, str) and name.strip() else path.name),
        "created": (path / "config.yaml").stat().st_mtime,
        "sums": {file: sha256(path / file) for file in SUMMED if (path / file).is_file()},
    }
    if marks != Marks():
        about |= {"star": marks.star, "tags": list(marks.tags), "note": marks.note}
    return about
