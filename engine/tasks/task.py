"""Task: what the loop asks of whatever is learned; and the abilities that only some tasks have.

Sorting texts has one player, a GAN two (and their rehearsal). The loop asks for an ability with `isinstance`; a task
that has it declares its methods, and no other task needs to know of them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from datasets import Dataset
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.optimizer import Optimizer, Schedule
from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import Encoded
from engine.events import Collapsed, Event
from engine.messages import Message
from engine.models.language_models.answering import Answering
from engine.models.question_reader import QuestionReader
from engine.records import Decoding, Evaluation, RowAnswer, ScoredRows
from engine.runs.run import Run
from engine.tasks.source_text import SourceText

PRETRAINING = "pretraining"
"""The player of what comes before the task itself: guessing the next word."""


class Task(Protocol):
    """Players take turns; each has weights, an optimizer and a schedule of its own."""

    players: tuple[str, ...]
    judged_by: str
    """The metric that chooses the best checkpoint."""
    tokenizer: PreTrainedTokenizerFast
    labels: tuple[str, ...]
    positive_label: str | None

    @property
    def model(self) -> PreTrainedModel:
        """What probe texts are read by: the classifier, or a GAN's critic."""

    def turns(self, step: int) -> tuple[str, ...]:
        """Begins step `step` (from 1) and names its players in order; one may have several turns."""

    def player(self, name: str) -> nn.Module:
        """What learns in that player's turn."""

    def optimizer_and_schedule(self, name: str) -> tuple[Optimizer, Schedule, int, int]:
        """A player's optimizer and schedule, the step before its first one, and how many steps it has in all."""

    def reads(self, name: str) -> tuple[str, ...]:
        """The streams that a turn draws micro-batches from: "train" or "pretraining", and perhaps "unlabelled"."""

    def weight(self, player: str, batch: Batch) -> float:
        """What `loss` will return as its weight; known before the forward pass, so that gradients add up exactly."""

    def loss(self, player: str, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """(sum of the rows' losses, sum of their weights), both scalars on the device."""

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """Measure a split. Yields between batches, so that a caller can breathe; returns the figures."""

    def models(self) -> Mapping[str, PreTrainedModel]:
        """What a checkpoint holds: a folder inside it ("" is itself) and the model that lies there."""

    def load_weights(self, folder: Path) -> None:
        """Take the weights of a checkpoint of this run. The folder was verified before."""


@runtime_checkable
class HasNotes(Protocol):
    @property
    def notes(self) -> list[Message]:
        """What a person should know before it begins."""


@runtime_checkable
class HasPretraining(Protocol):
    def is_measured(self, step: int) -> bool:
        """Whether there is anything to measure yet at step `step`."""


@runtime_checkable
class HasMilestones(Protocol):
    milestones: frozenset[int]
    """Steps that are measured and whose checkpoint stays, whatever the settings say."""


@runtime_checkable
class HasGauges(Protocol):
    def gauges(self) -> Mapping[str, float]:
        """Numbers of the step that was begun last, drawn as curves."""


@runtime_checkable
class HasTemperature(Protocol):
    def soften(self, factor: float) -> tuple[float, float] | None:
        """Multiply the inverse temperature of all coming steps; returns (old, new), None where there is none."""


@runtime_checkable
class ShowsSamples(Protocol):
    def show(self, run: Run, step: int) -> list[Event]:
        """Write what there is to be seen of this step beside the figures; after `evaluate`."""


@runtime_checkable
class HasGuard(Protocol):
    def guard(self, step: int, found: Evaluation, best: int | None) -> Collapsed | None:
        """What is to be done about a training that goes wrong; None where it does not."""


@runtime_checkable
class LearnsAtOnce(Protocol):
    """No gradient moves some of its players: each is fitted to all that its stream holds, in one turn. Where all are,
    there is one step."""

    fitted: frozenset[str]
    """The names of these players."""

    def fit(self, player: str, encoded: Encoded) -> tuple[torch.Tensor, torch.Tensor]:
        """Learn all of it; returns (sum of the losses on it, sum of their weights), both scalars on the device."""


@runtime_checkable
class FitsInTime(Protocol):
    """How long it takes to fit a player need not grow with its texts."""

    def seconds_of_fitting(self, player: str, sample: Encoded, num_examples: int) -> float:
        """For `num_examples`, measured on a `sample` of them."""


@runtime_checkable
class HasNews(Protocol):
    def news(self) -> Sequence[Message]:
        """What a person should know of what was fitted last; each is told once."""


@runtime_checkable
class HasState(Protocol):
    """A resume needs more than weights and optimizers."""

    def state(self) -> dict[str, Any]:
        """Plain JSON."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over `state`."""


@runtime_checkable
class HasTensors(Protocol):
    def tensors(self) -> Mapping[str, dict[str, torch.Tensor]]:
        """Further files of a checkpoint that only a resume needs, by name ("….safetensors")."""


@runtime_checkable
class ScoresAnswers(Protocol):
    """Something simpler can be measured beside it, by the same figures."""

    labels: tuple[str, ...]

    @property
    def class_weights(self) -> dict[str, float] | None:
        """How much a row of each label counts; None where all count alike."""

    def score(self, truths: np.ndarray, answers: np.ndarray, loss: float, split: str) -> Evaluation:
        """Figures from answers [rows, labels] to rows whose truths are [rows] or [rows, labels]."""


@runtime_checkable
class Invents(Protocol):
    """It is measured by what it writes."""

    num_samples: int
    """Texts that a measurement takes."""

    def invent(self, count: int) -> Generator[None, None, object]:
        """So many texts; breathes."""


@runtime_checkable
class WritesOn(Protocol):
    """It writes on what was begun. Such a task can be made from a checkpoint alone."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    end: int
    """The token that stands before and behind every text."""
    unwritten: tuple[int, ...]
    """Tokens that stand for no part of a text."""


@runtime_checkable
class ScoresRows(Protocol):
    """It answers in words. A task that does can be made from a checkpoint alone: its `Material` has no splits then."""

    def score_rows(self, rows: Dataset, split: str) -> Generator[int | None, None, ScoredRows]:
        """An answer to every row of a split, whose columns are row and the task's roles, and how good each is.
        Breathes between batches; what it yields is how many rows are answered, where it knows."""


@runtime_checkable
class AnswersRows(Protocol):
    """It answers rows of which nobody knows the right answer, and says how sure it is. Of a task that only
    `ScoresRows` the same is asked without right answers."""

    def answer_rows(self, rows: Dataset) -> Generator[object, None, Sequence[RowAnswer]]:
        """One answer a row, in their order; `rows` has the columns row and the roles that are read. Breathes between
        batches."""


@runtime_checkable
class FindsAnswers(Protocol):
    """It answers questions by pieces of a passage."""

    reader: QuestionReader


@runtime_checkable
class TellsHowToAsk(Protocol):
    """Its model can be asked outside of the house. Of a task that does not tell, the tokens that it reads at most are
    all that is known."""

    def how_to_ask(self) -> Mapping[str, Any]:
        """What `resources/export/answering/…` must know beside weights and tokenizer, as plain JSON: "max_length", and
        "decoding" (what `generate` is told), "prefix", "stride", "longest", "silence", "max_new_tokens", … by kind."""


@runtime_checkable
class Transforms(Protocol):
    """Its `model` writes a text for another one, by transformers' `generate`."""

    tokenizer: PreTrainedTokenizerFast

    @property
    def model(self) -> PreTrainedModel: ...

    def read_source(self, text: str) -> SourceText:
        """As it reads one text."""

    def first_ids(self) -> list[int]:
        """The token ids behind which it writes."""


@runtime_checkable
class WritesRows(Protocol):
    """It writes a text for every row of a split."""

    def write_rows(self, rows: Dataset, decoding: Decoding) -> Generator[int, None, list[str]]:
        """In the order of the rows, chosen as `decoding` says. Yields how many were written since it last did."""


@runtime_checkable
class Chats(Protocol):
    """Turns in, the next one out."""

    answering: Answering
    """Its model in a dialogue."""
