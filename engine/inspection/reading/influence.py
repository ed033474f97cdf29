"""What makes an answer: the question's words masked one by one, and whether the words that are looked at matter."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForQuestionAnswering, PreTrainedModel

from engine.breath import telling
from engine.data.tokens.question_windows import Window
from engine.errors import InputError
from engine.inspection.reading.answer import maps_of, question_words, read, reader_of, with_masked
from engine.inspection.reading.words import is_word, placed, tokens_of, words_of
from engine.messages import message
from engine.models.answer_spans import Span
from engine.models.question_reader import QuestionReader
from engine.models.reader import BidafModel
from engine.records import AnswerSpan, Progress, ReadingTrust, Trust, Word, WordLosses
from engine.runs.run import Run

_MASKED, _DRAWS = 5, 10
_CLEARLY, _LEAST = 1.5, 0.05
"""Words that are looked at matter where masking them costs so many times what masking others costs, and so much at
least."""

_ROWS_AT_ONCE = 32


def question_losses(
    run: Run, question: str, context: str, checkpoint: str = "best", masked: Sequence[int] = ()
) -> Generator[Progress, None, WordLosses]:
    """Each word of the question masked alone, beside those that are `masked` already. Where the reader is silent, of
    its silence. Raises InputError."""
    reader = reader_of(run, checkpoint)
    windows, odds = read(reader, question, context, masked)
    answer = _answer(odds.best(1).spans, context)
    is_silent = reader.silence is not None and odds.silence >= reader.silence.threshold
    count = len(question_words(question))
    rows = [with_masked(reader, windows, question, [place]) for place in range(count)]
    alone = yield from _chances(reader, rows, None if is_silent else answer)
    return WordLosses(answer, (odds.silence if is_silent else answer.score) - alone, alone)


def reading_trust(
    run: Run, question: str, context: str, checkpoint: str = "best"
) -> Generator[Progress, None, ReadingTrust]:
    """Words outside the answer are masked: those looked at most, as many by chance, and those that an untrained model
    looks at most. Raises InputError for a model without attention and for a passage of few words."""
    reader = reader_of(run, checkpoint)
    windows, odds = read(reader, question, context)
    answer = _answer(odds.best(1).spans, context)
    passage = words_of(context)
    outside = [
        place
        for place, word in enumerate(passage)
        if is_word(word) and (word.end <= answer.start or word.start >= answer.end)
    ]
    looked = _looked_at(reader, windows, question, context)
    if looked is None:
        raise InputError(message("This reader has no attention that could be checked."), str(run.path))
    count = min(_MASKED, len(outside) // 3)
    if count < 1:
        raise InputError(message("The passage has too few words outside the answer to check anything."), "context")
    chance = np.random.default_rng(0)
    untrained = _looked_at(replace(reader, model=_untrained(reader.model)), windows, question, context)
    assert untrained is not None
    chosen = [_most(looked, outside, count), _most(untrained, outside, count)]
    chosen += [[outside[int(at)] for at in chance.permutation(len(outside))[:count]] for _ in range(_DRAWS)]
    rows = [_without(reader, windows, [passage[place] for place in places]) for places in chosen]
    alone = yield from _chances(reader, rows, answer)
    drops = answer.score - alone
    own, fresh, random = float(drops[0]), float(drops[1]), float(drops[2:].mean())
    return ReadingTrust(count, own, random, fresh, _level(own, random, fresh))


def _level(own: float, random: float, fresh: float) -> Trust:
    """Words that cost clearly more than others matter; where those of an untrained model cost as much, they would have
    been found without learning."""
    if own < max(_LEAST, _CLEARLY * random):
        return "weak"
    return "strong" if own >= _CLEARLY * fresh else "fair"


def _answer(spans: Sequence[Span], context: str) -> AnswerSpan:
    if not spans:
        raise InputError(message("There is no word in this passage."), "context")
    best = spans[0]
    return placed(context, best.start, best.end, best.score)


def _chances(
    reader: QuestionReader, rows: Sequence[Sequence[Window]], answer: AnswerSpan | None
) -> Generator[Progress, None, NDArray[np.float64]]:
    """[rows]: how likely the answer's characters still are; without one, silence."""
    found: list[float] = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        odds = yield from telling(reader.odds(rows[start : start + _ROWS_AT_ONCE]), Progress(start, len(rows)))
        found.extend(one.silence if answer is None else one.of(answer.start, answer.end) for one in odds)
    return np.array(found, dtype=np.float64)


def _looked_at(
    reader: QuestionReader, windows: Sequence[Window], question: str, context: str
) -> NDArray[np.float64] | None:
    """[passage words]: how much each is looked at, of all windows and layers; None without attention."""
    words, passage = question_words(question), words_of(context)
    found = [one.looked_at for window in windows for one in maps_of(reader, window, words, passage)]
    if not found:
        return None
    mean: NDArray[np.float64] = np.stack(found).astype(np.float64).mean(axis=0)
    return mean


def _most(weights: NDArray[np.float64], among: Sequence[int], count: int) -> list[int]:
    return sorted(among, key=lambda place: -weights[place])[:count]


def _without(reader: QuestionReader, windows: Sequence[Window], words: Sequence[Word]) -> list[Window]:
    return [
        reader.masked(one, {place for tokens in tokens_of(one, one.passage, words) for place in tokens})
        for one in windows
    ]


def _untrained(model: PreTrainedModel) -> PreTrainedModel:
    """The same layers with fresh weights, always the same ones."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        fresh: PreTrainedModel
        if isinstance(model, BidafModel):
            fresh = BidafModel(model.config)
        else:
            fresh = AutoModelForQuestionAnswering.from_config(model.config)
    fresh.eval()
    return fresh
