"""The verb `doctor`: what a file holds, how it is read, what is wrong with it, and how to mend each thing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import print_json
from engine.config.reading import DELIMITERS
from engine.errors import InputError
from engine.messages import message
from engine.records import DataReport, Finding

Settings = Callable[[Sequence[str]], dict[str, object]]

_TOLD = ("format", "tool", "encoding", "delimiter", "compression")
_SHOWN_ROWS = 5
_SHOWN_LABELS = 12
_TARGETS = {"one": "one label", "several": "several labels", "number": "a number", "": "no label"}
_SPLITS = {"train": "to learn from", "validation": "to validate", "test": "to test"}


def add_doctor_verb(verbs: Any, settings: Settings) -> None:
    """`settings` reads `path=value` pairs."""
    doctor = add_verb(verbs, "doctor", lambda asked: _doctor(asked, settings), "look a data file over")
    doctor.add_argument("file", metavar="FILE")
    doctor.add_argument("--set", nargs="+", action="extend", default=[], metavar="path=value", help="change settings")


def _doctor(asked: argparse.Namespace, settings: Settings) -> int:
    """What a text gets is guessed unless a setting of the task says it. Returns the exit code."""
    from engine import verbs
    from engine.data.sources.file_opening import path_errors

    path = Path(asked.file)
    with path_errors(path):
        is_there = path.exists()
    if not is_there:
        raise InputError(message("There is no such file."), str(path), message("Check the path."))
    config = verbs.load_config("attention", {"data.train": str(path), **settings(asked.set)})
    is_said = any(pair.strip().startswith("task") for pair in asked.set)
    try:
        report = verbs.diagnose(config if is_said else verbs.with_guessed_target(config))
        report = report if is_said else verbs.guessed_target(report)
    except InputError as error:
        _print(verbs.first_look(config, error), asked.json, error)
        say(" ".join(str(error).split()), sys.stderr)
        return error.exit_code
    _print(report, asked.json)
    return 0


def _print(report: DataReport, as_json: bool, error: InputError | None = None) -> None:
    if as_json:
        print_json(_tree(report) | ({"error": error.to_json()} if error else {}))
        return
    for line in _summary(report):
        say(line)
    for finding in report.findings if error is None else ():
        say(f"{finding.severity:8} {finding.title}{_rows_of(finding)}: {finding.detail}")
    if not report.findings:
        say("Nothing to mend.")


def _tree(report: DataReport) -> dict[str, Any]:
    return {
        "findings": [finding.to_json() for finding in report.findings],
        "balance": report.balance,
        "num_rows": report.rows_read,
        "columns": list(report.columns),
        "roles": report.roles,
        "target": report.target,
        "labels": report.labels,
        "encoding": report.facts.get("encoding", ""),
        "delimiter": _sign(report),
        "has_header": report.has_header,
        "splits": report.num_rows,
        "facts": report.facts,
    }


def _sign(report: DataReport) -> str:
    """What stands between cells; "" where there are no cells in lines."""
    named = report.facts.get("delimiter", "")
    return DELIMITERS.get(named, named)


def _summary(report: DataReport) -> list[str]:
    """What was read, in words: rows and columns, how, what a text gets, the splits."""
    if not report.columns:
        return []
    names = ", ".join(column.strip() for column in report.columns)
    lines = [f"{report.rows_read:,} rows with the columns {names}"]
    how = [
        *(report.facts[name] for name in _TOLD if name in report.facts),
        "with a header" if report.has_header else "without a header",
    ]
    lines.append(f"Read as: {', '.join(how)}")
    if report.roles:
        roles = ", ".join(f"{role} in “{column}”" for role, column in report.roles.items())
        lines.append(f"A text gets {_TARGETS[report.target]}: {roles}")
    if report.labels:
        frequent = sorted(report.labels.items(), key=lambda item: -item[1])[:_SHOWN_LABELS]
        rest = ", …" if len(report.labels) > _SHOWN_LABELS else ""
        counts = ", ".join(f"{label} {count:,}" for label, count in frequent)
        lines.append(f"{len(report.labels):,} labels: {counts}{rest}")
    if report.num_rows:
        lines.append(", ".join(f"{count:,} {_SPLITS.get(name, name)}" for name, count in report.num_rows.items()))
    return lines


def _rows_of(finding: Finding) -> str:
    """“, test rows 3, 8, 11, …”; nothing where a finding is of no rows."""
    if not finding.rows:
        return ""
    shown = ", ".join(f"{row:,}" for row in finding.rows[:_SHOWN_ROWS])
    rest = ", …" if finding.count > _SHOWN_ROWS else ""
    return f" ({finding.split} rows {shown}{rest})" if finding.split else f" (rows {shown}{rest})"
