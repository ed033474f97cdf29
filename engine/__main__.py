"""The verbs on the command line: `python -m engine VERB …`. Exit 0 good, 1 the run failed, 2 wrong input."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine import events
from engine.command_line.attacking import add_attacking_verb
from engine.command_line.comparing import add_comparing_verb
from engine.command_line.evaluating import add_evaluating_verb
from engine.command_line.exporting import add_exporting_verb
from engine.command_line.looking import add_looking_verbs
from engine.command_line.measuring import add_measuring_verb
from engine.command_line.parser import Parser, add_verb
from engine.command_line.printing import print_json
from engine.command_line.studying import add_studying_verbs
from engine.command_line.suspecting import add_suspecting_verbs
from engine.command_line.writing import add_writing_verbs
from engine.commands import Command, Stop
from engine.errors import AttuneError, InputError
from engine.events import Event, RunFinished, RunPaused
from engine.messages import message
from engine.records import Finding
from engine.runs.run import Run
from engine.runs.story import line_of, metric_value

_WAIT = 0.2
_SHOWN_ROWS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # before torch: threads that spin starve a busy machine
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        asked = _parser().parse_args(words)
        return int(asked.verb(asked) or 0)
    except AttuneError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        if as_json:
            print_json({"error": error.to_json()})
        return error.exit_code


# --- what can be asked ------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m engine", description="Train, measure and explain text models.")
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=Parser)
    add_verb(verbs, "recipes", _recipes, "list the recipes")
    train = add_verb(verbs, "train", _train, "train a recipe or a YAML file")
    train.add_argument("config", metavar="RECIPE_OR_YAML")
    train.add_argument("--set", nargs="+", action="extend", default=[], metavar="path=value", help="change settings")
    train.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR", help="where runs are kept (./runs)")
    train.add_argument("--name", default=None, help="the run's name")
    _run_verb(verbs, "resume", _resume, "go on with a run")
    add_evaluating_verb(verbs)
    add_looking_verbs(verbs)
    add_writing_verbs(verbs)
    add_attacking_verb(verbs)
    add_measuring_verb(verbs)
    add_suspecting_verbs(verbs)
    add_studying_verbs(verbs, _settings)
    add_comparing_verb(verbs)
    add_exporting_verb(verbs)
    doctor = add_verb(verbs, "doctor", _doctor, "look a data file over")
    doctor.add_argument("file", metavar="FILE")
    doctor.add_argument("--set", nargs="+", action="extend", default=[], metavar="path=value", help="change settings")
    return parser


def _run_verb(verbs: Any, name: str, action: Any, about: str) -> argparse.ArgumentParser:
    parser = add_verb(verbs, name, action, about)
    parser.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    return parser


# --- the verbs --------------------------------------------------------------------------------------------------


def _recipes(asked: argparse.Namespace) -> None:
    from engine import verbs

    found = verbs.recipes()
    if asked.json:
        print_json({"recipes": [_about_recipe(name, config) for name, config in found.items()]})
        return
    for name, config in found.items():
        print(f"{name:16} {config.description}")


def _about_recipe(name: str, config: Any) -> dict[str, str]:
    return {"name": name, "title": config.title, "description": config.description}


def _train(asked: argparse.Namespace) -> int:
    from engine import verbs

    config = verbs.load_config(asked.config, _settings(asked.set))
    run = verbs.create(config, asked.runs, asked.name)
    try:
        return _follow(run, verbs.train(run), asked.json)
    except InputError:
        _forget_unstarted(run)
        raise


def _resume(asked: argparse.Namespace) -> int:
    from engine import verbs

    run = Run.open(asked.run)
    if run.state == "finished":
        if asked.json:
            print_json({"run": str(run.path), "state": "finished", "best": _best(run), "note": "already finished"})
        else:
            print("This run is finished already.")
        return 0
    return _follow(run, verbs.resume(run), asked.json)


def _doctor(asked: argparse.Namespace) -> None:
    from engine import verbs
    from engine.data.opening import path_errors

    path = Path(asked.file)
    with path_errors(path):
        is_there = path.exists()
    if not is_there:
        raise InputError(message("There is no such file."), str(path), message("Check the path."))
    config = verbs.load_config("attention", {"data.train": str(path), **_settings(asked.set)})
    report = verbs.diagnose(config)
    if asked.json:
        findings = [finding.to_json() for finding in report.findings]
        print_json({"findings": findings, "balance": report.balance, "num_rows": report.num_rows})
        return
    for finding in report.findings:
        print(f"{finding.severity:8} {finding.title}{_rows_of(finding)}: {finding.detail}")
    if not report.findings:
        print("Nothing to mend.")


def _rows_of(finding: Finding) -> str:
    """“, test rows 3, 8, 11, …”; nothing where a finding is of no rows."""
    if not finding.rows:
        return ""
    shown = ", ".join(f"{row:,}" for row in finding.rows[:_SHOWN_ROWS])
    rest = ", …" if finding.count > _SHOWN_ROWS else ""
    return f" ({finding.split} rows {shown}{rest})" if finding.split else f" (rows {shown}{rest})"


# --- following a training ---------------------------------------------------------------------------------------


def _follow(run: Run, training: Any, as_json: bool) -> int:
    """Print events until the end. Ctrl+C stops and keeps."""
    last: Event | None = None
    with _stop_on_signal() as wishes:
        command: Command | None = None
        paused = False
        try:
            while True:
                event = training.send(command)
                command = wishes.pop() if wishes else None
                if event is None and paused:
                    time.sleep(_WAIT)
                if event is None:
                    continue
                paused = isinstance(event, RunPaused)
                last = event
                _show(event, as_json)
        except StopIteration:
            pass
        except InputError:
            raise
        except AttuneError as error:
            print(" ".join(str(error).split()), file=sys.stderr)
            if as_json:
                print_json({"run": str(run.path), "state": "failed", "best": _best(run), "error": error.to_json()})
            return 1
    assert isinstance(last, RunFinished)
    if as_json:
        print_json({"run": str(run.path), "state": last.state, "best": last.best})
    else:
        print(run.path)
    return 0


def _show(event: Event, as_json: bool) -> None:
    if as_json:
        print_json(events.to_json(event))
        return
    line = line_of(event)
    if line is not None:
        print(f"{time.strftime('%H:%M:%S', time.localtime(line.time))}  {line.message}", flush=True)
    elif isinstance(event, events.Evaluated):
        figures = "  ".join(f"{name} {metric_value(name, value)}" for name, value in event.metrics.items())
        print(f"{'':8}  step {event.step}, {event.split}: {figures}", flush=True)


@contextlib.contextmanager
def _stop_on_signal() -> Iterator[list[Command]]:
    """The first Ctrl+C (or SIGTERM) asks to stop and keep; the second one interrupts."""
    wishes: list[Command] = []

    def ask(number: int, frame: object) -> None:
        wishes.append(Stop())
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _best(run: Run) -> dict[str, Any] | None:
    named = run.checkpoints
    if not named.get("best"):
        return None
    return {"step": int(named["best"].removeprefix("step-")), "metric": named["metric"], "value": named["value"]}


def _forget_unstarted(run: Run) -> None:
    """A run that wrong input kept from its first step leaves nothing behind."""
    import shutil

    from engine.runs.journal import JournalReader

    if not any(isinstance(event, events.RunStarted) for event in JournalReader(run.journal).read()):
        shutil.rmtree(run.path, ignore_errors=True)


def _settings(pairs: Sequence[str]) -> dict[str, object]:
    """`path=value` pairs. Values are read as JSON where they look like it; “null” and nothing mean none."""
    settings: dict[str, object] = {}
    for pair in pairs:
        path, equals, text = pair.partition("=")
        if not equals:
            raise InputError(
                message("“{pair}” is not a setting.", pair=pair),
                "--set",
                message("Write path=value, as in training.max_steps=200."),
            )
        settings[path.strip()] = _value(text)
    return settings


def _value(text: str) -> object:
    if text in ("", "null"):
        return None
    if text[0] in "[{":
        with contextlib.suppress(ValueError):
            return json.loads(text)
    return text


if __name__ == "__main__":
    sys.exit(main())
