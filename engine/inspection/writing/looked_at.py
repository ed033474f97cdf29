"""looked_at: where a language model looked when it told a token, and what the token hangs on.

L layers, H heads, K tokens that could be seen.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.data.tokens.pieces import pieces_of
from engine.inspection.writing.desk import desk
from engine.models.language_models.streaming import sight, told
from engine.models.lens import Lens
from engine.models.mechanisms import ABILITIES, forward, prepare
from engine.models.train_eval_mode import evaluating
from engine.records import LookedAt, Progress, Switches
from engine.runs.run import Run
from engine.tasks.task import WritesOn

_MOST_SEEN = 256
_MOST_LEFT_OUT = 64
_AT_ONCE = 16


def looked_at(run: Run, ids: Sequence[int], checkpoint: str = "best") -> Generator[Progress, None, LookedAt]:
    """Of the last token of `ids` (as `Written.ids` has them), told from those before it, of which at most 256 are
    looked at. `partial` is known before the heads are switched off one by one. Raises InputError."""
    task = desk(run, checkpoint)
    token, before = ids[-1], list(ids[:-1])
    first = max(0, len(before) - min(_MOST_SEEN, sight(task.model)))
    seen = before[first:]
    yield Progress(0, 1)
    with evaluating(task.model):
        weights, is_muteable = _weights(task, seen)
        yield Progress(0, 1)
        probability = _probabilities(task, torch.tensor([seen]), token)[0]
        without = np.full(len(seen), math.nan, dtype=np.float32)
        places = list(range(max(1 if first == 0 else 0, len(seen) - _MOST_LEFT_OUT), len(seen)))
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            shorter = torch.tensor([seen[:place] + seen[place + 1 :] for place in part])
            if shorter.shape[1]:
                without[part] = _probabilities(task, shorter, token)
            yield Progress(0, 1)
        pieces = pieces_of(task.tokenizer, [*seen, token], task.end)
        texts = tuple("" if one == task.end else piece for one, piece in zip(seen, pieces, strict=False))

        def found(effects: np.ndarray) -> LookedAt:
            return LookedAt(pieces[-1], texts, first, weights, effects, float(probability), without)

        shape = weights.shape[:2]
        effects = np.full(shape, math.nan, dtype=np.float32)
        num_heads = shape[0] * shape[1] if is_muteable else 0
        yield Progress(0, max(1, num_heads), found(effects.copy()))
        for number in range(num_heads):
            layer, head = divmod(number, shape[1])
            effects[layer, head] = _effect(task, seen, token, (layer, head), float(probability))
            yield Progress(number + 1, num_heads)
    return found(effects)


def _weights(task: WritesOn, seen: list[int]) -> tuple[np.ndarray, bool]:
    """([L, H, K] from the last place; whether heads can be switched off). No layers where nothing is looked at."""
    layers: list[np.ndarray] = []

    def keep(_name: str, _layer: int, weights: Tensor) -> None:
        layers.append(weights[0, :, -1].float().cpu().numpy())

    inputs = _inputs(torch.tensor([seen]))
    with torch.inference_mode():
        mechanism = prepare(task.model, inputs)
        if mechanism == "none":
            return np.zeros((0, 0, len(seen)), dtype=np.float32), False
        forward(task.model, inputs, Lens(keep=keep), mechanism)
    return np.stack(layers).astype(np.float32), "mute" in ABILITIES[mechanism]


def _effect(task: WritesOn, seen: list[int], token: int, head: tuple[int, int], before: float) -> float:
    """By how many bits the token is more surprising without a head."""
    inputs = _inputs(torch.tensor([seen]))
    lens = Lens(Switches(muted=frozenset({("self-attention", *head)})))
    with torch.inference_mode():
        output = forward(task.model, inputs, lens, prepare(task.model, inputs))
    after = float(told(output.logits[0, -1].float(), task.unwritten)[token])
    return math.log2(max(before, 1e-30)) - after / math.log(2.0)


def _probabilities(task: WritesOn, ids: Tensor, token: int) -> np.ndarray:
    """[rows] of the token after each row of ids [rows, tokens]."""
    with torch.inference_mode():
        logits = task.model(input_ids=ids).logits[:, -1].float()
        found: np.ndarray = torch.stack([told(row, task.unwritten)[token] for row in logits]).exp().cpu().numpy()
    return found


def _inputs(ids: Tensor) -> dict[str, Tensor]:
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
