"""Sample: what the hero draws, taken from the newest quick look, or an example of the shape that will come."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.runs.history import History
from studio.translation import tr

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>")
_MOST_WORDS = 7


@dataclass(frozen=True)
class Sample:
    """A curve of precision over `steps` with word counting's `baseline`, and the words that decided `label`.

    `weights` are how much each word was looked at. An example has no numbers on it: it measured nothing.
    """

    steps: np.ndarray
    precision: np.ndarray
    baseline: float
    words: tuple[str, ...]
    weights: tuple[float, ...]
    label: str
    is_example: bool = False
    seconds: float = math.nan


def example() -> Sample:
    """A shape without measured numbers."""
    steps = np.linspace(0.0, 1.0, 60)
    rise = 0.5 + 0.44 * (1 - np.exp(-5.5 * steps)) + 0.012 * np.sin(34 * steps) * np.exp(-2 * steps)
    words = tuple(tr("the food was not good").split())
    weights = (0.04, 0.10, 0.06, 0.48, 0.32)
    return Sample(steps, rise, 0.78, words, weights[: len(words)], tr("negative"), is_example=True)


def from_history(history: History) -> Sample | None:
    """None while there is too little to draw."""
    steps, precision = history.metric("precision")
    probe = _probe(history)
    if len(steps) < 3 or probe is None:
        return None
    words, weights, label = probe
    baseline = history.baselines.get("validation")
    level = baseline.metrics.get("precision", math.nan) if baseline else math.nan
    seconds = history.progress.seconds if history.progress else math.nan
    return Sample(steps, precision, level, words, weights, label, seconds=seconds)


def _probe(history: History) -> tuple[tuple[str, ...], tuple[float, ...], str] | None:
    """The words around the most looked-at one, of the probe text that has the clearest favourite."""
    found = []
    for probe in history.captures[-1].probes if history.captures else ():
        pairs = [
            (str(token), float(weight))
            for token, weight in zip(probe["tokens"], probe["weights"], strict=False)
            if token not in _SPECIAL
        ]
        if pairs:
            found.append((max(weight for _, weight in pairs), pairs, str(probe.get("label", ""))))
    if not found:
        return None
    _, pairs, label = max(found, key=lambda item: item[0])
    top = max(range(len(pairs)), key=lambda index: pairs[index][1])
    first = max(0, min(top - _MOST_WORDS // 2, len(pairs) - _MOST_WORDS))
    shown = pairs[first : first + _MOST_WORDS]
    return tuple(word for word, _ in shown), tuple(weight for _, weight in shown), label
