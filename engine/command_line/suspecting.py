"""The verbs about wrong labels: suspects lists them, correct says what is right (or takes it back)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.leaving_out import left_out_of, left_out_tree, tell_left_out
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.errors import InputError
from engine.messages import message
from engine.records import Hunt, Suspect
from engine.runs.corrections import Correction, corrections_of
from engine.runs.run import Run

_SPLITS = ("train", "validation", "test")
_SHOWN_CHARACTERS = 100


def add_suspecting_verbs(verbs: Any) -> None:
    """Put the verbs of this file into the parser."""
    hunt = add_verb(verbs, "suspects", _suspects, "the rows whose labels are likely wrong, worst first")
    hunt.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    hunt.add_argument("--split", choices=_SPLITS, default="train", help="which of the run's rows (train)")
    hunt.add_argument("-n", "--num", type=int, default=20, metavar="N", help="how many at most (20)")
    hunt.add_argument("--data", metavar="FILE", default=None, help="a labelled file instead of the run's own splits")
    hunt.add_argument("--checkpoint", default="best", metavar="NAME", help="best, last or step-N of a run (best)")
    right = add_verb(verbs, "correct", _correct, "say what a row's label should be; the next run can use it")
    right.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    right.add_argument("--split", choices=_SPLITS, required=True, help="where “suspects” found the row")
    right.add_argument("--row", type=int, required=True, metavar="N", help="the row's number in the source, from 1")
    what = right.add_mutually_exclusive_group(required=True)
    what.add_argument("--label", nargs="+", metavar="L", help="the right label (all of them, where there are several)")
    what.add_argument("--leave-out", action="store_true", help="leave the row out")
    what.add_argument("--keep", action="store_true", help="the label is right: the row was looked at")
    what.add_argument("--undo", action="store_true", help="take back what was said of the row")


def _suspects(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    if asked.num < 1:
        raise InputError(message("At least one row is needed."), "-n", message("Give a number from 1 on."))
    found = answered(verbs.hunt(run, asked.split, asked.checkpoint, asked.data, asked.num))
    damaged = corrections_of(run).damaged_lines
    if damaged:
        told = ", ".join(f"{line:,}" for line in damaged)
        say(f"Lines of the corrections that cannot be read and were passed over: {told}", sys.stderr)
    left_out = left_out_of(run, asked)
    if asked.json:
        print_json({**found.to_json(), "damaged_lines": len(damaged), **left_out_tree(left_out)})
    else:
        for line in _lines(found, run):
            say(line)
    tell_left_out(left_out, is_json=asked.json)


def _lines(found: Hunt, run: Run) -> Iterator[str]:
    judge = "its own answers" if found.judge == "model" else "word counting trained on other rows"
    yield f"{found.num_rows:,} rows judged by {judge}; about {found.expected:,.0f} labels are wrong by estimate"
    kept = corrections_of(run)
    for one in found.suspects:
        yield f"row {one.row:<8,} {_words(one)}{_said(kept.find(one.row, one.text))}"
        yield f"  {' '.join(one.text.split())[:_SHOWN_CHARACTERS]}"


def _words(one: Suspect) -> str:
    """“ham → spam  .97”, and what the same text is called elsewhere."""
    elsewhere = f"  (elsewhere {', '.join(one.elsewhere)})" if one.elsewhere else ""
    return f"{one.label or '–'} → {one.proposed or '–'}  {one.probability_proposed:.2f}{elsewhere}"


def _said(correction: Correction | None) -> str:
    if correction is None:
        return ""
    if correction.after is None:
        return "  [left out]"
    return "  [kept]" if correction.is_kept else f"  [corrected to {_label(correction.after)}]"


def _label(label: object) -> str:
    return ", ".join(label) if isinstance(label, tuple) else str(label)


def _correct(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    if asked.undo:
        made = verbs.undo_correction(run, asked.split, asked.row)
    else:
        made = verbs.correct(run, asked.split, asked.row, asked.label, keep=asked.keep)
    path = corrections_of(run).path
    if asked.json:
        print_json({"file": str(path), "undone": asked.undo, "correction": made.to_json()})
        return
    if asked.undo:
        say(f"row {made.row:,}, {_label(made.before)}: taken back")
        return
    say(f"row {made.row:,}, {_label(made.before)}:{_said(made)}")
    say(f"A new run uses it by --set data.corrections={path}")
