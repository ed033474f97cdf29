"""Words: the engine's sentences in the language of whoever will read the report, and figures as people write them."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Any

from engine.errors import InputError
from engine.messages import Message, fill, message
from engine.metrics.registry import metric_of
from engine.records import Figure
from engine.resources import resource

_TRANSLATIONS = resource("translations")
_FOLDERS = {"en": None, "zh": "zh_CN"}
_BETWEEN = {"en": ", ", "zh": "、"}


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
        return self.say(metric_of(metric).long_title)

    def range_of(self, metric: str, figure: Figure) -> str:
        """The interval; "" where there is none."""
        if math.isnan(figure.low):
            return ""
        return f"{metric_of(metric).written(figure.low)} – {metric_of(metric).written(figure.high)}"


@lru_cache(maxsize=2)
def _translations(folder: str | None) -> dict[str, str]:
    """{English template: translated template}; empty for English."""
    merged: dict[str, Any] = {}
    for path in sorted((_TRANSLATIONS / folder).glob("*.json")) if folder else ():
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged
