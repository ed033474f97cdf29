"""surprise: how surprising every token of a given text is to a language model."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import torch
from torch import Tensor

from engine.data.tokens.pieces import Pieces, unknown_words
from engine.errors import InputError
from engine.inspection.writing.desk import desk
from engine.messages import message
from engine.models.language_models.streaming import sight, token_told
from engine.models.train_eval_mode import evaluating
from engine.records import Progress, Surprise, WrittenToken
from engine.runs.run import Run
from engine.tasks.task import WritesOn

_MOST_TOKENS = 2000
_AT_ONCE = 256


def surprise(run: Run, text: str, checkpoint: str = "best") -> Generator[Progress, None, Surprise]:
    """Of every token, from the second half of what the model sees at once on with at least half of it before. Raises
    InputError for a text without any token."""
    task = desk(run, checkpoint)
    read = task.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
    ids, offsets = list(read["input_ids"]), list(read["offset_mapping"])
    if not ids:
        raise InputError(message("The text is empty."), "", message("Type or paste a few words."))
    num_unseen = max(0, len(ids) - _MOST_TOKENS)
    ids, offsets = ids[:_MOST_TOKENS], offsets[:_MOST_TOKENS]
    pieces = Pieces(task.tokenizer, (), task.end)
    tokens: list[WrittenToken] = []
    yield Progress(0, len(ids))
    everything = [task.end, *ids]
    for first, log_p, num_seen in _distributions(task, everything):
        for place, row in enumerate(log_p, first):
            one = token_told(row, everything[place + 1], pieces, {task.end}, num_seen + place - first)
            tokens.append(_as_typed(one, text, offsets, place))
        yield Progress(len(tokens), len(ids))
    bits = sum(one.bits for one in tokens)
    num_characters = max(1, offsets[-1][1])
    per_token = bits / len(tokens)
    return Surprise(
        text,
        tuple(tokens),
        per_token,
        2**per_token,
        bits / num_characters,
        unknown_words(task.tokenizer, text),
        num_unseen,
    )


def _as_typed(one: WrittenToken, text: str, offsets: list[tuple[int, int]], place: int) -> WrittenToken:
    """With the piece of the text that it stands for, what is before it since the last token included."""
    begin = offsets[place - 1][1] if place else 0
    return replace(one, text=text[begin : max(begin, offsets[place][1])])


def _distributions(task: WritesOn, ids: list[int]) -> Generator[tuple[int, Tensor, int], None, None]:
    """(first place, log p [places, V] of the tokens after them, how many tokens the first could see), in order."""
    limit = min(sight(task.model), max(_AT_ONCE, len(ids)))
    device = next(task.model.parameters()).device
    done = 0
    while done < len(ids) - 1:
        begin = 0 if done == 0 else max(0, done - limit // 2)
        end = min(len(ids) - 1, begin + limit)
        read = torch.tensor([ids[begin:end]], device=device)
        with torch.inference_mode(), evaluating(task.model):
            logits = task.model(input_ids=read).logits[0, done - begin :].float()
        for start in range(0, len(logits), _AT_ONCE):
            part = logits[start : start + _AT_ONCE].log_softmax(dim=-1)
            yield done + start, part, done + start - begin + 1
        done = end
