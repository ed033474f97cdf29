"""probabilities: what a model says of many variants of a text, read together in chunks of about 30 milliseconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from itertools import groupby
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import nn

from engine.inspection.attribution.attribution_target import Answering, AttributionTarget, Ids
from engine.inspection.subjects.loaded_models import Trained
from engine.models.answering import answers_of, logits_of
from engine.models.lens import Lens
from engine.models.mechanisms import forward
from engine.records import Progress, Switches

_CHUNK_SECONDS = 0.03
_FIRST_TOKENS = 128
_MOST_TOKENS = 2**14
_MOST_TEXTS = 4
_READ: WeakKeyDictionary[nn.Module, OrderedDict[tuple[Ids, Switches, int], dict[Ids, float]]] = WeakKeyDictionary()


def probabilities(question: AttributionTarget, variants: Sequence[Ids]) -> Answering[np.ndarray]:
    """What the model says of other token ids, for the same answer: float64 [variants], in their order.

    Equal variants are read once, and what was just read for another reason is remembered. Those of one length are read
    together, without padding, so that every model can read them (GPT-2 pads on the wrong side). A variant without any
    token is read as what begins the model's texts.
    """
    nothing = (nothing_of(question.trained),)
    wanted = [variant or nothing for variant in variants]
    known = _remembered(question)
    distinct = sorted({ids for ids in wanted if ids not in known}, key=len)
    found = {ids: known[ids] for ids in wanted if ids in known}
    pace = _Pace()
    done = 0
    for length, group in groupby(distinct, key=len):
        left = list(group)
        while left:
            count = pace.num_rows(length)
            began = time.perf_counter()
            answers = _answers(question, left[:count])
            pace.learn(len(answers) * length, time.perf_counter() - began)
            found |= dict(zip(left, answers.tolist(), strict=False))
            done += len(answers)
            left = left[count:]
            yield Progress(done, len(distinct))
    known |= found
    return np.array([found[ids] for ids in wanted])


def _remembered(question: AttributionTarget) -> dict[Ids, float]:
    """What was read of this text with the same weights and switches, for the same answer: leave-one-out and trust take
    the same words away. Only the newest few texts are kept."""
    texts = _READ.setdefault(question.trained.model, OrderedDict())
    key = (question.read.input_ids, question.switches, question.answer)
    if key not in texts:
        texts[key] = {}
        while len(texts) > _MOST_TEXTS:
            texts.popitem(last=False)
    return texts[key]


def nothing_of(trained: Trained) -> int:
    """The id that is read where no token is left: one that begins or ends the model's texts, else its padding."""
    tokenizer = trained.tokenizer
    known = (tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id, tokenizer.unk_token_id)
    return next((int(index) for index in known if index is not None), 0)


def _answers(question: AttributionTarget, rows: list[Ids]) -> np.ndarray:
    """float64 [rows], for rows of one length."""
    trained = question.trained
    ids = torch.tensor(rows, device=trained.model.device)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    with torch.inference_mode():
        output = forward(trained.model, inputs, Lens(question.switches), trained.mechanism)
        logits = logits_of(output, inputs["attention_mask"])
        assert logits is not None
        answers: np.ndarray = answers_of(trained.model, logits)[:, question.answer].double().cpu().numpy()
    return answers


class _Pace:
    """How many rows fit into a chunk, learned from how long the last one took: a small recurrent model reads hundreds
    of rows in the time in which a large encoder reads one."""

    def __init__(self) -> None:
        self._num_tokens = float(_FIRST_TOKENS)

    def num_rows(self, length: int) -> int:
        return max(1, int(self._num_tokens / length))

    def learn(self, num_tokens: int, seconds: float) -> None:
        """Changes by at most four times at once: one odd measurement on a busy machine must not decide."""
        fitting = num_tokens * _CHUNK_SECONDS / max(seconds, 1e-6)
        self._num_tokens = min(_MOST_TOKENS, 4 * self._num_tokens, max(self._num_tokens / 4, fitting))
