"""write_tokens: any causal language model writes on, token by token, each told as soon as it is chosen.

The choosing is transformers' own (its logits processors), and what was read stays in the model's cache. It works for
every `AutoModelForCausalLM`, pretrained ones too. Shapes: L tokens, V tokens of the vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from transformers import (
    LogitsProcessorList,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    RepetitionPenaltyLogitsProcessor,
    SuppressTokensLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from engine.data.tokens.pieces import Pieces
from engine.models.train_eval_mode import evaluating
from engine.records import Alternative, WritingSettings, WrittenToken

NUM_ALTERNATIVES = 6
_UNBOUNDED = 2**31 - 1


def write_tokens(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    ids: Sequence[int],
    settings: WritingSettings,
    *,
    ends: Collection[int],
    suppressed: Sequence[int] = (),
    uses_cache: bool = True,
) -> Iterator[WrittenToken]:
    """Write on behind `ids` (at least one token), at most `settings.max_tokens`; one of `ends` is told as the last
    token, unless the settings go on behind it. `suppressed` tokens are never written. Close it to stop.

    Where the model sees no further than a chunk, the older half is let go whenever the chunk is full.
    """
    assert len(ids), "something to begin with"
    device = next(model.parameters()).device
    end = next(iter(ends), None)
    pieces = Pieces(tokenizer, [one for one in ids if one not in ends], end)
    processors = choosing(settings, suppressed, device)
    randomness = torch.Generator(device=device)
    randomness.manual_seed(settings.seed)
    reader = Reader(model, uses_cache)
    everything = list(ids)
    for _ in range(settings.max_tokens):
        with torch.inference_mode(), evaluating(model):
            log_p = told(reader.next_logits(everything), suppressed)
            before = torch.tensor([everything], device=device)
            scores = processors(before, log_p[None])[0]  # type: ignore[arg-type]
            token = _chosen(scores, settings, randomness)
        written = _written(log_p, scores, token, pieces, ends, reader.num_seen)
        yield written
        if written.is_end and settings.stops_at_end:
            return
        everything.append(token)


class Reader:
    """Reads on behind what it has read, as long as the model can see it all."""

    def __init__(self, model: PreTrainedModel, uses_cache: bool = True) -> None:
        self._model, self._uses_cache = model, uses_cache
        self._device = next(model.parameters()).device
        self._limit = sight(model)
        self._cache: Any = None
        self._begin = self._read = 0

    @property
    def num_seen(self) -> int:
        """Tokens that the last answer was told from."""
        return self._read - self._begin

    def next_logits(self, ids: Sequence[int]) -> Tensor:
        """[V]: logits of the token after `ids`, which go on where they did the last time."""
        if len(ids) - self._begin > self._limit:
            self._begin = len(ids) - max(1, self._limit // 2)
            self._cache, self._read = None, self._begin
        first = self._read if self._uses_cache and self._cache is not None else self._begin
        read = torch.tensor([list(ids[first:])], device=self._device)
        output = self._model(input_ids=read, cache=self._cache, use_cache=self._uses_cache, logits_to_keep=1)
        self._cache = output.cache if self._uses_cache else None
        self._read = len(ids)
        logits: Tensor = output.logits[0, -1].float()
        return logits


def sight(model: PreTrainedModel) -> int:
    """Tokens that a model can look back over at once; a very large number where it carries a state or counts."""
    if getattr(model, "_is_stateful", False):
        return _UNBOUNDED
    limit: int = getattr(model.config, "max_position_embeddings", None) or 0
    return limit if limit > 0 else _UNBOUNDED


def told(logits: Tensor, suppressed: Sequence[int]) -> Tensor:
    """[V]: log p of the next token among those that can be written, in nats."""
    if suppressed:
        logits = logits.index_fill(0, torch.tensor(list(suppressed), device=logits.device), -math.inf)
    return logits.log_softmax(dim=-1)


def choosing(settings: WritingSettings, suppressed: Sequence[int], device: torch.device) -> LogitsProcessorList:
    """What transformers makes of the settings, in the order in which `generate` applies them."""
    found = LogitsProcessorList()
    if settings.repetition_penalty != 1.0:
        found.append(RepetitionPenaltyLogitsProcessor(settings.repetition_penalty))
    if suppressed:
        found.append(SuppressTokensLogitsProcessor(list(suppressed), device=str(device)))
    if settings.temperature not in (0.0, 1.0):
        found.append(TemperatureLogitsWarper(settings.temperature))
    if settings.top_k > 0:
        found.append(TopKLogitsWarper(settings.top_k))
    if settings.top_p < 1.0:
        found.append(TopPLogitsWarper(settings.top_p))
    return found


def _chosen(scores: Tensor, settings: WritingSettings, randomness: torch.Generator) -> int:
    if settings.temperature == 0.0:
        return int(scores.argmax())
    return int(torch.multinomial(scores.softmax(dim=-1), 1, generator=randomness))


def _written(
    log_p: Tensor, scores: Tensor, token: int, pieces: Pieces, ends: Collection[int], num_seen: int
) -> WrittenToken:
    one = token_told(log_p, token, pieces, ends, num_seen)
    return replace(one, chosen=float(scores.softmax(dim=-1)[token]))


def token_told(
    log_p: Tensor, token: int, pieces: Pieces, ends: Collection[int], num_seen: int, num: int = NUM_ALTERNATIVES
) -> WrittenToken:
    """A token with what else might have stood there, given log p [V]; it is the next piece."""
    own = log_p[token]
    best = log_p.topk(min(num, len(log_p)))
    alternatives = tuple(
        Alternative(int(one), pieces.would_add(int(one)), float(value.exp()))
        for value, one in zip(best.values, best.indices, strict=True)
        if math.isfinite(float(value))
    )
    is_end = token in ends
    return WrittenToken(
        token_id=token,
        text=pieces.add(token),
        probability=float(own.exp()),
        bits=float(-own / math.log(2.0)),
        chosen=float(own.exp()),
        rank=1 + int((log_p > own).sum()),
        alternatives=alternatives,
        num_tokens=int(torch.isfinite(log_p).sum()),
        num_seen=num_seen,
        is_end=is_end,
    )
