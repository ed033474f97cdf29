"""Figures: how a benchmark repeats, judges whether the machine was quiet, and prints what it found."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
WAITING: dict[str, dict[str, str]] = {
    "default": {},
    "spin-1000": {"GOMP_SPINCOUNT": "1000"},
    "passive": {"OMP_WAIT_POLICY": "PASSIVE"},
    "one-thread": {"OMP_NUM_THREADS": "1"},
}
"""How OpenMP's idle threads wait for work, as environment variables; "one-thread" has nobody who waits."""

_LOOK_SECONDS = 1.0
_CHILD_SECONDS = 900


@dataclass
class OthersLoad:
    """Processor cores that other programs used between entering and leaving; children must have been waited for."""

    cores: float = 0.0
    _began: tuple[float, float, float] = field(default=(0.0, 0.0, 0.0), repr=False)

    def __enter__(self) -> OthersLoad:
        self._began = (_busy_seconds(), _own_seconds(), time.perf_counter())
        return self

    def __exit__(self, *_error: object) -> None:
        busy, own, began = self._began
        elapsed = max(1e-9, time.perf_counter() - began)
        self.cores = max(0.0, (_busy_seconds() - busy) - (_own_seconds() - own)) / elapsed


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _own_seconds() -> float:
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def wait_until_quiet(patience: float, cores: float) -> bool:
    """Wait at most `patience` seconds until others use fewer than `cores` processor cores; whether they do."""
    end = time.monotonic() + patience
    while True:
        with OthersLoad() as load:
            time.sleep(_LOOK_SECONDS)
        if load.cores < cores or time.monotonic() > end:
            return load.cores < cores


def measured_quietly(measure: Callable[[], dict[str, Any]], patience: float, cores: float) -> dict[str, Any]:
    """What `measure` finds, with `others_cores` beside it; disturbed measurements are repeated while patience lasts."""
    end = time.monotonic() + patience
    while True:
        wait_until_quiet(max(0.0, end - time.monotonic()), cores)
        with OthersLoad() as load:
            found = measure()
        if load.cores < cores or time.monotonic() > end:
            return {**found, "others_cores": round(load.cores, 2)}


def run_child(module: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON of the last line that `python -m module` prints, with the offscreen platform and compiled modules.

    An installed program has its modules compiled, so children share a folder of compiled ones even where the
    environment forbids to write them.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settled = {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "attune-benchmarks-compiled"),
        "HF_HUB_OFFLINE": "1",
    }
    began = {"ATTUNE_BENCHMARK_BEGAN": repr(time.clock_gettime(time.CLOCK_MONOTONIC))}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**inherited, **settled, **began, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=_CHILD_SECONDS,
    )
    if done.returncode != 0 or not done.stdout.strip():
        raise SystemExit(f"{module} {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def spread(values: Iterable[float]) -> tuple[float, float, float]:
    """(least, median, greatest)."""
    sorted_values = np.sort(np.asarray(list(values), dtype=np.float64))
    return float(sorted_values[0]), float(np.median(sorted_values)), float(sorted_values[-1])


def worded(values: Iterable[float], digits: int = 3) -> str:
    """`median (least to greatest)`."""
    least, median, greatest = spread(values)
    return f"{median:.{digits}f} ({least:.{digits}f} to {greatest:.{digits}f})"


def tell(**measurement: Any) -> None:
    """One measurement as a line of JSON, with the load of the machine."""
    print(json.dumps({**measurement, "load_average": round(os.getloadavg()[0], 2)}), flush=True)


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
