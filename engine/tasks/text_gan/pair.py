"""The pair of a text GAN: the generator that writes, the critic that judges; made new or read from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, PreTrainedTokenizerFast

from engine.config.gan import TextGanPair
from engine.config.losses import BinaryCrossEntropy
from engine.config.run import RunConfig
from engine.data.tokens.encoding import Encoded
from engine.models import TextClassifier
from engine.models.build import build
from engine.models.checkpoint_model import checkpoint_model
from engine.models.critic import CRITIC_LABELS
from engine.models.generators import TextGenerator, build_generator

CRITIC = "discriminator"
"""The critic's folder inside a checkpoint."""
INVENTED, REAL = CRITIC_LABELS


@dataclass(frozen=True)
class Pair:
    """Both on the same device."""

    generator: TextGenerator
    critic: TextClassifier

    def to(self, device: torch.device) -> Pair:
        nn.Module.to(self.generator, device)
        nn.Module.to(self.critic, device)
        return self


def make_pair(config: RunConfig, tokenizer: PreTrainedTokenizerFast) -> Pair:
    """Fresh weights, from torch's current random state."""
    assert isinstance(config.model, TextGanPair)
    special = (tokenizer.cls_token_id, tokenizer.sep_token_id)
    generator = build_generator(
        config.model.generator,
        vocabulary_size=len(tokenizer),
        max_length=config.data.max_length,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        banned_token_ids=_unwritten(tokenizer),
    )
    critic = build(
        config.model.discriminator,
        vocabulary_size=len(tokenizer),
        num_labels=len(CRITIC_LABELS),
        max_length=config.data.max_length,
        pad_token_id=tokenizer.pad_token_id,
        labels=CRITIC_LABELS,
        loss=BinaryCrossEntropy(),
        special_token_ids=special,
    )
    return Pair(generator, critic)


def saved_pair(folder: Path) -> Pair:
    """From a verified checkpoint of a text GAN."""
    generator: Any = checkpoint_model(AutoModelForCausalLM, folder)
    critic: Any = checkpoint_model(AutoModelForSequenceClassification, folder / CRITIC)
    return Pair(generator, critic)


def sample_length(train: Encoded, max_length: int) -> int:
    """Tokens of an invented text at most, special ones included: 99 of 100 training texts are no longer."""
    return int(min(max_length, max(4, np.quantile(train.lengths, 0.99))))


def _unwritten(tokenizer: PreTrainedTokenizerFast) -> tuple[int, ...]:
    found = (tokenizer.pad_token_id, tokenizer.cls_token_id, tokenizer.unk_token_id, tokenizer.mask_token_id)
    return tuple(index for index in found if index is not None and index != tokenizer.sep_token_id)
