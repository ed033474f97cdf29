"""Samples on disk: `samples/step-N.json` in a run's folder holds what a generator wrote after that step."""

from __future__ import annotations

import re
from pathlib import Path

from engine.errors import InputError
from engine.messages import message
from engine.records import Samples, Sweep
from engine.runs.checksums import read_object, sealed
from engine.runs.files import disk_errors, write_atomic
from engine.runs.run import Run, folders_in

_NAME = re.compile(r"step-(\d{1,15})\.json")


def samples_path(step: int) -> str:
    """Relative to the run's folder."""
    return f"samples/step-{step}.json"


def write_samples(run: Run, samples: Samples) -> str:
    """Returns the path relative to the run's folder. Raises RunFailure when the disk refuses."""
    name = samples_path(samples.step)
    path = run.path / name
    with disk_errors(path):
        path.parent.mkdir(exist_ok=True)
    write_atomic(path, sealed(samples.to_json()))
    return name


def written_steps(run: Run) -> tuple[int, ...]:
    """The steps of which there are samples, rising."""
    found = (_NAME.fullmatch(path.name) for path in folders_in(run.path / "samples"))
    return tuple(sorted(int(name[1]) for name in found if name))


def sweep_path(run: Run) -> Path:
    return run.path / "report" / "sweep.json"


def keep_sweep(run: Run, sweep: Sweep) -> None:
    """Raises RunFailure when the disk refuses."""
    path = sweep_path(run)
    with disk_errors(path):
        path.parent.mkdir(exist_ok=True)
    write_atomic(path, sealed(sweep.to_json()))


def kept_sweep(run: Run) -> Sweep | None:
    """None where none was measured yet, or the file is damaged: it can be measured anew."""
    try:
        return Sweep.from_json(read_object(sweep_path(run)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, LookupError):
        return None


def read_samples(run: Run, step: int) -> Samples:
    """Raises InputError for a step of which there are none, and for a damaged file."""
    path = run.path / samples_path(step)
    try:
        return Samples.from_json(read_object(path))
    except OSError as error:
        raise InputError(
            message("There are no samples of step {step}.", step=step), str(path), message("Choose another step.")
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, LookupError) as error:
        raise InputError(
            message("The samples of step {step} are damaged.", step=step), str(path), message("Choose another step.")
        ) from error
