"""Ledger: what the person says about labels of a run's rows, kept beside the run, with undo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import Answers
from engine.runs.corrections import Correction, Corrections, Label, correction, corrections_of
from engine.runs.run import Run
from engine.targets import target_of
from studio.numbers import figure
from studio.translation import tr


@dataclass(frozen=True)
class LabelledRow:
    """A row as it stands in its file: `split` ("data" for the file `source`) and `row` say where it is, `label` is what
    the file says of it."""

    split: str
    row: int
    text: str
    label: Label
    source: str | None = None


def labelled_row(answers: Answers, place: int) -> LabelledRow:
    """Of answers that have labels."""
    source = answers.source if answers.split == "data" else None
    label = target_of(answers.kind).own_label(answers, place)
    return LabelledRow(answers.split, int(answers.rows[place]), answers.texts[place], label, source)


class LabelEdits(QObject):
    """`changed(row)` with the `LabelledRow` about which something else is said now; `failed(error)` when the disk
    refuses: then nothing has changed."""

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._kept: Corrections | None = None
        self._before: list[tuple[LabelledRow, Correction | None]] = []

    def show_run(self, run: Run | None) -> None:
        """What was said of the run's rows before is known; what was done before cannot be undone."""
        if run is not None and self._run is not None and run.path == self._run.path:
            return
        self._run, self._before = run, []
        self._kept = None if run is None else corrections_of(run)

    @property
    def can_correct(self) -> bool:
        """A foreign model has no place to keep corrections."""
        return self._kept is not None

    @property
    def file(self) -> Path | None:
        """Where what was changed is kept; None where nothing is."""
        return self._kept.path if self._kept is not None and self.num_changed else None

    @property
    def num_changed(self) -> int:
        """Rows with another label, or left out."""
        return 0 if self._kept is None else sum(not one.is_kept for one in self._kept)

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    def find(self, row: int, text: str) -> Correction | None:
        """What counts for a row now."""
        return None if self._kept is None else self._kept.find(row, text)

    def say(self, row: LabelledRow, after: Label | None) -> bool:
        """The label that a row should have; its own: it is right; None: it is to be left out. False where the disk
        refused."""
        assert self._run is not None
        wanted = correction(self._run, row.split, row.row, row.text, row.label, after, row.source)
        return self._set(row, wanted, keeps_before=True)

    def take_back(self, row: LabelledRow) -> bool:
        """Nothing was said of the row."""
        return self._set(row, None, keeps_before=True)

    def undo(self) -> LabelledRow | None:
        """Take the last word back; None where there is none."""
        if not self._before:
            return None
        row, before = self._before.pop()
        return row if self._set(row, before, keeps_before=False) else None

    def _set(self, row: LabelledRow, wanted: Correction | None, *, keeps_before: bool) -> bool:
        assert self._kept is not None
        before = self._kept.find(row.row, row.text)
        try:
            if wanted is None:
                self._kept.remove(row.row, row.text)
            else:
                self._kept.add(wanted)
        except AttuneError as error:
            self.failed.emit(error)
            return False
        if keeps_before:
            self._before.append((row, before))
        self.changed.emit(row)
        return True


def correction_words(found: Correction) -> str:
    """What was said of a row, in a few words."""
    if found.after is None:
        return tr("left out")
    return tr("kept") if found.is_kept else tr("now “{label}”", label=label_words(found.after))


def label_words(label: Label) -> str:
    if isinstance(label, tuple):
        return ", ".join(label) if label else tr("none")
    return label if isinstance(label, str) else figure(label)
