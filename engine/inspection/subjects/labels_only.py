"""refuse_answers_in_words: what looks at labels has nothing to look at where a run answers in words."""

from __future__ import annotations

from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.messages import message
from engine.runs.model_folder import Subject
from engine.runs.run import Run


def refuse_answers_in_words(subject: Subject) -> None:
    """Raises InputError for a run that gives texts no labels, but answers in words."""
    if isinstance(subject, Run) and type_of(subject.config.task).says:
        raise InputError(
            message("This is only there for runs that sort texts, and this run answers in words."),
            str(subject.path),
            message("Ask for its answers, its figures or a comparison; or choose a run that sorts texts."),
        )
