"""A run's pages by name, and which of them have something to say of it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.messages import Message, message
from engine.runs.study import Study
from studio.tasks.registry import view_of
from studio.workers.run_book import OPENED, RunEntry

STAGE_TITLES: Mapping[str, Message] = {
    "training": message("Training"),
    "evaluation": message("Evaluation"),
    "scores": message("Evaluation"),
    "words": message("Words"),
    "attention": message("Attention"),
    "read": message("Read"),
    "translate": message("Translate"),
    "write": message("Write"),
    "chat": message("Chat"),
    "try": message("Try it"),
    "samples": message("Samples"),
    "export": message("Export"),
}
"""In the order in which they stand in the bar; a run has some of them."""
STAGES = tuple(STAGE_TITLES)
STUDY, SEARCH = "study", "search"
"""The pages of studies."""
STUDIES = (STUDY, SEARCH)


def page_of_study(study: Study) -> str:
    return SEARCH if study.kind == "search" else STUDY


def stages_of(entry: RunEntry) -> tuple[str, ...]:
    """A model that was only opened has no training to show; else its task says it. One that counts words has its words
    where others show their attention."""
    if entry.state == OPENED:
        return ("evaluation", "attention", "try", "export")
    from engine.config.counting import WordCounting, counting_of  # the choices load after the first paint

    stages, model = view_of(entry.config.task).stages, entry.config.model
    if counting_of(model) is None:
        return stages
    shown = ("words",) if isinstance(model, WordCounting) else ("words", "attention")
    return tuple(part for one in stages for part in (shown if one == "attention" else (one,)))
