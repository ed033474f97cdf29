"""The verbs on the command line: `python -m engine VERB …`. Exit 0 good, 1 it failed, 2 wrong input, 130 stopped."""

from __future__ import annotations

from engine.command_line.ending import STOPPED, interruptible, loading, settle, stopping

with loading():
    import argparse
    import contextlib
    import json
    import os
    import sys
    import time
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from engine import events
    from engine.command_line.attacking import add_attacking_verb
    from engine.command_line.chatting import add_chatting_verb
    from engine.command_line.checking import add_checking_verb, say_faults
    from engine.command_line.comparing import add_comparing_verb
    from engine.command_line.console import say
    from engine.command_line.counting import add_words_verb
    from engine.command_line.diagnosing import add_doctor_verb
    from engine.command_line.evaluating import add_evaluating_verb
    from engine.command_line.exporting import add_exporting_verb
    from engine.command_line.guarding import guarded, readable, tell
    from engine.command_line.labelling import add_labelling_verb
    from engine.command_line.looking import add_looking_verbs
    from engine.command_line.measuring import add_measuring_verb
    from engine.command_line.outlets import occupy_closed, outlets, without_console
    from engine.command_line.parser import Parser, add_verb
    from engine.command_line.printing import print_json
    from engine.command_line.reading import add_reading_verbs
    from engine.command_line.searching import add_searching_verb
    from engine.command_line.studying import add_studying_verbs
    from engine.command_line.suspecting import add_suspecting_verbs
    from engine.command_line.writing import add_writing_verbs
    from engine.commands import Command, Stop
    from engine.environment import refuse_broken_torchaudio
    from engine.errors import AttuneError, InputError
    from engine.events import Event, RunFinished, RunPaused
    from engine.messages import message
    from engine.metrics.registry import metric_of
    from engine.runs.event_text import line_of
    from engine.runs.run import Run

_WAIT = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # before torch: threads that spin starve a busy machine
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_program = arguments is None
    if is_program:
        occupy_closed()
    with interruptible(lasting=is_program) as ending, outlets():
        try:
            code = guarded(lambda: _answer(words), words, ending)
        except KeyboardInterrupt:  # between the net and here
            code = STOPPED
        if is_program:
            settle(code)
        if is_program and code == STOPPED:
            os._exit(code)  # threads that still compute are not waited for
    return code


def _answer(words: Sequence[str]) -> int:
    asked = _parser().parse_args(readable(words))
    refuse_broken_torchaudio()
    say_faults(asked, words)
    return int(asked.verb(asked) or 0)


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
    resume = _run_verb(verbs, "resume", _resume, "go on with a run")
    resume.add_argument("--accept", action="store_true", help="take settings that were changed by hand as they are now")
    add_checking_verb(verbs)
    add_evaluating_verb(verbs)
    add_looking_verbs(verbs)
    add_words_verb(verbs)
    add_writing_verbs(verbs)
    add_reading_verbs(verbs)
    add_chatting_verb(verbs)
    add_attacking_verb(verbs)
    add_measuring_verb(verbs)
    add_suspecting_verbs(verbs)
    add_labelling_verb(verbs)
    add_studying_verbs(verbs, _settings)
    add_searching_verb(verbs, _settings)
    add_comparing_verb(verbs)
    add_exporting_verb(verbs)
    add_doctor_verb(verbs, _settings)
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
        say(f"{name:16} {config.description}")


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
            say("This run is finished already.")
        return 0
    return _follow(run, verbs.resume(run, accept=asked.accept), asked.json)


# --- following a training ---------------------------------------------------------------------------------------


def _follow(run: Run, training: Any, as_json: bool) -> int:
    """Print events until the end. Ctrl+C stops and keeps."""
    last: Event | None = None
    wishes: list[Command] = []
    with stopping(lambda: wishes.append(Stop())), without_console():
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
            told = tell(error, sys.argv[1:])
            if as_json:
                print_json({"run": str(run.path), "state": "failed", "best": _best(run), "error": told.to_json()})
            return 1
    assert isinstance(last, RunFinished)
    if as_json:
        print_json({"run": str(run.path), "state": last.state, "best": last.best})
    else:
        say(run.path)
    return 0


def _show(event: Event, as_json: bool) -> None:
    if as_json:
        print_json(events.to_json(event))
        return
    line = line_of(event)
    if line is not None:
        say(f"{time.strftime('%H:%M:%S', time.localtime(line.time))}  {line.message}")
    elif isinstance(event, events.Evaluated):
        figures = "  ".join(f"{name} {metric_of(name).in_log(value)}" for name, value in event.metrics.items())
        say(f"{'':8}  step {event.step}, {event.split}: {figures}")


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
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(text)
    return text


if __name__ == "__main__":
    sys.exit(main())
