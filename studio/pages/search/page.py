"""SearchPage: which settings are best for these data? The answer so far, the budget, and every trial four ways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.config.search import Range, SearchPlan
from engine.config.search_limits import Limits, searchable
from engine.errors import AttuneError, InputError
from engine.records.search import SearchRecord
from engine.runs.search_folder import change_ranges, plan_of
from engine.runs.study import Study
from studio.forms.range_chip import option_words, setting_title, value_words
from studio.forms.range_row import RangeRow
from studio.pages.page import LivePage
from studio.pages.search.budget_card import BudgetCard
from studio.pages.search.curves_card import LearningCard
from studio.pages.search.drawn_trials import SettingAxis
from studio.pages.search.found_card import FoundCard
from studio.pages.search.head import SearchHead
from studio.pages.search.mattered_card import MatteredCard
from studio.pages.search.settings_card import SettingsCard
from studio.pages.search.trial_selection import TrialSelection
from studio.pages.search.trials_card import TrialsCard
from studio.recipes import COUNTING, recipes
from studio.theme import GAP, PAGE_MARGIN, tall
from studio.translation import tr, words
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, hbox, scrolling, set_wide, vbox
from studio.widgets.undo_toast import UndoToast
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook, RunEntry

_WIDE = 980
_MOST_FIXED = 24


class SearchPage(LivePage):
    """Shows one search of the book. One that this window runs tells its record; of another one it is asked for.

    `run_chosen(path)`: a trial's run shall be opened; `counting_wished(config)`: word counting shall be trained on the
    data of these settings.
    """

    run_chosen = Signal(object)
    counting_wished = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent)
        self._record: SearchRecord | None = None
        self._plan: SearchPlan | None = None
        self._shown: tuple[object, ...] = ()
        self._selection = TrialSelection(self)
        self._limits: tuple[Limits, ...] = ()
        self._of: RunConfig | None = None
        self._build_cards()
        self._lay_out()
        book.changed.connect(self.follow)
        book.failed.connect(self._on_failed)

    def show_run(self, path: Path) -> None:
        """Show another search of the book."""
        if path != self._path:
            self._path, self._record = path, None
            self._banner.clear()
            self._read_plan()
            self._toast.put_away()
            self._selection.clear()
            self._scroll.verticalScrollBar().setValue(0)
            self._ask()
        self.refresh_now()

    def state(self) -> dict[str, Any]:
        return {
            **super().state(),
            "scroll": self._scroll.verticalScrollBar().value(),
            "trial": self._selection.now_chosen,
            "trials": self._trials.state(),
            "learning": self._learning.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._trials.restore(state.get("trials", {}))
        self._learning.restore(state.get("learning", {}))
        self._selection.choose(state.get("trial"))
        self._scroll.verticalScrollBar().setValue(int(state.get("scroll", 0)))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _redraw(self) -> None:
        entry = self._entry()
        standing = entry.standing
        if standing is not None and isinstance(standing.report, SearchRecord):
            self._record = standing.report
        record, is_live = self._record, self._book.active == self._path
        is_paused = is_live and standing is not None and standing.is_paused
        state = "paused" if is_paused else entry.state
        self._head.show_search(
            entry.name,
            record,
            state,
            is_live=is_live,
            is_paused=is_paused,
            can_count=any(one.key == COUNTING for one in recipes()),
        )
        for part in (self._budget, self._grid):
            part.setVisible(record is not None)
        self._ranges.setVisible(record is not None)
        news = (record, state, self._plan, self._path)
        if record is not None and not _is_same(news, self._shown):
            self._shown = news
            self._show_record(record, state, entry)

    def _show_record(self, record: SearchRecord, state: str, entry: RunEntry) -> None:
        axes = self._setting_axes(record, entry.config)
        ranges = self._plan.ranges if self._plan is not None else ()
        can_change = record.phase == "searching" and state != "finished"
        self._ranges.show_ranges(entry.config, ranges)
        self._ranges.set_locked(not can_change)
        self._ranges.show_fixed(*_fixed(entry.config, record, self._limits))
        self._budget.show_record(record, state)
        self._found.show_record(record)
        self._learning.show_record(record)
        self._settings.show_record(record, axes)
        self._trials.show_record(record, axes)
        self._mattered.show_record(record, axes, ranges if can_change else ())

    def _setting_axes(self, record: SearchRecord, config: RunConfig) -> list[SettingAxis]:
        """Of what is tried; what a person fixed in the midst of it has no axis any more."""
        if config is not self._of:
            self._of, self._limits = config, searchable(config)
        by_path = {one.path: one for one in self._limits}
        found = []
        for one in (axis for axis in record.axes if len(axis.choices) != 1):
            limits = by_path.get(one.path)
            title = words(one.title) if limits is None else setting_title(limits, self._limits)
            found.append(SettingAxis(one, title, limits))
        return found

    def _read_plan(self) -> None:
        try:
            self._plan = plan_of(self._study())
        except InputError as error:
            self._plan = None
            self._banner.show_error(error)

    def _entry(self) -> RunEntry:
        assert self._path is not None
        return self._book.entry(self._path)

    def _study(self) -> Study:
        study = self._entry().study
        assert study is not None
        return study

    # -- building ------------------------------------------------------------------------------------------------------

    def _build_cards(self) -> None:
        self._head, self._banner, self._budget = SearchHead(), ErrorBanner(), BudgetCard()
        self._head.wished.connect(self._book.send)
        self._head.resume_wished.connect(self._go_on)
        self._head.use_wished.connect(self._use)
        self._head.counting_wished.connect(lambda: self.counting_wished.emit(self._entry().config))
        self._ranges = RangeRow()
        self._ranges.changed.connect(self._change)
        self._found = FoundCard()
        self._trials = TrialsCard(self._selection)
        self._trials.run_chosen.connect(self._open)
        self._learning = LearningCard(self._selection)
        self._settings = SettingsCard(self._selection)
        self._mattered = MatteredCard()
        self._mattered.narrowed.connect(self._narrow)
        self._toast = UndoToast(self)

    def _lay_out(self) -> None:
        self._upper = hbox((self._trials, 3), (self._learning, 2), gap=GAP)
        self._lower = hbox((self._settings, 3), (self._mattered, 2), gap=GAP)
        for card in (self._trials, self._learning):
            card.setMinimumHeight(tall(296))
        for card in (self._settings, self._mattered):
            card.setMinimumHeight(tall(236))
        self._grid = QWidget()
        fill(QVBoxLayout(self._grid), (self._upper, 3), (self._lower, 2), gap=GAP)
        parts = (self._head, self._banner, self._ranges, self._budget, self._found, (self._grid, 1))
        column = vbox(*parts, gap=GAP, margins=(PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN))
        self._scroll = scrolling(column)
        fill(QVBoxLayout(self), self._scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= tall(_WIDE)
        for row in (self._upper, self._lower):
            if (row.direction() == QBoxLayout.Direction.LeftToRight) != is_wide:
                set_wide(row, is_wide)

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _open(self, run: str) -> None:
        assert self._path is not None
        self.run_chosen.emit(self._path / run)

    def _use(self) -> None:
        """The best of the winner's runs, or the best trial's."""
        record = self._record
        if record is None or record.best is None:
            return
        number = record.winner if record.winner is not None else record.best
        trial = record.trial(number)
        repeats = next((one for one in record.repeats if one.trial == number and one.values), None)
        if repeats is None:
            self._open(trial.run)
            return
        pick = min if record.goals[0].lower_is_better else max
        self._open(pick(zip(repeats.values, repeats.runs, strict=False))[1])

    def _narrow(self, one: Range) -> None:
        """With a way back."""
        if self._plan is None:
            return
        before = self._plan.ranges
        after = tuple(one if other.path == one.path else other for other in before)
        if self._change(after):
            title, told = self._ranges.title_of(one.path), (value_words(one.low), value_words(one.high))
            said = tr("“{setting}” is tried from {low} to {high} now.", setting=title, low=told[0], high=told[1])
            self._toast.offer(said, lambda: self._change(before))

    def _change(self, ranges: Sequence[Range]) -> bool:
        """Whether other ranges were taken: they hold from the next trial on."""
        assert self._path is not None
        self._banner.clear()
        try:
            self._plan = change_ranges(self._study(), ranges)
        except AttuneError as error:
            self._banner.show_error(error)
            return False
        self.refresh_now()
        return True

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
        if self._book.active == self._path and self._entry().standing is not None:
            self._asker.stop("search_record")
            return
        query = Query("search_record", self._path, self._study())
        self._asker.ask(query.success(self._take).failure(self._banner.show_error))

    def _take(self, record: SearchRecord) -> None:
        self._record = record
        self.refresh_now()

    def _on_failed(self, path: Path | None, error: AttuneError) -> None:
        if path == self._path:
            self._banner.show_error(error)


def _is_same(news: tuple[object, ...], shown: tuple[object, ...]) -> bool:
    """Whether they are the very same things: a record of many trials is long to compare."""
    return len(news) == len(shown) and all(one is other for one, other in zip(news, shown, strict=True))


def _fixed(config: RunConfig, record: SearchRecord, limits: Sequence[Limits]) -> tuple[str, str]:
    """What stays as it is, in few words, and all of it."""
    tried = {one.path for one in record.axes}
    training = config.training
    told = []
    if "training.max_steps" not in tried:
        told.append(tr("{count:plural:update:updates}", count=training.max_steps))
    if "training.micro_batch_size" not in tried:
        told.append(tr("batch {size}", size=training.micro_batch_size))
    rest = [one for one in limits if one.path not in tried]
    lines = [f"{setting_title(one, tuple(limits))}: {_value(one)}" for one in rest[:_MOST_FIXED]]
    if len(rest) > _MOST_FIXED:
        lines.append(tr("and {count} more", count=len(rest) - _MOST_FIXED))
    return ", ".join(told), "\n".join(lines)


def _value(one: Limits) -> str:
    return option_words(one.value, one)
