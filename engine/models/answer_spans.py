"""Spans: all pieces of a passage that could be the answer, how likely each is, and how likely it is that none is.

A window's logits say how much likelier each span is than silence there: exp(begin + end - (begin + end of the first
token)). Over the windows of a row these odds are added up, and everything is divided by their sum and the 1 of silence:
of a single window that is the softmax over all of its spans and silence. L tokens, W tokens of the longest answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.tokens.question_windows import Window

Floats = NDArray[np.float64]

_MOST_LOOKED_AT = 60


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (the first one behind it) of the passage, and how likely it is the answer."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Found:
    """The likeliest spans, the best first, and how likely it is that the passage holds no answer."""

    spans: tuple[Span, ...]
    silence: float


class SpanOdds:
    """The odds of every span of a row, from the logits of its windows: begins and ends [L] each."""

    def __init__(
        self, windows: Sequence[Window], begins: Sequence[Floats], ends: Sequence[Floats], longest: int
    ) -> None:
        self._parts = [
            _odds(window, begin, end, longest) for window, begin, end in zip(windows, begins, ends, strict=True)
        ]
        self._windows = windows
        peak = max([0.0, *(float(part.max()) for part in self._parts if part.size)])
        self._peak = peak
        total = sum(float(np.exp(part - peak).sum()) for part in self._parts)
        self._whole = total + np.exp(-peak)
        self.silence = float(np.exp(-peak) / self._whole)

    def best(self, count: int) -> Found:
        """The likeliest `count` spans. The same characters in two windows are one span: their odds are added."""
        merged: dict[tuple[int, int], float] = {}
        for window, part in zip(self._windows, self._parts, strict=True):
            for begin, length in _largest(part):
                start, end = int(window.offsets[begin, 0]), int(window.offsets[begin + length, 1])
                share = float(np.exp(part[begin, length] - self._peak) / self._whole)
                merged[start, end] = merged.get((start, end), 0.0) + share
        ordered = sorted(merged.items(), key=lambda item: (-item[1], item[0]))
        return Found(tuple(Span(start, end, score) for (start, end), score in ordered[:count]), self.silence)

    def of(self, start: int, end: int) -> float:
        """How likely the span of these characters is."""
        found = 0.0
        for window, part in zip(self._windows, self._parts, strict=True):
            begins = np.flatnonzero(window.passage & (window.offsets[:, 0] == start))
            ends = np.flatnonzero(window.passage & (window.offsets[:, 1] == end))
            if len(begins) and len(ends) and 0 <= ends[0] - begins[0] < part.shape[1]:
                found += float(np.exp(part[begins[0], ends[0] - begins[0]] - self._peak) / self._whole)
        return found


def _odds(window: Window, begins: Floats, ends: Floats, longest: int) -> Floats:
    """[L, W]: the logarithm of the odds against silence of the span of tokens i to i + w; -inf for what is none."""
    num_tokens, is_passage = len(window.ids), window.passage
    begins, ends = begins[:num_tokens].astype(np.float64), ends[:num_tokens].astype(np.float64)
    width = max(1, min(longest, num_tokens))
    found = np.full((num_tokens, width), -np.inf)
    silent = begins[0] + ends[0]
    starts = np.where(is_passage, begins, -np.inf)
    stops = np.where(is_passage, ends, -np.inf)
    for more in range(width):
        found[: num_tokens - more, more] = starts[: num_tokens - more] + stops[more:] - silent
    return found


def _largest(part: Floats) -> list[tuple[int, int]]:
    flat = part.ravel()
    count = min(_MOST_LOOKED_AT, int(np.isfinite(flat).sum()))
    if not count:
        return []
    chosen = np.argpartition(-flat, count - 1)[:count]
    return [(int(place) // part.shape[1], int(place) % part.shape[1]) for place in chosen]
