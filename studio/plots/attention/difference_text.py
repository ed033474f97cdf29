"""DifferenceText: a text whose words are marked where they differ from another text's: too many, or missing there."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from studio.plots.attention.marked_text import MarkedText, Marks
from studio.theme import tokens
from studio.translation import tr

Span = tuple[int, int]
Side = Literal["wanted", "said"]
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿]|\w+(?:['’]\w+)*|[^\w\s]")
"""A word, a sign, or one character of a script without spaces."""
_MOST_WORDS = 1500
_GROUND = 0.34


@dataclass(frozen=True)
class Difference:
    """Of two texts the words, as places of characters, and the numbers of those that the other one lacks."""

    wanted: tuple[Span, ...]
    said: tuple[Span, ...]
    missing: frozenset[int]
    extra: frozenset[int]


def difference(wanted: str, said: str) -> Difference:
    """By the longest runs of words in common (Ratcliff & Obershelp); capitals count. Of very long texts the first
    1,500 words."""
    first, second = _words(wanted), _words(said)
    before, after = [wanted[start:end] for start, end in first], [said[start:end] for start, end in second]
    missing, extra = set(range(len(before))), set(range(len(after)))
    for left, right, count in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        missing.difference_update(range(left, left + count))
        extra.difference_update(range(right, right + count))
    return Difference(first, second, frozenset(missing), frozenset(extra))


def nearest(wanted: Sequence[str], said: str) -> str:
    """Of several right answers the one that shares most words with what was said; "" of none."""
    words = {said[start:end] for start, end in _words(said)}

    def likeness(text: str) -> float:
        own = {text[start:end] for start, end in _words(text)}
        return 2 * len(words & own) / max(1, len(words) + len(own))

    return max(wanted, key=likeness, default="")


@dataclass(frozen=True)
class _Marks(Marks):
    side: Side = "said"

    def color(self, index: int) -> str:
        return tokens().bad if self.side == "said" else tokens().ok


class DifferenceText(MarkedText):
    """`side` "said": marked are words that the right answer lacks; "wanted": those that are missing in what was said.
    In one line that is too short the part with most marks is shown; resting on it tells the whole text."""

    def __init__(
        self, side: Side, *, size: int = 13, is_single_line: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(size=size, is_single_line=is_single_line, parent=parent)
        self._side = side

    def show_words(self, text: str, spans: Sequence[Span], marked: Collection[int]) -> None:
        """`spans` are the words, `marked` the numbers of those that differ."""
        weights = np.array([float(index in marked) for index in range(len(spans))])
        self.set_marks(_Marks(text, tuple(spans), weights, side=self._side))

    @property
    def marked(self) -> list[str]:
        """The marked words, in their order."""
        marks = self.marks
        return [marks.text[start:end] for (start, end), one in zip(marks.spans, marks.weights, strict=True) if one]

    def _strengths(self) -> list[float]:
        return [_GROUND * float(one) for one in self.marks.weights]

    def _told_at(self, spot: QPointF) -> str:
        if self._is_single_line:
            return self.html()
        index = self.word_at(spot)
        if index is None or not self.marks.weights[index]:
            return ""
        return tr("not in the right answer") if self._side == "said" else tr("missing in what it says")


def show_difference(wanted: DifferenceText, said: DifferenceText, right: str, answer: str) -> None:
    """Both texts beside each other. Where there is no right answer nothing is marked."""
    found = difference(right, answer)
    wanted.show_words(right, found.wanted, found.missing if answer else ())
    said.show_words(answer, found.said, found.extra if right else ())


def _words(text: str) -> tuple[Span, ...]:
    spans = []
    for one in _WORD.finditer(text):
        spans.append(one.span())
        if len(spans) == _MOST_WORDS:
            break
    return tuple(spans)
