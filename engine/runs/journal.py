"""Journal: the append-only list of a run's events; one writer, whole lines, read while it grows.

Each line ends with its own sum. A line that is damaged, or says what cannot be, is passed over and counted; one of an
event that this version does not know is neither.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any

from engine import events
from engine.events import Event
from engine.messages import message
from engine.runs.checksums import Damage, line_tree, sealed_line
from engine.runs.event_text import line_of
from engine.runs.files import disk_errors
from engine.runs.shapes import checks_of

_DURABLE = (events.CheckpointSaved, events.RunFinished, events.RunFailed, events.RunStarted)


class JournalWriter:
    """Appends events. What a crash left of a last line is cut off first. Raises RunFailure when the disk refuses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with disk_errors(path):
            cut_partial_line(path)
            self._file = path.open("ab")

    def append(self, event: Event) -> None:
        line = sealed_line(events.to_json(event))
        with disk_errors(self._path):
            self._file.write(line)
            self._file.flush()
            if isinstance(event, _DURABLE):
                os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> JournalWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class JournalReader:
    """Reads what was appended since the last look; a line that is still being written waits for the next look.
    `num_damaged` counts the lines that were passed over."""

    def __init__(self, path: Path, offset: int = 0, num_damaged: int = 0) -> None:
        self.path = path
        self.offset = offset
        self.num_damaged = num_damaged

    def read_lines(self) -> list[bytes]:
        if not self.path.is_file():
            return []
        with self.path.open("rb") as file:
            file.seek(self.offset)
            content = file.read()
        end = content.rfind(b"\n") + 1
        self.offset += end
        return content[:end].split(b"\n")[:-1]

    def read(self) -> list[Event]:
        """New events; a damaged line is skipped, as the lines after it are still good."""
        found = []
        for line in self.read_lines():
            try:
                event = read_line(line)
            except Damage:
                self.num_damaged += 1
                continue
            if event is not None:
                found.append(event)
        return found


def read_line(line: bytes) -> Event | None:
    """None for an event that only a newer version knows. Raises Damage for a line that cannot be believed."""
    tree = line_tree(line)
    try:
        event = events.from_json(tree)
        if event is None:
            if isinstance(tree.get("event"), str) and tree["event"]:
                return None
            raise Damage(_ODD)
        _refuse_odd(event)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError) as error:
        raise error if isinstance(error, Damage) else Damage(_ODD) from error
    return event


def parse(line: bytes) -> Event | None:
    """The same where nobody counts."""
    try:
        return read_line(line)
    except Damage:
        return None


_ODD = message("it says what cannot be")
_LATEST = 32_503_680_000.0


def _refuse_odd(event: Event) -> None:
    """Raises ValueError, or what telling the event raises, for one that a page could not show."""
    for name, check in checks_of(type(event).__name__).items():
        if not check(getattr(event, name)):
            raise ValueError(name)
    if not 0.0 <= event.time < _LATEST:
        raise ValueError("time")
    if isinstance(event, events.StepsTaken):
        _refuse_ragged(event)
        return
    if isinstance(event, events.AttentionCaptured) and not all(_is_probe(one) for one in event.probes):
        raise ValueError("probes")
    if isinstance(event, events.RunFinished) and event.best is not None:
        _refuse_odd_best(event.best)
    line = line_of(event)
    if line is not None:
        line.message.english()


def _refuse_ragged(event: events.StepsTaken) -> None:
    columns = [event.accumulation]
    for group in (event.losses, event.learning_rates, event.gradient_norms, event.gauges):
        columns += group.values()
    if any(column.shape != event.steps.shape for column in columns):
        raise ValueError("steps")


def _is_probe(tree: dict[str, Any]) -> bool:
    tokens, weights = tree["tokens"], tree["weights"]
    return (
        isinstance(tree.get("text", ""), str)
        and isinstance(tree["label"], str)
        and isinstance(tokens, list)
        and isinstance(weights, list)
        and all(isinstance(one, str) for one in tokens)
        and all(isinstance(one, int | float) for one in weights)
        and len(tokens) == len(weights)
    )


def _refuse_odd_best(best: dict[str, Any]) -> None:
    if not isinstance(best["step"], int) or not isinstance(best["metric"], str):
        raise ValueError("best")
    if not isinstance(best["value"], int | float | None):
        raise ValueError("best")


def cut_partial_line(path: Path) -> None:
    """Cut off what a crash left of a last line."""
    if not path.is_file():
        return
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        position = size
        while position > 0:
            step = min(65536, position)
            file.seek(position - step)
            at = file.read(step).rfind(b"\n")
            if at >= 0:
                position = position - step + at + 1
                break
            position -= step
        if position != size:
            file.truncate(position)
