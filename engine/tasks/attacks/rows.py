"""Rows of a data set under attack: drawn with the labels in their proportions, the training rows beside them."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from datasets import Dataset
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.breath import telling
from engine.data.splitting.stratified_split import drawn
from engine.events import Attacked
from engine.records import ATTACK_METHODS, AttackMethod, Progress, Robustness
from engine.tasks.attacks.attack import attack
from engine.tasks.material import Material
from engine.tasks.task import Task

_MOST_TRAINING_ROWS = 20_000
_NUM_TOLD = 3
_LONGEST_TOLD = 600


def attack_table(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    labels: tuple[str, ...],
    table: Dataset,
    train: Dataset | None,
    *,
    method: AttackMethod,
    positive_label: str | None,
    seed: int,
    num_rows: int,
    max_length: int,
    split: str,
) -> Generator[Progress, None, Robustness]:
    """`attack` on `num_rows` rows at most of a table with the columns row, text and label. The same rows for every
    method; blank texts are left out."""
    ids = {label: place for place, label in enumerate(labels)}
    rows = _readable(table)
    codes = np.array([ids[label] for label in rows["label"]], dtype=np.int32)
    rows = rows.select(drawn(codes, max(1, num_rows), seed))
    known = _readable(train.select(range(0, len(train), _stride(train)))) if train is not None else None
    return (
        yield from attack(
            model,
            tokenizer,
            labels,
            rows["text"],
            [ids[label] for label in rows["label"]],
            method=method,
            positive_label=positive_label,
            seed=seed,
            max_length=max_length,
            split=split,
            rows=rows["row"],
            train_texts=known["text"] if known else (),
            train_truths=[ids[label] for label in known["label"]] if known else (),
        )
    )


def attack_rows(
    task: Task, material: Material, num_rows: int, seed: int, step: int
) -> Generator[None, None, list[Attacked]]:
    """Every method on test rows (validation rows where there is no test split), with the weights that `task.model` has
    now, those of `step`. Yields between batches. Nothing for a task without labels."""
    splits = material.splits.splits
    split = "test" if "test" in splits else "validation"
    told: list[Attacked] = []
    for method in ATTACK_METHODS if task.labels and num_rows else ():
        attacking = attack_table(
            task.model,
            task.tokenizer,
            task.labels,
            splits[split],
            splits["train"],
            method=method,
            positive_label=task.positive_label,
            seed=seed,
            num_rows=num_rows,
            max_length=task.tokenizer.model_max_length,
            split=split,
        )
        told.append(_told((yield from telling(attacking, None)), step))
    return told


def _told(found: Robustness, step: int) -> Attacked:
    """As an event; its examples are few and short, for the journal."""
    short = [one for one in found.examples if len(one.before) <= _LONGEST_TOLD]
    return Attacked(
        step=step,
        method=found.method,
        before=found.before,
        after=found.after,
        num_rows=found.num_rows,
        split=found.split,
        success=found.success,
        changed_share=found.changed_share,
        intervals=found.intervals,
        examples=[one.to_json() for one in short[:_NUM_TOLD]],
    )


def _readable(table: Dataset) -> Dataset:
    return table.select([place for place, text in enumerate(table["text"]) if text.strip()])


def _stride(table: Dataset) -> int:
    return max(1, -(-len(table) // _MOST_TRAINING_ROWS))
