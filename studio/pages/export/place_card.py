"""PlaceCard: where to, what goes along, and the button; while it works how far it is, with a stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from engine.messages import Message
from engine.records import Decision, Progress
from studio.numbers import number, percent
from studio.translation import language, tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.progress_track import ProgressTrack

_MOST_THRESHOLDS = 6


class PlaceCard(Card):
    """`wished(folder)`: export into it; `stopped`: give up."""

    wished = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Where to"), tr("a new folder"), parent)
        self._name = ""
        self.folder = QLineEdit()
        self.folder.setObjectName("exportFolder")
        self.folder.setAccessibleName(tr("Folder to export into"))
        self.folder.textChanged.connect(lambda text: self._go.setEnabled(bool(text.strip())))
        self.folder.returnPressed.connect(self._wish)
        self._along = QLabel()
        self._along.setObjectName("goesAlong")
        self._along.setProperty("kind", "second")
        self._along.setWordWrap(True)
        self._stack = QStackedWidget()
        self._go = Button(tr("Export"), "primary", "ph.export")
        self._stack.addWidget(self._asking())
        self._stack.addWidget(self._working())
        for part in (self._row(), self._along, self._stack):
            self.body.addWidget(part)

    def propose(self, folder: Path, name: str) -> None:
        """`name` is that of the folder which is made inside another one that is chosen."""
        self._name = name
        self.folder.setText(str(folder))
        self.folder.setCursorPosition(len(str(folder)))

    def show_decision(self, decision: Decision, *, is_number: bool) -> None:
        """What of the decision goes along."""
        self._along.setText(_goes_along(decision))
        self._along.setVisible(not is_number)

    def show_progress(self, progress: Progress | None) -> None:
        """None: nothing is being done."""
        self._stack.setCurrentIndex(0 if progress is None else 1)
        self.folder.setEnabled(progress is None)
        self._choose.setEnabled(progress is None)
        if progress is not None:
            self._track.set_share(progress.done / max(1, progress.total))
            is_told = isinstance(progress.partial, Message)
            self._said.setText(words(progress.partial) if is_told else tr("Opening the model"))  # type: ignore[arg-type]

    def _row(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        self._choose = Button(tr("Choose…"), "plain", "ph.folder-open")
        self._choose.setObjectName("chooseFolder")
        self._choose.clicked.connect(self._browse)
        row.addWidget(self.folder, 1)
        row.addWidget(self._choose)
        return whole

    def _asking(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 4, 0, 0)
        self._go.setObjectName("doExport")
        self._go.clicked.connect(self._wish)
        row.addWidget(self._go)
        row.addStretch(1)
        return whole

    def _working(self) -> QWidget:
        whole = QWidget()
        column, row = QVBoxLayout(whole), QHBoxLayout()
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        self._track, self._said = ProgressTrack(), Caption()
        self._track.setAccessibleName(tr("How far the export is"))
        self._said.setObjectName("exportSaid")
        self._said.setMinimumWidth(1)
        stop = Button(tr("Stop"), "plain", "ph.stop-fill", size="small")
        stop.setObjectName("stopExport")
        stop.clicked.connect(self.stopped)
        row.addWidget(self._said, 1)
        row.addWidget(stop)
        column.addWidget(self._track)
        column.addLayout(row)
        return whole

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Where to export"), str(Path(self.folder.text()).parent))
        if chosen:
            folder = Path(chosen)
            self.folder.setText(str(folder / self._name if any(folder.iterdir()) else folder))

    def _wish(self) -> None:
        if self.folder.text().strip() and self._stack.currentIndex() == 0:
            self.wished.emit(Path(self.folder.text().strip()))


def _goes_along(decision: Decision) -> str:
    if not decision:
        return tr("No threshold was saved: it says the likeliest label. Thresholds are set on the Evaluation page.")
    parts = []
    if decision.thresholds:
        shown = list(decision.thresholds.items())[:_MOST_THRESHOLDS]
        each = [tr("“{label}” from {share}", label=label, share=percent(value)) for label, value in shown]
        count = len(decision.thresholds)
        parts.append(tr("{count:plural:threshold goes:thresholds go} along: {each}.", count=count, each=each))
    if decision.temperature != 1.0:
        parts.append(tr("The temperature {value} goes along.", value=number(round(decision.temperature, 3))))
    return ("" if language() == "zh" else " ").join(parts)
