"""Which checkpoint a resume goes on from: the newest one that is whole; the pointer to them is made anew where it is
lost."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.commands import Command
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.errors import InputError
from engine.events import CheckpointSaved, Event, Noticed
from engine.messages import Message, message
from engine.runs.checkpoints import RESUMED, verify
from engine.runs.checksums import Damage
from engine.runs.files import write_atomic
from engine.runs.history import open_history
from engine.runs.pointer import FILE, pointer_json, pointer_of, read_pointer, step_folders
from engine.runs.run import Run
from engine.runs.run_maintenance import set_aside

Finding = Generator[Event | None, Command | None, Path | None]


def sound_checkpoint(run: Run) -> Finding:
    """The last checkpoint; when that is damaged, the newest one that is not, with a notice. None where the run has come
    to none yet. Raises InputError where all are damaged."""
    try:
        named = read_pointer(run.path)
    except (OSError, Damage):
        return (yield from _without_pointer(run))
    last = run.path / "checkpoints" / str(named.get("last", named.get("best")))
    others = [path for path in reversed(step_folders(run.path)) if path != last]
    damage: InputError | None = None
    for path in [last, *others]:
        fault = _fault_of(path)
        if fault is None:
            return path
        damage = damage or fault
        yield Noticed(message=message("{what} ({where})", what=fault.what, where=fault.where), level="warning")
    assert damage is not None
    raise damage


def _without_pointer(run: Run) -> Finding:
    """The newest of the sound ones, and a pointer that names them all."""
    folders = step_folders(run.path)
    faults = {path: _fault_of(path) for path in folders}
    sound = [path for path, fault in faults.items() if fault is None]
    for fault in faults.values():
        if fault is not None:
            yield Noticed(message=message("{what} ({where})", what=fault.what, where=fault.where), level="warning")
    if not sound:
        _refuse_lost(run, [fault for fault in faults.values() if fault is not None])
        return None
    tree = pointer_of(sound)
    if tree["best"] is not None and not tree.get("metric"):
        tree["metric"] = _metric(run, run.config)
    set_aside(run.path / FILE)
    write_atomic(run.path / FILE, pointer_json(tree))
    yield Noticed(message=_found_anew(len(sound), tree["last"]), level="warning")
    if tree["best"] is not None and open_history(run.journal)[0].best is None:
        step = int(str(tree["best"]).removeprefix("step-"))
        place = f"checkpoints/{tree['best']}"
        yield CheckpointSaved(step=step, path=place, is_best=True, metric=tree["metric"], value=tree["value"])
    return sound[-1]


def _found_anew(count: int, last: str) -> Message:
    return message(
        "checkpoints.json was lost or damaged. It was made anew from {count:plural:sound checkpoint:sound "
        "checkpoints}; the last one is {last}.",
        count=count,
        last=last,
    )


def _refuse_lost(run: Run, faults: list[InputError]) -> None:
    """A run that had come to a checkpoint does not begin anew unasked."""
    if faults:
        raise faults[-1]
    told = open_history(run.journal)[0].checkpoints
    if (run.path / FILE).exists() or told:
        raise InputError(
            message("The run's checkpoints are gone."),
            str(run.path / "checkpoints"),
            message("Put them back from a copy, or start a new run with the same settings."),
        )


def _metric(run: Run, config: RunConfig) -> str:
    best = open_history(run.journal)[0].best
    return best.metric if best is not None else judged_by(config.task, config.training.best)


def _fault_of(path: Path) -> InputError | None:
    try:
        verify(path, RESUMED)
    except InputError as error:
        return error
    return None
