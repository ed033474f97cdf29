"""Journal: the append-only list of a run's events; one writer, whole lines, read while it grows."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType

from engine import events
from engine.events import Event
from engine.runs.files import disk_errors

_DURABLE = (events.CheckpointSaved, events.RunFinished, events.RunFailed, events.RunStarted)


class JournalWriter:
    """Appends events. What a crash left of a last line is cut off first. Raises RunFailure when the disk refuses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with disk_errors(path):
            _cut_partial_line(path)
            self._file = path.open("ab")

    def append(self, event: Event) -> None:
        line = json.dumps(events.to_json(event), ensure_ascii=False, separators=(",", ":")) + "\n"
        with disk_errors(self._path):
            self._file.write(line.encode("utf-8"))
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
    """Reads what was appended since the last look; a line that is still being written waits for the next look."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.path = path
        self.offset = offset

    def read_lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(self.offset)
            content = file.read()
        end = content.rfind(b"\n") + 1
        self.offset += end
        return content[:end].splitlines()

    def read(self) -> list[Event]:
        """New events; a damaged line is skipped, as the lines after it are still good."""
        found = (parse(line) for line in self.read_lines())
        return [event for event in found if event is not None]


def parse(line: bytes) -> Event | None:
    try:
        return events.from_json(json.loads(line))
    except (ValueError, TypeError, AttributeError):
        return None


def _cut_partial_line(path: Path) -> None:
    if not path.exists():
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
