"""What a reader answers to a question about a passage: the answer, its rivals, silence, where it looks, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.records.reasons import Trust


@dataclass(frozen=True)
class Silence:
    """A reader is silent where the chance that there is no answer is `threshold` or more.

    Where that was promised: “at most `most` of the questions without an answer get one”, with this `confidence`, by
    `num_silent` validation questions without an answer, of which `num_answered` would have got one; of the answerable
    ones the share `price` stays without. `confidence` 0: nobody promised anything.
    """

    threshold: float = 0.5
    most: float = 0.0
    confidence: float = 0.0
    num_silent: int = 0
    num_answered: int = 0
    num_answerable: int = 0
    price: float = 0.0

    @property
    def is_promised(self) -> bool:
        return self.confidence > 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Silence:
        return Silence(**tree)


@dataclass(frozen=True)
class AnswerSpan:
    """A piece of the passage, from the character `start` up to `end`, and how sure the reader is of it (0 to 1).
    `sentence` counts the passage's sentences from 1, `first_word` and `last_word` the words of that sentence."""

    text: str
    start: int
    end: int
    score: float
    sentence: int = 1
    first_word: int = 1
    last_word: int = 1


@dataclass(frozen=True)
class Word:
    """A piece of a text between two characters, as a person points at it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class MeetingMap:
    """Which words of the question (rows) and of the passage (columns) meet: float32 [question words, passage words].
    `name` says whose weights these are: "passage to question" (each column sums to 1 at most), or a layer's number of a
    Transformer (from the question's words to the passage's, the mean over its heads). `looked_at` [passage words] is
    how much each word is looked at in all."""

    name: str
    weights: NDArray[np.float32]
    looked_at: NDArray[np.float32]


@dataclass(frozen=True)
class ReadAnswer:
    """`best` are up to five pieces of the passage, the likeliest first; `no_answer` is the chance that it holds none.
    `is_silent`: that is so great that nothing is said. `num_windows`: in so many pieces the passage was read. `masked`
    are the numbers of the question's words that were hidden."""

    question: str
    context: str
    best: tuple[AnswerSpan, ...]
    no_answer: float
    silence: Silence | None
    question_words: tuple[Word, ...]
    passage_words: tuple[Word, ...]
    maps: tuple[MeetingMap, ...] = ()
    num_windows: int = 1
    masked: tuple[int, ...] = ()

    @property
    def is_silent(self) -> bool:
        return not self.best or (self.silence is not None and self.no_answer >= self.silence.threshold)

    @property
    def said(self) -> AnswerSpan | None:
        """What it answers; None where it is silent."""
        return None if self.is_silent else self.best[0]

    @property
    def others(self) -> float:
        """The chance of all that is neither among the best nor silence."""
        return max(0.0, 1.0 - self.no_answer - sum(one.score for one in self.best))

    def to_json(self) -> dict[str, Any]:
        """As the command line says it."""
        said = self.said
        return {
            "answer": said.text if said else "",
            "score": said.score if said else self.no_answer,
            "start": said.start if said else None,
            "end": said.end if said else None,
            "alternatives": [
                {"answer": one.text, "score": one.score, "start": one.start, "end": one.end}
                for one in self.best
                if one is not said
            ],
            "no_answer": self.no_answer,
            "threshold": self.silence.threshold if self.silence else None,
        }


@dataclass(frozen=True)
class WordLosses:
    """How much less sure the reader is of its answer, or of its silence, without each word of the question: float64
    [question words], in shares of 1; `alone` [question words] is how sure it still is. `answer` is its best span."""

    answer: AnswerSpan
    losses: NDArray[np.float64]
    alone: NDArray[np.float64]


@dataclass(frozen=True)
class ReadingTrust:
    """Words of the passage outside the answer are masked, `num_words` of them: how much less sure the reader then is of
    it (shares of 1): those that are looked at most, as many by chance (the mean of several draws), and those that an
    untrained model of the same making looks at most."""

    num_words: int
    looked_at: float
    by_chance: float
    untrained: float
    level: Trust
