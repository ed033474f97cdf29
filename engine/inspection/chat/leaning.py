"""leaned_on: what an answer leaned on: its attention by turn, and the words without which it is more surprising.

Shapes: L tokens read, M tokens of the answer, H heads, W variants of the dialogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.data.tokens.chat_template import Fitted, end_token_id, rendered
from engine.inspection.chat.talking import asked, talker
from engine.models.language_models.answering import Answering
from engine.models.train_eval_mode import evaluating
from engine.records import Leaned, LeanedTurn, LeanedWord, Progress, Turn
from engine.runs.run import Run

_MOST_WORDS = 160
_BATCH = 16
_SHOWN = 40
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’-][^\W_]+)*")
"""One sign of a script without spaces, or a word."""


def leaned_on(
    run: Run,
    turns: Sequence[Turn],
    ids: Sequence[int],
    checkpoint: str = "best",
    *,
    has_ended: bool = True,
    with_words: bool = True,
) -> Generator[Progress, None, Leaned]:
    """`ids` are the answer's tokens to these turns, or the first of them; `has_ended` counts its end as one. The places
    in what comes back are those of tidy turns, as `chat` reads them. `Progress.partial` is what is known so far. Raises
    InputError."""
    answering = talker(run, checkpoint)
    case = _case(answering, asked(turns), ids, has_ended)
    found = Leaned(len(case.answer), _by_turn(answering, case))
    yield Progress(0, 1, found)
    if not with_words or not len(case.answer):
        return found
    words = _words(case)
    measured = words[:_MOST_WORDS]
    total = len(measured) + 1
    [usual] = _bits(answering, [case.prompt], case.answer)
    bits: list[float] = []
    for start in range(0, len(measured), _BATCH):
        chunk = measured[start : start + _BATCH]
        prompts = [_without(answering, case, word) for word in chunk]
        bits.extend(value - usual for value in _bits(answering, prompts, case.answer))
        yield Progress(len(bits) + 1, total, found)
    told = [replace(word, bits=value) for word, value in zip(measured, bits, strict=True)]
    return replace(
        found,
        words=tuple(sorted(told, key=lambda word: -word.bits)[:_SHOWN]),
        random_bits=float(np.mean(bits)) if bits else 0.0,
        num_words=len(measured),
        num_unmeasured=len(words) - len(measured),
    )


@dataclass(frozen=True)
class _Case:
    """`read` is what fitted of the turns, `places` where each of it stands in the dialogue; `prompt` and `answer` are
    token ids."""

    read: Fitted
    places: tuple[int, ...]
    prompt: list[int]
    answer: list[int]
    num_turns: int


def _case(answering: Answering, turns: Sequence[Turn], ids: Sequence[int], has_ended: bool) -> _Case:
    end = [end_token_id(answering.tokenizer)] if has_ended else []
    read = answering.read(turns, len(ids) + 1)
    places = tuple(place for place in range(len(turns)) if place not in read.dropped)
    answer = [*ids, *end][: max(0, answering.max_length - len(read.rendered))]
    return _Case(read, places, read.rendered.ids.tolist(), answer, len(turns))


def _by_turn(answering: Answering, case: _Case) -> tuple[LeanedTurn, ...]:
    """The mean over layers, heads and the places that tell the answer's tokens. The first token of all, where heads
    rest, is left out and the rest shared anew."""
    weights = _attention(answering, [*case.prompt, *case.answer[:-1]], len(case.answer))
    if weights is None:
        return ()
    num_read = len(case.prompt) + len(case.answer) - 1
    owner = np.concatenate([case.read.rendered.owner, np.full(num_read - len(case.prompt), len(case.read.turns))])
    seen = np.tri(len(case.answer), num_read, len(case.prompt) - 1)
    seen[:, 0] = weights[:, 0] = 0.0
    even = seen / np.maximum(seen.sum(axis=1, keepdims=True), 1.0)
    looked = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    places = (*case.places, case.num_turns)
    return tuple(
        LeanedTurn(
            place,
            float(looked[:, owner == number].sum(axis=1).mean()),
            float(even[:, owner == number].sum(axis=1).mean()),
        )
        for number, place in enumerate(places)
    )


def _attention(answering: Answering, ids: Sequence[int], num: int) -> NDArray[np.float64] | None:
    """[M, L]: of the last `num` places; None for a model without attention that comes back."""
    model = answering.model
    if num == 0:
        return None
    before = str(getattr(model.config, "_attn_implementation", ""))
    is_foreign = before in ("sdpa", "flash_attention_2", "flex_attention") and hasattr(model, "set_attn_implementation")
    if is_foreign:
        model.set_attn_implementation("eager")  # the fused ways give no weights
    try:
        with torch.inference_mode(), evaluating(model):
            maps = model(input_ids=torch.tensor([list(ids)]), output_attentions=True).attentions
    finally:
        if is_foreign:
            model.set_attn_implementation(before)
    kept = [one[0, :, -num:].float().mean(dim=0) for one in maps or () if one is not None and one.shape[-1] == len(ids)]
    return torch.stack(kept).mean(dim=0).double().numpy() if kept else None


def _words(case: _Case) -> list[LeanedWord]:
    """Of all turns that were read, those of the newest first."""
    told = zip(reversed(case.places), reversed(case.read.turns), strict=True)
    return list(
        chain.from_iterable(
            [LeanedWord(place, one.start(), one.end(), one[0], 0.0) for one in _WORD.finditer(turn.content)]
            for place, turn in told
        )
    )


def _without(answering: Answering, case: _Case, word: LeanedWord) -> list[int]:
    """The tokens of the dialogue without the word."""
    turns = list(case.read.turns)
    at = case.places.index(word.place)
    content = turns[at].content
    rest = f"{content[: word.start].rstrip(' ')}{content[word.end :]}"
    turns[at] = replace(turns[at], content=rest.strip() or "…")
    ids: list[int] = rendered(answering.tokenizer, turns, with_prompt=True).ids.tolist()
    return ids


def _bits(answering: Answering, prompts: Sequence[Sequence[int]], answer: Sequence[int]) -> list[float]:
    """How surprising a token of the answer is on average behind each prompt, in bits."""
    model = answering.model
    longest = max(map(len, prompts)) + len(answer)
    ids = torch.full((len(prompts), longest), int(answering.tokenizer.pad_token_id))
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        whole = [*prompt, *answer]
        ids[row, : len(whole)] = torch.tensor(whole)
        mask[row, : len(whole)] = 1
    with torch.inference_mode(), evaluating(model):
        logits = model(input_ids=ids, attention_mask=mask).logits
    wanted = torch.tensor(list(answer))
    found = []
    for row, prompt in enumerate(prompts):
        told: Tensor = logits[row, len(prompt) - 1 : len(prompt) - 1 + len(answer)].float()
        found.append(float(functional.cross_entropy(told, wanted)) / math.log(2.0))
    return found
