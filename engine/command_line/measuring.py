"""The verb that writes an evaluation down: report; and the figures with their intervals that evaluate prints."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.leaving_out import add_label_arguments, left_out_tree, rule_of, tell_left_out
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.records import Measures
from engine.runs.run import Run


def add_measuring_verb(verbs: Any) -> None:
    """Put the verb of this file into the parser."""
    verb = add_verb(verbs, "report", _report, "write an evaluation as one HTML file, and all predictions as a CSV")
    verb.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    verb.add_argument("--data", metavar="FILE", default=None, help="a labelled file instead of the run's own splits")
    verb.add_argument("--split", choices=("train", "validation", "test"), default=None)
    verb.add_argument("--checkpoint", default="best", metavar="NAME", help="best, last or step-N (best)")
    verb.add_argument("--out", type=Path, default=None, metavar="DIR", help="where to (the run's folder “report”)")
    verb.add_argument("--language", choices=("en", "zh"), default="en", help="of the report (en)")
    add_label_arguments(verb)


def measures_tree(found: Measures) -> dict[str, Any]:
    """What `evaluate --json` adds: "figures" by name, each {"value", "low", "high", "method"} (low and high null where
    there is no interval), "per_label" and "support" by label, and "baselines": "majority" and, where it is known,
    "word_counting", each metrics by name."""
    tree = found.to_json()
    baselines = {"majority": found.majority, **({"word_counting": found.counted} if found.counted else {})}
    return {name: tree[name] for name in ("figures", "per_label", "support")} | {"baselines": baselines}


def _report(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    rule = rule_of(asked)
    writing = verbs.report(run, asked.data, asked.split, asked.checkpoint, asked.out, asked.language, rule)
    files = [str(path) for path in answered(writing)]
    answers = answered(verbs.examine(run, asked.data, asked.split, asked.checkpoint, rule))
    if asked.json:
        unknown = [one.to_json() for one in answers.strangers]
        print_json({"files": files, **left_out_tree(answers.left_out), "unknown_labels": unknown})
    else:
        for path in files:
            say(path)
    tell_left_out(answers.left_out, answers.strangers, is_json=asked.json)
