"""A run's pages by name, and which of them have something to say of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.messages import Message, message
from engine.runs.study import Study
from studio.tasks.registry import view_of
from studio.translation import tr
from studio.workers.run_book import LABELLING, OPENED, RunEntry

STAGE_TITLES: Mapping[str, Message] = {
    "label": message("Label"),
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
    """A model that was only opened has no training to show, texts that are labelled have nothing else; else its task
    says it. One that counts words has its words where others show their attention."""
    if entry.state == LABELLING:
        return ("label",)
    if entry.state == OPENED:
        return ("evaluation", "attention", "try", "export")
    from engine.config.counting import WordCounting, counting_of  # the choices load after the first paint

    stages, model = view_of(entry.config.task).stages, entry.config.model
    if counting_of(model) is None:
        return stages
    shown = ("words",) if isinstance(model, WordCounting) else ("words", "attention")
    return tuple(part for one in stages for part in (shown if one == "attention" else (one,)))


def about_run(entry: RunEntry) -> str:
    """What the top bar says beside its name: of texts that are labelled, where they come from and how many they are."""
    project = entry.labelling
    if project is None:
        return ""
    name = Path(project.source).name or project.source
    return tr("{name} · {count:plural:text:texts}", name=name, count=project.num_texts)
