"""ParallelReader: two text files whose lines belong together, named as “SOURCE,TARGET”."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from engine.config.reading import Reading
from engine.data.sources.cache import fingerprint
from engine.data.sources.dialect import dialect_of
from engine.data.sources.encoding import text_lines
from engine.data.sources.file_opening import path_errors, shown
from engine.data.sources.folders import refuse_pointer
from engine.data.sources.quoting import Row
from engine.data.sources.readers import Opened
from engine.errors import InputError
from engine.messages import message

_SIGN = ","


def pair_of(source: str) -> tuple[Path, Path] | None:
    """The two files that “SOURCE,TARGET” names; None where it names one thing, or what is none. Raises InputError where
    one of the two is there and the other is not."""
    if _SIGN not in source or Path(source).expanduser().exists():
        return None
    for place, sign in enumerate(source):
        if sign == _SIGN:
            first, second = (Path(part.strip()).expanduser() for part in (source[:place], source[place + 1 :]))
            if first.is_file() and second.is_file():
                return first, second
    first, second = (Path(part.strip()).expanduser() for part in source.split(_SIGN, 1))
    if first.is_file() or second.is_file():
        missing = second if first.is_file() else first
        raise InputError(
            message("There is no such file."),
            shown(missing),
            message("Two files that belong together are named SOURCE,TARGET."),
        )
    return None


@dataclass(frozen=True)
class ParallelReader:
    """A row for each line of both files. A line that is blank in both is a blank row. Raises InputError on the way
    where one file has more lines than the other: from there on nothing belongs together."""

    source: Path
    target: Path
    reading: Reading = field(default_factory=Reading)

    @property
    def name(self) -> str:
        return f"{shown(Path(self.source.name))},{shown(Path(self.target.name))}"

    @property
    def num_bytes(self) -> int:
        total = 0
        for path in (self.source, self.target):
            with path_errors(path):
                total += path.stat().st_size
        return total

    def fingerprint(self) -> list[Any]:
        return ["parallel", self.reading.model_dump(), *fingerprint(self.source), *fingerprint(self.target)]

    def open(self) -> Opened:
        columns = self._columns()
        hints = {"source": columns[0], "target": columns[1]}
        facts = {"format": "parallel files", "encoding": dialect_of(self.source, self.reading).encoding}
        return Opened(columns, self._rows(), facts, hints=hints)

    def _columns(self) -> tuple[str, str]:
        """Called as the files end (“de”, “en”), where that tells them apart."""
        ends = tuple(path.suffix.lstrip(".") for path in (self.source, self.target))
        return (ends[0], ends[1]) if all(ends) and ends[0] != ends[1] else ("source", "target")

    def _rows(self) -> Iterator[Row]:
        number = 0
        for number, (one, other) in enumerate(zip_longest(self._lines(self.source), self._lines(self.target)), 1):
            if one is None or other is None:
                raise self._unlike(number - 1)
            yield [one, other] if one.strip() or other.strip() else []

    def _lines(self, path: Path) -> Iterator[str]:
        refuse_pointer(path)
        dialect = dialect_of(path, self.reading)
        for line in text_lines(path, dialect.encoding, dialect.line_end):
            yield line.rstrip("\r\n").removeprefix("\ufeff")

    def _unlike(self, shorter: int) -> InputError:
        counts = [sum(1 for _ in self._lines(path)) for path in (self.source, self.target)]
        return InputError(
            message(
                "The files do not belong together: {source} has {first:plural:line:lines}, {target} {second}.",
                source=shown(Path(self.source.name)),
                target=shown(Path(self.target.name)),
                first=counts[0],
                second=counts[1],
            ),
            self.name,
            message(
                "Line {line} is the last that both have. Find the line that is missing, so that each line stands "
                "beside its translation.",
                line=shorter,
            ),
        )
