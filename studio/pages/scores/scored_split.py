"""ScoredSplit: the rows that are looked over (a split or a file), and what a checkpoint says to them."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import Progress, ScoredRows
from engine.runs.run import Run
from engine.runs.scored_answers import kept_scores, scores_path
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook

FIRST_ROWS = 1000
"""So many are asked first: answers in words take their time."""

_NUM_KNOWN = 6


class Scored(NamedTuple):
    """What a question is about. `split` is "validation", "test", or "data" for the file `source`; `step` names the
    checkpoint; `most` rows are asked, all where it is None."""

    path: Path
    source: str | None
    split: str
    step: str
    most: int | None = FIRST_ROWS


class ScoredSplit(QObject):
    """`changed`: other answers, or a question has begun, come on or ended. `failed(error)`: what was shown stays."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.shown: Scored | None = None
        self.wanted: Scored | None = None
        self.scored: ScoredRows | None = None
        self.progress: Progress | None = None
        self.known: dict[Scored, ScoredRows] = {}
        self._began = 0.0

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def run(self) -> Run:
        """Raises InputError when its folder is gone."""
        assert self.path is not None
        return self._book.entry(self.path).run

    @property
    def splits(self) -> tuple[str, ...]:
        """The run's own splits that were not learned from."""
        data = self.run.config.data
        has_test = data.test is not None or data.test_share > 0
        return ("validation", "test") if has_test else ("validation",)

    @property
    def step(self) -> str | None:
        """Of the checkpoint that answers now; None before a run's first one."""
        if self.path is None:
            return None
        named = self.run.checkpoints
        return named.get("best") or named.get("last")

    @property
    def is_asking(self) -> bool:
        return self._asker.is_asking("score_rows")

    @property
    def is_newer(self) -> bool:
        """Whether the run has saved a better checkpoint than the one whose answers are shown."""
        return self.shown is not None and self.step not in (None, self.shown.step)

    @property
    def is_part(self) -> bool:
        """Whether there are more rows than were asked."""
        return self.scored is not None and self.scored.num_in_split > len(self.scored)

    @property
    def seconds_left(self) -> float:
        """nan before it can be told."""
        progress = self.progress
        if progress is None or not progress.done:
            return float("nan")
        return (time.perf_counter() - self._began) * (progress.total - progress.done) / progress.done

    # -- what the person wants -----------------------------------------------------------------------------------------

    def look_at(self, path: Path) -> None:
        """Another run."""
        if path != self.path:
            self._asker.forget("score_rows")
            self.path, self.shown, self.wanted, self.scored, self.progress = path, None, None, None, None

    def open(self, split: str | None = None, source: str | None = None, *, may_ask: bool = True) -> None:
        """Show the answers to a split of the run's data (by default the last one it has) or to a file: those to all
        rows or to some that are known at once, else they are asked for, unless that may wait until the person says
        so."""
        step = self.step
        if self.path is None or step is None:
            self.changed.emit()
            return
        chosen = Scored(self.path, source, "data" if source is not None else split or self.splits[-1], step)
        if self.shown is not None and chosen == self.shown._replace(most=FIRST_ROWS):
            self._asker.forget("score_rows")
            self.wanted = self.shown
            self.changed.emit()
            return
        if self.is_asking and self.wanted is not None and chosen == self.wanted._replace(most=FIRST_ROWS):
            return
        self._asker.forget("score_rows")
        for one in (chosen._replace(most=None), chosen):
            known = self._kept(one)
            if known is not None:
                self._show(one, known)
                return
        self.wanted = chosen
        if may_ask:
            self.ask()
        else:
            self.changed.emit()

    def ask_all(self) -> None:
        """Every row, after some were answered."""
        if self.shown is not None:
            self.wanted = self.shown._replace(most=None)
            self.ask()

    def ask(self) -> None:
        """What is wanted, of the engine."""
        wanted, step = self.wanted, self.step
        if wanted is None or step is None:
            return
        self.wanted = wanted = wanted._replace(step=step)
        self.progress, self._began = None, time.perf_counter()
        rows = {"source": wanted.source} if wanted.source is not None else {"split": wanted.split}
        query = Query("score_rows", wanted, self.run, **rows, checkpoint=wanted.step, most=wanted.most)
        self._asker.ask(query.success(partial(self._show, wanted)).progress(self._follow).failure(self._refuse))
        self.changed.emit()

    def stop(self) -> None:
        """What was shown stays; without anything shown it can be asked for again."""
        self._asker.forget("score_rows")
        self.wanted = self.shown or self.wanted
        self.changed.emit()

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _kept(self, chosen: Scored) -> ScoredRows | None:
        if chosen in self.known:
            return self.known[chosen]
        return kept_scores(scores_path(self.run, chosen.source, chosen.split, chosen.step, chosen.most))

    def _show(self, chosen: Scored, scored: ScoredRows) -> None:
        if chosen.source is None:  # a file may be written anew
            self.known[chosen] = scored
            while len(self.known) > _NUM_KNOWN:
                del self.known[next(iter(self.known))]
        self.shown, self.wanted, self.scored, self.progress = chosen, chosen, scored, None
        self.changed.emit()

    def _follow(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _refuse(self, error: AttuneError) -> None:
        self.wanted = self.shown or self.wanted
        self.failed.emit(error)
        self.changed.emit()
