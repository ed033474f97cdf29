"""build: a new model, with fresh weights, from its spec."""

from __future__ import annotations

from typing import Any, Literal

from torch import Tensor

from engine.config.classifiers import FromScratch
from engine.config.counting import WideAndDeep, WordCounting, counting_of
from engine.config.losses import Loss
from engine.models import CLASSIFIERS, TextClassifier
from engine.models.normalized import NormalizedEmbedding

PROBLEMS: dict[str, Literal["single_label_classification", "multi_label_classification", "regression"]] = {
    "cross-entropy": "single_label_classification",
    "focal": "single_label_classification",
    "binary-cross-entropy": "multi_label_classification",
    "mse": "regression",
}
"""What transformers calls the problem of each loss."""


def build(
    spec: FromScratch | WordCounting | WideAndDeep,
    *,
    vocabulary_size: int,
    num_labels: int,
    max_length: int,
    pad_token_id: int,
    labels: tuple[str, ...],
    loss: Loss,
    class_weights: tuple[float, ...] | None = None,
    multi_label: bool = False,
    special_token_ids: tuple[int, ...] = (),
    silent_token_ids: tuple[int, ...] = (),
    frequencies: Tensor | None = None,
) -> TextClassifier:
    """The model of `spec`, initialised from torch's current random state (seed it before).

    `labels` name the outputs in id order; for a numeric target they are empty and `num_labels` is 1. `class_weights`
    are one number a label, or None. With `multi_label` a text may have any number of them. `special_token_ids` are
    looked at by no pooling; `silent_token_ids` belong to no n-gram of a model that counts. With `frequencies`
    [vocabulary] word vectors are normalized over words that are used so often.
    """
    names = labels or ("number",)
    assert len(names) == num_labels, "one name for each output"
    config_class, model_class = CLASSIFIERS[spec.name]
    counting: dict[str, Any] = {}
    if counting_of(spec) is not None:
        counting = {"silent_token_ids": list(silent_token_ids)}
    config = config_class(
        vocab_size=vocabulary_size,
        max_position_embeddings=max_length,
        pad_token_id=pad_token_id,
        spec=spec.model_dump(mode="json"),
        loss=loss.model_dump(mode="json"),
        class_weights=None if class_weights is None else list(class_weights),
        special_token_ids=list(special_token_ids),
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
        problem_type=PROBLEMS[loss.name],
        normalize_embeddings=frequencies is not None,
        multi_label=multi_label,
        **counting,
    )
    model = model_class(config)
    if frequencies is not None and isinstance(model.embedding, NormalizedEmbedding):
        model.embedding.count(frequencies)
    return model
