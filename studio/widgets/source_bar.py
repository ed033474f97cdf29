"""SourceBar: which texts are measured, by which checkpoint, and how far that has come."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from engine.records import Progress
from studio.file_pairs import short_name
from studio.numbers import NOTHING, duration, number, percent
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.layouts import fill
from studio.widgets.progress_track import ProgressTrack
from studio.widgets.segmented_control import SegmentedControl


class Chosen(Protocol):
    """`split` is "validation", "test", or "data" for the file `source`."""

    @property
    def split(self) -> str: ...
    @property
    def source(self) -> str | None: ...


class SourceBar(QWidget):
    """`split_chosen(split)`, `file_chosen(path)`, `ask_wished` (measure it, or measure a newer checkpoint) and
    `stop_wished`; `all_wished(is_open)`: all figures."""

    split_chosen = Signal(str)
    file_chosen = Signal(object)
    ask_wished = Signal()
    stop_wished = Signal()
    all_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.splits = SegmentedControl(
            [("validation", tr("Validation"), None), ("test", tr("Test"), None), ("data", tr("File"), None)]
        )
        self.splits.setObjectName("measuredSplit")
        self.splits.setAccessibleName(tr("Texts to measure on"))
        self.splits.changed.connect(self._choose)
        self.file = Button(tr("Another file…"), "plain", "ph.folder-open", size="small")
        self.file.setObjectName("anotherFile")
        self.file.setToolTip(tr("Or drop a file with texts and labels anywhere on this page"))
        self.file.clicked.connect(self.browse)
        self._about = ElidingLabel()
        self._about.setProperty("kind", "second")
        self._about.setObjectName("measuredAbout")
        self.ask = Button(tr("Measure now"), "plain", "ph.ruler", size="small")
        self.ask.setObjectName("measureNow")
        self.ask.clicked.connect(self.ask_wished)
        self._track = ProgressTrack()
        self._track.setObjectName("measuredTrack")
        self._track.setAccessibleName(tr("Answered so far"))
        self._left = Caption()
        self._left.setObjectName("measuredLeft")
        self.stop = Button(tr("Stop"), "plain", "ph.x", size="small")
        self.stop.setObjectName("stopMeasuring")
        self.stop.clicked.connect(self.stop_wished)
        self.all = Button(tr("All figures"), "quiet", "ph.caret-down", size="small")
        self.all.setObjectName("allFigures")
        self.all.setCheckable(True)
        self.all.toggled.connect(self._toggle)
        self._shown: str | None = None
        self._file: str | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        tracked = ((self._about, 2, middle), (self._track, 1, middle))
        others = [(one, 0, middle) for one in (self._left, self.ask, self.stop, self.all)]
        fill(QHBoxLayout(self), (self.splits, 0, middle), (self.file, 0, middle), *tracked, *others, gap=10)

    def show_source(self, splits: tuple[str, ...], wanted: Chosen | None, *, is_newer: bool) -> None:
        """`splits` are the run's own; `wanted` is what is shown, or on its way."""
        if wanted is not None and wanted.source is not None:
            self._file = wanted.source
        for key in ("validation", "test", "data"):
            self.splits.segment(key).setVisible(key in splits or (key == "data" and self._file is not None))
        if self._file is not None:
            name = short_name(self._file)
            self.splits.segment("data").setText(name if len(name) <= 24 else f"{name[:11]}…{name[-11:]}")
            self.splits.segment("data").setToolTip(self._file)
            self.splits.segment("data").updateGeometry()
        self.splits.setVisible(bool(splits) or self._file is not None)
        self._shown = wanted.split if wanted is not None else None
        if self._shown is not None:
            self.splits.set_current(self._shown)
        self.ask.setText(tr("Measure the newer checkpoint") if is_newer else tr("Measure now"))
        self.ask.updateGeometry()

    def forget_file(self) -> None:
        """Of another run."""
        self._file = None

    def show_about(self, step: str, count: int | None) -> None:
        """The checkpoint, and how many texts it has read."""
        place = tr("Checkpoint of step {step}", step=number(int(step.removeprefix("step-")))) if step else ""
        rows = tr("{count:plural:text:texts}", count=count) if count is not None else ""
        self._about.setText(" · ".join(part for part in (place, rows) if part))

    def show_progress(self, progress: Progress | None, seconds_left: float, *, is_asking: bool, can_ask: bool) -> None:
        """The bar and Stop while it is answered; a button to begin where nothing is asked by itself."""
        for widget in (self._track, self._left, self.stop):
            widget.setVisible(is_asking)
        self._about.setVisible(not is_asking)
        self.ask.setVisible(can_ask and not is_asking)
        share = progress.done / max(1, progress.total) if progress is not None else 0.0
        self._track.set_share(share)
        left = duration(seconds_left) if math.isfinite(seconds_left) else NOTHING
        if progress is None:
            self._left.setText(tr("Opening the model …"))
        elif left == NOTHING:
            self._left.setText(percent(share, 0))
        else:
            self._left.setText(tr("{share}, {left} left", share=percent(share, 0), left=left))

    def browse(self) -> None:
        """Let the person choose a file."""
        kinds = (
            tr("Texts")
            + " (*.csv *.tsv *.txt *.json *.jsonl *.parquet *.gz *.bz2 *.xz *.zip);;"
            + tr("All files")
            + " (*)"
        )
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a file of labelled texts"), "", kinds)
        if chosen:
            self.file_chosen.emit(Path(chosen))

    def _choose(self, key: str) -> None:
        if key == "data" and self._file is not None:
            self.file_chosen.emit(Path(self._file))
        elif key != "data":
            self.split_chosen.emit(key)

    def _toggle(self, is_open: bool) -> None:
        self.all.set_icon("ph.caret-up" if is_open else "ph.caret-down")
        self.all_wished.emit(is_open)
