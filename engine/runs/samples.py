"""Samples on disk: `samples/step-N.json` in a run's folder holds what a generator wrote after that step."""

from __future__ import annotations

import json
from pathlib import Path

from engine.errors import InputError
from engine.messages import message
from engine.records import Samples, Sweep
from engine.runs.files import disk_errors, write_atomic
from engine.runs.run import Run


def samples_path(step: int) -> str:
    """Relative to the run's folder."""
    return f"samples/step-{step}.json"


def write_samples(run: Run, samples: Samples) -> str:
    """Returns the path relative to the run's folder. Raises RunFailure when the disk refuses."""
    name = samples_path(samples.step)
    path = run.path / name
    with disk_errors(path):
        path.parent.mkdir(exist_ok=True)
    write_atomic(path, json.dumps(samples.to_json(), ensure_ascii=False))
    return name


def sweep_path(run: Run) -> Path:
    return run.path / "report" / "sweep.json"


def keep_sweep(run: Run, sweep: Sweep) -> None:
    """Raises RunFailure when the disk refuses."""
    path = sweep_path(run)
    with disk_errors(path):
        path.parent.mkdir(exist_ok=True)
    write_atomic(path, json.dumps(sweep.to_json()))


def kept_sweep(run: Run) -> Sweep | None:
    """None where none was measured yet, or the file is damaged: it can be measured anew."""
    try:
        return Sweep.from_json(json.loads(sweep_path(run).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_samples(run: Run, step: int) -> Samples:
    """Raises InputError for a step of which there are none, and for a damaged file."""
    path = run.path / samples_path(step)
    try:
        return Samples.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(
            message("There are no samples of step {step}.", step=step), str(path), message("Choose another step.")
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            message("The samples of step {step} are damaged.", step=step), str(path), message("Choose another step.")
        ) from error
