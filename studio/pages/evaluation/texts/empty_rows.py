"""Empty rows: what is said where no row is left to show, and the step that is offered."""

from __future__ import annotations

from engine.records import Answers
from studio.pages.evaluation.texts.row_selection import RowSelection
from studio.translation import tr
from studio.widgets.empty_state import EmptyState


def empty_rows(choice: RowSelection, answers: Answers, *, is_sought: bool) -> EmptyState:
    """`is_sought`: there are rows, but none holds the words."""
    if is_sought:
        return EmptyState(
            "ph.magnifying-glass",
            tr("No text holds these words"),
            tr("All words must stand in the text."),
            tr("Empty the search"),
        )
    if choice.scope == "abstained":
        return EmptyState(
            "ph.check-circle",
            tr("Every text got an answer"),
            tr("No threshold sends a text to a person."),
            tr("Show all texts"),
        )
    if choice.scope in ("cell", "slice"):
        return EmptyState(
            "ph.tray", tr("No texts here"), tr("No row of this kind was answered so."), tr("Show all texts")
        )
    return EmptyState(
        "ph.check-circle",
        tr("It made no mistake"),
        tr("Every answer given to these {count:plural:text:texts} was right.", count=len(answers)),
        tr("Show all texts"),
    )
