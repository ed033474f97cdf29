"""encode_pairs: rows of a source and a target as numbers."""

from __future__ import annotations

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.config.run import RunConfig
from engine.config.seq2seq import PretrainedSeq2Seq
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.data.tokens.encoding import LABELS, Encoded, Ragged, encode
from engine.models.seq2seq import IGNORED

_READ_ROWS = 1000


def encode_pairs(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...] = ()
) -> Encoded:
    """`split` has the columns row, source and target. The "labels" of an example are the target's tokens and the end
    token; a target that is cut has none, as it goes on. Raises RunFailure on a full disk."""
    del labels
    assert isinstance(config.task, SequenceToSequence)
    read = read_sources(config, split, tokenizer)
    targets = _targets(config.task.max_target_length, split, tokenizer, _begins(config))
    return Encoded(read.inputs, {LABELS: targets}, read.rows, read.num_cut, read.limit)


def read_sources(config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast) -> Encoded:
    """What is read alone, of a split with the columns row and source."""
    columns = split.select_columns(["row", "source"]).rename_column("source", "text")
    prefix = prefix_of(config)
    if prefix:
        columns = columns.map(lambda row: {"text": prefix + row["text"]}, keep_in_memory=True)
    return encode(columns, tokenizer, config.data.max_length)


def prefix_of(config: RunConfig) -> str:
    """Words that stand before every source."""
    return config.model.prefix if isinstance(config.model, PretrainedSeq2Seq) else ""


def num_cut_targets(encoded: Encoded, tokenizer: PreTrainedTokenizerFast) -> int:
    """How many targets are longer than the limit: they have no end."""
    field = encoded.targets[LABELS]
    assert isinstance(field, Ragged)
    last = field.values[field.offsets[1:] - 1]
    return int((last != end_token(tokenizer)).sum())


def end_token(tokenizer: PreTrainedTokenizerFast) -> int:
    """The token that ends a target."""
    found = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else tokenizer.sep_token_id
    assert found is not None, "a tokenizer whose texts end"
    return int(found)


def _begins(config: RunConfig) -> bool:
    """A pretrained model's tokenizer may put a token before a text that its decoder learned to write first."""
    return isinstance(config.model, PretrainedSeq2Seq)


def _targets(limit: int, split: Dataset, tokenizer: PreTrainedTokenizerFast, keeps_first: bool) -> Ragged:
    end = end_token(tokenizer)
    first = _first_token(tokenizer, end) if keeps_first else []
    parts: list[NDArray[np.int32]] = []
    lengths: list[int] = []
    for chunk in split.select_columns(["target"]).with_format(None).iter(_READ_ROWS):
        breathe()
        read = tokenizer(chunk["target"], add_special_tokens=False, return_attention_mask=False, verbose=False)
        for ids in read["input_ids"]:
            whole = [*first, *ids, end][:limit]
            parts.append(np.asarray(whole, dtype=np.int32))
            lengths.append(len(whole))
    values = np.concatenate([np.empty(0, np.int32), *parts])
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
    return Ragged(values, offsets, IGNORED)


def _first_token(tokenizer: PreTrainedTokenizerFast, end: int) -> list[int]:
    """What the tokenizer puts before every text, if anything."""
    ids = tokenizer("a")["input_ids"]
    bare = tokenizer("a", add_special_tokens=False)["input_ids"]
    return [] if ids[: len(bare)] == bare or ids[0] == end else [int(ids[0])]
