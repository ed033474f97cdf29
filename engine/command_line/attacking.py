"""The verb that changes texts against a classifier: attack. RUN may be any model's folder or hub name too."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.leaving_out import left_out_of, left_out_tree, tell_left_out
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.errors import InputError
from engine.messages import message
from engine.metrics.registry import metric_of
from engine.records import ATTACK_METHODS, Robustness
from engine.runs.model_folder import open_subject

_NUM_EXAMPLES = 3
_TITLES = {"character": "misspelled", "word": "reworded"}


def add_attacking_verb(verbs: Any) -> None:
    """Put the verb of this file into the parser."""
    verb = add_verb(verbs, "attack", _attack, "what is left of precision and recall when texts are changed against it")
    verb.add_argument("run", type=Path, metavar="RUN", help="a run's folder, a model's folder or a hub name")
    verb.add_argument(
        "--method", default="both", choices=(*ATTACK_METHODS, "both"), help="how texts are changed (both)"
    )
    verb.add_argument("--data", metavar="FILE", default=None, help="a labelled file instead of the run's own splits")
    verb.add_argument("--split", choices=("validation", "test"), default=None)
    verb.add_argument("-n", "--rows", type=int, default=200, metavar="N", help="how many rows at most (200)")
    verb.add_argument("--checkpoint", default="best", metavar="NAME", help="best, last or step-N of a run (best)")


def _attack(asked: argparse.Namespace) -> None:
    from engine import verbs

    subject = open_subject(asked.run)
    if asked.rows < 1:
        raise InputError(message("At least one row is needed."), "-n", message("Give a number from 1 on."))
    methods = ATTACK_METHODS if asked.method == "both" else (asked.method,)
    found = [
        answered(verbs.attack(subject, method, asked.data, asked.split, asked.rows, asked.checkpoint))
        for method in methods
    ]
    left_out = left_out_of(subject, asked)
    if asked.json:
        print_json({"attacks": [one.to_json() for one in found], **left_out_tree(left_out)})
    else:
        for line in _lines(found):
            say(line)
    tell_left_out(left_out, is_json=asked.json)


def _lines(found: Sequence[Robustness]) -> Iterator[str]:
    """A table of the metrics, as the texts are and changed, then a few turned texts of each attack."""
    first = found[0]
    yield f"{first.num_rows:,} rows of {first.split}"
    yield _row("", [*first.before, "turned", "words changed"])
    yield _row("as they are", _figures(first.before))
    for one in found:
        shares = [metric_of("accuracy").in_log(share) for share in (one.success, one.changed_share)]
        yield _row(_TITLES[one.method], [*_figures(one.after), *shares])
    for one in found:
        for example in one.examples[:_NUM_EXAMPLES]:
            yield ""
            yield f"{_TITLES[one.method]}, row {example.row:,}: {example.label} → {example.prediction}"
            yield f"  {' '.join(example.before.split())}"
            yield f"  {' '.join(example.after.split())}"


def _figures(metrics: Mapping[str, float]) -> list[str]:
    return [metric_of(name).in_log(value) for name, value in metrics.items()]


def _row(title: str, cells: Iterable[str]) -> str:
    return f"{title:11}" + "".join(f"{cell:>15}" for cell in cells)
