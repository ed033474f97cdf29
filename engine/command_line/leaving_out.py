"""What was not measured, said by every verb that reads labelled rows; and how labels that no model knows are read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from engine.command_line.console import say
from engine.records import LabelRule, LeftOut, UnknownLabel
from engine.runs.model_folder import Subject

_WORDS = ("wrong", "leave-out")


def add_label_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--unknown-labels",
        choices=_WORDS,
        default="wrong",
        help="rows of a label that the model does not know: every answer is wrong, or they are left out (wrong)",
    )
    verb.add_argument(
        "--match-spelling",
        action="store_true",
        help="labels spelled otherwise than the model's (Ham, ham; 1.0, 1) are taken for them",
    )


def rule_of(asked: argparse.Namespace) -> LabelRule:
    return LabelRule(leave_out=asked.unknown_labels == "leave-out", match_spelling=asked.match_spelling)


def tell_left_out(
    left_out: Sequence[LeftOut], strangers: Sequence[UnknownLabel] = (), *, is_json: bool = False
) -> None:
    """On standard output beside what is told in words there; on standard error where that is read by a program."""
    lines = list(left_out_lines(left_out, strangers))
    for line in () if is_json else lines:
        say(line)
    for line in lines if is_json or not sys.stdout.isatty() else ():
        say(line, sys.stderr)


def left_out_lines(left_out: Sequence[LeftOut], strangers: Sequence[UnknownLabel] = ()) -> Iterator[str]:
    """A sentence for each reason, with the first rows."""
    total = sum(one.count for one in left_out)
    if total:
        yield f"Left out: {total:,} row{'' if total == 1 else 's'}."
    for one in left_out:
        yield f"  {one.sentence.english()} {_rows(one.rows, one.count)}"
    for label in strangers:
        yield f"{label.sentence.english()} {_rows(label.rows, label.count)}"
    if any(label.like for label in strangers):
        yield "--match-spelling takes such labels for those of the model."


def left_out_of(subject: Subject, asked: argparse.Namespace) -> tuple[LeftOut, ...]:
    """Of a file that a verb was given."""
    from engine import verbs

    return verbs.left_out(subject, asked.data, None, asked.checkpoint) if asked.data is not None else ()


def left_out_tree(left_out: Sequence[LeftOut]) -> dict[str, Any]:
    return {"left_out": [one.to_json() for one in left_out]}


def _rows(rows: Sequence[int], count: int) -> str:
    if not rows:
        return ""
    shown = ", ".join(f"{row:,}" for row in rows[:10])
    return f"(row {shown})" if count == 1 else f"(rows {shown}{', …' if count > 10 else ''})"
