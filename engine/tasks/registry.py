"""MAKERS: what makes each task: examples of its texts, and its models, fresh or as a checkpoint left them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from datasets import Dataset
from transformers import PreTrainedTokenizerFast

from engine.config.run import RunConfig
from engine.data.splitting.splits import Splits
from engine.data.tokens.encoding import Encoded, encode
from engine.tasks.chat.task import dialogue_examples, make_chat
from engine.tasks.classification.model import make_classification
from engine.tasks.language_model.streams import encoded_stream
from engine.tasks.language_model.task import make_language_model
from engine.tasks.material import Material
from engine.tasks.question_answering.task import encode_rows, make_question_answering
from engine.tasks.semi_supervised.task import SemiSupervisedTask
from engine.tasks.sequence_to_sequence.examples import encode_pairs
from engine.tasks.sequence_to_sequence.model import make_sequence_to_sequence
from engine.tasks.task import Task
from engine.tasks.text_gan.task import make_text_gan, writable_texts


@dataclass(frozen=True)
class Maker:
    """`encode` makes examples of a split's rows, with what is to be learned of each; `labels` are those of the training
    rows. `make` makes the task, with the weights of a verified checkpoint where one is given."""

    make: Callable[[RunConfig, Material, torch.device, Path | None], Task]
    encode: Callable[[RunConfig, Dataset, PreTrainedTokenizerFast, tuple[str, ...]], Encoded]


def _labelled_texts(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...]
) -> Encoded:
    return encode(split, tokenizer, config.data.max_length, config.task.target, labels)


MAKERS: Mapping[str, Maker] = {
    "classification": Maker(make_classification, _labelled_texts),
    "semi-supervised": Maker(partial(make_classification, kind=SemiSupervisedTask), _labelled_texts),
    "text-gan": Maker(make_text_gan, writable_texts),
    "language-model": Maker(make_language_model, encoded_stream),
    "question-answering": Maker(make_question_answering, encode_rows),
    "sequence-to-sequence": Maker(make_sequence_to_sequence, encode_pairs),
    "chat": Maker(make_chat, dialogue_examples),
}
"""By the task's name."""


def encode_split(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...]
) -> Encoded:
    """The rows of a split as the task's examples."""
    return MAKERS[config.task.name].encode(config, split, tokenizer, labels)


def make_material(config: RunConfig, splits: Splits, tokenizer: PreTrainedTokenizerFast) -> Material:
    """Every split as examples; texts without labels as tokens alone."""
    encoded = {name: encode_split(config, split, tokenizer, splits.labels) for name, split in splits.splits.items()}
    unlabelled = None
    if splits.unlabelled is not None and len(splits.unlabelled):
        unlabelled = encode(splits.unlabelled, tokenizer, config.data.max_length)
    return Material(splits, tokenizer, encoded, unlabelled)


def make_task(config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None) -> Task:
    """With fresh weights (from torch's current random state), or with those of a verified checkpoint of this run."""
    return MAKERS[config.task.name].make(config, material, device, checkpoint)
