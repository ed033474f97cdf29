"""What finds answers on the command line: one question about a passage, all of a file, and when it stays silent."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.messages import message
from engine.records import ReadAnswer, Silence
from engine.runs.model_folder import open_subject
from engine.runs.run import Run


def add_reading_verbs(verbs: Any) -> None:
    """Put the verbs of this file into the parser."""
    silence = add_verb(verbs, "silence", _silence, "when a run that finds answers stays silent, as a promise")
    silence.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    silence.add_argument(
        "--share", type=float, default=0.1, metavar="A", help="of questions without an answer so many get one (0.1)"
    )
    silence.add_argument("--confidence", type=float, default=0.95, metavar="C", help="how sure the promise is (0.95)")
    silence.add_argument("--checkpoint", default="best", metavar="NAME", help="best, last or step-N of a run (best)")
    silence.add_argument("--no-save", action="store_true", help="only say it; answers stay as they are")


def add_question(parser: argparse.ArgumentParser) -> None:
    """The two texts that are asked of a run that finds answers."""
    parser.add_argument("--question", default=None, metavar="Q", help="a question about a passage")
    parser.add_argument("--context", default=None, metavar="C", help="the passage, or the name of a file that holds it")


def finds_answers(path: Path) -> bool:
    """Whether it is a run that is asked in this way."""
    subject = open_subject(path)
    return isinstance(subject, Run) and type_of(subject.config.task).can("answer questions")


def answer(asked: argparse.Namespace) -> None:
    """`predict` of such a run. Raises InputError where a question or a passage is missing."""
    from engine import verbs

    subject = open_subject(asked.run)
    if asked.question is None or asked.context is None or not isinstance(subject, Run):
        raise InputError(
            message("A run that finds answers is asked a question about a passage."),
            "predict",
            message("Give --question Q and --context C to such a run, or --data FILE and --out FILE."),
        )
    said = verbs.answer_question(subject, asked.question, _passage(asked.context), asked.checkpoint)
    if asked.json:
        print_json(said.to_json())
        return
    for line in _lines(said):
        say(line)


def _passage(given: str) -> str:
    """The text itself, or that of a file of this name."""
    try:
        path = Path(given).expanduser()
        if len(given) < 1000 and path.is_file():
            return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        pass
    return given


def _lines(found: ReadAnswer) -> Iterator[str]:
    said = found.said
    if said is None:
        yield f"no answer   {100 * found.no_answer:.1f} %"
        if found.best:
            yield f"  it would have said “{found.best[0].text}”, {100 * found.best[0].score:.1f} %"
        return
    yield f"{said.text}   {100 * said.score:.1f} %   characters {said.start} to {said.end}"
    for one in found.best[1:]:
        yield f"  {one.text}   {100 * one.score:.1f} %"
    yield f"  no answer   {100 * found.no_answer:.1f} %"


def _silence(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    working = verbs.promise_silence(run, asked.share, asked.confidence, asked.checkpoint, save=not asked.no_save)
    made = answered(working)
    if asked.json:
        print_json({**made.to_json(), "saved": not asked.no_save})
        return
    for line in _silence_lines(made):
        say(line)


def _silence_lines(made: Silence) -> Iterator[str]:
    most, sure = f"{100 * made.most:.0f} %", f"{100 * made.confidence:.0f} %"
    yield f"It is silent from {100 * made.threshold:.1f} % “no answer” on: at most {most} of the questions without an"
    yield f"answer get one, with {sure} confidence ({made.num_answered} of {made.num_silent} did)."
    yield f"Price: {100 * made.price:.1f} % of {made.num_answerable} answerable questions stay without an answer."
