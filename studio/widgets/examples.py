"""Examples: texts to begin with, from the run's own probes where it has some."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.translation import language

_MOST = 8
_BUILTIN = {
    "en": (
        "The room was not clean at all, but the breakfast was wonderful and I would come again.",
        "I expected little, and even that was too much.",
        "Not bad at all: quick, quiet and cheap.",
    ),
    "zh": (
        "房间一点也不干净，但是早餐非常好，我还会再来。",
        "我本来期望不高，结果还是失望了。",
        "一点也不差：快、安静、便宜。",
    ),
}


def examples(history: History, config: RunConfig) -> list[str]:
    """Probe texts first, then the person's own, then a few built-in reviews; none twice."""
    texts = [str(probe["text"]) for probe in history.captures[-1].probes if "text" in probe] if history.captures else []
    texts += config.training.probes
    if not texts:
        texts += _BUILTIN[language()]
    return list(dict.fromkeys(texts))[:_MOST]
