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
    """A model that was only opened has no training to show; else its task says it."""
    if entry.state == OPENED:
        return ("evaluation", "attention", "try", "export")
    return view_of(entry.config.task).stages
