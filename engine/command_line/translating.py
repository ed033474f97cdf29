"""What `predict` and `attend` say of a run that writes a text for another one."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.command_line.console import say
from engine.command_line.printing import answered, print_json
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.messages import message
from engine.records import Decoding, Translation
from engine.runs.model_folder import open_subject
from engine.runs.run import Run

_NUM_ALTERNATIVES = 5
_SHOWN_FROM = 0.05


def add_decoding_arguments(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group("how a run that writes a text for another chooses its words")
    group.add_argument("--beams", type=int, default=None, metavar="K", help="beginnings kept at every step (5)")
    group.add_argument("--length-penalty", type=float, default=1.0, metavar="A", help="above 0 longer texts win (1)")
    group.add_argument("--sample", action="store_true", help="draw words instead of searching")
    group.add_argument("--temperature", type=float, default=1.0, metavar="T", help="of drawn words; below 1: surer (1)")
    group.add_argument("--top-k", type=int, default=0, metavar="K", help="draw from the K likeliest words alone (all)")
    group.add_argument(
        "--top-p", type=float, default=1.0, metavar="P", help="draw from the likeliest that make up P (1)"
    )
    group.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed draws the same words")


def transforms(path: Path) -> bool:
    """Whether a run writes a text for another."""
    subject = open_subject(path)
    return isinstance(subject, Run) and type_of(subject.config.task).can("transform")


def say_translation(asked: argparse.Namespace) -> None:
    found = _translated(asked)
    if asked.json:
        print_json(found.to_json())
        return
    say(found.text)
    for other in found.others:
        say(f"  {other.score:8.3f}  {other.text}")


def say_alignment(asked: argparse.Namespace) -> None:
    found = _translated(asked)
    if asked.json:
        print_json(found.alignment_json())
        return
    if found.alignment is None:
        say(message("{text} (a model without attention: it looks at no word)", text=found.text).english())
        return
    say(found.text)
    for word, row in zip(found.words, found.alignment, strict=True):
        strongest = sorted(zip(row, found.source_words, strict=True), key=lambda one: -one[0])
        looks = [f"{source.text} {weight:.2f}" for weight, source in strongest if weight >= _SHOWN_FROM]
        say(f"  {word.text:20} {word.probability:6.1%}  {', '.join(looks[:4])}")


def _translated(asked: argparse.Namespace) -> Translation:
    from engine import verbs

    run = open_subject(asked.run)
    assert isinstance(run, Run)
    return answered(verbs.translate(run, asked.text, _decoding(asked), asked.checkpoint, (), asked.seed))


def _decoding(asked: argparse.Namespace) -> Decoding:
    """Raises InputError for numbers that choose nothing."""
    beams = _NUM_ALTERNATIVES if asked.beams is None else asked.beams
    faults = {
        "--beams": not 1 <= beams <= 100,
        "--temperature": not asked.temperature > 0,
        "--top-k": asked.top_k < 0,
        "--top-p": not 0 < asked.top_p <= 1,
    }
    wrong = next((name for name, is_wrong in faults.items() if is_wrong), None)
    if wrong is not None:
        raise InputError(
            message("This number chooses no words."),
            wrong,
            message("Give 1 to 100 beams, a temperature above 0, a top-p above 0 and up to 1."),
        )
    if asked.sample:
        return Decoding(
            samples=True,
            temperature=asked.temperature,
            top_k=asked.top_k,
            top_p=asked.top_p,
            num_texts=_NUM_ALTERNATIVES,
        )
    return Decoding(beams, asked.length_penalty)
