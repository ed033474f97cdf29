"""robustness: what is left of a run's precision and recall, or another model's, when texts are changed against it."""

from __future__ import annotations

from collections.abc import Generator

from engine.config.data import Source
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.prediction.labelled_rows import labelled_table
from engine.inspection.subjects.labels_only import refuse_answers_in_words
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.messages import message
from engine.models.answering import model_kind
from engine.records import AttackMethod, LabelRule, Progress, Robustness
from engine.runs.model_folder import ModelFolder, Subject
from engine.tasks.attacks.rows import attack_table


def robustness(
    subject: Subject,
    method: AttackMethod,
    source: Source | None = None,
    split: str | None = None,
    num_rows: int = 200,
    checkpoint: str = "best",
) -> Generator[Progress, None, Robustness]:
    """Rows of a file, or of the run's test (else validation) split. What words there are is learned from the run's own
    training texts; of another model they are not known.

    Raises InputError for a model that gives texts no labels, and for rows that cannot be read or do not fit.
    """
    model = _classifier(subject, checkpoint)
    read = labelled_table(subject, model, source, split, LabelRule(leave_out=True))
    train = None
    if not isinstance(subject, ModelFolder):
        train = load_splits(subject.config.data, subject.config.task, read.seed).splits["train"]
    return (
        yield from attack_table(
            model.model,
            model.tokenizer,
            model.labels,
            read.table,
            train,
            method=method,
            positive_label=read.positive,
            seed=read.seed,
            num_rows=num_rows,
            max_length=model.max_length,
            split=read.split,
        )
    )


def _classifier(subject: Subject, checkpoint: str) -> Trained:
    refuse_answers_in_words(subject)
    if not isinstance(subject, ModelFolder) and not subject.config.task.has_labels:
        raise InputError(
            message("This run invents texts: it gives no answer that could be turned."),
            str(subject.path),
            message("Choose a run that sorts texts."),
        )
    model = trained(subject, checkpoint)
    if model_kind(model.model) != "classifier":
        raise InputError(
            message("This model gives texts no labels, so nothing can be measured on labelled rows."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    if not model.labels:
        raise InputError(
            message("This model predicts a number: there is no label that an attack could turn."),
            str(subject.path),
            message("Choose a run that sorts texts."),
        )
    if model.target.may_have_several:
        raise InputError(
            message("With several labels a text there is no one answer that an attack could turn."),
            str(subject.path),
            message("Choose a run that gives every text one label."),
        )
    return model
