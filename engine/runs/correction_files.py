"""Files of corrections, and the copy of them that a run keeps for itself.

One JSON object a line, with its own sum at the end. Lines are only ever added, whole and at once, so that the window
and the command line may write at the same time; a line that a crash tore, or that is damaged, is passed over, counted
and told. Of several corrections of a row the last one counts.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.messages import message
from engine.runs.checksums import line_tree, sealed_line
from engine.runs.files import disk_errors, write_atomic

if TYPE_CHECKING:
    from engine.config.run import RunConfig
FILE = "corrections.jsonl"
"""What was corrected on a run's rows, for later runs."""

USED_FILE = "used_corrections.jsonl"
"""What a run itself was trained with."""

Label = str | float | tuple[str, ...]
"""A label, a number, or all labels of a text that may have several."""

Place = tuple[int, str]
"""A row's number and the hash of its text."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Correction:
    """`row` (from 1) of `source` was labelled `before` and is `after`: None leaves the row out, and the same label
    again says that it was looked at and is right. `split` is the run's split in which it was seen, `text_hash` that of
    its text, by which it is found again in a file that was moved or edited; `when` in seconds since 1970."""

    source: str
    split: str
    row: int
    text_hash: str
    before: Label
    after: Label | None
    when: float = 0.0

    @property
    def place(self) -> Place:
        return self.row, self.text_hash

    @property
    def is_kept(self) -> bool:
        """Looked at and found right."""
        return self.after == self.before

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(tree: dict[str, Any]) -> Correction:
        """Raises KeyError, TypeError or ValueError for what is none."""
        return Correction(
            source=str(tree["source"]),
            split=str(tree["split"]),
            row=int(tree["row"]),
            text_hash=str(tree["text_hash"]),
            before=_label(tree["before"]),
            after=None if tree["after"] is None else _label(tree["after"]),
            when=float(tree.get("when", 0.0)),
        )


class Corrections:
    """The corrections of one file; iterating gives those that count, in the order in which they were made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state: tuple[int, int] | None = None
        self._known: dict[Place, Correction] = {}
        self._damaged: tuple[int, ...] = ()

    @property
    def damaged_lines(self) -> tuple[int, ...]:
        """The numbers (from 1) of the lines that cannot be read: what was said there is lost."""
        self._read()
        return self._damaged

    def add(self, correction: Correction) -> None:
        """It replaces an earlier one of the same row. Raises RunFailure when the disk refuses."""
        self._append(correction.to_json())

    def remove(self, row: int, text: str) -> None:
        """Undo the correction of a row, where there is one. Raises RunFailure when the disk refuses."""
        place = row, text_hash(text)
        if place in self._read():
            self._append({"undo": place})

    def find(self, row: int, text: str) -> Correction | None:
        """What was said of the row; None where nothing was, or it was undone."""
        return self._read().get((row, text_hash(text)))

    def __iter__(self) -> Iterator[Correction]:
        return iter(list(self._read().values()))

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[Place, Correction]:
        """Again only where the file has changed."""
        try:
            found = self.path.stat()
            state = (found.st_size, found.st_mtime_ns)
            if state != self._state:
                self._known, self._damaged = _sorted_out(self.path.read_bytes().split(b"\n"))
                self._state = state
        except FileNotFoundError:
            self._known, self._state, self._damaged = {}, None, ()
        except OSError as error:
            raise InputError(
                message("The file cannot be read: {reason}.", reason=error.strerror or str(error)),
                str(self.path),
                message("Check the path and that you may read it."),
            ) from error
        return self._known

    def _append(self, tree: dict[str, Any]) -> None:
        line = sealed_line(tree)
        with disk_errors(self.path), self.path.open("ab+") as file:
            file.seek(0, os.SEEK_END)
            if file.tell() > 0:
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line  # after a torn line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._state = None


def text_hash(text: str) -> str:
    """Equal for texts that differ by mark-up, entities and spaces alone: mends must not hide a corrected row."""
    plain = html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text
    return hashlib.blake2b(" ".join(plain.split()).encode("utf-8", "replace"), digest_size=8).hexdigest()


def counting(lines: Iterable[bytes]) -> dict[Place, Correction]:
    """The corrections that count, by row, in the order in which they were made; what is no line of such a file is
    passed over."""
    return _sorted_out(lines)[0]


def _sorted_out(lines: Iterable[bytes]) -> tuple[dict[Place, Correction], tuple[int, ...]]:
    """(the corrections that count, the numbers of the lines that are none)."""
    found: dict[Place, Correction] = {}
    damaged = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            tree = line_tree(line.rstrip(b"\r"))
            if "undo" in tree:
                row, text = tree["undo"]
                found.pop((int(row), str(text)), None)
                continue
            one = Correction.from_json(tree)
        except (ValueError, KeyError, TypeError, OverflowError):
            damaged.append(number)
            continue
        found.pop(one.place, None)
        found[one.place] = one
    return found, tuple(damaged)


def read_corrections(paths: Iterable[str]) -> tuple[Correction, ...]:
    """Of several files (or of runs' folders), a later file counting more. Raises InputError for one that is missing."""
    found: dict[Place, Correction] = {}
    for name in paths:
        found.update({one.place: one for one in Corrections(corrections_file(name))})
    return tuple(found.values())


def with_own_corrections(config: RunConfig, folder: Path) -> RunConfig:
    """The config of a run that is made in `folder`, with a copy there of the corrections that it uses: what is
    corrected from now on is for later runs, and this one sees the same labels whenever it is resumed. Raises InputError
    for corrections that are missing or damaged, RunFailure when the disk refuses."""
    if not config.data.corrections:
        return config
    for name in config.data.corrections:
        _refuse_damaged(Corrections(corrections_file(name)))
    used = read_corrections(config.data.corrections)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / USED_FILE, b"".join(sealed_line(one.to_json()) for one in used))
    return config.with_values({"data.corrections": [USED_FILE]})


def _refuse_damaged(corrections: Corrections) -> None:
    """A run must not be trained with a label that was corrected, only because the correction cannot be read."""
    lines = corrections.damaged_lines
    if lines:
        raise InputError(
            message(
                "{count:plural:line:lines} of the corrections cannot be read: {lines}.",
                count=len(lines),
                lines=list(lines),
            ),
            str(corrections.path),
            message("Take these lines out of the file (what was said there is lost), or correct those rows once more."),
        )


def with_placed_corrections(config: RunConfig, folder: Path) -> RunConfig:
    """As it holds wherever the run's folder lies now."""
    if config.data.corrections != (USED_FILE,):
        return config
    return config.with_values({"data.corrections": [str(folder / USED_FILE)]})


def corrections_file(name: str) -> Path:
    """A file of corrections by its path or by that of its run. Raises InputError where there is none."""
    path = Path(name).expanduser()
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise InputError(
            message("There is no file of corrections here."),
            str(file),
            message("Choose a run on whose rows labels were corrected, or take it out of data.corrections."),
        )
    return file


def _label(value: Any) -> Label:
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    if isinstance(value, str | float | int) and not isinstance(value, bool):
        return value
    raise ValueError(value)
