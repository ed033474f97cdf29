"""SweepPanel: quality against variety, the GAN beside its maximum-likelihood model with a temperature."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.records import Progress, Sweep
from studio import theme
from studio.pages.samples.comparison import comparison
from studio.plots.charts.quality_diversity import SweepPlot
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption
from studio.widgets.progress_track import ProgressTrack
from studio.widgets.veil import Veil


class SweepPanel(QWidget):
    """`measure_wished` and `stop_wished`. A few minutes of measuring, kept with the run."""

    measure_wished = Signal()
    stop_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = SweepPlot()
        self._veil = Veil(self.plot)
        self._why = Caption(
            tr(
                "Quality alone proves nothing: a model that only guessed the next word can be made to write better or "
                "more varied by its temperature. Is the GAN better than that?"
            ),
            wrap=True,
        )
        self.sentence = QLabel()
        self.sentence.setObjectName("comparison")
        self.sentence.setFont(theme.font(theme.BODY, 500))
        self.sentence.setWordWrap(True)
        self.measure = Button(tr("Measure it"), "plain", "ph.ruler", size="small")
        self.measure.setObjectName("measureSweep")
        self.measure.clicked.connect(self._measure_or_stop)
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Measured so far"))
        self._is_measuring = False
        self._lay_out()
        self.show_sweep(None)
        self.show_progress(None)

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._why)
        column.addWidget(self.sentence)
        column.addWidget(self.plot, 1)
        foot.setSpacing(10)
        foot.addWidget(self.measure)
        foot.addWidget(self.track, 1)
        foot.addStretch(0)
        column.addLayout(foot)
        column.addStretch(0)

    def show_sweep(self, sweep: Sweep | None) -> None:
        """None: not measured yet."""
        self.plot.set_points(sweep.points if sweep is not None else ())
        self.plot.setVisible(bool(self.plot.points()))
        self._why.setVisible(not self.plot.points())
        said = comparison(sweep) if sweep is not None else ""
        self.sentence.setText(said)
        self.sentence.setVisible(bool(said))
        self._words = tr("Measure again") if self.plot.points() else tr("Measure it")
        if not self._is_measuring:
            self.measure.setText(self._words)

    def show_progress(self, progress: Progress | None) -> None:
        """None while nothing is measured; a part of the sweep that comes with the progress is drawn."""
        self._is_measuring = progress is not None
        self.track.setVisible(progress is not None)
        self.measure.setText(self._words if progress is None else tr("Stop"))
        self.measure.set_icon("ph.ruler" if progress is None else "ph.x")
        if progress is not None:
            self.track.set_share(progress.done / max(1, progress.total))
            if isinstance(progress.partial, Sweep):
                self.show_sweep(progress.partial)
        self._veil.draw(progress is not None and not isinstance(progress.partial, Sweep))

    def _measure_or_stop(self) -> None:
        if self._is_measuring:
            self.stop_wished.emit()
        else:
            self.measure_wished.emit()
