"""QuestionAnsweringTask: one player, "model"; a step's loss is the mean over its windows of both cross-entropies."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from torch import Tensor, nn
from transformers import AutoModelForQuestionAnswering, PreTrainedModel, PreTrainedTokenizerFast

from engine.breath import telling
from engine.config.readers import BidafReader, PretrainedReader
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.question_answering import QuestionAnswering
from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import Encoded
from engine.data.tokens.question_windows import BEGINS, ENDS, PASSAGE, encode_questions
from engine.events import Event, TextsAnswered
from engine.messages import Message, message
from engine.metrics.summed_figures import half_widths, values
from engine.models.checkpoint_model import checkpoint_model
from engine.models.pretrained_reader import load_pretrained_reader, restore_pretrained_reader
from engine.models.question_reader import SILENCE, QuestionReader, model_inputs
from engine.models.reader import NOWHERE, build_reader
from engine.models.train_eval_mode import evaluating
from engine.records import Evaluation, RowAnswer, ScoredRows, Silence
from engine.runs.run import Run
from engine.tasks.material import Material
from engine.tasks.one_model import OneModel
from engine.tasks.question_answering.scoring import answered_questions, score_questions

_SHOWN = 5


class QuestionAnsweringTask(OneModel):
    """Finds answers in passages. `reader` is the model as it is asked."""

    def __init__(self, config: RunConfig, model: PreTrainedModel, material: Material, device: torch.device) -> None:
        assert isinstance(config.task, QuestionAnswering)
        super().__init__(config, model, device)
        self.tokenizer: PreTrainedTokenizerFast = material.tokenizer
        self.judged_by = judged_by(config.task, config.training.best)
        self._rows: Mapping[str, Dataset] = material.splits.splits
        self._num_given = len(self._rows["train"]) if "train" in self._rows else 0
        self._num_used = len(np.unique(material.encoded["train"].rows)) if "train" in material.encoded else 0
        limit = int(min(config.data.max_length, self.tokenizer.model_max_length))
        spec = config.task
        self.reader = QuestionReader(model, self.tokenizer, limit, spec.stride, spec.max_answer_tokens, device)
        self._shown: ScoredRows | None = None

    @property
    def notes(self) -> list[Message]:
        """How many rows cannot be learned from."""
        num_left_out = self._num_given - self._num_used
        if not num_left_out:
            return []
        return [
            message(
                "{count:plural:training question is:training questions are} left out: the answer does not stand in the "
                "passage.",
                count=num_left_out,
            )
        ]

    def weight(self, player: str, batch: Batch) -> float:
        """Windows."""
        del player
        return float(len(batch))

    def loss(self, player: str, batch: Batch) -> tuple[Tensor, Tensor]:
        """(sum, weight), two scalars. Tokens that cannot be meant, those of the question, are none to choose from."""
        del player
        placed = batch.to(self._device)
        output = self.model(**model_inputs(self.model, dict(placed.inputs)))
        is_meant = placed.targets[PASSAGE].bool()
        is_meant[:, 0] = True
        losses = torch.zeros((), device=self._device)
        for logits, wanted in ((output.start_logits, BEGINS), (output.end_logits, ENDS)):
            chosen = logits.float().masked_fill(~is_meant, NOWHERE)
            losses = losses + nn.functional.cross_entropy(chosen, placed.targets[wanted], reduction="sum")
        return losses / 2, torch.tensor(self.weight("model", batch), device=self._device)

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """Of a validation split at most `task.validation_rows` rows, evenly drawn; of any other all."""
        del encoded
        rows = self._rows[split]
        assert isinstance(self._config.task, QuestionAnswering)
        most = self._config.task.validation_rows
        if split == "validation" and len(rows) > most:
            rows = rows.select(np.linspace(0, len(rows) - 1, most).astype(np.int64))
        found = yield from telling(self.score_rows(rows, split), None)
        if split == "validation":
            self._shown = found
        intervals = half_widths(found.statistics, self._config.seed)
        return Evaluation(values(found.statistics), split, len(found), intervals=intervals)

    def score_rows(self, rows: Dataset, split: str) -> Generator[int | None, None, ScoredRows]:
        """An answer to every row. Yields how many were."""
        with evaluating(self.model):
            return (yield from score_questions(self.reader, rows, split))

    def how_to_ask(self) -> dict[str, Any]:
        """What an exported folder must know beside weights and tokenizer."""
        reader, silence = self.reader, self.reader.silence
        return {
            "max_length": reader.limit,
            "stride": reader.stride,
            "longest": reader.longest,
            "silence": None if silence is None else silence.threshold,
        }

    def answer_rows(self, rows: Dataset) -> Generator[None, None, list[RowAnswer]]:
        """One answer a row of questions and passages, with its place in characters of the passage, from 0."""
        with evaluating(self.model):
            return (yield from answered_questions(self.reader, rows))

    def show(self, run: Run, step: int) -> list[Event]:
        """What it says to a few validation questions, some of them without an answer where there are such."""
        del run
        if self._shown is None or not len(self._shown):
            return []
        rows = list(self._shown.rows)
        places = np.linspace(0, len(rows) - 1, min(_SHOWN, len(rows))).astype(int)
        shown = [
            {
                "read": list(one.read),
                "wanted": one.wanted[0] if one.wanted else "",
                "said": one.said,
                "score": one.scores.get("f1"),
            }
            for one in (rows[int(place)] for place in places)
        ]
        return [TextsAnswered(step=step, rows=shown)]


def make_question_answering(
    config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None
) -> QuestionAnsweringTask:
    """With fresh weights, or with those of a verified checkpoint of this run."""
    model = _made(config, material) if checkpoint is None else _saved(config, checkpoint)
    nn.Module.to(model, device)
    return QuestionAnsweringTask(config, model, material, device)


def encode_rows(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...]
) -> Encoded:
    """The rows of a split as windows."""
    del labels
    assert isinstance(config.task, QuestionAnswering)
    return encode_questions(split, tokenizer, config.data.max_length, config.task.stride)


def _made(config: RunConfig, material: Material) -> PreTrainedModel:
    spec, tokenizer = config.model, material.tokenizer
    model: PreTrainedModel
    if isinstance(spec, PretrainedReader):
        model = load_pretrained_reader(spec, int(tokenizer.pad_token_id))
    else:
        assert isinstance(spec, BidafReader)
        model = build_reader(
            spec,
            vocabulary_size=len(tokenizer),
            max_length=config.data.max_length,
            pad_token_id=int(tokenizer.pad_token_id),
            separator_id=int(tokenizer.sep_token_id),
        )
    has_silence = "" in material.splits.splits["train"].unique("answer")
    setattr(model.config, SILENCE, Silence().to_json() if has_silence else None)
    return model


def _saved(config: RunConfig, checkpoint: Path) -> PreTrainedModel:
    if isinstance(config.model, PretrainedReader):
        return restore_pretrained_reader(config.model, checkpoint)
    return checkpoint_model(AutoModelForQuestionAnswering, checkpoint)
