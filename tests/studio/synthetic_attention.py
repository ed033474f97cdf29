"""Synthetic attention: records as an engine would answer them."""

from __future__ import annotations

import numpy as np

from engine.records import (
    UNCHANGED,
    WHOLE_TEXT,
    Ability,
    AttentionMap,
    AttentionRecord,
    Attribution,
    Faithfulness,
    Head,
    HeadFacts,
    HeadTable,
    Method,
    Prediction,
    SwitchEffect,
    Switches,
)

ALL: frozenset[Ability] = frozenset(("mute", "uniform", "explain"))


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
    switches: Switches = UNCHANGED,
    abilities: frozenset[Ability] = ALL,
    mask_token: str | None = "[MASK]",
    bin_size: int = 1,
) -> AttentionRecord:
    words = text.split() if " " in text else list(text)
    tokens = ("[CLS]", *words, "[SEP]")
    special = (True, *(False for _ in words), True)
    chance = np.random.default_rng(len(words))
    maps = []
    if not pooled:
        bins = tokens[::bin_size]
        weights = self_attention(chance, layers, heads, len(bins))
        maps.append(AttentionMap("self-attention", weights, bins, bins, bin_size, facts_of(weights)))
    if pooled or both:
        weights = chance.dirichlet(np.full(len(tokens), 0.4), size=(1, 1, 1)).astype(np.float32)
        maps.append(AttentionMap("additive attention", weights, (WHOLE_TEXT,), tokens, facts=facts_of(weights)))
    shares = chance.dirichlet(np.linspace(8, 0.5, len(labels)))
    order = np.argsort(-shares)
    prediction = Prediction(labels[order[0]], {label: float(p) for label, p in zip(labels, shares, strict=True)})
    return AttentionRecord(
        text, tokens, spans_of(text, words), special, tuple(maps), prediction, truncated, unknown, switches, mask_token,
        abilities,
    )  # fmt: skip


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


def facts_of(weights: np.ndarray) -> HeadFacts:
    """Figures that differ from head to head, the sharpest head first by number; importance is not measured yet."""
    layers, heads = weights.shape[:2]
    rising = np.linspace(0.1, 0.9, layers * heads, dtype=np.float32).reshape(layers, heads)
    pattern = tuple(tuple("previous" if head % 2 else "" for head in range(heads)) for _ in range(layers))
    return HeadFacts(rising, 10 * rising, rising, np.zeros_like(rising), pattern)  # type: ignore[arg-type]


def spans_of(text: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    spans, at = [(0, 0)], 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return (*spans, (0, 0))


def synthetic_attribution(
    record: AttentionRecord, method: Method = "leave-one-out", strongest: int = 1, score: float = 0.4
) -> Attribution:
    scores = np.full(len(record.tokens), 0.01, dtype=np.float32)
    scores[strongest] = score
    said = record.prediction
    return Attribution(method, said.label, said.probabilities[said.label], record.tokens, record.special, scores)


def synthetic_trust() -> Faithfulness:
    figures = {
        "comprehensiveness": 0.31,
        "comprehensiveness_random": 0.08,
        "sufficiency": 0.1,
        "sufficiency_random": 0.2,
        "tau_leave_one_out": 0.38,
        "tau_gradient": 0.2,
        "tau_gradient_leave_one_out": 0.5,
        "uniform_drop": 0.04,
    }
    return Faithfulness(figures, "fair")


def synthetic_effect(switches: Switches, change: float = -0.05) -> SwitchEffect:
    before = {"precision": 0.9, "recall": 0.8, "f1": 0.85, "probability": 0.88}
    after = {name: value + change for name, value in before.items()}
    return SwitchEffect(
        switches, before, after, dict.fromkeys(before, change), dict.fromkeys(before, 0.012), 400, "validation"
    )


def synthetic_table(*heads: Head) -> HeadTable:
    """As many effects, the first head the most costly."""
    effects = tuple(
        synthetic_effect(Switches(frozenset({head})), change=-0.2 / (place + 1)) for place, head in enumerate(heads)
    )
    return HeadTable(effects, {"probability": 0.88}, 400, "validation")


def synthetic_rollout(record: AttentionRecord) -> tuple[AttentionMap, ...]:
    first = record.maps[0]
    return (AttentionMap("rollout", first.weights.mean(axis=1, keepdims=True), first.queries, first.keys),)
