"""Head facts against maps made by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.inspection.attention.head_statistics import HeadStatistics
from engine.records import AttentionMap, HeadFacts
from tests.engine.models.tiny import TOKENIZER

TEXT = "the film was not the film"
NUM_TOKENS = 8
"""[CLS], six words, [SEP]."""


def map_of(*layers: Tensor) -> AttentionMap:
    """Layers [H, Q, K] as a map named "map"."""
    weights = torch.stack(layers).numpy()
    keys = ("word",) * weights.shape[-1]
    return AttentionMap("map", weights, keys[: weights.shape[2]], keys)


def facts_of(*heads: Tensor, text: str = TEXT) -> HeadFacts:
    """Measured as exact maps are, and layer by layer as a long text's are: the same comes out."""
    weights = torch.stack(heads)
    exact = HeadStatistics(TOKENIZER, text, 64).of(map_of(weights))
    watcher = HeadStatistics(TOKENIZER, text, 64)
    watcher.watch("map", 0, weights[None])
    watched = watcher.of(map_of(weights))
    assert watched.pattern == exact.pattern
    for name in ("entropy", "distance", "share"):
        np.testing.assert_allclose(getattr(watched, name), getattr(exact, name), atol=1e-6)
    return exact


def looking_at(offset: int) -> Tensor:
    """Every token looks `offset` further; at the edge, at itself."""
    weights = torch.zeros(NUM_TOKENS, NUM_TOKENS)
    for place in range(NUM_TOKENS):
        target = place + offset
        weights[place, target if 0 <= target < NUM_TOKENS else place] = 1
    return weights


def column(place: int) -> Tensor:
    weights = torch.zeros(NUM_TOKENS, NUM_TOKENS)
    weights[:, place] = 1
    return weights


def same_word() -> Tensor:
    """ "the" and "film" look at their double, other words at the first token."""
    doubles = {1: 5, 5: 1, 2: 6, 6: 2}
    weights = torch.zeros(NUM_TOKENS, NUM_TOKENS)
    for place in range(NUM_TOKENS):
        weights[place, doubles.get(place, 0)] = 1
    return weights


def test_every_pattern_is_named() -> None:
    even = torch.full((NUM_TOKENS, NUM_TOKENS), 1 / NUM_TOKENS)
    heads = (looking_at(-1), looking_at(1), looking_at(0), column(0), column(NUM_TOKENS - 1), same_word(), even)
    facts = facts_of(*heads)
    assert facts.pattern == (("previous", "next", "self", "first", "separator", "same-word", "broad"),)
    assert facts.share[0].tolist()[:5] == pytest.approx([1, 1, 1, 1, 1])
    assert facts.share[0, 5] == pytest.approx(4 / 6), "four of six words have a double"
    assert facts.entropy[0].tolist() == pytest.approx([0] * 6 + [1], abs=1e-6)
    assert facts.distance[0].tolist()[:5] == pytest.approx([1, 1, 0, 3.5, 3.5])
    assert not facts.importance.any()


def test_entropy_is_over_the_keys_that_may_be_looked_at() -> None:
    causal = torch.ones(NUM_TOKENS, NUM_TOKENS).tril()
    facts = facts_of(causal / causal.sum(dim=-1, keepdim=True))
    assert facts.entropy[0, 0] == pytest.approx(1)


def test_a_mixed_head_by_hand() -> None:
    """Half at the word before, half spread: the share and the entropy are those of one row."""
    spread = torch.full((NUM_TOKENS, NUM_TOKENS), 1 / NUM_TOKENS)
    facts = facts_of(0.6 * looking_at(-1) + 0.4 * spread)
    others = 0.4 / NUM_TOKENS
    assert facts.pattern == (("previous",),) and facts.share[0, 0] == pytest.approx(0.6 + others)
    largest = 0.6 + others
    entropy = -(largest * math.log(largest) + 7 * others * math.log(others)) / math.log(NUM_TOKENS)
    assert facts.entropy[0, 0] == pytest.approx(entropy, abs=1e-5)


def test_a_pooling_has_no_neighbours() -> None:
    facts = facts_of(torch.full((1, NUM_TOKENS), 1 / NUM_TOKENS))
    assert facts.pattern == (("broad",),) and facts.distance[0, 0] == 0 == facts.share[0, 0]
    facts = facts_of(torch.eye(NUM_TOKENS)[:1])
    assert facts.pattern == (("",),) and facts.entropy[0, 0] == 0


def test_layers_are_in_order() -> None:
    watcher = HeadStatistics(TOKENIZER, TEXT, 64)
    for layer, offset in enumerate((-1, 1)):
        watcher.watch("map", layer, looking_at(offset)[None, None])
    assert watcher.of(map_of(torch.eye(NUM_TOKENS)[None])).pattern == (("previous",), ("next",))


def test_a_short_text_has_no_patterns() -> None:
    facts = facts_of(torch.eye(3), text="film")
    assert facts.pattern == (("",),), "in three tokens everybody is somebody's neighbour"


@given(seed=st.integers(0, 2**31 - 1), sharpness=st.floats(0, 200), num_heads=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_bounds(seed: int, sharpness: float, num_heads: int) -> None:
    torch.manual_seed(seed)
    weights = (torch.rand(num_heads, NUM_TOKENS, NUM_TOKENS) * sharpness).softmax(dim=-1)
    facts = facts_of(*weights)
    for values in (facts.entropy, facts.share):
        assert values.shape == (1, num_heads) and np.isfinite(values).all()
        assert (values >= 0).all() and (values <= 1 + 1e-6).all()
    assert (facts.distance >= 0).all() and (facts.distance <= NUM_TOKENS - 1).all()
    for pattern, share, entropy in zip(facts.pattern[0], facts.share[0], facts.entropy[0], strict=True):
        assert (pattern not in ("", "broad")) == (share >= 0.5)
        assert pattern != "broad" or entropy >= 0.85
