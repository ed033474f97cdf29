"""Synthetic attention: records as an engine would answer them, and a worker that answers when it is told to."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction


def synthetic_record(
    text: str = "the new phone screen cracked after two days and nobody answers my emails .",
    *,
    layers: int = 6,
    heads: int = 12,
    pooled: bool = False,
    both: bool = False,
    labels: tuple[str, ...] = ("negative", "positive"),
    truncated: int = 0,
    unknown: int = 0,
) -> AttentionRecord:
    words = text.split() if " " in text else list(text)
    tokens = ("[CLS]", *words, "[SEP]")
    special = (True, *(False for _ in words), True)
    chance = np.random.default_rng(len(words))
    maps = []
    if not pooled:
        maps.append(AttentionMap("self-attention", self_attention(chance, layers, heads, len(tokens)), tokens, tokens))
    if pooled or both:
        weights = chance.dirichlet(np.full(len(tokens), 0.4), size=(1, 1, 1)).astype(np.float32)
        maps.append(AttentionMap("additive attention", weights, (WHOLE_TEXT,), tokens))
    shares = chance.dirichlet(np.linspace(8, 0.5, len(labels)))
    order = np.argsort(-shares)
    prediction = Prediction(labels[order[0]], {label: float(p) for label, p in zip(labels, shares, strict=True)})
    return AttentionRecord(text, tokens, spans_of(text, words), special, tuple(maps), prediction, truncated, unknown)


def self_attention(chance: np.random.Generator, layers: int, heads: int, length: int) -> np.ndarray:
    scores = chance.normal(0, 1.2, (layers, heads, length, length))
    scores[..., 0] += 0.8
    for layer in range(layers):
        for head in range(heads):
            scores[layer, head, :, chance.integers(1, length)] += 2.5
            if (layer + head) % 3 == 0:
                rows = np.arange(length)
                scores[layer, head, rows, np.maximum(rows - 1, 0)] += 3.5
    weights = np.exp(scores)
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


def spans_of(text: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    spans, at = [(0, 0)], 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return (*spans, (0, 0))


class SyntheticWorker(QObject):
    """Keeps what was asked; `answer` and `fail` speak for the engine."""

    answered = Signal(object, object)
    failed = Signal(object, object)
    started_asking = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, tuple[Any, ...]]] = []
        self.is_closed = False

    def ask(self, key: object, *arguments: Any) -> None:
        self.asked.append((key, arguments))
        self.started_asking.emit(key)

    def answer(self, record: AttentionRecord) -> None:
        self.answered.emit(self.asked[-1][0], record)

    def close(self) -> None:
        self.is_closed = True
