"""Scores desk: the Evaluation page of answers in words over made-up ones, before workers that answer when told to."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.metrics.summed_figures import figures
from engine.records import ScoredRows
from engine.runs.run import Run
from engine.runs.scored_answers import keep_scores, scores_path
from studio.pages.scores import ScoresPage
from studio.pages.scores.scored_split import FIRST_ROWS
from tests.run_folders import place_checkpoint
from tests.studio.desk import LARGE, Desk
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history


class BookOfRuns(SyntheticBook):
    """Its entries are runs on disk."""


class RunEntry(SyntheticEntry):
    @property
    def run(self) -> Run:
        return Run(self.path)


def made_run(folder: Path, step: int | None = 40) -> Run:
    run = Run.create(RunConfig(), folder, "translator")
    if step is not None:
        place_checkpoint(run, step)
    return run


class ScoresDesk(Desk[ScoresPage]):
    """The page on one run; `worker("score_rows").answer(scored)` speaks for the engine. `kept` lies on disk already."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        kept: ScoredRows | None = None,
        *,
        step: int | None = 40,
        state: str = "finished",
        size: tuple[int, int] = LARGE,
    ) -> None:
        super().__init__(qtbot)
        self.run = made_run(folder, step)
        if kept is not None:
            keep_scores(scores_path(self.run, None, kept.split, f"step-{step}", FIRST_ROWS), kept)
        self.book = BookOfRuns(RunEntry(self.run.path, synthetic_history(), state=state))
        self.new_page(size).show_run(self.run.path)

    def new_page(self, size: tuple[int, int] = LARGE) -> ScoresPage:
        return self.put(ScoresPage(self.book, self.make_worker), size)  # type: ignore[arg-type]

    def answer(self, scored: ScoredRows) -> None:
        """The rows, then their intervals."""
        self.wait_asked("score_rows").answer(scored)
        self.wait_asked("text_figures").answer(figures(scored.statistics))

    @property
    def said(self) -> str:
        return self.says("scoresSentence")
