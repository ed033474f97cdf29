"""Desk: a run's language model in memory, and a text as it reads it."""

from __future__ import annotations

from engine.config.tasks.registry import type_of
from engine.data.tokens.pieces import unknown_words
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.runs.run import Run
from engine.tasks.task import WritesOn


def desk(run: Run, checkpoint: str = "best") -> WritesOn:
    """Loaded once. Raises InputError for a run that does not write on."""
    refuse_others(run)
    task = loaded_task(run, checkpoint)
    assert isinstance(task, WritesOn), "what writes on says how"
    return task


def refuse_others(run: Run) -> None:
    """Raises InputError for a run that does not write on."""
    if not type_of(run.config.task).can("write on"):
        raise InputError(
            message("This run does not write on a text."), str(run.path), message("Choose a run that learns to write.")
        )


def prompt_ids(task: WritesOn, prompt: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(what the model reads of a beginning, an end before it; its unknown words). Raises InputError for one of unknown
    words alone: there would be nothing to go on from."""
    read = task.tokenizer(prompt, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
    unknown = unknown_words(task.tokenizer, prompt)
    if read and all(one == task.tokenizer.unk_token_id for one in read):
        raise InputError(
            message(
                "None of these words or signs is in the vocabulary: {words}. The model has never read this script or "
                "these words.",
                words=list(unknown[:8]),
            ),
            prompt[:80],
            message("Begin with words like those that it learned from; or train with byte-pair encoding."),
        )
    return (task.end, *read), unknown
