"""export: a model as a folder that works elsewhere, written aside, checked, and only then put into its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from datasets import Dataset

from engine.breath import telling
from engine.errors import AttuneError, InputError
from engine.export.card import model_card
from engine.export.card_facts import CardFacts
from engine.export.card_in_words import FactsInWords, card_in_words
from engine.export.check_in_words import check_rows, checked_in_words
from engine.export.check_texts import check_texts
from engine.export.conversion import converted
from engine.export.equivalence import difference, pipeline_answers, refuse_different, script_answers, studio_answers
from engine.export.figures import MOST_ROWS, CardFigures, card_figures
from engine.export.huggingface import write_folder
from engine.export.in_words import (
    LeavingInWords,
    answers_in_words,
    leaving_in_words,
    refuse_no_graph,
    snippet_in_words,
    write_in_words,
)
from engine.export.model_loading import ModelToExport, model_to_export, refuse_writers
from engine.export.onnx import MODEL, refuse_without_packages, write_beside
from engine.export.reader_onnx import write_beside_reader
from engine.export.snippets import literal, snippet
from engine.inspection.evaluation.score_rows import score_rows
from engine.messages import Message, message
from engine.records import Exported, Format, Progress, ScoredRows
from engine.runs.files import disk_errors
from engine.runs.history import open_history
from engine.runs.model_folder import Subject
from engine.runs.partial_files import aside_of, clear_litter_of, share
from engine.runs.run import Run

CARD = "README.md"
_NUM_PARTS = 100

Result = TypeVar("Result")
Working = Generator[Progress, None, Exported]


def export(subject: Subject, format: Format, out: Path, checkpoint: str = "best") -> Working:
    """`format` "hf" or "onnx" into the folder `out`, which must not exist or be empty. `Progress.partial` says in words
    what is being done.

    Raises InputError for a model that cannot be exported and a folder that is in use, RunFailure where the files answer
    otherwise than the studio; then, and when it is closed, nothing is left behind.
    """
    out = out.expanduser().resolve()
    if isinstance(subject, Run) and answers_in_words(subject):
        if format == "onnx":
            refuse_no_graph(subject)
    else:
        refuse_writers(subject)
    _refuse_used(out)
    _refuse_place(subject, out)
    if format == "onnx":
        refuse_without_packages()
    with disk_errors(out):
        part = _aside(out)
        try:
            if isinstance(subject, Run) and answers_in_words(subject):
                found = yield from _written_in_words(subject, format, out, part, checkpoint)
            else:
                found = yield from _written(subject, format, out, part, checkpoint)
            out.parent.mkdir(parents=True, exist_ok=True)
            if out.exists():
                out.rmdir()
            share(part)
            part.replace(out)
            return found
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _written(subject: Subject, format: Format, out: Path, aside: Path, checkpoint: str) -> Working:
    yield _progress(2, message("Opening the model"))
    model = model_to_export(subject, checkpoint)
    table, checked_on = check_texts(subject)
    writing = message("Writing the files")
    yield _progress(10, writing)
    if format == "onnx":
        yield from _saying(converted(subject, checkpoint, aside / MODEL), 20, writing)
        write_beside(model, aside)
    else:
        write_folder(model, aside)
    texts: list[str] = list(table["text"])
    comparing = message("Comparing {count:plural:answer:answers} with the studio's", count=len(texts))
    studio = yield from _saying(studio_answers(model, table), 50, comparing)
    asking = script_answers if format == "onnx" else pipeline_answers
    others = yield from _saying(asking(model, aside, texts), 60, comparing)
    worst = difference(studio, others, is_relative=not model.target.is_categorical)
    refuse_different(worst, len(texts), str(out))
    found = Exported(format, {}, worst, len(texts), out, snippet(model, format, str(out)), checked_on=checked_on)
    yield from _card(subject, model, found, aside, checkpoint)
    return replace(found, files=_files(aside))


def _written_in_words(run: Run, format: Format, out: Path, aside: Path, checkpoint: str) -> Working:
    yield _progress(2, message("Opening the model"))
    leaving = leaving_in_words(run, checkpoint)
    rows, checked_on = yield from _saying(_rows_to_check(run, leaving), 6, message("Reading the run's rows"))
    writing = message("Writing the files")
    yield _progress(10, writing)
    if format == "onnx":
        yield from _saying(converted(run, checkpoint, aside / MODEL), 20, writing)
        write_beside_reader(leaving, aside)
    else:
        write_in_words(leaving, aside)
    comparing = message("Comparing {count:plural:answer:answers} with the studio's", count=len(rows))
    different = yield from _saying(checked_in_words(leaving, format, aside, rows, str(out)), 40, comparing)
    place = snippet_in_words(leaving, literal(str(out)))
    found = Exported(format, {}, different, len(rows), out, place, checked_on=checked_on, is_in_words=True)
    scored = yield from _saying(_scored(run, checkpoint), 85, message("Writing the model card"))
    started = open_history(run.journal)[0].started
    there = replace(found, snippet=snippet_in_words(leaving, literal(".")))
    about = FactsInWords(leaving, there, dict(started.rows) if started else {}, scored)
    (aside / CARD).write_text(card_in_words(about), encoding="utf-8")
    return replace(found, files=_files(aside))


def _scored(run: Run, checkpoint: str) -> Generator[Progress, None, ScoredRows | None]:
    """None where nothing could be measured."""
    try:
        return (yield from score_rows(run, checkpoint=checkpoint, most=MOST_ROWS))
    except AttuneError:
        return None


def _rows_to_check(run: Run, leaving: LeavingInWords) -> Generator[None, None, tuple[Dataset, str]]:
    yield
    return check_rows(run, leaving.roles)


def _card(
    subject: Subject, model: ModelToExport, found: Exported, folder: Path, checkpoint: str
) -> Generator[Progress, None, None]:
    there = replace(found, snippet=snippet(model, found.format, "."))
    if not isinstance(subject, Run):
        about = CardFacts(subject.name, model, there)
    else:
        figures = yield from _saying(_figures(subject, model, checkpoint), 85, message("Writing the model card"))
        started = open_history(subject.journal)[0].started
        rows = started.rows if started else None
        about = CardFacts(subject.name, model, there, subject.config, rows, figures)
    (folder / CARD).write_text(model_card(about), encoding="utf-8")


def _figures(run: Run, model: ModelToExport, checkpoint: str) -> Generator[Progress, None, CardFigures | None]:
    """None where the run's data is not there any more."""
    try:
        return (yield from card_figures(run, model, checkpoint))
    except AttuneError:
        return None


def _saying(working: Generator[object, None, Result], done: int, what: Message) -> Generator[Progress, None, Result]:
    """Breathes with it, saying how far the whole is and what is being done."""
    return (yield from telling(working, _progress(done, what)))


def _progress(done: int, what: Message) -> Progress:
    return Progress(done, _NUM_PARTS, what)


def _refuse_used(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(
            message("There is something of this name already."),
            str(out),
            message("Choose a new folder, or an empty one."),
        )


def _refuse_place(subject: Subject, out: Path) -> None:
    """A run's folder belongs to the run, which counts and cleans what lies in it."""
    own = subject.path.expanduser().resolve()
    if own.is_dir() and out.is_relative_to(own):
        raise InputError(
            message("A model cannot be exported into its own folder."), str(out), message("Choose a folder beside it.")
        )
    above = next(one for one in out.parents if one.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise InputError(
            message("Nothing can be written there."),
            str(above),
            message("Name a folder in one that exists and that you may write to."),
        )


def _aside(out: Path) -> Path:
    """A folder beside `out`, or in the first of its parents that exists, so that a failure leaves none of them."""
    place = next(one for one in out.parents if one.is_dir()) / out.name
    clear_litter_of(place)
    part = aside_of(place)
    part.mkdir()
    return part


def _files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
