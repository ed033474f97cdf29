"""StudyPage: what helped, and is it luck? The answer in words, the table, every seed's value, what differs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import StudyReport
from engine.runs.study import Study
from studio.pages.page import LivePage
from studio.pages.study.figures import DRAWN, dot_rows, title_of, with_running
from studio.pages.study.findings_card import FindingsCard
from studio.pages.study.head import StudyHead, StudyProgress
from studio.pages.study.settings_card import SettingsCard
from studio.pages.study.table_card import TableCard
from studio.plots.charts.seed_dots import SeedDots
from studio.theme import CARD_PADDING, GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, scrolling, vbox
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook, RunEntry

_SCROLL_BAR = 16


class StudyPage(LivePage):
    """Shows one study of the book. A study that this window runs tells its table; of another one it is asked for."""

    run_chosen = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent)
        self._report: StudyReport | None = None
        self._is_best = False
        self._lay_out()
        book.changed.connect(self.follow)
        book.failed.connect(self._on_failed)

    def show_run(self, path: Path) -> None:
        """Show another study of the book."""
        if path != self._path:
            self._path, self._report = path, None
            self._banner.clear()
            self._scroll.verticalScrollBar().setValue(0)
            self._is_best = self._study().kind == "best"
            self._found.ask_for_best(self._is_best)
            self._table.title.setText(tr("Candidates") if self._is_best else tr("Variants"))
            self._dots_card.setVisible(not self._is_best)
            self._show_settings()
            self._ask()
        self.refresh_now()

    def state(self) -> dict[str, Any]:
        return {**super().state(), "scroll": self._scroll.verticalScrollBar().value()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._scroll.verticalScrollBar().setValue(int(state.get("scroll", 0)))

    def _redraw(self) -> None:
        entry = self._book.entry(self._study().path)
        if entry.standing is not None and entry.standing.report is not None:
            self._report = with_running(entry.standing.report, entry.standing.running)
        self._show_progress(entry)
        if self._report is not None:
            self._show_report(self._report)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_progress(self, entry: RunEntry) -> None:
        study, report = self._study(), self._report
        count = study.num_runs
        done = report.num_done if report else 0
        is_live = self._book.active == self._path
        self._head.show_study(
            entry.name,
            _told_of_best(entry.state) if self._is_best else _told(entry.state, done, count, len(study.seeds)),
            is_live=is_live,
            can_use=bool(report and report.take) and entry.state == "finished",
            can_go_on=not is_live and entry.state not in ("running", "finished"),
        )
        standing = entry.standing if is_live else None
        self._progress.setVisible(entry.state != "finished")
        self._progress.show_state(
            state=entry.state,
            share=standing.share if standing else done / max(1, count),
            seconds_left=standing.seconds_left if standing else math.nan,
            done=done,
            count=count,
            running=next((one for one in study.members if standing and one.path == standing.running), None),
        )

    def _show_report(self, report: StudyReport) -> None:
        has_figures = any(row.seeds for row in report.rows)
        self._found.show_report(report)
        self._table.show_report(report)
        self._dots_card.setVisible(has_figures and not self._is_best)
        if has_figures and not self._is_best:
            self._dots.show_rows([title_of(figure) for figure in DRAWN], dot_rows(report))

    def _show_settings(self) -> None:
        """Made anew for each study."""
        if self._settings is not None:
            self._settings.setParent(None)
            self._settings.deleteLater()
        self._settings = None
        if self._is_best:  # the candidates are different models, with settings of their own
            return
        self._settings = SettingsCard()
        self._settings.show_variants(self._study().variants)
        self._column.insertWidget(self._column.count() - 1, self._settings)

    def _study(self) -> Study:
        assert self._path is not None
        study = self._book.entry(self._path).study
        assert study is not None
        return Study(study.path) if study.kind == "best" else study  # candidates come while it goes on

    # -- building ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._build_cards()
        parts = (self._head, self._banner, self._progress, self._found, self._table, self._dots_card)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        self._column = vbox(*parts, None, gap=GAP, margins=margins)
        self._scroll = scrolling(self._column)
        fill(QVBoxLayout(self), self._scroll)

    def _build_cards(self) -> None:
        self._head, self._banner, self._progress = StudyHead(), ErrorBanner(), StudyProgress()
        self._head.wished.connect(self._book.send)
        self._head.resume_wished.connect(self._go_on)
        self._head.use_wished.connect(self._use)
        self._found = FindingsCard()
        self._table = TableCard()
        self._table.run_chosen.connect(self._open)
        self._dots_card = Card(tr("Every seed"), tr("a dot a run, the mark is their mean; press a dot to open its run"))
        self._dots = SeedDots()
        self._dots.chosen.connect(self._open)
        self._dots_card.body.addWidget(self._dots)
        self._dots_card.body.setContentsMargins(0, 0, CARD_PADDING // 2, 0)
        self._settings: SettingsCard | None = None

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _open(self, run: str) -> None:
        assert self._path is not None
        self.run_chosen.emit(self._path / run)

    def _use(self) -> None:
        """Open the run that the advice says to take."""
        if self._report is not None and self._report.take:
            self._open(self._report.take)

    def _go_on(self) -> None:
        assert self._path is not None
        self._banner.clear()
        try:
            self._book.resume(self._path)
        except AttuneError as error:
            self._banner.show_error(error)
        self.refresh_now()

    # -- when to draw --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        entry = self._book.entry(self._study().path)
        if entry.standing is not None and entry.standing.report is not None:
            self._asker.stop("study_report")
            return
        query = Query("study_report", self._path, self._study())
        self._asker.ask(query.success(self._take).failure(self._banner.show_error))

    def _take(self, report: StudyReport) -> None:
        self._report = report
        self.refresh_now()

    def _on_failed(self, path: Path | None, error: AttuneError) -> None:
        if path == self._path:
            self._banner.show_error(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.fit(self.width() - 2 * PAGE_MARGIN - 2 * CARD_PADDING - _SCROLL_BAR)


def _told_of_best(state: str) -> str:
    """The page's answer in one sentence."""
    if state == "finished":
        return tr("All candidates learned from the same texts and were measured on the same ones.")
    if state == "running":
        return tr("All candidates learn from the same texts, one after the other. You can close the page: it goes on.")
    return tr("Going on begins where it stopped; what is trained stays.")


def _told(state: str, done: int, count: int, num_seeds: int) -> str:
    """The page's answer in one sentence."""
    if state == "finished":
        return tr(
            "{count:plural:run:runs}, {seeds:plural:seed:seeds} a variant: one part is added at a time, the rest stays "
            "the same.",
            count=count,
            seeds=num_seeds,
        )
    if state == "running":
        return tr("One part is added at a time, the rest stays the same. You can close the page: it goes on.")
    return tr("{done} of {count:plural:run:runs} done; going on begins where it stopped.", done=done, count=count)
