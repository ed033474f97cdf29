"""What a task's validation measures can choose its best checkpoint, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from engine.config.best_checkpoint import BestCheckpoint
from engine.config.run import RunConfig, from_tree
from engine.config.tasks.best_metric import judged_by, validated
from engine.errors import InputError
from engine.metrics.classification import classification_metrics, metrics_of_several, regression_metrics

TASKS = {
    "one": {"name": "classification"},
    "several": {"name": "classification", "multi_label": True, "loss": {"name": "binary-cross-entropy"}},
    "number": {"name": "classification", "loss": {"name": "mse"}},
}
MEASURED = {
    "one": classification_metrics(
        np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 0]), ("a", "b"), None, least_recall=0.5
    ),
    "several": metrics_of_several(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0, 1], [1, 1]])),
    "number": regression_metrics(np.array([1.0, 2.0]), np.array([1.5, 1.0])),
}


def config_of(kind: str, metric: str = "f1") -> RunConfig:
    return from_tree({"task": TASKS[kind], "training": {"best": {"metric": metric}}})


@pytest.mark.parametrize("kind", TASKS)
def test_what_is_offered_is_what_a_validation_yields(kind: str) -> None:
    assert set(validated(config_of(kind).task)) == {"loss", *MEASURED[kind]}


@pytest.mark.parametrize("kind", TASKS)
def test_each_of_them_can_be_chosen(kind: str) -> None:
    for metric in validated(config_of(kind).task):
        config = config_of(kind, metric)
        assert judged_by(config.task, config.training.best) == metric
        assert from_tree(config.to_tree()) == config


@pytest.mark.parametrize("metric", ["f1", "precision", "recall", "accuracy", "loss"])
def test_what_old_runs_hold_stays_valid(metric: str) -> None:
    """Runs of numbers and of text GANs hold the default that their task never measured."""
    assert judged_by(config_of("number", metric).task, BestCheckpoint(metric=metric)) == "loss"
    gan = from_tree(
        {"task": {"name": "text-gan"}, "model": {"name": "text-gan"}, "training": {"best": {"metric": metric}}}
    )
    assert judged_by(gan.task, gan.training.best) == "reverse_perplexity"


@pytest.mark.parametrize(
    ("kind", "metric"), [("one", "mae"), ("number", "auc"), ("several", "auc"), ("one", "nll_gen")]
)
def test_what_the_task_does_not_measure_is_refused_in_words(kind: str, metric: str) -> None:
    with pytest.raises(InputError) as caught:
        config_of(kind, metric)
    assert caught.value.where.english() == "training.best.metric"
    assert validated(config_of(kind).task)[0] in caught.value.mend.english()


@pytest.mark.parametrize("metric", ["blue", "self_bleu_4", "F1"])
def test_what_cannot_choose_is_refused_with_what_can(metric: str) -> None:
    with pytest.raises(InputError) as caught:
        config_of("one", metric)
    assert caught.value.where.english() == "training.best.metric" and "average_precision" in caught.value.mend.english()


def test_only_two_labels_have_a_curve() -> None:
    task = config_of("one").task
    assert "auc" in validated(task, 2) and "auc" not in validated(task, 3)
