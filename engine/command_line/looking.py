"""The verbs that look inside: predict, attend, faithfulness, heads. RUN may be any model's folder or hub name too."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.command_line.chatting import answer_once
from engine.command_line.console import say
from engine.command_line.leaving_out import left_out_of, left_out_tree, tell_left_out
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.command_line.reading import add_question, answer, finds_answers
from engine.command_line.selecting import chosen_map, heads_named, sliced
from engine.command_line.translating import add_decoding_arguments, say_alignment, say_translation, transforms
from engine.command_line.wording import (
    attend_lines,
    attend_tree,
    batch_lines,
    faithfulness_lines,
    head_lines,
    prediction_lines,
    table_lines,
)
from engine.config.roles import ROLES
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.messages import message
from engine.records import METHODS, Switches
from engine.runs.model_folder import Subject, open_subject
from engine.runs.run import Run


def add_looking_verbs(verbs: Any) -> None:
    """Put the verbs of this file into the parser."""
    predict = _subject_verb(verbs, "predict", _predict, "the model's answer to a text, or to every text of a file")
    predict.add_argument("--text", default=None, help="one text")
    predict.add_argument("--data", metavar="FILE", default=None, help="a file with a column of texts")
    predict.add_argument("--out", type=Path, metavar="FILE", default=None, help="where its answers go (CSV, or .jsonl)")
    predict.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="data.ROLE=COLUMN",
        help="which column of the file is read, as in data.question=Q",
    )
    add_question(predict)
    add_decoding_arguments(predict)
    attend = _subject_verb(verbs, "attend", _attend, "where the model looks in a text, and what decides")
    attend.add_argument("--text", required=True)
    attend.add_argument("--map", metavar="NAME", help="which map --layer, --head and --mute are about")
    attend.add_argument("--layer", type=int, metavar="L", help="this layer only (from 0)")
    attend.add_argument("--head", type=int, metavar="H", help="this head only (from 0)")
    attend.add_argument("--mute", metavar="L.H,...", help="switch heads off: 0.3,0.5 or 2.* for a whole layer (from 0)")
    attend.add_argument("--uniform", action="store_true", help="every token looks alike at all that it may look at")
    attend.add_argument("--method", default="attention", choices=METHODS, help="how a token's part is measured")
    add_decoding_arguments(attend)
    many = _subject_verb(verbs, "faithfulness", _faithfulness, "how far the attention can be trusted, over many texts")
    heads = _subject_verb(verbs, "heads", _heads, "what each head is worth, on labelled rows")
    for verb, needed in ((many, "a file with texts"), (heads, "a labelled file")):
        verb.add_argument("--data", metavar="FILE", default=None, help=f"{needed} instead of the run's own splits")
        verb.add_argument("--split", choices=("validation", "test"), default=None)
        verb.add_argument("--rows", type=int, default=200, metavar="N", help="how many rows at most (200)")


def _subject_verb(verbs: Any, name: str, action: Any, about: str) -> argparse.ArgumentParser:
    parser = add_verb(verbs, name, action, about)
    parser.add_argument("run", type=Path, metavar="RUN", help="a run's folder, a model's folder or a hub name")
    parser.add_argument("--checkpoint", default="best", metavar="NAME", help="best, last or step-N of a run (best)")
    return parser


def _predict(asked: argparse.Namespace) -> None:
    from engine import verbs

    if asked.data is None and asked.out is None:
        if asked.question is not None or asked.context is not None or finds_answers(asked.run):
            answer(asked)
            return
        if asked.text is not None and transforms(asked.run):
            say_translation(asked)
            return
    if asked.text is None or asked.data is not None or asked.out is not None:
        _predict_file(asked)
        return
    subject = open_subject(asked.run)
    if isinstance(subject, Run) and type_of(subject.config.task).can("chat"):
        answer_once(subject, asked.text, asked.checkpoint, is_json=asked.json)
        return
    found = verbs.predict(subject, asked.text, asked.checkpoint)
    if asked.json:
        print_json({**found.to_json(), "abstains": found.abstains, "threshold": found.threshold})
        return
    for line in prediction_lines(found):
        say(line)


def _predict_file(asked: argparse.Namespace) -> None:
    from engine import verbs

    if asked.text is not None or asked.data is None or asked.out is None:
        raise InputError(
            message("What shall be answered: one text, or the texts of a file?"),
            "predict",
            message("Give --text TEXT, or --data FILE and --out FILE."),
        )
    subject, columns = open_subject(asked.run), _columns(asked.set)
    found = answered(verbs.predict_file(subject, asked.data, asked.out, asked.checkpoint, columns=columns))
    if asked.json:
        print_json(found.to_json())
        return
    for line in batch_lines(found):
        say(line)


def _columns(pairs: Sequence[str]) -> dict[str, str]:
    """By role, of `data.ROLE=COLUMN` (or data.columns.ROLE)."""
    found = {}
    for pair in pairs:
        path, equals, column = pair.partition("=")
        role = path.removeprefix("data.").removeprefix("columns.")
        if not equals or role not in ROLES:
            raise InputError(
                message("“{pair}” names no column.", pair=pair),
                "--set",
                message("Write data.ROLE=COLUMN, with one of these roles: {known}.", known=list(ROLES)),
            )
        found[role] = column
    return found


def _attend(asked: argparse.Namespace) -> None:
    from engine import verbs

    if transforms(asked.run):
        say_alignment(asked)
        return
    subject = open_subject(asked.run)
    switches = _switches(asked, subject)
    record = verbs.attend(subject, asked.text, asked.checkpoint, switches)
    if asked.map is not None or asked.layer is not None or asked.head is not None:
        record = replace(record, maps=(sliced(chosen_map(record, asked.map), asked.layer, asked.head),))
    attribution = None
    if asked.method != "attention":
        attribution = answered(verbs.attribute(subject, asked.text, asked.method, asked.checkpoint, switches))
    if asked.method == "rollout":
        record = replace(record, maps=record.maps + verbs.rollout(subject, asked.text, asked.checkpoint, switches))
    if asked.json:
        print_json(attend_tree(record, attribution))
        return
    is_head = asked.layer is not None or asked.head is not None
    for line in head_lines(record) if is_head and attribution is None else attend_lines(record, attribution):
        say(line)


def _faithfulness(asked: argparse.Namespace) -> None:
    from engine import verbs

    subject = open_subject(asked.run)
    _refuse_no_rows(asked)
    found = answered(verbs.faithfulness(subject, asked.data, asked.split, asked.rows, asked.checkpoint))
    left_out = verbs.textless(subject, asked.data) if asked.data is not None else ()
    if asked.json:
        print_json({**found.to_json(), **left_out_tree(left_out)})
    else:
        for line in faithfulness_lines(found):
            say(line)
    tell_left_out(left_out, is_json=asked.json)


def _heads(asked: argparse.Namespace) -> None:
    from engine import verbs

    subject = open_subject(asked.run)
    _refuse_no_rows(asked)
    found = answered(verbs.heads(subject, asked.data, asked.split, asked.rows, asked.checkpoint))
    left_out = left_out_of(subject, asked)
    if asked.json:
        print_json({**found.to_json(), **left_out_tree(left_out)})
    else:
        for line in table_lines(found):
            say(line)
    tell_left_out(left_out, is_json=asked.json)


def _refuse_no_rows(asked: argparse.Namespace) -> None:
    if asked.rows < 1:
        raise InputError(message("At least one row is needed."), "--rows", message("Give a number from 1 on."))


def _switches(asked: argparse.Namespace, subject: Subject) -> Switches:
    """Heads are named as the unchanged model has them."""
    if not asked.mute:
        return Switches(uniform=asked.uniform)
    from engine import verbs

    chosen = chosen_map(verbs.attend(subject, asked.text, asked.checkpoint), asked.map)
    muted = frozenset(head for name in asked.mute.split(",") for head in heads_named(name.strip(), chosen))
    return Switches(muted, asked.uniform)
