"""ComparePage: which one is better, and is it luck?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.config.tasks.registry import type_of
from engine.errors import AttuneError
from engine.records import Comparison, Progress
from engine.runs.history import History
from studio.pages.compare.chips import ChipRow
from studio.pages.compare.chosen_groups import MOST_RUNS, ChosenGroup, groups_of, runs_of
from studio.pages.compare.curves_card import CurvesCard
from studio.pages.compare.results_card import ResultsCard
from studio.pages.compare.rows_card import RowsCard
from studio.pages.compare.run_picker import RunPicker
from studio.pages.compare.settings_card import SettingsCard
from studio.pages.page import LivePage
from studio.pages.page_header import PageHeader
from studio.plots.charts.panel import table_of_traces
from studio.plots.export.files import save_plot
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr, words
from studio.widgets import Button, EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.widgets.run_question import RunQuestion, misfit
from studio.widgets.run_summary import summarize
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook, RunEntry

_NARROW = 1000


class ComparePage(LivePage):
    """Runs of the book beside each other; the first group is the base. `run_chosen(path)` opens one;
    `ablation_wished(config, name)` wants the base taken apart."""

    redraw_ms = 500
    run_chosen = Signal(object)
    ablation_wished = Signal(object, str)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent)
        self._paths: list[Path] = []
        self._groups: tuple[ChosenGroup, ...] = ()
        self._source: str | None = None
        self._picker: RunPicker | None = None
        self._lay_out()
        book.changed.connect(self._on_changed)
        book.deleted.connect(self._on_deleted)
        self._show_chosen()

    @property
    def path(self) -> Path | None:
        """The first of the runs."""
        return self._paths[0] if self._paths else None

    def shows(self, path: Path) -> bool:
        return path in self._paths

    # -- what is compared ----------------------------------------------------------------------------------------------

    def show_runs(self, paths: Sequence[Path]) -> None:
        """Compare other runs; a study stands for its runs. The first one's group is the base."""
        self._banner.clear()
        self._source = None
        self._scroll.verticalScrollBar().setValue(0)
        self._choose(self._known(paths))

    def add(self, path: Path) -> None:
        """One more run or study."""
        self._banner.clear()
        self._choose([*self._paths, *self._known([path])])

    def compare_on(self, file: Path) -> None:
        """Measure all of them on another labelled file."""
        self._source = str(file)
        self._ask()

    def _known(self, paths: Sequence[Path]) -> list[Path]:
        try:
            return runs_of(self._book, paths)
        except AttuneError as error:
            self._banner.show_error(error)
            return []

    def _choose(self, paths: Sequence[Path]) -> None:
        """In the order of the groups, each run once."""
        wanted = list(dict.fromkeys(paths))[:MOST_RUNS]
        try:
            self._groups = groups_of(self._book, wanted)
        except AttuneError as error:
            self._banner.show_error(error)
            return
        self._paths = [path for one in self._groups for path in one.paths]
        self._show_chosen()
        self._ask()

    def _remove(self, number: int) -> None:
        self._choose([path for one in self._groups if one.number != number for path in one.paths])

    def _make_base(self, number: int) -> None:
        if number:
            others = [path for one in self._groups if one.number != number for path in one.paths]
            self._choose([*self._groups[number].paths, *others])

    def _choose_newest(self) -> None:
        """Of those that answer the newest one's question."""
        newest = [one.path for one in self._book.entries() if one.study is None and _has_checkpoint(one)]
        fitting = [path for path in newest if not misfit(self._question(newest[0]), self._question(path))]
        self.show_runs(fitting[:2])

    # -- state ---------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same."""
        return {
            "paths": [str(path) for path in self._paths],
            "source": self._source,
            "curves": self._curves.state(),
            "figure": self._results.drawn_figure(),
            "scroll": self._scroll.verticalScrollBar().value(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._curves.restore(state.get("curves", {}))
        self._results.wish_figure(str(state.get("figure", "accuracy")))
        self._source = state.get("source")
        self._choose(self._known([path for path in map(Path, state.get("paths", ())) if path.exists()]))
        self._scroll.verticalScrollBar().setValue(int(state.get("scroll", 0)))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _redraw(self) -> None:
        self._curves.show_groups(self._groups, self._histories)

    def _show_chosen(self) -> None:
        self._pages.setCurrentIndex(1 if self._groups else 0)
        self._export.setVisible(bool(self._groups))
        self._ablate.setVisible(bool(self._groups) and _can_be_taken_apart(self._groups[0]))
        self._chips.show_groups(self._groups)
        self._head.say("" if self._groups else tr("Put runs beside each other, and see what is skill and what luck."))
        if self._groups:
            self._settings.show_groups(self._groups, [self._histories(one) for one in self._groups])
            self._curves.show_groups(self._groups, self._histories)

    def _histories(self, one: ChosenGroup) -> list[History]:
        return [self._book.entry(path).history for path in one.paths]

    # -- asking --------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if len(self._paths) < 2:
            self._asker.stop("compare")
            told = tr("Add a second run: which one is better can only be said of two.")
            self._results.wait(told, -1.0)
            self._rows.show_comparison(None)
            self._head.say(told if self._groups else self._head.sentence.text())
            return
        told = tr("Every run is asked about the same texts…")
        self._head.say(told)
        self._results.wait(told, 0.0)
        self._rows.show_comparison(None)
        runs = [self._book.entry(path).run for path in self._paths]
        query = Query("compare", (tuple(self._paths), self._source), runs, source=self._source)
        self._asker.ask(query.success(self._take).progress(self._follow).failure(self._fail))

    def _follow(self, progress: Progress) -> None:
        self._results.track.set_share(progress.done / max(1, progress.total))

    def _take(self, comparison: Comparison) -> None:
        self._banner.clear()
        self._head.say(words(comparison.headline))
        self._results.show_comparison(comparison)
        self._rows.show_comparison(comparison)

    def _fail(self, error: AttuneError) -> None:
        self._head.say(words(error.what))
        self._results.wait(words(error.mend), -1.0)
        self._banner.show_error(error)

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _open_picker(self) -> None:
        if self._picker is None:
            self._picker = RunPicker(self._book, self)
            self._picker.chosen.connect(self.add)
        place = self._chips.add.mapTo(self, QPoint(0, self._chips.add.height() + 4))
        self._picker.open(place, set(self._paths), self._question(self._paths[0]) if self._paths else None)

    def _question(self, path: Path) -> RunQuestion | None:
        return summarize(self._book.entry(path)).question

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Compare on a labelled file"))
        if chosen:
            self.compare_on(Path(chosen))

    def _export_figure(self) -> None:
        kinds = "PNG (*.png);;SVG (*.svg);;CSV (*.csv)"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export figure"), "comparison.png", kinds)
        if not chosen:
            return
        try:
            traces = self._curves.traces()
            save_plot(Path(chosen), self._curves.plot, "Curves", lambda: table_of_traces(traces))
        except AttuneError as error:
            self._banner.show_error(error)

    def _wish_ablation(self) -> None:
        first = self._groups[0]
        self.ablation_wished.emit(first.group.config, first.title)

    # -- building ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._build_parts()
        self._head = self._header()
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        parts = (self._head, self._banner, self._chips, (self._body(), 1))
        self._scroll = scrolling(vbox(*parts, gap=GAP, margins=margins))
        fill(QVBoxLayout(self), self._scroll)

    def _build_parts(self) -> None:
        self._banner, self._chips = ErrorBanner(), ChipRow()
        self._curves, self._settings, self._results = CurvesCard(), SettingsCard(), ResultsCard()
        self._rows = RowsCard()
        self._chips.removed.connect(self._remove)
        self._chips.based.connect(self._make_base)
        self._chips.add_wished.connect(self._open_picker)
        self._results.run_chosen.connect(self.run_chosen)
        self._results.file_wished.connect(self._choose_file)
        self._empty = EmptyState(
            "ph.git-diff",
            tr("Nothing to compare yet"),
            tr(
                "Choose runs here, or several in the list at the left with Ctrl or Shift. A study opens as its "
                "variants."
            ),
            tr("Compare the two newest"),
        )
        self._empty.acted.connect(self._choose_newest)

    def _header(self) -> PageHeader:
        self._export = Button(tr("Export figure"), "plain", "ph.export")
        self._export.setObjectName("export_compared")
        self._export.clicked.connect(self._export_figure)
        self._ablate = Button(tr("New ablation"), "primary", "ph.flask")
        self._ablate.setObjectName("ablate_compared")
        self._ablate.clicked.connect(self._wish_ablation)
        header = PageHeader(tr("Compare"), "compare_answer", self._export, self._ablate)
        header.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return header

    def _body(self) -> QWidget:
        parts = ((self._curves, 8), (self._settings, 5))
        self._top = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), *parts, gap=GAP)
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(panel(vbox((self._top, 1), self._results, self._rows, gap=GAP)))
        return body

    # -- when to draw --------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """Names may have changed."""
        if not self._groups:
            return
        try:
            found = groups_of(self._book, self._paths)
        except AttuneError:  # it says so when it is opened
            return
        if [one.title for one in found] != [one.title for one in self._groups]:
            self._choose(self._paths)

    def _on_deleted(self, path: Path) -> None:
        left = [one for one in self._paths if path not in (one, one.parent)]
        if left != self._paths:
            self._choose(left)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._top, self.width() >= _NARROW)


def _can_be_taken_apart(one: ChosenGroup) -> bool:
    return type_of(one.group.config.task).can("ablate")


def _has_checkpoint(entry: RunEntry) -> bool:
    try:
        return bool(entry.run.checkpoints)
    except AttuneError:
        return False
