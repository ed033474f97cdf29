"""Examined: the rows that are looked over (a split or a file), and what a checkpoint says of them."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import WRONG_IF_UNKNOWN, Answers, LabelRule, Progress
from engine.runs.answers import answers_path, kept_answers
from engine.runs.checkpoints import checkpoint_path
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from studio.workers.query import Asker, Query
from studio.workers.run_book import OPENED, RunBook


class Measured(NamedTuple):
    """What a question is about. `split` is "validation", "test", or "data" for the file `source`; `step` names the
    checkpoint, "" for a model that was not trained here; `rule` says how a file's labels are read that it does not
    know."""

    path: Path
    source: str | None
    split: str
    step: str
    rule: LabelRule = WRONG_IF_UNKNOWN


class EvaluatedSplit(QObject):
    """`changed`: other answers, or a question has begun, come on or ended. `failed(error)`: what was shown stays."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.shown: Measured | None = None
        self.wanted: Measured | None = None
        self.answers: Answers | None = None
        self.progress: Progress | None = None
        self._began = 0.0

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def subject(self) -> Subject:
        """Raises InputError when its folder is gone."""
        assert self.path is not None
        return self._book.entry(self.path).subject

    @property
    def run(self) -> Run | None:
        """None for a model that was not trained here."""
        subject = self.subject if self.path is not None else None
        return subject if isinstance(subject, Run) else None

    @property
    def is_model(self) -> bool:
        return self.path is not None and self._book.entry(self.path).state == OPENED

    @property
    def splits(self) -> tuple[str, ...]:
        """The run's own labelled splits that were not learned from."""
        run = self.run
        if run is None:
            return ()
        data = run.config.data
        has_test = data.test is not None or data.test_share > 0
        return ("validation", "test") if has_test else ("validation",)

    @property
    def step(self) -> str | None:
        """Of the checkpoint that answers now; None before a run's first one."""
        run = self.run
        if run is None:
            return ""
        named = run.checkpoints
        return named.get("best") or named.get("last")

    @property
    def checkpoint(self) -> Path | None:
        """The folder of the weights whose answers are shown."""
        run, shown = self.run, self.shown
        if shown is None:
            return None
        return checkpoint_path(run, shown.step) if run is not None else self.subject.path

    @property
    def is_asking(self) -> bool:
        return self._asker.is_asking("examine")

    @property
    def is_newer(self) -> bool:
        """Whether the run has saved a better checkpoint than the one whose answers are shown."""
        return self.shown is not None and self.step not in (None, self.shown.step)

    @property
    def seconds_left(self) -> float:
        """nan before it can be told."""
        progress = self.progress
        if progress is None or not progress.done:
            return float("nan")
        return (time.perf_counter() - self._began) * (progress.total - progress.done) / progress.done

    # -- what the person wants -----------------------------------------------------------------------------------------

    def look_at(self, path: Path) -> bool:
        """Another run or model; whether it is another one than before."""
        if path == self.path:
            return False
        self._asker.forget("examine")
        self.path, self.shown, self.wanted, self.answers, self.progress = path, None, None, None, None
        return True

    def open(
        self,
        split: str | None = None,
        source: str | None = None,
        *,
        rule: LabelRule = WRONG_IF_UNKNOWN,
        may_ask: bool = True,
    ) -> None:
        """Show the answers to a split of the run's data (by default the last one it has) or to a file: kept ones at
        once, else they are asked for, unless that may wait until the person says so."""
        step = self.step
        if self.path is None or step is None or (source is None and not self.splits):
            self.changed.emit()
            return
        chosen = Measured(self.path, source, "data" if source is not None else split or self.splits[-1], step, rule)
        if chosen == self.shown or (self.is_asking and chosen == self.wanted):
            return
        self._asker.forget("examine")
        self.wanted = chosen
        known = self._kept(chosen)
        if known is not None:
            self._show(chosen, known)
        elif may_ask:
            self.ask()
        else:
            self.changed.emit()

    def ask(self) -> None:
        """What is wanted, of the engine."""
        wanted, step = self.wanted, self.step
        if wanted is None or step is None:
            return
        self.wanted = wanted._replace(step=step)
        self.progress, self._began = None, time.perf_counter()
        query = Query("examine", self.wanted, self.subject, **options_of(self.wanted))
        query.success(partial(self._show, self.wanted)).progress(self._follow).failure(self._refuse)
        self._asker.ask(query)
        self.changed.emit()

    def stop(self) -> None:
        """What was shown stays; without anything shown it can be asked for again."""
        self._asker.forget("examine")
        self.wanted = self.shown or self.wanted
        self.changed.emit()

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _kept(self, chosen: Measured) -> Answers | None:
        run = self.run
        if run is None:
            return None
        return kept_answers(answers_path(run, chosen.source, chosen.split, chosen.step, chosen.rule))

    def _show(self, chosen: Measured, answers: Answers) -> None:
        self.shown, self.wanted, self.answers, self.progress = chosen, chosen, answers, None
        self.changed.emit()

    def _follow(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _refuse(self, error: AttuneError) -> None:
        self.wanted = self.shown
        self.failed.emit(error)
        self.changed.emit()


def options_of(measured: Measured) -> dict[str, object]:
    """As the verbs take them: a file, or else a split; of a model that was not trained here always the only weights."""
    options: dict[str, object] = {"source": measured.source}
    if measured.source is None:
        options["split"] = measured.split
    elif measured.rule != WRONG_IF_UNKNOWN:
        options["rule"] = measured.rule
    return {**options, "checkpoint": measured.step or "best"}
