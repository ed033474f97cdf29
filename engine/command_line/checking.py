"""The verb that looks a run's files over, and mends what can be made anew; and what all verbs say of damaged ones."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import print_json
from engine.errors import AttuneError
from engine.messages import Message
from engine.runs.damage import faults_of
from engine.runs.file_check import damaged_lines, inspected
from engine.runs.history import open_history
from engine.runs.repair import mend
from engine.runs.run import Run
from engine.runs.run_facts import RUN_FILE
from engine.runs.study import Study, is_study

_REFUSE_THEM = ("resume",)
"""Verbs that say of what is not as it was written by themselves, or refuse it."""


def add_checking_verb(verbs: Any) -> None:
    """Put the verb of this file into the parser."""
    check = add_verb(verbs, "check", _check, "look the files of a run over, and mend what can be made anew")
    check.add_argument("run", type=Path, metavar="RUN", help="the run's folder, or a study's")
    check.add_argument(
        "--mend", action="store_true", help="write anew what can be, and take settings changed by hand as they are"
    )


def say_faults(asked: argparse.Namespace, words: Sequence[str]) -> None:
    """On standard error, before a run is opened for reading: what is not as it was written, and lines of its journal
    that are passed over."""
    verb = words[0] if words else ""
    if verb == "check":
        return
    for name in ("run", "subject", "runs"):
        given = getattr(asked, name, None)
        for one in given if isinstance(given, list) else [given]:
            for line in _faults(Path(one), verb not in _REFUSE_THEM) if isinstance(one, str | Path) else ():
                say(" ".join(line.split()), sys.stderr)


def _faults(path: Path, with_files: bool) -> list[str]:
    """None of what is no run, or is refused when it is opened."""
    with contextlib.suppress(AttuneError, OSError):
        if (path / RUN_FILE).is_file():
            run = Run.open(path)
            found = [str(fault) for fault in faults_of(run)] if with_files else []
            log = open_history(run.journal)[0]
            return found if not log.num_damaged else [*found, log.log[-1].message.english()]
    return []


def _check(asked: argparse.Namespace) -> int:
    done: list[Message] = mend(asked.run) if asked.mend else []
    subject = _opened(asked.run)
    faults = list(inspected(subject))
    lines = damaged_lines(subject)
    if asked.json:
        print_json(
            {
                "run": str(subject.path),
                "mended": [one.english() for one in done],
                "damaged": [fault.to_json() for fault in faults],
                "damaged_lines": lines,
            }
        )
        return 1 if faults else 0
    for message in done:
        say(message.english())
    for fault in faults:
        say(" ".join(str(fault).split()))
    if not faults:
        say("Everything is as it was written.")
    return 1 if faults else 0


def _opened(path: Path) -> Run | Study:
    """Raises InputError for a folder that is neither."""
    return Study.open(path) if is_study(path) and not (path / RUN_FILE).exists() else Run.open(path)
