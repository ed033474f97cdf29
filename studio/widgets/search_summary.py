"""What a list says of a search in one row: how far it is, or the best that it found; its curve is the best so far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.metrics.registry import METRICS, metric_of
from engine.records.search import SearchRecord
from engine.runs.search_folder import last_found
from engine.runs.study import Study
from studio.numbers import duration, percent
from studio.translation import tr, words


@dataclass(frozen=True)
class SearchSummary:
    """`place` is where it stands, `best` the rising best value, trial by trial; `share` of its budget is used."""

    place: str
    best: np.ndarray
    share: float


def summarize_search(study: Study, record: object, state: str) -> SearchSummary:
    """`record` is the newest one where this window runs the search, else what was kept in its folder is read."""
    tree = record.to_json() if isinstance(record, SearchRecord) else last_found(study)
    try:
        return _summary(tree, state)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return SearchSummary("", np.empty(0), math.nan)


def _summary(tree: dict[str, Any], state: str) -> SearchSummary:
    goal, budget = tree["goals"][0], tree["budget"]
    found = [(one["number"], one["values"][0]) for one in tree["trials"] if one["state"] == "done" and one["values"]]
    values = np.array([value for _, value in sorted(found) if value is not None], dtype=np.float64)
    lower = bool(goal["lower_is_better"])
    rising = np.minimum.accumulate(values) if lower else np.maximum.accumulate(values)
    whole = budget["seconds"] or budget["trials"] or 0
    used = budget["seconds_used"] if budget["seconds"] else budget["trials_begun"]
    left = budget["seconds"] - budget["seconds_used"] if budget["seconds"] else math.nan
    place = _place(tree, state, left) if state == "running" else _best(goal["key"], rising)
    return SearchSummary(place, -rising if lower else rising, min(1.0, used / whole) if whole else math.nan)


def _place(tree: dict[str, Any], state: str, left: float) -> str:
    number = max((one["number"] for one in tree["trials"]), default=0)
    place = tr("trial {number}", number=number)
    if tree["phase"] != "searching":
        place = tr("repeating the best") if tree["phase"] == "repeating" else tr("comparing")
    return tr("{place} · {time} left", place=place, time=duration(left)) if math.isfinite(left) and left > 0 else place


def _best(key: str, rising: np.ndarray) -> str:
    if not len(rising) or key not in METRICS:
        return ""
    metric = metric_of(key)
    value = percent(float(rising[-1])) if metric.is_share else f"{rising[-1]:.3g}"
    return f"{words(metric.title)} {value}"
