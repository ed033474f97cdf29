"""TrainingPage: is it learning? The run in one sentence, its curves, its figures and its log, live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.errors import AttuneError, RunFailure
from engine.runs.history import History
from studio.pages.page import LivePage
from studio.pages.training.answers_card import AnswersCard
from studio.pages.training.change_card import ChangeCard
from studio.pages.training.charts import LossCard, QualityCard
from studio.pages.training.explorer_panels import course_of
from studio.pages.training.gauges_card import GaugesCard
from studio.pages.training.log_list import LogList
from studio.pages.training.probes_card import ProbesCard
from studio.pages.training.progress_card import ProgressCard
from studio.pages.training.robust_card import RobustCard
from studio.pages.training.run_head import RunHead
from studio.pages.training.tiles import Tiles
from studio.pages.training.verdict import longer, verdict, ways_on
from studio.plots.charts.panel import Course
from studio.tasks.measures import SPLIT
from studio.tasks.registry import view_of
from studio.theme import GAP, PAGE_MARGIN, tall
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, scrolling, set_wide, vbox
from studio.workers.run_book import RunBook, RunEntry

if TYPE_CHECKING:
    from studio.plots.charts.explorer import Explorer

_WIDE, _ROOMY = 900, 1060
_CHART, _LOG = 250, 182


class TrainingPage(LivePage):
    """Shows one run of the book and sends it what the person wishes.

    `next_run_wished(config, step)`: the wizard shall begin a run from these settings, at this step of it;
    `stage_requested(path, stage)`: another page of the run.
    """

    attention_requested = Signal(object)
    next_run_wished = Signal(object, str)
    search_wished = Signal(object)
    stage_requested = Signal(object, str)

    def __init__(self, book: RunBook, parent: QWidget | None = None) -> None:
        super().__init__(book, parent=parent)
        self._news: tuple[object, ...] = ()
        self._explorers: dict[Path, Explorer] = {}
        self._build_cards()
        self._lay_out()
        book.changed.connect(self.follow)
        book.failed.connect(self._on_failed)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_run(self, path: Path) -> None:
        """Show another run of the book, from its history. Raises InputError when the folder holds none."""
        config = self._book.entry(path).config
        if path != self._path:
            self._path = path
            self._banner.clear()
            self._build_run_cards(config)
        self._news = ()
        self.refresh_now()
        content = self._scroll.widget()  # it may need to be higher than it was for another run
        content.layout().invalidate()
        QApplication.postEvent(content, QEvent(QEvent.Type.LayoutRequest))

    def state(self) -> dict[str, Any]:
        return {**super().state(), "scroll": self._scroll.verticalScrollBar().value()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._scroll.verticalScrollBar().setValue(int(state.get("scroll", 0)))

    def _redraw(self) -> None:
        """Take over what is new in the history."""
        entry = self._book.entry(self._path)
        history, config = entry.history, entry.config
        self._progress.show_history(history, config, entry.state)
        self._loss.show_history(history, config)
        self._gauges.show_history(history, config)
        self._tiles.show_costs(history, config)
        self._log.follow(history.log)
        if self._is_live(entry):
            self._change.show_history(history, view_of(config.task).training.main_player(history, config))
        news = _news_of(history, entry.state, self._book.active)
        if news != self._news or len(history.evaluations.get(SPLIT, ())) < 2:
            self._news = news
            self._show_news(entry)
        self._loss.redraw()
        self._quality.redraw()
        self._gauges.redraw()

    def look_closer(self) -> None:
        """Open the run's curves in a window of their own, or bring it to the front; each run has one."""
        from studio.plots.charts.explorer import Explorer  # brings pyqtgraph, which only this window needs

        path = self._path
        assert path is not None
        if path not in self._explorers:
            name = self._book.entry(path).name
            self._explorers[path] = Explorer(name, lambda: self._course(path), self)
        explorer = self._explorers[path]
        explorer.show()
        explorer.activateWindow()

    def _course(self, path: Path) -> Course:
        entry = self._book.entry(path)
        return course_of(entry.history, entry.config)

    def _show_news(self, entry: RunEntry) -> None:
        """What changes with an evaluation, a checkpoint or a state, not with every step."""
        history, config = entry.history, entry.config
        curves = view_of(config.task).training.read_curves(history, config)
        self._loss.show_curves(history, config, curves)
        self._quality.show_curves(history, config, curves)
        self._tiles.show_qualities(history, curves)
        self._show_words_or_probes(history, config)
        self._robust.show_history(history)
        found = verdict(history, config, entry.state)
        is_live = self._is_live(entry)
        self._change.setVisible(is_live)
        is_mine = self._book.active == self._path
        self._head.show_run(
            found, entry.state, is_live=is_live, is_mine=is_mine, ways=ways_on(history, config, entry.state)
        )
        if entry.state == "failed" and history.failure is not None:
            failure = history.failure
            self._banner.show_error(RunFailure(failure.what, failure.where, failure.mend))

    def _show_words_or_probes(self, history: History, config: RunConfig) -> None:
        """What it says, of a run that answers in words; else where it looks."""
        in_words = bool(type_of(config.task).says) or len(history.answered) > 0
        for card, is_seen in ((self._answers, in_words), (self._probes, not in_words)):
            card.setVisible(is_seen)
            if is_seen:
                card.show_history(history, config)
        self._set_words_height()

    def _set_words_height(self) -> None:
        """The row of log and answers is as high as the answers need; a grid that asks heights for widths forgets it."""
        needed = self._answers.least_height if not self._answers.isHidden() else 0
        self._cards.setRowMinimumHeight(4, max(tall(_LOG), needed))

    def _is_live(self, entry: RunEntry) -> bool:
        """Whether this window trains the run now."""
        return self._book.active == self._path and entry.state in ("running", "paused")

    # -- building ------------------------------------------------------------------------------------------------------

    def _build_cards(self) -> None:
        self._head, self._banner = RunHead(), ErrorBanner()
        self._head.wished.connect(self._book.send)
        self._head.resume_wished.connect(self._resume_run)
        self._head.next_wished.connect(self._begin_next)
        self._progress, self._change = ProgressCard(), ChangeCard()
        self._change.wished.connect(self._book.send)
        self._change.hide()
        self._loss, self._probes, self._answers = LossCard(), ProbesCard(), AnswersCard()
        self._answers.hide()
        self._loss.closer_wished.connect(self.look_closer)
        self._probes.attention_requested.connect(lambda: self.attention_requested.emit(self._path))
        self._robust, self._gauges = RobustCard(), GaugesCard()
        self._log_card = Card(tr("What happened"))
        self._log = LogList()
        self._log_card.body.addWidget(self._log, 1)

    def _lay_out(self) -> None:
        self._top = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (self._progress, 1), self._change, gap=GAP)
        self._cards = QGridLayout()
        self._cards.setSpacing(GAP)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN - 4)
        parts = vbox(self._head, self._banner, self._top, (self._cards, 1), gap=GAP, margins=margins)
        self._scroll = scrolling(parts)
        fill(QVBoxLayout(self), self._scroll)

    def _build_run_cards(self, config: RunConfig) -> None:
        """The cards whose titles depend on the run."""
        for card in self._run_cards():
            card.setParent(None)
            card.deleteLater()
        self._loss.plot.clear_series()
        self._gauges.clear()
        self._quality, self._tiles = QualityCard(config), Tiles(config)
        self._quality.closer_wished.connect(self.look_closer)
        for tile in self._tiles.all:
            tile.setMinimumWidth(100)
        self._arrange()

    def _run_cards(self) -> list[QWidget]:
        return [self._quality, *self._tiles.all] if hasattr(self, "_quality") else []

    def _room(self) -> tuple[bool, bool]:
        """(whether the progress has room for its neighbour, whether five tiles stand in one row)."""
        return self.width() >= tall(_WIDE), self.width() >= _ROOMY

    def _arrange(self) -> None:
        """Twenty columns for charts, tiles, log and probe texts."""
        self._arranged_for = is_wide, is_roomy = self._room()
        grid = self._cards
        while grid.takeAt(0) is not None:
            pass
        for column in range(20):
            grid.setColumnStretch(column, 1)
        set_wide(self._top, is_wide)
        grid.addWidget(self._loss, 0, 0, 1, 10)
        grid.addWidget(self._quality, 0, 10, 1, 10)
        places = [(1, 4 * index, 4) for index in range(5)]
        if not is_roomy:
            places = [(1, 0, 10), (1, 10, 10), (2, 0, 7), (2, 7, 6), (2, 13, 7)]
        for tile, (row, column, span) in zip(self._tiles.all, places, strict=True):
            grid.addWidget(tile, row, column, 1, span)
        grid.addWidget(self._gauges, 3, 0, 1, 20)
        grid.addWidget(self._log_card, 4, 0, 1, 10)
        grid.addWidget(self._probes, 4, 10, 1, 10)
        grid.addWidget(self._answers, 4, 10, 1, 10)
        grid.addWidget(self._robust, 5, 0, 1, 20)
        grid.setRowStretch(0, 5)
        grid.setRowStretch(4, 2)
        grid.setRowMinimumHeight(0, _CHART)  # rows that are as high as their words need forget what a card needs
        self._set_words_height()
        for chart in (self._loss, self._quality):
            chart.setMinimumHeight(_CHART)
        own = (self._loss, self._gauges, self._log_card, self._probes, self._answers, self._robust)
        cards: list[QWidget] = [*own, *self._run_cards()]
        for card in (self._log_card, self._probes):
            card.setMinimumHeight(tall(_LOG))
        for wide in cards:
            wide.setSizePolicy(QSizePolicy.Policy.Ignored, wide.sizePolicy().verticalPolicy())

    def _begin_next(self, way: str) -> None:
        assert self._path is not None
        entry = self._book.entry(self._path)
        if way == "longer":
            self.next_run_wished.emit(longer(entry.history, entry.config), "training")
        elif way == "model":
            self.next_run_wished.emit(entry.config, "model")
        elif way == "settings":
            self.search_wished.emit(self._path)
        else:
            self.stage_requested.emit(self._path, way)

    def _resume_run(self) -> None:
        assert self._path is not None
        self._banner.clear()
        try:
            self._book.resume(self._path)
        except AttuneError as error:
            self._head.allow_going_on()
            self._banner.show_error(error)

    # -- when to draw --------------------------------------------------------------------------------------------------

    def _on_advanced(self, path: Path) -> None:
        super()._on_advanced(path)
        if path in self._explorers:
            self._explorers[path].mark_stale()

    def _on_failed(self, path: Path | None, error: AttuneError) -> None:
        if path in (None, self._path):
            self._banner.show_error(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_quality") and self._arranged_for != self._room():
            self._arrange()


def _news_of(history: History, state: str, active: Path | None) -> tuple[object, ...]:
    """Changes when something other than steps was added."""
    counts = (
        len(history.evaluations.get(SPLIT, ())),
        len(history.captures),
        len(history.checkpoints),
        len(history.attacks),
        len(history.references),
        len(history.collapses),
    )
    answered = tuple(history.answered.steps[-1:])
    return (id(history), state, active, *counts, answered, len(history.baselines), history.started is not None)
