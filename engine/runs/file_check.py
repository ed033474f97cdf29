"""Every file of a run that is read back, compared with its sum: weights and journal too, so it takes its time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.answers import are_damaged
from engine.runs.checkpoints import RESUMED, verify
from engine.runs.corrections import corrections_of
from engine.runs.damage import faults_of
from engine.runs.journal import JournalReader
from engine.runs.pointer import all_step_folders
from engine.runs.probes import captured_steps, read_texts
from engine.runs.run import Run, folders_in
from engine.runs.samples import read_samples, written_steps
from engine.runs.scored_answers import are_scores, kept_scores
from engine.runs.study import Study


def inspected(subject: Run | Study) -> Iterator[InputError]:
    """What is damaged, one after the other."""
    yield from faults_of(subject)
    if isinstance(subject, Study):
        return
    yield from _unreadable_settings(subject)
    yield from _damaged_checkpoints(subject)
    yield from _damaged_lines(subject)
    yield from _damaged_captures(subject)
    for path in folders_in(subject.path / "answers"):
        is_damaged = kept_scores(path) is None if are_scores(path) else are_damaged(path)
        if not path.name.startswith(".") and is_damaged:
            yield _fault(
                path, message("Answers that were kept are damaged."), message("They are asked anew by itself.")
            )


def damaged_lines(subject: Run | Study) -> int:
    """Lines of the journal and of the corrections that cannot be read."""
    if isinstance(subject, Study):
        return 0
    return _of_journal(subject) + len(corrections_of(subject).damaged_lines)


def _unreadable_settings(run: Run) -> Iterator[InputError]:
    try:
        _ = run.config
    except InputError as error:
        yield error


def _damaged_checkpoints(run: Run) -> Iterator[InputError]:
    for path in all_step_folders(run.path):
        try:
            verify(path, RESUMED)
        except InputError as error:
            yield error


def _damaged_lines(run: Run) -> Iterator[InputError]:
    count = _of_journal(run)
    if count:
        what = message("{count:plural:line:lines} of the journal cannot be read.", count=count)
        yield _fault(run.journal, what, message("Curves and log lack what stood there; the rest is not touched."))
    kept = corrections_of(run)
    if kept.damaged_lines:
        lines = list(kept.damaged_lines)
        what = message(
            "{count:plural:line:lines} of the corrections cannot be read: {lines}.", count=len(lines), lines=lines
        )
        yield _fault(
            kept.path,
            what,
            message("Take these lines out of the file (what was said there is lost), or correct those rows once more."),
        )


def _of_journal(run: Run) -> int:
    reader = JournalReader(run.journal)
    reader.read()
    return reader.num_damaged


def _damaged_captures(run: Run) -> Iterator[InputError]:
    for step in captured_steps(run):
        try:
            read_texts(run, step)
        except InputError as error:
            yield error
    for step in written_steps(run):
        try:
            read_samples(run, step)
        except InputError as error:
            yield error


def _fault(place: Path, what: Message, mend: Message) -> InputError:
    return InputError(what, str(place), mend)
