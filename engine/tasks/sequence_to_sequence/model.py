"""make_sequence_to_sequence: the task with a fresh model, or with that of a checkpoint."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from transformers import AutoModelForSeq2SeqLM, PreTrainedModel

from engine.config.run import RunConfig
from engine.config.seq2seq import PretrainedSeq2Seq, RecurrentSeq2Seq, TransformerSeq2Seq
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.data.tokens.encoding import LABELS, Ragged
from engine.models.checkpoint_model import checkpoint_model
from engine.models.seq2seq import build_seq2seq
from engine.models.seq2seq.pretrained_seq2seq import load_pretrained_seq2seq, restore_pretrained_seq2seq
from engine.tasks.material import Material
from engine.tasks.sequence_to_sequence.examples import end_token
from engine.tasks.sequence_to_sequence.task import SequenceToSequenceTask

_ROOM = 1.25
"""An answer may become so many times as long as the longest one that was learned."""


def make_sequence_to_sequence(
    config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None
) -> SequenceToSequenceTask:
    """With fresh weights, or with those of a verified checkpoint of this run. Raises InputError for a folder that holds
    no encoder-decoder."""
    model = _fresh(config, material) if checkpoint is None else _saved(config, checkpoint)
    nn.Module.to(model, device)
    return SequenceToSequenceTask(config, material, model, device)


def _saved(config: RunConfig, checkpoint: Path) -> PreTrainedModel:
    if isinstance(config.model, PretrainedSeq2Seq):
        return restore_pretrained_seq2seq(config.model, checkpoint)
    return checkpoint_model(AutoModelForSeq2SeqLM, checkpoint)


def _fresh(config: RunConfig, material: Material) -> PreTrainedModel:
    spec, tokenizer = config.model, material.tokenizer
    if isinstance(spec, PretrainedSeq2Seq):
        return load_pretrained_seq2seq(spec, max_new_tokens=_longest(config, material))
    assert isinstance(spec, RecurrentSeq2Seq | TransformerSeq2Seq)
    banned = {tokenizer.mask_token_id, tokenizer.unk_token_id} - {None}
    return build_seq2seq(
        spec,
        vocabulary_size=len(tokenizer),
        max_length=config.data.max_length,
        max_target_length=_longest(config, material),
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=end_token(tokenizer),
        banned_token_ids=tuple(int(one) for one in banned),
    )


def _longest(config: RunConfig, material: Material) -> int:
    """Tokens that it may write: a little more than it ever saw, so that a writing that never ends is bounded."""
    assert isinstance(config.task, SequenceToSequence)
    limit = config.task.max_target_length
    if "train" not in material.encoded:
        return limit
    field = material.encoded["train"].targets[LABELS]
    assert isinstance(field, Ragged)
    return min(limit, round(_ROOM * int(field.lengths.max())) + 2)
