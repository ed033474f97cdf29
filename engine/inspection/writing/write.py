"""write: a language model writes on, told token by token; and how likely every token is at one place."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence

import numpy as np
import torch

from engine.data.tokens.pieces import Pieces
from engine.errors import InputError
from engine.inspection.writing.desk import desk, prompt_ids
from engine.messages import message
from engine.models.language_models.streaming import Reader, sight, told, write_tokens
from engine.models.train_eval_mode import evaluating
from engine.records import Distribution, Progress, WritingSettings, Written, WrittenToken
from engine.runs.run import Run

_MOST_TOKENS = 10_000
_NAMED = 40


def write(
    run: Run,
    prompt: str,
    settings: WritingSettings,
    written: Sequence[int] = (),
    checkpoint: str = "best",
) -> Generator[Progress, None, Written]:
    """Write on behind `prompt` and what was `written` before; `Progress.partial` is a `Written` of what is new so far.
    Closed in between, it stops. Raises InputError."""
    _check(settings)
    task = desk(run, checkpoint)
    beginning = prompt.rstrip()
    ids, unknown = prompt_ids(task, beginning)
    ids = (*ids, *written)
    began = time.perf_counter()
    tokens: list[WrittenToken] = []

    def so_far(*, is_over: bool = False) -> Written:
        unseen = max(0, len(ids) - sight(task.model))
        ended = bool(tokens) and tokens[-1].is_end and settings.stops_at_end
        return Written(
            beginning, ids, tuple(tokens), unknown, unseen, time.perf_counter() - began, is_over, has_ended=ended
        )

    yield Progress(0, settings.max_tokens, so_far())
    for token in write_tokens(task.model, task.tokenizer, ids, settings, ends={task.end}, suppressed=task.unwritten):
        tokens.append(token)
        yield Progress(len(tokens), settings.max_tokens, so_far())
    return so_far(is_over=True)


def distribution(run: Run, ids: Sequence[int], checkpoint: str = "best") -> Distribution:
    """How likely each token is after `ids` (as `Written.ids` has them). Raises InputError."""
    task = desk(run, checkpoint)
    with torch.inference_mode(), evaluating(task.model):
        log_p = told(Reader(task.model, uses_cache=False).next_logits(ids), task.unwritten)
    pieces = Pieces(task.tokenizer, [one for one in ids if one != task.end], task.end)
    likeliest = log_p.topk(min(_NAMED, len(log_p))).indices.tolist()
    before = np.zeros(len(log_p), dtype=bool)
    before[list(ids)] = True
    texts = {int(one): pieces.would_add(int(one)) for one in likeliest}
    return Distribution(log_p.cpu().numpy().astype(np.float32), before, texts)


def _check(settings: WritingSettings) -> None:
    """Raises InputError for settings out of bounds."""
    rules = (
        (0 <= settings.temperature <= 100, message("a temperature from 0 to 100")),
        (settings.top_k >= 0, message("a top-k of 0 (off) or more")),
        (0 < settings.top_p <= 1, message("a top-p above 0 and up to 1 (off)")),
        (0.1 <= settings.repetition_penalty <= 10, message("a repetition penalty from 0.1 to 10")),
        (1 <= settings.max_tokens <= _MOST_TOKENS, message("from 1 to {most} tokens", most=_MOST_TOKENS)),
    )
    for is_met, wanted in rules:
        if not is_met or not math.isfinite(settings.temperature):
            raise InputError(
                message("This cannot be written with."), str(settings), message("Choose {wanted}.", wanted=wanted)
            )
