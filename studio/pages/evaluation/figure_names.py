"""Figure names: what each figure is called, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.records import Answers
from engine.records.measures import Interval
from studio.translation import tr

_SHARES = ("accuracy", "precision", "recall", "f1", "auc", "average_precision", "ece", "coverage", "exact")

METHODS: Mapping[Interval, Callable[[], str]] = {
    "wilson": lambda: tr("95 % interval by Wilson's method"),
    "bootstrap": lambda: tr("95 % interval by the bootstrap: the texts are drawn anew many times"),
    "": lambda: "",
}


def is_share(name: str) -> bool:
    """Whether a figure is shown in percent."""
    return name.startswith(_SHARES)


def title_of(name: str) -> str:
    """Of a figure of `Measures`; a name that is not known here stays as it is."""
    base, mean = name, ""
    for suffix, words in (("_micro", tr("micro")), ("_macro", tr("macro")), ("_weighted", tr("weighted"))):
        if name.endswith(suffix):
            base, mean = name.removesuffix(suffix), words
    titles = {
        "accuracy": tr("Accuracy"),
        "precision": tr("Precision"),
        "recall": tr("Recall"),
        "f1": "F1",
        "auc": "AUC",
        "average_precision": tr("Average precision"),
        "log_loss": tr("Log loss"),
        "brier": tr("Brier score"),
        "ece": tr("Calibration error"),
        "mae": tr("Mean error"),
        "rmse": tr("Root mean square error"),
        "mse": tr("Mean square error"),
        "r2": "R²",
        "spearman": tr("Rank correlation"),
        "bias": tr("Too high by"),
    }
    title = titles.get(base, base)
    return tr("{title}, {mean}", title=title, mean=mean) if mean else title


def name_of(name: str, answers: Answers) -> str:
    """What a figure is about, for tooltips."""
    positive = answers.positive
    if name == "accuracy":
        several = answers.kind == "several"
        return tr("the share of texts with all labels right") if several else tr("of the texts that it answers")
    if name in ("precision", "recall", "f1"):
        if positive is not None:
            return tr("of the label “{label}”", label=answers.labels[positive])
        return tr("mean over the labels that occur")
    return about(name)


def about(name: str) -> str:
    """What a figure says, whatever it is of; "" where its name says it."""
    known = {
        "auc": tr("area under the ROC curve: how well the probability sorts the texts"),
        "mae": tr("how far off it is on average"),
        "rmse": tr("large errors count more"),
        "r2": tr("the share of the differences between texts that it explains"),
        "bias": tr("on average, over all texts"),
    }
    return known.get(name, "")
