"""Words: the engine's sentences in the language of whoever will read the report, and figures as people write them."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Any

from engine.errors import InputError
from engine.messages import Message, fill, message
from engine.records import Figure
from engine.resources import resource

_TRANSLATIONS = resource("translations")
_FOLDERS = {"en": None, "zh": "zh_CN"}
_BETWEEN = {"en": ", ", "zh": "、"}

_DECIMALS = {"log_loss": 4, "brier": 4, "r2": 3, "spearman": 3}
_PLAIN = frozenset(("mse", "rmse", "mae"))
"""What is no share and depends on the unit."""

TITLES: dict[str, Message] = {
    "accuracy": message("accuracy"),
    "precision": message("precision"),
    "recall": message("recall"),
    "f1": message("F1"),
    "auc": message("AUC"),
    "average_precision": message("average precision"),
    "log_loss": message("log loss"),
    "brier": message("Brier score"),
    "ece": message("calibration error"),
    "hamming_loss": message("wrong answers among all labels"),
    "mse": message("mean squared error"),
    "rmse": message("root of the mean squared error"),
    "mae": message("mean absolute error"),
    "r2": message("share of variance explained (R²)"),
    "spearman": message("rank correlation (Spearman)"),
    "precision_micro": message("precision, all labels pooled"),
    "recall_micro": message("recall, all labels pooled"),
    "f1_micro": message("F1, all labels pooled"),
    "precision_macro": message("precision, mean over labels"),
    "recall_macro": message("recall, mean over labels"),
    "f1_macro": message("F1, mean over labels"),
    "precision_weighted": message("precision, labels weighed by rows"),
    "recall_weighted": message("recall, labels weighed by rows"),
    "f1_weighted": message("F1, labels weighed by rows"),
}
"""What figures are called."""


class Words:
    """`say(message)` puts a sentence into the language; English is "en", Simplified Chinese "zh"."""

    def __init__(self, language: str) -> None:
        """Raises InputError for another language."""
        if language not in _FOLDERS:
            raise InputError(
                message("There is no report in the language “{language}”.", language=language),
                "language",
                message("Choose one of: {known}.", known=list(_FOLDERS)),
            )
        self.language = language

    def say(self, sentence: Message) -> str:
        template = _translations(_FOLDERS[self.language]).get(sentence.id, sentence.id)
        return fill(template, sentence.values, self.say, _BETWEEN[self.language])

    def title(self, metric: str) -> str:
        return self.say(TITLES.get(metric, message("{name}", name=metric)))

    def range_of(self, metric: str, figure: Figure) -> str:
        """The interval; "" where there is none."""
        if math.isnan(figure.low):
            return ""
        return f"{written(metric, figure.low)} – {written(metric, figure.high)}"


def written(metric: str, value: float) -> str:
    """A share in percent, all else as a plain number; "–" for none."""
    if math.isnan(value):
        return "–"
    if metric in _DECIMALS:
        return f"{value:.{_DECIMALS[metric]}f}"
    return f"{value:.4g}" if metric in _PLAIN else f"{100 * value:.1f} %"


@lru_cache(maxsize=2)
def _translations(folder: str | None) -> dict[str, str]:
    """{English template: translated template}; empty for English."""
    merged: dict[str, Any] = {}
    for path in sorted((_TRANSLATIONS / folder).glob("*.json")) if folder else ():
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged
