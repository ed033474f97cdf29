"""SemiSupervisedTask: sort texts with few labels. A generator invents summaries of texts; the model that tells them
from real ones learns from texts without labels what real ones have in common (Salimans 2016; GAN-BERT, Croce 2020).

The classifier itself is the discriminator. Of k + 1 classes the last one, "invented", has the logit 0, so that a plain
classifier of k labels is all that is saved: D(real) = Z / (Z + 1) with Z = sum of exp(logit) (Salimans 2016, 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_model
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.optimizer import AdamW, Optimizer, Schedule
from engine.config.run import RunConfig
from engine.config.tasks.semi_supervised import SemiSupervised
from engine.data.tokens.batches import Batch
from engine.messages import Message, message
from engine.models.summary_generator import (
    SummaryGenerator,
    SummaryGeneratorConfig,
    answer_layer,
    at_last_token,
    summaries_kept,
)
from engine.models.word_guessing import WordGuessing
from engine.tasks.classification.task import ClassificationTask

MODEL, GENERATOR = "model", "generator"


class SemiSupervisedTask(ClassificationTask):
    """Two turns a step: "model" learns labels, and real from invented; "generator" learns to be taken for real.

    Rows weigh so that micro-batches add up exactly. With u texts without labels beside n with them, the model's loss is
    the mean over all n + u real texts of -log D(real), plus as many inventions' mean of -log(1 - D), plus the labels'
    cross-entropy, which counts twice a labelled row, because of two texts one has a label.
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
        super().__init__(
            config,
            model,
            tokenizer,
            labels,
            positive_label,
            device,
            guessing=guessing,
            has_unlabelled=has_unlabelled,
        )
        spec = config.task
        assert isinstance(spec, SemiSupervised)
        self._rate = spec.generator_rate
        self._answer = answer_layer(model)
        sizes = SummaryGeneratorConfig(
            noise_size=spec.noise_size, hidden_size=spec.generator_size, summary_size=self._answer.in_features
        )
        self.generator = SummaryGenerator(sizes)
        nn.Module.to(self.generator, device)
        self.players = (*self.players, GENERATOR)
        self._real_sum = torch.zeros(self._answer.in_features, device=device)
        self._num_real = 0

    @property
    def notes(self) -> list[Message]:
        """What a person should know before it begins."""
        if self._has_unlabelled:
            return []
        return [
            message(
                "There are no texts without labels: the labelled ones alone are held against the inventions. "
                "More texts (data.unlabelled=FILE) would help."
            )
        ]

    def turns(self, step: int) -> tuple[str, ...]:
        self._begin()
        players = super().turns(step)
        return (*players, GENERATOR) if MODEL in players else players

    def player(self, name: str) -> nn.Module:
        return self.generator if name == GENERATOR else super().player(name)

    def optimizer_and_schedule(self, name: str) -> tuple[Optimizer, Schedule, int, int]:
        """The generator's schedule is the model's, its rate its own."""
        if name != GENERATOR:
            return super().optimizer_and_schedule(name)
        _, schedule, before, num_steps = super().optimizer_and_schedule(MODEL)
        return AdamW(learning_rate=self._rate), schedule, before, num_steps

    def reads(self, name: str) -> tuple[str, ...]:
        """The generator reads no text: a batch only says how many summaries it invents."""
        if name == GENERATOR:
            return ("unlabelled",) if self._has_unlabelled else ("train",)
        if name == MODEL and self._has_unlabelled:
            return ("train", "unlabelled")
        return super().reads(name)

    def models(self) -> Mapping[str, PreTrainedModel]:
        return {**super().models(), GENERATOR: self.generator}

    def load_weights(self, folder: Path) -> None:
        super().load_weights(folder)
        self._load_generator(folder)

    def load_extra(self, folder: Path) -> None:
        super().load_extra(folder)
        self._load_generator(folder)

    def weight(self, player: str, batch: Batch) -> float:
        if player == MODEL:
            return float(len(batch) + _num_unlabelled(batch))
        return float(len(batch)) if player == GENERATOR else super().weight(player, batch)

    def loss(self, player: str, batch: Batch) -> tuple[Tensor, Tensor]:
        if player == MODEL:
            return self._model_loss(batch)
        return self._generator_loss(len(batch)) if player == GENERATOR else super().loss(player, batch)

    def _model_loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        logits = self._logits_of_real(batch)
        supervised, _ = self.loss_of_logits(logits, batch)
        total = supervised * (2 if self._has_unlabelled else 1) + taken_for_invented(logits).sum()
        if batch.unlabelled is not None:
            total = total + taken_for_invented(self._logits_of_real(batch.unlabelled)).sum()
        num_real = len(batch) + _num_unlabelled(batch)
        with torch.no_grad():
            invented = self.generator.invent(num_real)
        total = total + taken_for_real(self._answer(invented)).sum()
        return total, torch.tensor(float(num_real), device=self._device)

    def _generator_loss(self, count: int) -> tuple[Tensor, Tensor]:
        """Fooling, and matching the mean of the real summaries that the model has just read (Salimans 2016, 3.1).

        A mean is no sum over rows: where a step has several micro-batches, each one's own mean is matched.
        """
        invented = self.generator.invent(count)
        fooling = taken_for_invented(self._answer(invented)).sum()
        real = self._real_sum / max(1, self._num_real)
        matching = (invented.float().mean(dim=0) - real).square().mean()
        return fooling + count * matching, torch.tensor(float(count), device=self._device)

    def _logits_of_real(self, batch: Batch) -> Tensor:
        """[B, k]; the summaries on the way are added up for the generator's turn."""
        with summaries_kept(self._answer) as kept:
            logits = self.logits(batch)
        summaries = at_last_token(kept[-1].detach(), batch.attention_mask.to(self._device))
        self._real_sum = self._real_sum + summaries.float().sum(dim=0)
        self._num_real += len(batch)
        return logits

    def _begin(self) -> None:
        self._real_sum = torch.zeros(self._answer.in_features, device=self._device)
        self._num_real = 0

    def _load_generator(self, folder: Path) -> None:
        load_model(self.generator, folder / GENERATOR / "model.safetensors", device=str(self._device))


def taken_for_invented(logits: Tensor) -> Tensor:
    """-log D(real) of logits [B, k]: [B], how wrong it is to take a real text for an invention."""
    return functional.softplus(-logits.float().logsumexp(dim=-1))


def taken_for_real(logits: Tensor) -> Tensor:
    """-log(1 - D(real)) of logits [B, k]: [B], how wrong it is to take an invention for a real text."""
    return functional.softplus(logits.float().logsumexp(dim=-1))


def _num_unlabelled(batch: Batch) -> int:
    return 0 if batch.unlabelled is None else len(batch.unlabelled)
