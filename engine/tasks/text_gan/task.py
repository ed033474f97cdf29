"""TextGanTask: a generator learns to write by guessing the next word, then by a game against a critic.

rehearsal   turns: pretraining                         maximum likelihood on the training texts
the game    turns: discriminator x n, then generator   each turn with fresh micro-batches
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from safetensors.torch import load_model
from torch import Tensor, nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.optimizer import Optimizer, Schedule
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.text_gan import GumbelSoftmax, Reinforce, TextGan, WassersteinLoss
from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import Encoded, encode, without_token
from engine.events import Collapsed, Event
from engine.messages import Message, message
from engine.models.critic import CRITIC_LABELS, critic_score, gradient_penalty
from engine.records import Evaluation
from engine.runs.run import Run
from engine.tasks.material import Material
from engine.tasks.task import PRETRAINING
from engine.tasks.text_gan.guard import GanGuard
from engine.tasks.text_gan.losses import critic_loss, writer_loss
from engine.tasks.text_gan.pair import CRITIC, REAL, Pair, make_pair, sample_length, saved_pair
from engine.tasks.text_gan.show import GanShow

WRITER = "generator"


class TextGanTask:
    """Two players on the loop. The loss of a writer's or critic's turn is the mean over its rows, that of the rehearsal
    the mean over its tokens."""

    labels: tuple[str, ...] = CRITIC_LABELS
    positive_label: str | None = REAL

    def __init__(self, config: RunConfig, material: Material, pair: Pair, device: torch.device) -> None:
        assert isinstance(config.task, TextGan)
        self._spec, self._training = config.task, config.training
        self.judged_by = judged_by(config.task, config.training.best)
        self._pair, self._device = pair.to(device), device
        self._rehearsal = config.training.pretraining.steps
        self._length = sample_length(material.encoded["train"], config.data.max_length)
        self._show = GanShow(config, material, pair, self._length, device)
        self._guard = GanGuard(config.task)
        self._num_given, self._num_known = len(material.splits.splits["train"]), len(material.encoded["train"])
        self._step = 0
        self._usual_reward: float | None = None
        self.tokenizer = material.tokenizer
        self.players: tuple[str, ...] = (*((PRETRAINING,) if self._rehearsal else ()), CRITIC, WRITER)
        self.milestones: frozenset[int] = frozenset((self._rehearsal,) if self._rehearsal else ())

    @property
    def notes(self) -> list[Message]:
        """How many texts cannot be learned from."""
        num_left_out = self._num_given - self._num_known
        if not num_left_out:
            return []
        return [
            message(
                "{count:plural:training text is:training texts are} left out: a word in them is too rare for the "
                "vocabulary, and the writer could never write it. A larger vocabulary lets them in.",
                count=num_left_out,
            )
        ]

    # --- who plays ----------------------------------------------------------------------------------------------

    @property
    def model(self) -> PreTrainedModel:
        """The critic: where it looks is what people ask."""
        return self._pair.critic

    def turns(self, step: int) -> tuple[str, ...]:
        self._step = step
        if step <= self._rehearsal:
            return (PRETRAINING,)
        num_turns = 1 if self._guard.critic_wins else self._spec.discriminator_steps
        return (*((CRITIC,) * num_turns), WRITER)

    def player(self, name: str) -> nn.Module:
        return self._pair.critic if name == CRITIC else self._pair.generator

    def optimizer_and_schedule(self, name: str) -> tuple[Optimizer, Schedule, int, int]:
        training = self._training
        game = training.max_steps - self._rehearsal
        if name == PRETRAINING and isinstance(training.pretraining, LanguageModelPretraining):
            return training.pretraining.optimizer, training.pretraining.schedule, 0, self._rehearsal
        if name == CRITIC:
            return self._spec.discriminator_optimizer, self._spec.discriminator_schedule, self._rehearsal, game
        return training.optimizer, training.schedule, self._rehearsal, game

    def reads(self, name: str) -> tuple[str, ...]:
        return (PRETRAINING,) if name == PRETRAINING else ("train",)

    def gauges(self) -> Mapping[str, float]:
        temperature = self._temperature()
        return {} if temperature is None or self._step <= self._rehearsal else {"temperature": temperature}

    def soften(self, factor: float) -> tuple[float, float] | None:
        old = self._temperature()
        if old is None:
            return None
        self._guard.softness *= factor
        return old, old * factor

    def _temperature(self) -> float | None:
        """The inverse temperature of this step; None where words are drawn for good."""
        spec = self._spec.estimator
        if not isinstance(spec, GumbelSoftmax):
            return None
        first, last = spec.first_inverse_temperature, spec.last_inverse_temperature
        done = (self._step - self._rehearsal - 1) / max(1, self._training.max_steps - self._rehearsal - 1)
        done = min(1.0, max(0.0, done))
        if spec.annealing == "none":
            return first * self._guard.softness
        if spec.annealing == "linear":
            return (first + (last - first) * done) * self._guard.softness
        return first * math.exp(done * math.log(last / first)) * self._guard.softness

    # --- what they learn ----------------------------------------------------------------------------------------

    def weight(self, player: str, batch: Batch) -> float:
        """Predicted tokens in the rehearsal, rows in the game."""
        if player != PRETRAINING:
            return float(len(batch))
        return float(self._pair.generator.predicted(batch.input_ids, batch.attention_mask).sum())

    def loss(self, player: str, batch: Batch) -> tuple[Tensor, Tensor]:
        """(sum, weight), two scalars."""
        placed = batch.to(self._device)
        for weight in self._pair.critic.parameters():
            weight.requires_grad_(player == CRITIC)
        match player:
            case "pretraining":
                rows = -self._pair.generator.log_likelihood(placed.input_ids, placed.attention_mask)
            case "discriminator":
                rows = self._critic_rows(placed)
            case _:
                rows = self._writer_rows(placed)
        return rows.sum(), torch.tensor(self.weight(player, batch), device=self._device)

    def _critic_rows(self, batch: Batch) -> Tensor:
        with torch.no_grad():
            soft, ids = self._invent(len(batch))
        mask = self._mask(ids)
        critic = self._pair.critic
        real = critic_score(critic, batch.input_ids, batch.attention_mask)
        rows = critic_loss(self._spec.loss, real, critic_score(critic, ids, mask, soft))
        if isinstance(self._spec.loss, WassersteinLoss):
            penalty = gradient_penalty(critic, batch.input_ids, batch.attention_mask, ids, mask, soft)
            rows = rows + self._spec.loss.penalty * penalty
        return rows

    def _writer_rows(self, batch: Batch) -> Tensor:
        if isinstance(self._spec.estimator, Reinforce):
            return self._rewarded_rows(self._spec.estimator, len(batch))
        soft, ids = self._invent(len(batch))
        critic = self._pair.critic
        invented = critic_score(critic, ids, self._mask(ids), soft)
        with torch.no_grad():
            real = critic_score(critic, batch.input_ids, batch.attention_mask)
        return writer_loss(self._spec.loss, real, invented)

    def _rewarded_rows(self, spec: Reinforce, num_rows: int) -> Tensor:
        """-(reward - usual reward) log p of each text (Williams 1992), less the words' entropy; the reward is the
        critic's probability that the text is real."""
        _, ids = self._invent(num_rows)
        mask = self._mask(ids)
        with torch.no_grad():
            rewards = critic_score(self._pair.critic, ids, mask).sigmoid()
        mean = float(rewards.mean())
        usual = mean if self._usual_reward is None else self._usual_reward
        self._usual_reward = spec.baseline_memory * usual + (1 - spec.baseline_memory) * mean
        log_p = self._pair.generator(ids, attention_mask=mask).logits[:, :-1].float().log_softmax(dim=-1)
        predicted = mask[:, 1:].float()
        likelihood = (log_p.gather(-1, ids[:, 1:, None]).squeeze(-1) * predicted).sum(dim=1)
        never = log_p == -math.inf  # words that are never written: 0 log 0 has no slope that a number could be
        log_p = log_p.masked_fill(never, 0.0)
        entropy = -(log_p.exp().masked_fill(never, 0.0) * log_p).sum(dim=-1).mul(predicted).sum(dim=1)
        rows: Tensor = -(rewards - usual) * likelihood - spec.entropy_weight * entropy
        return rows

    def _invent(self, num_rows: int) -> tuple[Tensor | None, Tensor]:
        """Soft words [B, L, V] (None where they are drawn for good) and ids [B, L]."""
        temperature = self._temperature()
        if temperature is None:
            return None, self._pair.generator.sample(num_rows, max_length=self._length)
        return self._pair.generator.sample_softly(num_rows, max_length=self._length, inverse_temperature=temperature)

    def _mask(self, ids: Tensor) -> Tensor:
        mask: Tensor = (ids != self.tokenizer.pad_token_id).long()
        return mask

    # --- what is measured, shown and guarded --------------------------------------------------------------------

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        phase = PRETRAINING if self._step <= self._rehearsal else "adversarial"
        return (yield from self._show.evaluate(encoded, split, self._step, phase))

    def show(self, run: Run, step: int) -> list[Event]:
        events = self._show.events(run, step, is_rehearsed=step == self._rehearsal)
        notice = self._guard.watch_critic(step, self._show.last) if step > self._rehearsal else None
        return [*events, notice] if notice is not None else events

    def guard(self, step: int, found: Evaluation, best: int | None) -> Collapsed | None:
        shown = self._show
        if step <= self._rehearsal or shown.real_text is None:
            return None
        return self._guard.judge(step, found.metrics, shown.real_text, shown.openings, shown.num_shown, best)

    @property
    def num_samples(self) -> int:
        """Texts of each measurement."""
        return self._spec.num_samples

    def invent(self, num: int) -> Generator[None, None, list[list[int]]]:
        """Texts as token ids; breathes."""
        return self._show.writing.invent(num, seed=0)

    # --- what is kept -------------------------------------------------------------------------------------------

    def models(self) -> Mapping[str, PreTrainedModel]:
        return {"": self._pair.generator, CRITIC: self._pair.critic}

    def load_weights(self, folder: Path) -> None:
        for place, model in self.models().items():
            load_model(model, folder / place / "model.safetensors", device=str(self._device))

    def state(self) -> dict[str, Any]:
        return {"guard": self._guard.state(), "told": self._show.state(), "usual_reward": self._usual_reward}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._guard.restore(state["guard"])
        self._show.restore(state["told"])
        self._usual_reward = state["usual_reward"]


def make_text_gan(
    config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None
) -> TextGanTask:
    """With fresh weights, or with those of a verified checkpoint of this run."""
    pair = make_pair(config, material.tokenizer) if checkpoint is None else saved_pair(checkpoint)
    return TextGanTask(config, material, pair, device)


def writable_texts(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...]
) -> Encoded:
    """The texts of known words. A generator never writes an unknown one: a critic would know real texts by theirs.
    Where nearly all texts have one, they stay."""
    del labels
    encoded = encode(split, tokenizer, config.data.max_length)
    known = without_token(encoded, tokenizer.unk_token_id)
    return known if len(known) >= max(1, len(encoded) // 4) else encoded
