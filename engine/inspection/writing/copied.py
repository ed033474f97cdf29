"""copied: the longest piece of a text that stands word for word in what a run learned from; and the n-gram line."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.data.splitting.splits import load_splits
from engine.data.tokens.tokenizer import word_pre_tokenizer
from engine.errors import InputError
from engine.inspection.writing.desk import refuse_others
from engine.messages import message
from engine.metrics.copied import longest_shared_run
from engine.metrics.ngrams import Ints, Words
from engine.records import Copied, Progress
from engine.runs.run import Run

_NUM_HELD_OUT = 5
_ALARM = 12
"""Words; texts that are much alike, as those of few patterns, share longer pieces by chance: twice the usual length."""
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Learned:
    """The words of the training texts as numbers, a border between two texts; `starts` [texts] is where each begins."""

    words: Words
    numbers: Ints
    starts: Ints
    texts: tuple[str, ...]
    held_out: tuple[str, ...]


def copied(run: Run, text: str) -> Generator[Progress, None, Copied]:
    """`text` is what was written, without what was given. Beside it the same of held-out texts, cut to as many words.
    Raises InputError for a run that does not write on, where the training texts are gone, or the text has no word."""
    refuse_others(run)
    split = word_pre_tokenizer()
    spans = [span for _, span in split.pre_tokenize_str(text)]
    words = [text[start:end].lower() for start, end in spans]
    if not words:
        raise InputError(message("The text is empty."), "", message("Let it write first."))
    yield Progress(0, 1 + _NUM_HELD_OUT)
    learned = _learned(run)
    yield Progress(0, 1 + _NUM_HELD_OUT)
    best = longest_shared_run(learned.words.find([words]).words, learned.numbers)
    lengths = []
    for number, one in enumerate(learned.held_out, 1):
        yield Progress(number, 1 + _NUM_HELD_OUT)
        theirs = _words(one)[: len(words)]
        lengths.append(longest_shared_run(learned.words.find([theirs]).words, learned.numbers).length)
    piece = text[spans[best.start][0] : spans[best.start + best.length - 1][1]] if best.length else ""
    owner = int(np.searchsorted(learned.starts, best.place, side="right")) - 1
    usual = int(np.median(lengths)) if lengths else 0
    return Copied(best.length, piece, learned.texts[owner] if best.length else "", usual, max(_ALARM, 2 * usual))


def _words(text: str) -> list[str]:
    return [word.lower() for word, _ in word_pre_tokenizer().pre_tokenize_str(text)]


@lru_cache(maxsize=2)
def _learned(run: Run) -> Learned:
    config = run.config
    splits = load_splits(config.data, config.task, config.seed)
    train, held_out = splits.splits["train"], splits.splits.get("test", splits.splits["validation"])
    texts = [text for part in train.iter(_ROWS_AT_ONCE) for text in part["text"]]
    words = Words()
    learned = words.learn([_words(text) for text in texts])
    lengths = learned.lengths + 1
    ends = np.cumsum(lengths)
    numbers = np.full(int(lengths.sum()), -1, dtype=np.int64)
    numbers[np.arange(len(learned.words)) + learned.texts] = learned.words
    step = max(1, len(held_out) // _NUM_HELD_OUT)
    others = held_out.select(range(0, min(len(held_out), step * _NUM_HELD_OUT), step))["text"]
    return Learned(words, numbers, ends - lengths, tuple(texts), tuple(others))
