"""DoubtfulHead: on which rows doubtful labels are sought, how far that is, and how many were reviewed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from studio.pages.evaluation.draft import Subject
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import ElidingLabel
from studio.widgets.layouts import fill
from studio.widgets.progress_track import ProgressTrack


class DoubtfulHead(QWidget):
    """`split_chosen(split)`; `wished` wants the search, `stopped` no longer."""

    split_chosen = Signal(str)
    wished = Signal()
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._combo = QComboBox()
        self._combo.setObjectName("suspectSplit")
        self._combo.setAccessibleName(tr("On which rows"))
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._combo.activated.connect(lambda _index: self.split_chosen.emit(self.split))
        self.counts = ElidingLabel()
        self.counts.setProperty("kind", "second")
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Progress of the search"))
        self.stop = Button(tr("Stop"), "plain", "ph.x", size="small")
        self.stop.setObjectName("stopSuspects")
        self.stop.clicked.connect(self.stopped)
        self.again = Button(tr("Look again"), "quiet", "ph.arrow-clockwise", size="small")
        self.again.setObjectName("suspectsAgain")
        self.again.clicked.connect(self.wished)
        fill(QHBoxLayout(self), self._combo, (self.counts, 1), (self.track, 1), self.stop, self.again, gap=10)
        self.show_progress(None)

    @property
    def split(self) -> str:
        """The chosen split; "data" for the file that was evaluated."""
        return str(self._combo.currentData() or "train")

    def choose(self, split: str) -> None:
        self._combo.setCurrentIndex(max(0, self._combo.findData(split)))

    def show_splits(self, subject: Subject | None) -> None:
        """The run's splits, and the file that was evaluated instead of one."""
        kept = self.split
        self._combo.clear()
        self._combo.addItem(tr("training rows"), "train")
        self._combo.addItem(tr("validation rows"), "validation")
        if subject is not None and subject.run is not None and _has_test(subject):
            self._combo.addItem(tr("test rows"), "test")
        if subject is not None and subject.answers.split == "data":
            self._combo.addItem(tr("rows of the file"), "data")
        self.choose(kept)

    def show_asked(self, *, has_found: bool) -> None:
        self.again.setVisible(has_found)

    def show_progress(self, share: float | None) -> None:
        """None while nothing is sought."""
        self.track.setVisible(share is not None)
        self.stop.setVisible(share is not None)
        self.counts.setVisible(share is None)
        self.track.set_share(share or 0.0)
        if share is not None:
            self.again.hide()

    def show_counts(self, total: int, reviewed: int, changed: int) -> None:
        if not total:
            self.counts.setText("")
            return
        self.counts.setText(
            tr(
                "{count:plural:doubtful label:doubtful labels}: {reviewed} reviewed, {changed} changed",
                count=total,
                reviewed=reviewed,
                changed=changed,
            )
        )
        self.counts.updateGeometry()


def _has_test(subject: Subject) -> bool:
    assert subject.run is not None
    data = subject.run.config.data
    return data.test is not None or data.test_share > 0
