"""Training: every event is journaled before anybody sees it."""

from __future__ import annotations

from collections.abc import Generator

from engine.commands import Command
from engine.errors import AttuneError, DiskError
from engine.events import Event, RunFailed
from engine.faults import fault, in_words, is_memory, memory_error
from engine.messages import message
from engine.runs.inbox import Inbox
from engine.runs.journal import JournalWriter
from engine.runs.leftovers import clear_run_litter
from engine.runs.run import Run
from engine.training import prepare

Training = Generator[Event | None, Command | None, None]


def train(run: Run) -> Training:
    """Train a run that was just created. Every event is in the journal before it is yielded; an error ends the run
    with RunFailed and is raised after it, in words: an AttuneError, a `Fault` where nobody planned for it."""
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
            except Exception as problem:  # noqa: BLE001 - whatever ends a run stands in its journal, in words
                error = _of_a_run(problem, run)
                failed = RunFailed(step=step, what=error.what, where=error.where, mend=error.mend)
                _append_if_possible(journal, failed)
                yield failed
                raise error from (None if error is problem else problem)
            sent = yield event
            command = sent or inbox.next()


def _append_if_possible(journal: JournalWriter, event: Event) -> None:
    try:
        journal.append(event)
    except AttuneError:
        return  # the disk that refused the run refuses its last word too; it is told all the same


def _of_a_run(problem: Exception, run: Run) -> AttuneError:
    """The error in words that say how the run goes on."""
    if is_memory(problem):
        return _out_of_memory(problem, run)
    error = in_words(problem, run.path) or fault(problem)
    if isinstance(error, DiskError) and error.is_full:
        return _full_disk(error, run)
    return error


def _full_disk(error: DiskError, run: Run) -> AttuneError:
    mend = message("Free some space, then resume: the last checkpoint is safe.")
    if not run.checkpoints:
        mend = message("Free some space, then resume: it begins anew, as there was no checkpoint yet.")
    return DiskError(error.what, error.where, mend, is_full=True)


def _out_of_memory(problem: Exception, run: Run) -> AttuneError:
    smaller = message(
        "Close other programs, or use half the “Micro-batch” and twice the “Accumulation”, which gives the same "
        "result, a shorter “Longest text” or a smaller model."
    )
    if not run.checkpoints:
        return memory_error(problem, run.name, smaller)
    safe = message(
        "Close other programs and resume: the last checkpoint is safe. Or start again with half the “Micro-batch” and "
        "twice the “Accumulation”, which gives the same result, a shorter “Longest text” or a smaller model."
    )
    return memory_error(problem, run.name, safe)
