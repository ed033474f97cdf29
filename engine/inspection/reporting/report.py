"""report: an evaluation to keep: one HTML file for people and a CSV of all predictions."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.config.data import Source
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.measure import measure_answers, saved_decision, truths_needed
from engine.inspection.evaluation.slices import slices_of
from engine.inspection.reporting.contents import Contents
from engine.inspection.reporting.page import page
from engine.inspection.reporting.predictions import write_left_out, write_predictions
from engine.inspection.reporting.words import Words
from engine.records import WRONG_IF_UNKNOWN, LabelRule, Progress
from engine.runs.files import disk_errors, write_atomic
from engine.runs.history import open_history
from engine.runs.run import Run


def report(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    folder: Path | None = None,
    language: str = "en",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, tuple[Path, Path]]:
    """(HTML, CSV): `evaluation-SPLIT.html` and `predictions-SPLIT.csv` in `folder`, the run's `report` where none is
    named. Raises InputError for rows without labels, a language that there is not, and as `examine`
    does; RunFailure when the disk refuses."""
    words = Words(language)
    answers = yield from examine(run, source, split, checkpoint, rule)
    truths_needed(answers)
    place = folder or run.path / "report"
    with disk_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    html, table = place / f"evaluation-{answers.split}.html", place / f"predictions-{answers.split}.csv"
    decision = saved_decision(run, checkpoint)
    contents = Contents(
        run=run,
        answers=answers,
        measures=(yield from measure_answers(run, answers, source, checkpoint)),
        decision=decision,
        slices=(yield from slices_of(answers)),
        started=open_history(run.journal)[0].started,
        table=table.name,
    )
    yield from write_predictions(table, answers, decision)
    if answers.left_out or answers.strangers:
        write_left_out(place / f"left-out-{answers.split}.csv", answers)
    write_atomic(html, page(contents, words))
    return html, table
