"""The verb label: begin a project of texts without labels, ask what to label next, give labels, take them out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.errors import InputError
from engine.messages import message
from engine.records import LabelsLearned, NextText, Order
from engine.runs.labelling import Labelling, Said, is_labelling

_SHOWN_CHARACTERS = 100
_WHY = {
    "border": "near the border",
    "unsure": "unsure",
    "new": "new kind",
    "check": "check text",
    "chance": "by chance",
    "row": "by row",
    "like": "looks like it",
}


def add_labelling_verb(verbs: Any) -> None:
    """Put the verb into the parser."""
    label = add_verb(verbs, "label", _label, "label texts that have none: what to label next, and what it gains")
    label.add_argument("what", metavar="FILE_OR_DIR", help="texts to begin a project with, or a project's folder")
    label.add_argument("--labels", default=None, metavar="A,B", help="begin a project with these labels")
    label.add_argument("--out", type=Path, default=None, metavar="DIR", help="the new project's folder (runs/NAME)")
    label.add_argument("--text", default="", metavar="COLUMN", help="the column of texts, where it is not found")
    do = label.add_mutually_exclusive_group()
    do.add_argument("--next", type=int, default=None, metavar="N", help="the N texts to label next, with reasons")
    do.add_argument("--give", default=None, metavar="FILE", help="take the labels of a file")
    do.add_argument("--export", type=Path, default=None, metavar="FILE", help="write the labels: .csv or .jsonl")
    label.add_argument("--order", choices=get_args(Order), default="teaching", help="what comes next (teaching)")
    label.add_argument("--like", default=None, metavar="LABEL", help="texts that look most like this label")
    label.add_argument("--target", type=float, default=0.95, metavar="SHARE", help="accuracy to project (0.95)")


def _label(asked: argparse.Namespace) -> None:
    if asked.labels is not None:
        _begin(asked)
        return
    path = Path(asked.what)
    if not is_labelling(path):
        raise InputError(
            message("This folder holds no labelling project."),
            str(path),
            message("Begin one: label FILE --labels A,B."),
        )
    if asked.next is not None:
        _next(asked, path)
    elif asked.give is not None:
        _give(asked, path)
    elif asked.export is not None:
        _export(asked, path)
    else:
        _state(asked, path)


def _begin(asked: argparse.Namespace) -> None:
    from engine import verbs
    from engine.config.data import DataConfig

    source = str(Path(asked.what).resolve()) if Path(asked.what).exists() else asked.what
    data = DataConfig(train=source, columns={"text": asked.text} if asked.text else {})
    labels = asked.labels.split(",")
    project = answered(verbs.begin_labelling(data, labels, Path("runs"), path=asked.out))
    about = project.about
    if asked.json:
        names = project.journal().labels.names
        left_out = about["num_left_out"]
        print_json(
            {"project": str(project.path), "labels": names, "num_texts": project.num_texts, "num_left_out": left_out}
        )
        return
    say(project.path)
    left_out = f"{about['num_left_out']:,} blank rows left out"
    say(f"{project.num_texts:,} different texts of column “{about['column']}”; {left_out}")


def _next(asked: argparse.Namespace, path: Path) -> None:
    from engine import verbs

    if asked.next < 1:
        raise InputError(message("At least one text is needed."), "--next", message("Give a number from 1 on."))
    order: Order = "like" if asked.like is not None else asked.order
    found = answered(verbs.labelling_queue(path, order, asked.next, asked.like))
    _remember_asked(path, found)
    if asked.json:
        print_json({"project": str(path.resolve()), "next": [one.to_json() for one in found]})
        return
    for one in found:
        say(f"row {one.row:<8,} {_why(one)}")
        say(f"  {' '.join(one.text.split())[:_SHOWN_CHARACTERS]}")


def _remember_asked(path: Path, found: Iterable[NextText]) -> None:
    """A check text counts as one only if it was drawn by chance, not by whoever gives labels."""
    journal = Labelling.open(path).journal()
    fresh = [one.row for one in found if one.is_check and one.row not in journal.labels.asked]
    if fresh:
        journal.add(Said("asked", row) for row in fresh)


def _why(one: NextText) -> str:
    told = _WHY[one.why]
    if one.why == "border":
        return f"{told}: {' or '.join(one.labels)}"
    if one.why in ("unsure", "like"):
        return f"{told}: surest answer {one.labels[0]} {one.share:.0%}"
    if one.why == "new":
        return f"{told}: {f'like only {one.num_like} labelled' if one.num_like else 'unlike the labelled texts'}"
    return told


def _give(asked: argparse.Namespace, path: Path) -> None:
    from engine import verbs

    taken = verbs.import_labels(path, asked.give)
    if asked.json:
        print_json({"project": str(path.resolve()), **taken.to_json()})
        return
    say(f"{taken.num_taken:,} labels taken; {taken.num_changed:,} of them change one that was given before")
    if taken.num_empty or taken.num_unknown:
        say(f"{taken.num_empty:,} rows without a label, {taken.num_unknown:,} that are no text of this project")
    if taken.new_labels:
        say(f"new labels: {', '.join(taken.new_labels)}")


def _export(asked: argparse.Namespace, path: Path) -> None:
    from engine import verbs

    file = verbs.export_labels(path, asked.export)
    if asked.json:
        print_json({"project": str(path.resolve()), "file": str(file)})
    else:
        say(file)


def _state(asked: argparse.Namespace, path: Path) -> None:
    """How far it is and how good the model is that learns from it now."""
    from engine import verbs

    if not 0 < asked.target < 1:
        raise InputError(message("A target lies between 0 and 1."), "--target", message("Give a share, as 0.95."))
    project = Labelling.open(path)
    journal = project.journal()
    learned = answered(verbs.learn_labels(path, asked.target))
    labels = journal.labels
    if journal.num_damaged:
        say(f"{journal.num_damaged:,} lines of the labels cannot be read and were passed over", sys.stderr)
    if asked.json:
        told = {"num_texts": project.num_texts, "counts": labels.counts(), "unsure": len(labels.unsure)}
        told |= {"check_texts": len(labels.checks), "skipped": len(labels.skipped)}
        print_json({"project": str(project.path), **told, "damaged_lines": journal.num_damaged, **learned.to_json()})
        return
    say(
        f"{len(labels.given):,} of {project.num_texts:,} texts are labelled, {len(labels.checks):,} of them check texts"
    )
    for name, count in labels.counts().items():
        say(f"  {name:24} {count:>7,}")
    for line in _learned_lines(learned):
        say(line)


def _learned_lines(learned: LabelsLearned) -> Iterable[str]:
    if learned.accuracy is None:
        yield "No model yet: label 10 texts of two labels, and some check texts."
        return
    figure = learned.accuracy
    yield (
        f"right on {learned.right} of {learned.checked} check texts: {figure.value:.1%} "
        f"({figure.low:.1%} to {figure.high:.1%})"
    )
    if (gain := learned.advantage) is not None:
        yield (
            f"with {gain.num_labels:,} labels: {gain.chosen:.1%} chosen, {gain.chance:.1%} by chance; "
            f"gain {gain.gain.value:+.1%} ({gain.gain.low:+.1%} to {gain.gain.high:+.1%})"
        )
    if (ahead := learned.projection) is not None:
        if ahead.labels is not None:
            yield f"{ahead.target:.0%} right needs about {ahead.labels:,} labels ({ahead.low:,} to {ahead.high:,})"
        elif ahead.why_not is not None:
            yield f"{ahead.target:.0%} right: {ahead.why_not}"
