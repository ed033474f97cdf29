"""One text written for another: where each word comes from, what else was weighed, what leaving words out does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.records.measures import Figure


@dataclass(frozen=True)
class Decoding:
    """How words are chosen: the likeliest (one beam), the best of `num_beams` beginnings, or drawn (`samples`) from the
    `top_k` likeliest (0: all) that make up `top_p` of the probability, at a `temperature`. A beam search divides a
    log-probability by length ** `length_penalty`. `num_texts` are wanted, the best first."""

    num_beams: int = 1
    length_penalty: float = 1.0
    samples: bool = False
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    num_texts: int = 1

    def arguments(self) -> dict[str, Any]:
        """As transformers' `generate` takes them."""
        found: dict[str, Any] = {"num_beams": 1 if self.samples else self.num_beams, "do_sample": self.samples}
        if self.samples:
            found |= {"temperature": self.temperature, "top_k": self.top_k, "top_p": self.top_p}
        elif self.num_beams > 1:
            found |= {"length_penalty": self.length_penalty, "early_stopping": False}
        if self.num_texts > 1:
            found["num_return_sequences"] = self.num_texts
        return found


@dataclass(frozen=True)
class SourceWord:
    """`text[start:end]` of the source; `is_unknown`: the model read it as a word that it does not know."""

    text: str
    start: int
    end: int
    is_unknown: bool = False


@dataclass(frozen=True)
class OtherWord:
    """Another word that could stand there; `prefix` are the token ids with which it would go on."""

    text: str
    probability: float
    prefix: tuple[int, ...]


@dataclass(frozen=True)
class WrittenWord:
    """`probability` is that of all its tokens in a row, `tokens` how many those are."""

    text: str
    probability: float
    tokens: int
    alternatives: tuple[OtherWord, ...] = ()
    is_given: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """A whole text. `score` is its log-probability a token (end included), what a search compares (length penalty 1);
    `sureness` the geometric mean of its tokens' probabilities."""

    text: str
    score: float

    @property
    def sureness(self) -> float:
        return float(np.exp(self.score))


@dataclass(frozen=True)
class BeamNode:
    """A beginning that the search kept at step `depth` (from 1), one token longer than its `parent` (a place in the
    tree; -1: nothing was written yet). `mean` is its log-probability a token so far. Of a leaf: it was "dropped" for
    better ones, is "finished", or "open" (unfinished when the search ended). `token` is its token's id."""

    parent: int
    depth: int
    text: str
    mean: float
    leaf: str = ""
    wins: bool = False
    token: int = -1


@dataclass(frozen=True)
class Translation:
    """`alignment` [words, source words] is where each written word looked, of the text that won; None for a model
    without attention. `tree` is what a beam search weighed, parents before children, the winner's line first.
    `num_read` tokens were read of `num_tokens`; `cut_at` is the place in the source after which nothing was read."""

    source: str
    source_words: tuple[SourceWord, ...]
    text: str
    words: tuple[WrittenWord, ...]
    score: float
    alignment: np.ndarray | None
    others: tuple[Hypothesis, ...]
    greedy: Hypothesis
    tree: tuple[BeamNode, ...]
    decoding: Decoding
    num_tokens: int
    num_read: int
    seconds: float
    step: int
    cut_at: int | None = None

    @property
    def sureness(self) -> float:
        """The geometric mean of its tokens' probabilities."""
        return float(np.exp(self.score))

    def to_json(self) -> dict[str, Any]:
        """As `predict` prints it."""
        return {"text": self.text, "alternatives": [{"text": one.text, "score": one.score} for one in self.others]}

    def alignment_json(self) -> dict[str, Any]:
        """As `attend` prints it."""
        rows = None if self.alignment is None else [[round(float(one), 6) for one in row] for row in self.alignment]
        return {
            "text": self.text,
            "source": [one.text for one in self.source_words],
            "target": [one.text for one in self.words],
            "probabilities": [one.probability for one in self.words],
            "alignment": rows,
        }


@dataclass(frozen=True)
class LeftOutWord:
    """What is written without the source's word number `word`; `changed` are the places of its words that the whole
    source's text has not."""

    word: int
    words: tuple[str, ...]
    text: str
    changed: tuple[int, ...]
    sureness: float


@dataclass(frozen=True)
class SearchCost:
    """One way of decoding over some rows: BLEU and seconds a text."""

    decoding: Decoding
    bleu: Figure
    seconds: float


@dataclass(frozen=True)
class SearchWorth:
    """Whether searching pays: each way over the same `num_rows`; in `num_better` of them the second way's text has a
    higher chrF than the first's, in `num_worse` a lower one."""

    costs: tuple[SearchCost, ...]
    num_rows: int
    num_better: int
    num_worse: int


@dataclass(frozen=True)
class AlignmentTrust:
    """Over `num_words` words whose source is known: the share of those whose strongest look falls on it, that of an
    even look by chance, and that of an untrained model."""

    agreement: Figure
    by_chance: float
    untrained: float
    num_words: int
    num_rows: int

    def to_json(self) -> dict[str, Any]:
        return {
            "agreement": self.agreement.value,
            "low": self.agreement.low,
            "high": self.agreement.high,
            "by_chance": self.by_chance,
            "untrained": self.untrained,
            "words": self.num_words,
            "rows": self.num_rows,
        }
