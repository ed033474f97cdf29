"""Translate or summarise: a text in, another one out."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.adversary import NoAdversary
from engine.config.choice import setting
from engine.config.data import DataConfig
from engine.config.model import Model
from engine.config.pretrained import HeadOnly, LastLayers, Pretrained
from engine.config.pretraining import NoPretraining
from engine.config.roles import SOURCE, TARGET
from engine.config.seq2seq import SEQ2SEQ_NAMES
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType
from engine.config.training import TrainingConfig
from engine.messages import message


class SequenceToSequence(TaskSpec):
    """Write a text for each of yours: a translation, a summary, the same in another form."""

    model_config = ConfigDict(title="Translate or summarise")
    name: Literal["sequence-to-sequence"] = "sequence-to-sequence"
    label_smoothing: float = setting(
        0.0,
        ge=0.0,
        lt=1.0,
        title="Label smoothing",
        help="The share of the probability that goes to all words alike (Szegedy 2016): less sure, often better BLEU.",
    )
    scheduled_sampling: float = setting(
        0.0,
        ge=0.0,
        le=1.0,
        title="Own words while learning",
        help="At the end of the training so many of the words before are its own instead of the right ones; the share "
        "rises evenly from none (scheduled sampling, Bengio 2015).",
    )
    max_target_length: int = setting(
        64, ge=2, le=2048, title="Longest answer", help="Tokens that are learned and written; the rest is cut off."
    )
    num_beams: int = setting(
        1, ge=1, le=50, title="Beams of the evaluation", help="Beginnings that are kept when a split is answered."
    )
    length_penalty: float = setting(
        1.0,
        ge=-10.0,
        le=10.0,
        title="Length penalty",
        help="Above 0 a beam search prefers longer texts: log-probability divided by length to this power.",
    )
    validation_rows: int = setting(
        200,
        ge=2,
        le=100_000,
        title="Texts answered while training",
        help="At each evaluation so many validation texts are answered word by word (greedy) for BLEU and the like.",
    )

    @property
    def validated(self) -> tuple[str, ...]:
        return ("bleu", "chrf", "rouge_1", "rouge_2", "rouge_l", "em", "perplexity", "loss")

    @property
    def longest_answer(self) -> int:
        return self.max_target_length


def _misfit(task: SequenceToSequence, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    del task, data
    if not isinstance(training.adversary, NoAdversary):
        advice = message("This goal knows no adversary: choose none (training.adversary.name=none).")
        return Misfit("training.adversary", advice)
    if not isinstance(training.pretraining, NoPretraining):
        advice = message("This goal begins at once: choose nothing before it (training.pretraining.name=none).")
        return Misfit("training.pretraining", advice)
    if isinstance(model, Pretrained) and isinstance(model.adaptation, HeadOnly | LastLayers):
        advice = message(
            "An encoder and decoder learn whole or by LoRA: choose one of them (model.adaptation.name=whole or lora)."
        )
        return Misfit("model.adaptation", advice)
    return None


SEQUENCE_TO_SEQUENCE: TaskType[SequenceToSequence] = TaskType(
    spec=SequenceToSequence,
    roles=(SOURCE, TARGET),
    abilities=frozenset[Ability](("transform", "evaluate", "export")),
    model_names=SEQ2SEQ_NAMES,
    misfit=_misfit,
    writes=True,
)
