"""Labelling: the folder of texts that a person gives labels to, beside the runs.

labelling.json      format, title, where the texts came from, seed, how many texts, their sum; star, tags and note
texts.parquet       the texts themselves, each once: `row` as in the source, `text`, `others` (rows with the same text)
labels.jsonl        all that was said, one act a line with a sum of its own; only ever added to
measured.json       what the model measured last, for lists

An act is on the disk before the next text is shown. Undo is an act too, so it goes back over many steps and sessions.
Which texts are check texts is drawn once, for all texts alike: a third of them, in an order by chance. They are shown
without a suggestion and never learned from, so that how often the model is right on them holds for all texts.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.messages import message
from engine.runs.checksums import Damage, line_tree, read_object, sealed, sealed_line, sha256
from engine.runs.damaged_run import DamagedRun, opened_or_damaged
from engine.runs.files import disk_errors, write_atomic
from engine.runs.names import free_name, plain_text, safe_name
from engine.runs.partial_files import aside_of, discard
from engine.runs.run import folders_in
from engine.runs.run_facts import FORMAT, LABELLING_FILE, read_labelling

if TYPE_CHECKING:
    import pyarrow as pa

TEXTS_FILE, JOURNAL, MEASURED = "texts.parquet", "labels.jsonl", "measured.json"
CHECK_EVERY = 3
"""One text in so many is a check text."""
LEARN_EVERY = 20
"""The model learns again after so many labels."""

Act = Literal["label", "unsure", "skip", "undo", "name", "asked"]


@dataclass(frozen=True)
class Said:
    """One act: what a person said of a row (`label`; "unsure" or "skip" without one), that a label has this name, that
    the last act is undone, or that a check text was asked. `is_check`: the label measures and is not learned from."""

    act: Act
    row: int = 0
    label: str = ""
    is_check: bool = False
    when: float = 0.0

    def to_json(self) -> dict[str, Any]:
        tree: dict[str, Any] = {"act": self.act, "when": self.when}
        if self.act not in ("undo", "name"):
            tree["row"] = self.row
        if self.label:
            tree["label"] = self.label
        if self.is_check:
            tree["check"] = True
        return tree

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Said:
        """Raises KeyError, TypeError or ValueError for what is none."""
        act = tree["act"]
        if act not in ("label", "unsure", "skip", "undo", "name", "asked"):
            raise ValueError(act)
        label = str(tree.get("label", ""))
        if act in ("label", "name") and not label:
            raise ValueError("a label without a name")
        row = 0 if act in ("undo", "name") else int(tree["row"])
        return Said(act, row, label, bool(tree.get("check", False)), float(tree.get("when", 0.0)))


@dataclass
class Labels:
    """What counts of all that was said. `given` rows with their labels in the order in which they were given, of which
    those in `checks` measure; `unsure` and `skipped` rows; `names` of all labels; `asked` check texts that a program
    was told to ask; `acts` are those that an undo would take back, the last one last."""

    names: list[str] = field(default_factory=list)
    given: dict[int, str] = field(default_factory=dict)
    checks: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)
    skipped: dict[int, None] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    acts: list[Said] = field(default_factory=list)

    @property
    def learned(self) -> dict[int, str]:
        """Rows that are learned from, in the order in which they were labelled."""
        return {row: label for row, label in self.given.items() if row not in self.checks}

    @property
    def checked(self) -> dict[int, str]:
        """Check texts with what they are."""
        return {row: label for row, label in self.given.items() if row in self.checks}

    def counts(self) -> dict[str, int]:
        """How many texts have each label, in the order of the labels."""
        found = dict.fromkeys(self.names, 0)
        for label in self.given.values():
            found[label] = found.get(label, 0) + 1
        return found

    def take(self, said: Said) -> None:
        """Put one more act in, and look at the row as it stands now."""
        if said.act == "undo":
            if self.acts:
                undone = self.acts.pop()
                self._replay(undone)
            return
        if said.act == "asked":
            self.asked.add(said.row)
            return
        if said.act == "name":
            self._name(said.label)
            return
        self.acts.append(said)
        self._apply(said)

    def _name(self, label: str) -> None:
        if label not in self.names:
            self.names.append(label)

    def _apply(self, said: Said) -> None:
        self.given.pop(said.row, None)
        self.checks.discard(said.row)
        self.unsure.discard(said.row)
        self.skipped.pop(said.row, None)
        if said.act == "label":
            self._name(said.label)
            self.given[said.row] = said.label
            if said.is_check:
                self.checks.add(said.row)
        elif said.act == "unsure":
            self.unsure.add(said.row)
        else:
            self.skipped[said.row] = None

    def _replay(self, undone: Said) -> None:
        """The row is as it was before: as the last act on it that still counts left it."""
        earlier = next((one for one in reversed(self.acts) if one.row == undone.row), None)
        self._apply(earlier if earlier is not None else Said("skip", undone.row))
        if earlier is None:
            self.skipped.pop(undone.row, None)
            return
        if earlier.act == "label":  # at its own place in the order again
            order = [one.row for one in self.acts if one.act == "label"]
            last = {row: place for place, row in enumerate(order)}
            self.given = dict(sorted(self.given.items(), key=lambda pair: last.get(pair[0], -1)))


@dataclass(frozen=True)
class Labelling:
    """A labelling project on disk; `path` is absolute. Cheap to make: everything is read when asked for."""

    path: Path

    @staticmethod
    def create(
        folder: Path,
        source: str,
        column: str,
        texts: pa.Table,
        labels: Sequence[str],
        *,
        name: str | None = None,
        path: Path | None = None,
        num_left_out: int = 0,
        seed: int = 0,
    ) -> Labelling:
        """Make `path`, or a free place in `folder`. `texts` has the columns row (int64), text (string) and others (list
        of int64). Raises InputError where something lies there already, RunFailure when the disk refuses."""
        title = plain_text(name or Path(source).stem or source)
        place = (
            path if path is not None else folder / (safe_name(name) if name else free_name(folder, title))
        ).resolve()
        if place.exists() and any(place.iterdir()):
            raise InputError(
                message("There is something of this name already."), str(place), message("Choose another name.")
            )
        with disk_errors(place):
            place.mkdir(parents=True, exist_ok=True)
        total = _write_texts(place / TEXTS_FILE, texts)
        about = {
            "format": FORMAT,
            "title": title,
            "created": time.time(),
            "source": plain_text(source),
            "column": column,
            "num_texts": texts.num_rows,
            "num_left_out": num_left_out,
            "seed": seed,
            "texts": total,
        }
        with disk_errors(place), (place / JOURNAL).open("ab") as file:
            for label in labels:
                file.write(sealed_line(Said("name", label=plain_text(label), when=time.time()).to_json()))
        write_atomic(place / LABELLING_FILE, sealed(about, indent=1))  # last: a folder without it is no project
        return Labelling(place)

    @staticmethod
    def open(path: Path) -> Labelling:
        """Raises InputError when the folder holds no project, one of another version, or a damaged one."""
        place = path.resolve()
        read_labelling(place)
        return Labelling(place)

    @property
    def about(self) -> dict[str, Any]:
        """labelling.json. Raises InputError where it was spoilt or taken away meanwhile."""
        return read_labelling(self.path)

    @property
    def name(self) -> str:
        return str(self.about.get("title", self.path.name))

    @property
    def num_texts(self) -> int:
        return int(self.about["num_texts"])

    @property
    def source(self) -> str:
        return str(self.about.get("source", ""))

    @cached_property
    def texts(self) -> pa.Table:
        """Columns row, text, others. Raises InputError where the file is not as it was written."""
        import pyarrow.parquet as pq

        file = self.path / TEXTS_FILE
        try:
            if sha256(file) != self.about.get("texts"):
                raise Damage(message("its check-sum does not fit"))
            return pq.read_table(file)
        except (OSError, ValueError) as error:
            why = error.why if isinstance(error, Damage) else message("{reason}", reason=str(error))
            raise InputError(
                message("The texts of this project cannot be read: {why}.", why=why),
                str(file),
                message("Put the file back from a copy. Your labels are safe in {file}.", file=JOURNAL),
            ) from error

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """[texts]: the row of each text in its source, rising."""
        return np.asarray(self.texts["row"], dtype=np.int64)

    def text(self, row: int) -> str:
        place = int(np.searchsorted(self.rows, row))
        return str(self.texts["text"][place])

    @cached_property
    def check_order(self) -> NDArray[np.int64]:
        """[check texts]: their rows in the order in which they are asked; a third of all texts, drawn by chance."""
        drawn = np.random.default_rng(int(self.about.get("seed", 0))).permutation(self.rows)
        return drawn[: max(1, len(drawn) // CHECK_EVERY)]

    @cached_property
    def chance_order(self) -> NDArray[np.int64]:
        """[other texts]: their rows, in an order by chance."""
        drawn = np.random.default_rng(int(self.about.get("seed", 0))).permutation(self.rows)
        return drawn[max(1, len(drawn) // CHECK_EVERY) :]

    def last_measured(self) -> dict[str, Any]:
        """measured.json: what was measured last, as JSON; empty before that, and where the file is damaged: it is made
        anew. Lists read it."""
        try:
            return read_object(self.path / MEASURED)
        except (OSError, Damage):
            return {}

    def keep_measured(self, tree: Mapping[str, Any]) -> None:
        """Write down what was measured. Raises RunFailure when the disk refuses."""
        write_atomic(self.path / MEASURED, sealed(tree))

    def journal(self) -> LabelJournal:
        """All that was said so far. Raises InputError where it cannot be read."""
        return LabelJournal(self.path / JOURNAL)


class LabelJournal:
    """The acts of one project; one writer at a time adds to it. `labels` is what counts; `num_damaged` lines cannot be
    read: what was said there is lost, and told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.labels = Labels()
        self.num_damaged = 0
        self._size = 0
        self.refresh()

    def refresh(self) -> None:
        """Take over what another process added since the last look."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._size)
                content = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise InputError(
                message("The labels cannot be read: {reason}.", reason=error.strerror or str(error)),
                str(self._path),
                message("Check the path and that you may read it."),
            ) from error
        end = content.rfind(b"\n") + 1
        self._size += end
        for line in content[:end].split(b"\n"):
            if line.strip():
                self._take_line(line)

    def label(self, row: int, label: str, *, is_check: bool = False) -> None:
        """The label of a row; another one replaces it. Raises RunFailure when the disk refuses, and nothing counts."""
        self.add([Said("label", row, plain_text(label), is_check, time.time())])

    def unsure(self, row: int) -> None:
        """Nobody can say: set aside, never learned from."""
        self.add([Said("unsure", row, when=time.time())])

    def skip(self, row: int) -> None:
        """Later: it comes again when nothing else is left."""
        self.add([Said("skip", row, when=time.time())])

    def undo(self) -> Said | None:
        """Take the last act back; returns it. None where there is nothing to take back."""
        if not self.labels.acts:
            return None
        undone = self.labels.acts[-1]
        self.add([Said("undo", when=time.time())])
        return undone

    def name(self, label: str) -> None:
        """One more label. Raises InputError for an empty one and one that there is."""
        wanted = plain_text(" ".join(label.split()))
        if not wanted:
            raise InputError(message("A label needs a name."), label, message("Write at least one letter or digit."))
        if wanted in self.labels.names:
            raise InputError(
                message("There is a label “{label}” already.", label=wanted), wanted, message("Choose another name.")
            )
        self.add([Said("name", label=wanted, when=time.time())])

    def add(self, acts: Iterable[Said]) -> None:
        """Write acts down, all at once and whole; then they count. Raises RunFailure when the disk refuses."""
        said = list(acts)
        lines = b"".join(sealed_line(one.to_json()) for one in said)
        with disk_errors(self._path), self._path.open("ab+") as file:
            file.seek(0, os.SEEK_END)
            size = file.tell()
            if size > 0:
                file.seek(-1, os.SEEK_END)
                lines = lines if file.read(1) == b"\n" else b"\n" + lines  # after a line that a crash tore
            try:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(size)
                raise
        self.refresh()

    def _take_line(self, line: bytes) -> None:
        try:
            self.labels.take(Said.from_json(line_tree(line)))
        except (ValueError, KeyError, TypeError, OverflowError):
            self.num_damaged += 1


def is_labelling(path: Path) -> bool:
    """Whether a folder seems to hold a labelling project."""
    return (path / LABELLING_FILE).is_file()


def labellings_in(folder: Path) -> list[Labelling | DamagedRun]:
    """Every project of a folder; those that cannot be opened with the reason."""
    found = [opened_or_damaged(path.absolute(), Labelling.open, LABELLING_FILE) for path in folders_in(folder)]
    return [one for one in found if one is not None]


def _write_texts(file: Path, texts: pa.Table) -> str:
    """Returns the file's sum."""
    import pyarrow.parquet as pq

    aside = aside_of(file)
    with disk_errors(file):
        try:
            pq.write_table(texts, aside, compression="zstd")
            aside.replace(file)
        finally:
            discard(aside)
    return sha256(file)
