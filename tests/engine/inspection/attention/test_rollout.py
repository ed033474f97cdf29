"""Rollout: by hand on three tokens, and as a property of any attention."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.config.classifiers import Fusion, Transformer
from engine.errors import InputError
from engine.inspection.attention.attend import attend
from engine.inspection.attention.rollout import rollout, rollout_scores
from engine.inspection.attribution.attribute import attribute
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction, Switches
from tests.engine.inspection.small_models import MAKERS, TEXT, bert, bert_encoder, gpt2, own, result

TOKENS = ("[CLS]", "good", "film")


def record_of(weights: np.ndarray, look: np.ndarray | None = None, bin_size: int = 1) -> AttentionRecord:
    keys = TOKENS[::bin_size]
    maps = [AttentionMap("self-attention", weights.astype(np.float32), keys, keys, bin_size)]
    if look is not None:
        maps.append(AttentionMap("additive attention", look.astype(np.float32), (WHOLE_TEXT,), keys, bin_size))
    spans, special = ((0, 0), (0, 4), (5, 9)), (True, False, False)
    return AttentionRecord("good film", TOKENS, spans, special, tuple(maps), Prediction("good", {"good": 1.0}))


def test_by_hand() -> None:
    first = [[[1.0, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1.0, 0], [0, 0, 1], [1, 0, 0]]]  # the mean: half stays
    second = [[[0, 0, 1.0]] * 3] * 2
    found, to_answer = rollout(record_of(np.array([first, second]), np.array([[[[0.5, 0, 0.5]], [[0, 1, 0]]]])))
    assert (found.name, to_answer.name) == ("rollout", "rollout to the answer")
    assert found.weights.shape == (2, 1, 3, 3) and to_answer.weights.shape == (1, 1, 1, 3)
    step = np.array([[0.75, 0.25, 0], [0, 0.75, 0.25], [0.25, 0, 0.75]])
    np.testing.assert_allclose(found.weights[0, 0], step, atol=1e-7)
    # 0.5 of the last token's row, 0.5 of one's own
    expected = [[0.5, 0.125, 0.375], [0.125, 0.375, 0.5], [0.25, 0, 0.75]]
    np.testing.assert_allclose(found.weights[1, 0], expected, atol=1e-7)
    mean_look = np.array([0.25, 0.5, 0.25])
    np.testing.assert_allclose(to_answer.weights[0, 0, 0], mean_look @ np.array(expected), atol=1e-7)
    assert to_answer.queries == (WHOLE_TEXT,)


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, (3, 2, 4, 4), elements=st.floats(0.01, 1)))
def test_rows_sum_to_one_and_identity_changes_nothing(weights: np.ndarray) -> None:
    weights /= weights.sum(axis=-1, keepdims=True)
    keys = ("a", "b", "c", "d")
    record = record_of(np.eye(3)[None, None])
    own_map = AttentionMap("self-attention", weights.astype(np.float32), keys, keys)
    changed = AttentionRecord("", keys, ((0, 0),) * 4, (False,) * 4, (own_map,), record.prediction)
    (found,) = rollout(changed)
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-5)
    np.testing.assert_array_equal(rollout(record)[0].weights[0, 0], np.eye(3))


def test_what_the_answer_is_read_from() -> None:
    """[CLS] of a BERT, the last token of a causal model, the mean where the spec says so, the pooling of a fusion."""
    for trained, place in ((bert(), 0), (gpt2(), -1)):
        record = attend(trained, TEXT)
        (found,) = rollout(record)
        np.testing.assert_allclose(rollout_scores(trained.model, record), found.weights[-1, 0, place], atol=1e-6)
    for pooling in ("first", "mean", "max"):
        spec = Transformer(hidden_size=8, num_heads=2, num_layers=2, feed_forward_size=8, pooling=pooling)
        trained = own(spec)
        record = attend(trained, TEXT)
        last = rollout(record)[0].weights[-1, 0]
        expected = last[0] if pooling == "first" else last.mean(axis=0)
        np.testing.assert_allclose(rollout_scores(trained.model, record), expected, atol=1e-6)
    trained = own(Fusion(embedding_size=8, num_heads=2, num_blocks=2, feed_forward_size=8, hidden_size=6))
    record = attend(trained, TEXT)
    found, to_answer = rollout(record)
    look = record.maps[1].weights[0, 0, 0].astype(float)
    np.testing.assert_allclose(to_answer.weights[0, 0, 0], look @ found.weights[-1, 0].astype(float), atol=1e-6)
    np.testing.assert_allclose(rollout_scores(trained.model, record), to_answer.weights[0, 0, 0], atol=1e-6)


def test_causal_rollout_never_looks_ahead() -> None:
    (found,) = rollout(attend(gpt2(), TEXT))
    assert not np.triu(found.weights[-1, 0], k=1).any()


def test_bins_share_out_their_weight() -> None:
    weights = np.array([[[[0.8, 0.2], [0.4, 0.6]]]])
    record = record_of(weights, bin_size=2)
    (found,) = rollout(record)
    assert found.bin_size == 2
    scores = rollout_scores(bert().model, record)
    np.testing.assert_allclose(scores, [0.45, 0.45, 0.1], atol=1e-6)


@pytest.mark.parametrize("kind", ["bert", "fusion", "gpt2 writer"])
@pytest.mark.parametrize("method", ["attention", "rollout"])
def test_attribution_of_maps(kind: str, method: str) -> None:
    trained = MAKERS[kind]()
    record = attend(trained, TEXT)
    found = result(attribute(trained, TEXT, method))  # type: ignore[arg-type]
    assert found.method == method and found.tokens == record.tokens
    assert found.scores.sum() == pytest.approx(1, abs=1e-5) and (found.scores >= 0).all()
    assert found.probability == pytest.approx(max(record.prediction.probabilities[found.label], 0), abs=1e-6)
    if method == "attention":
        np.testing.assert_array_equal(found.scores, record.received())
    switches = Switches(uniform=True)
    assert not np.allclose(result(attribute(trained, TEXT, method, switches)).scores, found.scores)  # type: ignore[arg-type]


def test_an_encoder_only_looks() -> None:
    found = result(attribute(bert_encoder(), TEXT, "rollout"))
    assert (found.label, found.probability) == ("", 0.0) and found.scores.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("kind", ["recurrent", "no attention"])
def test_without_self_attention_it_is_refused(kind: str) -> None:
    with pytest.raises(InputError, match="attention"):
        result(attribute(MAKERS[kind](), TEXT, "rollout"))
