"""ClassificationTask: one player, "model"; rows weigh alike (or by their class)."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_model
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.task import Classification
from engine.data.batches import Batch, Encoded, in_order
from engine.metrics.classification import classification_metrics, confusion, intervals, regression_metrics
from engine.models.adaptation import has_adapter, load_adapter
from engine.models.losses import loss_of, probabilities_of, weight_of
from engine.records import Evaluation

_EVALUATION_BATCH = 64


class ClassificationTask:
    """Sort texts into labels, or predict a number. The loss of a step is the mean over all of its rows."""

    players = ("model",)

    def __init__(
        self,
        spec: Classification,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        labels: tuple[str, ...],
        positive_label: str | None,
        device: torch.device,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.labels = labels
        self.positive_label = positive_label
        self._loss = spec.loss
        self._device = device
        weights = getattr(model.config, "class_weights", None)
        self._class_weights = tuple(weights) if weights else None

    def turns(self, step: int) -> tuple[str, ...]:
        """The players of a step, in order."""
        return self.players

    def player(self, name: str) -> PreTrainedModel:
        return self.model

    def load_weights(self, folder: Path) -> None:
        """Take the weights of a checkpoint of this run. The folder was verified before."""
        if has_adapter(self.model):
            load_adapter(self.model, folder)
            return
        load_model(self.model, folder / "model.safetensors", device=str(self._device))

    def weight(self, player: str, batch: Batch) -> float:
        """What `loss` will return as its weight; known before the forward pass, so that gradients add up exactly."""
        return float(weight_of(batch.labels, self._loss, self._class_weights))

    def loss(self, player: str, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """(sum of the rows' losses, sum of their weights), both scalars on the device."""
        return self.loss_of_logits(self.logits(batch), batch)

    def loss_of_logits(self, logits: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """`loss` of logits [B, labels] that are known already."""
        return loss_of(logits.float(), batch.labels.to(self._device), self._loss, self._class_weights)

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """Measure all rows of a split. Yields between batches, so that a caller can breathe; returns the figures."""
        was_training = self.model.training
        self.model.eval()
        try:
            truths, answers, loss = yield from self.answers(encoded)
        finally:
            self.model.train(was_training)
        return self.score(truths, answers, loss, split)

    def score(self, truths: np.ndarray, answers: np.ndarray, loss: float, split: str) -> Evaluation:
        """Figures from answers: probabilities [rows, labels], or numbers [rows] for a numeric target."""
        if not self.labels:
            return Evaluation({"loss": loss, **regression_metrics(answers, truths)}, split, len(truths))
        metrics = classification_metrics(answers, truths, self.labels, self.positive_label)
        counts = confusion(answers, truths, len(self.labels))
        widths = intervals(answers, truths, self.labels, self.positive_label)
        return Evaluation({"loss": loss, **metrics}, split, len(truths), self.labels, counts, widths)

    def answers(self, encoded: Encoded) -> Generator[None, None, tuple[np.ndarray, np.ndarray, float]]:
        """(truths [rows], probabilities [rows, labels] or numbers [rows, 1], mean loss), shortest texts first."""
        truths, answers, sums, weights = [], [], 0.0, 0.0
        for batch in in_order(encoded, _EVALUATION_BATCH):
            with torch.inference_mode():
                logits = self.logits(batch).float()
                row_sum, weight = loss_of(logits, batch.labels.to(self._device), self._loss, self._class_weights)
                answers.append(probabilities_of(logits, self._loss).cpu().numpy())
            truths.append(batch.labels.numpy())
            sums, weights = sums + float(row_sum), weights + float(weight)
            yield
        return np.concatenate(truths), np.concatenate(answers), sums / max(weights, 1e-12)

    def logits(self, batch: Batch) -> torch.Tensor:
        """[B, labels] ([B, 1] for a numeric target)."""
        placed = batch.to(self._device)
        logits: torch.Tensor = self.model(input_ids=placed.input_ids, attention_mask=placed.attention_mask).logits
        return logits
