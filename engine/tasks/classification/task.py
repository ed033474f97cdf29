"""ClassificationTask: one player, "model"; rows weigh alike (or by their class)."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, load_model
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.counting import WordCounting, counting_of
from engine.config.optimizer import Optimizer, Schedule
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by, unmeasured
from engine.data.tokens.batches import Batch, in_order
from engine.data.tokens.encoding import Encoded
from engine.errors import InputError, NotFinite
from engine.messages import Message, message
from engine.metrics.classification import (
    classification_metrics,
    confusion,
    intervals,
    intervals_of_several,
    metrics_of_several,
    regression_intervals,
    regression_metrics,
)
from engine.models.adaptation import has_adapter, load_adapter
from engine.models.counting.classifier import WordCountingClassifier, logits_of_answers
from engine.models.counting.counting import Counted, count_words
from engine.models.counting.wide_and_deep import WideAndDeepClassifier
from engine.models.losses import loss_of, probabilities_of, weight_of
from engine.models.word_guessing import WordGuessing
from engine.records import Evaluation
from engine.tasks.counting import (
    NUM_UNSEEN_FOLDS,
    UnseenAnswers,
    kind_of,
    news_of,
    report_of,
    rows_of,
    texts_of,
    unseen_answers,
)
from engine.tasks.task import PRETRAINING

COUNTING = "counting"
"""The player that is fitted before the network beside it learns."""

_UNSEEN_FILE = "unseen.safetensors"
_EVALUATION_BATCH = 64
_TRIALS = 15
"""Fits, each of two thirds of the rows or fewer, that choosing comes to where time allows."""


class ClassificationTask:
    """Sort texts into labels, one or several each, or predict a number. A step's loss is the mean over all its rows.
    Raises InputError where the labels do not have the metric that is to choose the best checkpoint.

    With `guessing`, the model first learns to guess words for the first `training.pretraining.steps` updates.
    """

    def __init__(
        self,
        config: RunConfig,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        labels: tuple[str, ...],
        positive_label: str | None,
        device: torch.device,
        *,
        guessing: WordGuessing | None = None,
        has_unlabelled: bool = False,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.labels = labels
        self.positive_label = positive_label
        self.players: tuple[str, ...] = ("model",) if guessing is None else (PRETRAINING, "model")
        if isinstance(model, WideAndDeepClassifier):
            self.players = ("model", COUNTING)
        spec = config.task
        target, loss = spec.target, spec.label_loss
        assert target is not None and loss is not None
        self.judged_by = judged_by(spec, config.training.best)
        not_measured = unmeasured(spec, config.training.best, len(labels))
        if not_measured is not None:
            raise InputError(message("The best checkpoint cannot be chosen."), "training.best.metric", not_measured)
        self._config = config
        self._guessing = guessing
        self._has_unlabelled = has_unlabelled
        self._loss = loss
        self._several = target.may_have_several
        self._device = device
        weights = getattr(model.config, "class_weights", None)
        self._class_weights = tuple(weights) if weights else None
        self.fitted = frozenset(self.players if isinstance(model, WordCountingClassifier) else ()) | (
            frozenset(self.players) & {COUNTING}
        )
        self._unseen: UnseenAnswers | None = None
        self._news: list[Message] = []

    @property
    def notes(self) -> list[Message]:
        """What of the loss a model that counts words does not learn by."""
        if not self.fitted:
            return []
        unheard = [
            message("label smoothing") if getattr(self._loss, "label_smoothing", 0.0) else None,
            message("the focus on hard rows") if self._loss.name == "focal" else None,
        ]
        return [
            message(
                "Word counting learns by log loss: {what} changes how it is measured, not what it learns.", what=one
            )
            for one in unheard
            if one is not None
        ]

    @property
    def class_weights(self) -> dict[str, float] | None:
        """How much a row of each label counts; None where all count alike."""
        return dict(zip(self.labels, self._class_weights, strict=True)) if self._class_weights and self.labels else None

    def turns(self, step: int) -> tuple[str, ...]:
        if COUNTING in self.players and step == 1:
            return (COUNTING, "model")
        return ("model",) if self.is_measured(step) else (PRETRAINING,)

    def player(self, name: str) -> nn.Module:
        return self._guessing if name == PRETRAINING and self._guessing is not None else self.model

    def optimizer_and_schedule(self, name: str) -> tuple[Optimizer, Schedule, int, int]:
        training = self._config.training
        before = training.pretraining.steps
        if name == PRETRAINING and isinstance(training.pretraining, LanguageModelPretraining):
            return training.pretraining.optimizer, training.pretraining.schedule, 0, before
        return training.optimizer, training.schedule, before, training.max_steps - before

    def reads(self, name: str) -> tuple[str, ...]:
        if name == PRETRAINING:
            return (PRETRAINING,)
        reads_both = self._has_unlabelled and self._config.training.adversary.name == "vat"
        return ("train", "unlabelled") if reads_both else ("train",)

    def is_measured(self, step: int) -> bool:
        """Not while it only guesses words."""
        return self._guessing is None or step > self._config.training.pretraining.steps

    def models(self) -> Mapping[str, PreTrainedModel]:
        return {"": self.model}

    def tensors(self) -> Mapping[str, dict[str, torch.Tensor]]:
        if self._unseen is not None:
            return {_UNSEEN_FILE: self._unseen.tensors()}
        return {} if self._guessing is None else {"pretraining.safetensors": self._guessing.extra_state()}

    def load_extra(self, folder: Path) -> None:
        """What is not the classifier's own; for a resume."""
        if COUNTING in self.players:
            self._unseen = UnseenAnswers.of(load_file(folder / _UNSEEN_FILE, device=str(self._device)))
        if self._guessing is not None:
            self._guessing.load_extra(load_file(folder / "pretraining.safetensors"))

    def load_weights(self, folder: Path) -> None:
        """Take the weights of a checkpoint of this run. The folder was verified before."""
        if has_adapter(self.model):
            load_adapter(self.model, folder)
            return
        load_model(self.model, folder / "model.safetensors", device=str(self._device))

    def weight(self, player: str, batch: Batch) -> float:
        if player == PRETRAINING and self._guessing is not None:
            return self._guessing.weight(batch)
        return float(weight_of(batch.labels, self._loss, self._class_weights))

    def loss(self, player: str, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """(sum, weight), two scalars."""
        if player == PRETRAINING and self._guessing is not None:
            return self._guessing.loss(batch.to(self._device))
        return self.loss_of_logits(self.logits(batch), batch)

    def loss_of_logits(self, logits: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """(sum of the rows' losses, sum of their weights) for `logits` [B, labels]."""
        return loss_of(logits.float(), batch.labels.to(self._device), self._loss, self._class_weights)

    # --- what is fitted at once ---------------------------------------------------------------------------------

    def fit(self, player: str, encoded: Encoded) -> tuple[torch.Tensor, torch.Tensor]:
        """Count the n-grams of all texts and fit the model of them; returns two scalars, of the loss on them. Raises
        GivenUp."""
        del player
        assert isinstance(self.model, WordCountingClassifier | WideAndDeepClassifier)
        counted = self._counted(self._spec, encoded)
        kind = kind_of(self.tokenizer)
        self.model.take(counted, report_of(counted, kind))
        self._news += news_of(counted, kind, len(encoded))
        answers = torch.from_numpy(counted.linear.answers(counted.held)).float()
        if COUNTING in self.players:
            found = unseen_answers(counted, texts_of(encoded), self._config.seed)
            self._unseen = UnseenAnswers(
                torch.from_numpy(encoded.rows.copy()), torch.from_numpy(found).float().to(self._device)
            )
            answers = torch.from_numpy(found[counted.places]).float()
        logits = logits_of_answers(answers, self._loss, max(1, len(self.labels)))
        truths = torch.from_numpy(np.asarray(counted.rows.truths))
        return loss_of(logits.to(self._device), truths.to(self._device), self._loss, self._class_weights)

    def seconds_of_fitting(self, player: str, sample: Encoded, num_examples: int) -> float:
        """As long as the sample takes without choosing, for all of them, and the time to choose."""
        del player
        spec = self._spec
        began = time.perf_counter()
        self._counted(spec.model_copy(update={"seconds": 0}), sample)
        once = (time.perf_counter() - began) * num_examples / max(1, len(sample))
        folds = NUM_UNSEEN_FOLDS if COUNTING in self.players else 0
        return once * (1 + folds) + min(float(spec.seconds), _TRIALS * once)

    @property
    def _spec(self) -> WordCounting:
        """How it counts."""
        spec = counting_of(self._config.model)
        assert spec is not None
        return spec

    def _counted(self, spec: WordCounting, encoded: Encoded) -> Counted:
        target = self._config.task.target
        assert target is not None
        rows = rows_of(encoded, target, self.labels, self._class_weights)
        silent, kind = self.tokenizer.all_special_ids, kind_of(self.tokenizer)
        return count_words(spec, rows, len(self.tokenizer), silent, kind, self._config.seed)

    def news(self) -> list[Message]:
        """What was chosen and left out when it was fitted."""
        told, self._news = self._news, []
        return told

    # --- what is measured ---------------------------------------------------------------------------------------

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """Measure all rows of a split. Yields between batches, so that a caller can breathe; returns the figures.
        Raises NotFinite for answers that are no numbers."""
        was_training = self.model.training
        self.model.eval()
        try:
            truths, answers, loss = yield from self.answers(encoded)
        finally:
            self.model.train(was_training)
        return self.score(truths, answers, loss, split)

    def score(self, truths: np.ndarray, answers: np.ndarray, loss: float, split: str) -> Evaluation:
        """Figures from answers: probabilities [rows, labels], or numbers [rows] for a numeric target. `truths` are
        label ids [rows], numbers [rows], or of several labels a text [rows, labels]."""
        if not self.labels:
            metrics, widths = regression_metrics(answers, truths), regression_intervals(answers, truths)
            return Evaluation({"loss": loss, **metrics}, split, len(truths), intervals=widths)
        if self._several:
            metrics, widths = metrics_of_several(answers, truths), intervals_of_several(answers, truths)
            return Evaluation({"loss": loss, **metrics}, split, len(truths), self.labels, intervals=widths)
        best = self._config.training.best
        floor = best.recall_floor if self.judged_by == "precision_at_recall" else None
        metrics = classification_metrics(answers, truths, self.labels, self.positive_label, least_recall=floor)
        counts = confusion(answers, truths, len(self.labels))
        widths = intervals(answers, truths, self.labels, self.positive_label)
        return Evaluation({"loss": loss, **metrics}, split, len(truths), self.labels, counts, widths)

    def answers(self, encoded: Encoded) -> Generator[None, None, tuple[np.ndarray, np.ndarray, float]]:
        """(truths [rows] or of several labels [rows, labels], probabilities [rows, labels] or numbers [rows, 1], mean
        loss), shortest texts first. Raises NotFinite."""
        truths, answers, sums, weights = [], [], 0.0, 0.0
        for batch in in_order(encoded, _EVALUATION_BATCH):
            with torch.inference_mode():
                logits = self.logits(batch).float()
                _refuse_no_numbers(logits, batch)
                row_sum, weight = self.loss_of_logits(logits, batch)
                answers.append(probabilities_of(logits, self._loss, several=self._several).cpu().numpy())
            truths.append(batch.labels.numpy())
            sums, weights = sums + float(row_sum), weights + float(weight)
            yield
        return np.concatenate(truths), np.concatenate(answers), sums / max(weights, 1e-12)

    def logits(self, batch: Batch) -> torch.Tensor:
        """[B, labels] of the batch's texts."""
        more: dict[str, torch.Tensor] = {}
        if self._unseen is not None and self.model.training:
            more["counted"] = self._unseen.at(batch.rows)
        logits: torch.Tensor = self.model(**batch.to(self._device).inputs, **more).logits
        return logits


def _refuse_no_numbers(logits: torch.Tensor, batch: Batch) -> None:
    """Such answers would be figures all the same: the first label everywhere."""
    is_finite = torch.isfinite(logits).all(dim=-1).cpu().numpy()
    if not is_finite.all():
        rows = [int(row) for row in np.asarray(batch.rows)[~is_finite]]
        raise NotFinite(message("What the model says of a text is not a finite number."), rows)
