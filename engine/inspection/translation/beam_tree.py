"""The tree of what a beam search kept and dropped, watched while transformers' `generate` searches.

Shapes: K beams, t tokens so far, V words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from transformers import LogitsProcessor, PreTrainedTokenizerFast

from engine.breath import breathe
from engine.inspection.translation.pieces import last_piece
from engine.records import BeamNode

Beginning = tuple[int, ...]


class Watcher(LogitsProcessor):
    """Sees the beginnings that are kept at each step and how likely each word is behind them; changes nothing. It also
    takes breath, so that a search that nobody wants any more ends."""

    def __init__(self, num_first: int) -> None:
        self._num_first = num_first
        self._last: tuple[list[Beginning], Tensor] | None = None
        self.known: dict[Beginning, float] = {(): 0.0}
        self.rows: list[list[Beginning]] = []
        """The beginning of every row at each step, without what every text begins with."""

    @property
    def kept(self) -> list[list[Beginning]]:
        """The beginnings of each step, each once."""
        return [list(dict.fromkeys(rows)) for rows in self.rows[1:]]

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """`input_ids` [K, t], `scores` [K, V] log-probabilities."""
        breathe()
        rows = [tuple(row) for row in input_ids[:, self._num_first :].tolist()]
        if self._last is not None:
            self._follow(rows, *self._last)
        self.rows.append(rows)
        self._last = rows, scores.detach().float()
        return scores

    def _follow(self, rows: Sequence[Beginning], before: Sequence[Beginning], scores: Tensor) -> None:
        places = {one: place for place, one in reversed(list(enumerate(before)))}
        for row in rows:
            if row not in self.known and row[:-1] in places:
                self.known[row] = self.known[row[:-1]] + float(scores[places[row[:-1]], row[-1]])


@dataclass
class _Node:
    beginning: Beginning
    children: list[_Node]
    best: float = -np.inf
    lives: bool = False


def beam_tree(
    watcher: Watcher,
    tokenizer: PreTrainedTokenizerFast,
    finished: Sequence[tuple[Beginning, float]],
    winner: Beginning,
    given: Beginning = (),
) -> tuple[BeamNode, ...]:
    """All beginnings are those behind the tokens that were `given`. `finished` are the whole texts (without the end
    token) with their log-probability a token, end included; `winner` is one of them, or the beginning that stands where
    none was finished."""
    scores = dict(finished)
    kept = watcher.kept
    beginnings = {one for step in kept for one in step} | set(scores) | {winner}
    beginnings |= {one[:count] for one in beginnings for count in range(1, len(one))}
    nodes = {one: _Node(one, []) for one in sorted(beginnings, key=len) if one}
    roots: list[_Node] = []
    for one, node in nodes.items():
        (nodes[one[:-1]].children if len(one) > 1 else roots).append(node)
    last = set(kept[-1]) if kept else set()
    for node in reversed(list(nodes.values())):
        own = scores.get(node.beginning, -np.inf)
        mean = _mean(watcher, node.beginning)
        node.best = max([own, *(child.best for child in node.children)] if node.children else [own, mean])
        is_whole = node.beginning in scores or (not node.children and node.beginning in last)
        node.lives = is_whole or any(child.lives for child in node.children)
    found: list[BeamNode] = []
    _walk(roots, -1, found, _Telling(watcher, tokenizer, scores, winner, given, last))
    return tuple(found)


@dataclass(frozen=True)
class _Telling:
    watcher: Watcher
    tokenizer: PreTrainedTokenizerFast
    scores: dict[Beginning, float]
    winner: Beginning
    given: Beginning
    last: set[Beginning]

    def rank(self, node: _Node) -> tuple[bool, bool, float]:
        """The winner's line first, then those that were not dropped, then by what came of them."""
        wins = self.winner[: len(node.beginning)] == node.beginning
        return not wins, not node.lives, -node.best

    def leaf(self, node: _Node) -> str:
        if node.beginning in self.scores:
            return "finished"
        if node.children:
            return ""
        return "open" if node.beginning in self.last else "dropped"


def _walk(children: Sequence[_Node], parent: int, found: list[BeamNode], telling: _Telling) -> None:
    for node in sorted(children, key=telling.rank):
        one = node.beginning
        mean = telling.scores.get(one, _mean(telling.watcher, one))
        wins = telling.winner[: len(one)] == one
        text = last_piece(telling.tokenizer, (*telling.given, *one))
        place = len(found)
        found.append(BeamNode(parent, len(one), text, mean, telling.leaf(node), wins, one[-1]))
        _walk(node.children, place, found, telling)


def _mean(watcher: Watcher, beginning: Beginning) -> float:
    return watcher.known.get(beginning, -np.inf) / max(1, len(beginning))


def without_end(ids: Sequence[int], end: set[int]) -> tuple[Beginning, bool]:
    """(the tokens before the first end token, whether there is one)"""
    for place, one in enumerate(ids):
        if one in end:
            return tuple(ids[:place]), True
    return tuple(ids), False


def as_tensor(rows: Sequence[Sequence[int]], filler: int, device: torch.device) -> Tensor:
    """[rows, longest]"""
    width = max(map(len, rows))
    return torch.tensor([[*row, *[filler] * (width - len(row))] for row in rows], device=device)
