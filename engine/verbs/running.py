"""Training: every event is journaled before anybody sees it."""

from __future__ import annotations

from collections.abc import Generator

import torch

from engine.commands import Command
from engine.errors import AttuneError
from engine.events import Event, RunFailed
from engine.messages import message
from engine.runs.inbox import Inbox
from engine.runs.journal import JournalWriter
from engine.runs.litter import clear_run_litter
from engine.runs.run import Run
from engine.training import prepare

Training = Generator[Event | None, Command | None, None]


def train(run: Run) -> Training:
    """Train a run that was just created. Every event is in the journal before it is yielded; an error ends the run
    with RunFailed and is raised after it."""
    yield from _journaled(run, prepare.train(run))


def resume(run: Run, accept: bool = False) -> Training:
    """Go on with a run that was stopped, interrupted or failed. Its settings must be as they were written, unless they
    are to be accepted as they are now."""
    yield from _journaled(run, prepare.resume(run, accept))


def _journaled(run: Run, loop: Training) -> Training:
    """Append each event, take commands from whoever iterates and from the inbox, end with RunFailed on an error."""
    with run.locked(), JournalWriter(run.journal) as journal:
        clear_run_litter(run)
        inbox = Inbox(run)
        command: Command | None = None
        step = 0
        while True:
            try:
                event = loop.send(command)
                if event is not None:
                    step = getattr(event, "step", step)
                    journal.append(event)
            except StopIteration:
                return
            except (AttuneError, torch.OutOfMemoryError) as problem:
                error = problem if isinstance(problem, AttuneError) else _out_of_memory(run)
                failed = RunFailed(step=step, what=error.what, where=error.where, mend=error.mend)
                _append_if_possible(journal, failed)
                yield failed
                raise error from problem
            sent = yield event
            command = sent or inbox.next()


def _append_if_possible(journal: JournalWriter, event: Event) -> None:
    try:
        journal.append(event)
    except AttuneError:
        return  # the disk that refused the run refuses its last word too; it is told all the same


def _out_of_memory(run: Run) -> AttuneError:
    return AttuneError(
        message("The device's memory is full."),
        run.name,
        message(
            "Halve “Micro-batch” and double “Accumulation”: the result is the same. Then start again, or resume: the "
            "last checkpoint is safe."
        ),
    )
