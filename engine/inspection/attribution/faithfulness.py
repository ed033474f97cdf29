"""faithfulness: the figures of `trust` as means over many texts, with their 95 % intervals."""

from __future__ import annotations

import numpy as np

from engine.breath import telling
from engine.errors import InputError
from engine.inspection.attribution.attribution_target import Answering
from engine.inspection.attribution.trust import trust, trust_of
from engine.inspection.prediction.texts_with_evidence import Texts
from engine.inspection.subjects.loaded_models import Trained
from engine.messages import message
from engine.metrics.rank_correlation import mean_half_width, share_half_width
from engine.records import Faithfulness, Progress


def faithfulness(trained: Trained, chosen: Texts) -> Answering[Faithfulness]:
    """`Progress` counts texts and brings what is known so far. A figure is the mean over the texts that have it.

    Texts in which the model reads nothing are left out. Raises InputError for a model that gives no answer, and where
    no text is left.
    """
    found: list[dict[str, float]] = []
    total = len(chosen.texts)
    so_far: Faithfulness | None = None
    problem: InputError | None = None
    for number, (text, spans) in enumerate(zip(chosen.texts, chosen.evidence, strict=True)):
        measuring = trust(trained, text, spans)
        try:
            figures = (yield from telling(measuring, Progress(number, total, so_far))).figures
        except InputError as error:
            problem = error
            continue
        found.append(figures)
        so_far = mean_of(found)
        yield Progress(number + 1, total, so_far)
    if so_far is None:
        raise problem or InputError(message("There is no text to measure on."))
    return so_far


def mean_of(found: list[dict[str, float]]) -> Faithfulness:
    """The figures of several texts as one; its trust is that of the means."""
    columns = {name: [one[name] for one in found if name in one] for name in _names(found)}
    figures = {name: float(np.mean(values)) for name, values in columns.items()}
    widths = {name: _half_width(name, values) for name, values in columns.items()}
    return Faithfulness(figures, trust_of(figures), len(found), widths)


def _names(found: list[dict[str, float]]) -> list[str]:
    return list(dict.fromkeys(name for one in found for name in one))


def _half_width(name: str, values: list[float]) -> float:
    return share_half_width(values) if name == "uniform_changed" else mean_half_width(values)
