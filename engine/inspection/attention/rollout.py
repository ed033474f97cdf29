"""rollout: attention followed through all layers at once (Abnar & Zuidema 2020, section 3)."""

from __future__ import annotations

import numpy as np
from transformers import PreTrainedModel

from engine.errors import InputError
from engine.messages import message
from engine.models.answering import model_kind
from engine.models.classifier import TextClassifier
from engine.models.lens import SELF_ATTENTION
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord

ROLLOUT = "rollout"
ROLLOUT_TO_ANSWER = "rollout to the answer"


def rollout(record: AttentionRecord) -> tuple[AttentionMap, ...]:
    """ "rollout", [layers, 1, Q, K]: what a token's state after each layer is made of.

    The mean over heads A, with the residual path as 0.5 A + 0.5 I, rows renormalised, multiplied up to the layer. Where
    a pooling looks at the states afterwards, "rollout to the answer", [1, 1, 1, K], is its look (mean over heads)
    traced back in the same way; a recurrent layer between the two counts as if it left each state in its place.

    The maps of a long text are pooled, and so is this: within a bin, tokens count as one. Raises InputError for a model
    without self-attention.
    """
    layers = next((one for one in record.maps if one.name == SELF_ATTENTION), None)
    if layers is None:
        raise InputError(
            message("This model has no self-attention that could be followed from layer to layer."),
            mend=message("Choose another method, such as “leave-one-out”."),
        )
    reached: list[np.ndarray] = []
    for heads in layers.weights:
        step = 0.5 * heads.mean(axis=0, dtype=np.float64) + 0.5 * np.eye(heads.shape[-1])
        step /= step.sum(axis=-1, keepdims=True)
        reached.append(step @ reached[-1] if reached else step)
    stack = np.stack(reached)[:, None].astype(np.float32)
    found = [AttentionMap(ROLLOUT, stack, layers.queries, layers.keys, layers.bin_size)]
    for pooling in record.maps:
        if pooling.queries == (WHOLE_TEXT,):
            look = pooling.weights.mean(axis=(0, 1), dtype=np.float64) @ reached[-1]
            weights = look[None, None].astype(np.float32)
            found.append(AttentionMap(ROLLOUT_TO_ANSWER, weights, (WHOLE_TEXT,), layers.keys, layers.bin_size))
    return tuple(found)


def rollout_scores(model: PreTrainedModel, record: AttentionRecord) -> np.ndarray:
    """How much each token reaches what the answer is read from: float32 [tokens], summing to 1.

    That is the pooling where there is one; else the last layer's states that the answer is read from (`_read_rows`).
    """
    found = rollout(record)
    last = found[-1]
    weights = last.weights[-1, 0]
    if last.name == ROLLOUT:
        weights = _read_rows(model, weights) @ weights
    return np.asarray(record.spread(last, weights.reshape(-1)), dtype=np.float32)


def _read_rows(model: PreTrainedModel, weights: np.ndarray) -> np.ndarray:
    """[Q]: how much the answer is read from each token's last state.

    Our own say what they read. Of the others, a model in which no token looks ahead reads the last one; so says its
    map, [Q, K]. Other classifiers read the first ([CLS]), unless they say that they take the mean; a maximum over
    tokens counts as a mean, and so does a model that gives no answer.
    """
    rows = np.zeros(len(weights))
    is_causal = len(weights) > 1 and not np.triu(weights, k=1).any()
    is_ours = isinstance(model, TextClassifier)
    if _pooling_of(model) == "last" if is_ours else is_causal:
        rows[-1] = 1
    elif model_kind(model) == "classifier" and _pooling_of(model) in ("first", "cls"):
        rows[0] = 1
    else:
        rows[:] = 1 / len(weights)
    return rows


def _pooling_of(model: PreTrainedModel) -> str:
    """As our transformer's spec or ModernBERT's config names it; all others read their first token."""
    if isinstance(model, TextClassifier):
        return str((model.config.spec or {}).get("pooling", "first"))
    return str(getattr(model.config, "classifier_pooling", None) or "first")
