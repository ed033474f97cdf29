"""Explorer: a window of its own to look closer at a run's curves: choose, zoom, read every value, take them away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.errors import AttuneError
from studio.plots.charts.panel import Course, Panel, table_of_traces
from studio.plots.charts.step_plot import StepPlot
from studio.plots.export.files import save_plot
from studio.theme import CARD_PADDING, GAP, font
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import Caption, ElidingLabel, Heading
from studio.widgets.layouts import fill
from studio.widgets.toggle import Toggle

_REDRAW_MS = 500
_REST = 10
"""A run of a million steps takes longer to take over: at most a tenth of the window's time goes into it."""
_LIST_WIDTH = 208
_ZOOM = 0.5
_STRIDE = 0.01


class Explorer(QDialog):
    """`read` gives the curves as they are now; it is asked at most twice a second, and only while somebody looks."""

    def __init__(self, name: str, read: Callable[[], Course], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("explorer")
        self.setWindowTitle(tr("Curves of “{name}”", name=name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(1000, 640)
        self._read = read
        self._course = read()
        self._is_stale, self._is_zoomed, self._is_fitting = False, False, False
        self._pointed: float | None = None
        self._plots = [StepPlot(panel) for panel in self._course.panels]
        self._build()
        self._connect()
        self._timer = QTimer(self, interval=_REDRAW_MS)
        self._timer.timeout.connect(self.refresh)
        self._show_course()
        self.reset()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def mark_stale(self) -> None:
        """There are new values; they are drawn when it is time."""
        self._is_stale = True

    def refresh(self) -> None:
        """Take over what is new, when something is and the window is seen."""
        if not self._is_stale or not self.isVisible() or self.isMinimized():
            return
        self._is_stale = False
        watch = QElapsedTimer()
        watch.start()
        self._course = self._read()
        self._show_course()
        self._timer.setInterval(max(_REDRAW_MS, _REST * watch.elapsed()))

    def _show_course(self) -> None:
        for plot, panel in zip(self._plots, self._course.panels, strict=True):
            plot.view.set_end(self._course.end)
            plot.set_panel(panel, self._course.best)
        if not self._is_zoomed:
            self.reset()
        self.point_at(self._pointed)

    def point_at(self, step: float | None) -> None:
        """Read all curves out at a step; None for the latest."""
        self._pointed = None if step is None else min(max(round(step), 0), self._course.end)
        for plot in self._shown_plots():
            plot.read(self._pointed)
        at = round(self._course.end if self._pointed is None else self._pointed)
        self._where.setText(tr("latest, step {step}", step=at) if self._pointed is None else tr("step {step}", step=at))

    # -- ranges --------------------------------------------------------------------------------------------------------

    @property
    def range(self) -> tuple[float, float]:
        """The steps that are seen."""
        return self._plots[0].range

    def zoom_to(self, low: float, high: float) -> None:
        """Show only these steps, in every plot."""
        self._is_fitting = True
        for plot in self._plots:
            plot.view.setXRange(max(0.0, low), min(self._course.end, high), padding=0)
        self._is_fitting = False
        self._is_zoomed = low > 0 or high < self._course.end
        self._reset.setEnabled(self._is_zoomed)

    def reset(self) -> None:
        """Show all steps, and go on doing so while they grow."""
        self.zoom_to(0.0, self._course.end)

    def _follow(self, moved: StepPlot) -> None:
        if not self._is_fitting:
            self.zoom_to(*moved.range)

    def _zoom_by(self, factor: float) -> None:
        low, high = self.range
        middle = self._pointed if self._pointed is not None and low <= self._pointed <= high else (low + high) / 2
        self.zoom_to(middle + (low - middle) * factor, middle + (high - middle) * factor)

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _shown_plots(self) -> list[StepPlot]:
        return [plot for plot in self._plots if plot.shown]

    def _choose(self, plot: StepPlot, key: str, is_shown: bool) -> None:
        plot.show_trace(key, is_shown)
        self._arrange()
        self.point_at(self._pointed)

    def _arrange(self) -> None:
        """Plots without a curve give their room to the others; the lowest has the step numbers."""
        shown = self._shown_plots()
        for plot in self._plots:
            plot.setVisible(plot in shown)
            plot.plot.set_named(plot is (shown[-1] if shown else None))
        self._nothing.setVisible(not shown)
        self._export.setEnabled(bool(shown))

    # -- taking it away ------------------------------------------------------------------------------------------------

    def export_to(self, path: Path) -> None:
        """Write the chosen curves (CSV: all their steps; pictures: what is seen)."""
        self._banner.clear()
        try:
            traces = [trace for plot in self._plots for trace in plot.shown]
            save_plot(path, self._stage, "Curves", lambda: table_of_traces(traces))
        except AttuneError as error:
            self._banner.show_error(error)

    def _export_as(self, suffix: str) -> None:
        start = str(Path.home() / f"curves{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export curves"), start, f"*{suffix}")
        if chosen:
            path = Path(chosen)
            self.export_to(path if path.suffix else path.with_suffix(suffix))

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._banner = ErrorBanner()
        self._where = QLabel()
        self._where.setFont(font(13, 600))
        self._where.setObjectName("explorerStep")
        self._reset = Button(tr("Show all steps"), "quiet", "ph.arrows-out-line-horizontal")
        self._reset.setObjectName("explorerReset")
        self._export = Button(tr("Export curves"), "plain", "ph.export")
        self._export.setObjectName("explorerExport")
        for button in (self._reset, self._export):
            button.setAutoDefault(False)
        self._menu = QMenu(self._export)
        for suffix, words in (
            (".png", tr("Picture (PNG)")),
            (".svg", tr("Drawing (SVG)")),
            (".csv", tr("Table (CSV)")),
        ):
            self._menu.addAction(words).triggered.connect(lambda _on=False, chosen=suffix: self._export_as(chosen))
        self._nothing = Caption(tr("Choose a curve on the left."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row, column = QHBoxLayout(), QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, 12, CARD_PADDING, CARD_PADDING)
        column.setSpacing(10)
        column.addLayout(self._head())
        column.addWidget(self._banner)
        row.setSpacing(GAP)
        row.addWidget(self._list())
        row.addWidget(self._card(), 1)
        column.addLayout(row, 1)
        self._arrange()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Heading(tr("Curves"), "card"))
        head.addWidget(self._where)
        hint = ElidingLabel(tr("The wheel zooms, a drag chooses steps, Shift and a drag moves; arrows read out."))
        hint.setProperty("kind", "caption")
        hint.setFont(font(12))
        head.addWidget(hint, 1)
        head.addWidget(self._reset)
        head.addWidget(self._export)
        return head

    def _card(self) -> Card:
        card = Card()
        self._stage = QWidget()
        stage = fill(QVBoxLayout(self._stage), gap=6)
        for plot in self._plots:
            stage.addWidget(plot, plot.panel.stretch)
        stage.addWidget(self._nothing, 1)
        card.body.addWidget(self._stage)
        return card

    def _list(self) -> QScrollArea:
        """Every curve with its colour, under the name of its panel."""
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = fill(QVBoxLayout(inner), gap=6, margins=(4, 4, 4, 4))
        for plot in self._plots:
            self._list_panel(plot, column)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(_LIST_WIDTH)
        scroll.setWidget(inner)
        return scroll

    def _list_panel(self, plot: StepPlot, column: QVBoxLayout) -> None:
        panel: Panel = plot.panel
        if len(panel.traces) > 1:
            name = Heading(panel.title, "card")
            name.setFont(font(13, 600))
            column.addWidget(name)
        for trace in panel.traces:
            box = QCheckBox(trace.label)
            box.setObjectName(f"curve:{trace.key}")
            box.setAccessibleName(f"{panel.title}: {trace.label}")
            box.setStyleSheet(f"QCheckBox {{ color: {trace.color}; }}")
            box.setChecked(panel.is_shown)
            plot.show_trace(trace.key, panel.is_shown)
            box.toggled.connect(lambda is_on, plot=plot, key=trace.key: self._choose(plot, key, is_on))
            column.addWidget(box)
        if panel.can_be_log:
            log = Toggle(tr("logarithmic"))
            log.setObjectName(f"log:{panel.key}")
            log.toggled.connect(plot.set_log)
            column.addWidget(log)
        column.addSpacing(8)

    def _connect(self) -> None:
        self._reset.clicked.connect(self.reset)
        self._export.clicked.connect(self._open_menu)
        for plot in self._plots:
            plot.pointed.connect(self.point_at)
            plot.plot.home_wished.connect(self.reset)
            plot.moved.connect(lambda plot=plot: self._follow(plot))

    def _open_menu(self) -> None:
        self._menu.popup(self._export.mapToGlobal(self._export.rect().bottomLeft()))

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 420)

    # -- keys and time -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        low, high = self.range
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in ways:
            start = high if self._pointed is None else self._pointed
            self.point_at(start + ways[key] * max(1.0, _STRIDE * (high - low)))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom_by(_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self._zoom_by(1 / _ZOOM)
        elif key == Qt.Key.Key_0:
            self.reset()
        elif key == Qt.Key.Key_Escape and self._pointed is not None:
            self.point_at(None)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()
        self._timer.start()
        self._is_stale = True
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
