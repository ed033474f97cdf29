"""How figures of answers in words are written: shares in percent, all others as they are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from engine.metrics.registry import METRICS, metric_of
from engine.records import Figure, ScoredRows
from studio.numbers import NOTHING, figure, number, percent
from studio.translation import capitalized, tr, words


def ordered(keys: Iterable[str], leading: str) -> list[str]:
    """The leading figure first, the loss last, the rest as they are always shown."""
    places = {key: place for place, key in enumerate(METRICS)}
    return sorted(keys, key=lambda key: (key != leading, key == "loss", places.get(key, len(places)), key))


def title_of(key: str) -> str:
    return capitalized(metric_of(key).heading)


def written(key: str, value: float) -> str:
    """`81.2 %`, `27.4`, `3.21`."""
    if not math.isfinite(value):
        return NOTHING
    metric = metric_of(key)
    if metric.is_share:
        return percent(value)
    return f"{value:.{metric.decimals}f}" if metric.decimals is not None else figure(value)


def interval(key: str, found: Figure) -> str:
    """`79.9 to 82.5`; "" where there is none."""
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return ""
    is_share = metric_of(key).is_share
    low, high = (f"{100 * one:.1f}" if is_share else written(key, one) for one in (found.low, found.high))
    return tr("{low} to {high}", low=low, high=high)


def beside(key: str, scored: ScoredRows) -> list[str]:
    """What at best could be reached, and what the simplest answer comes to."""
    found = []
    if key in scored.ceiling:
        found.append(tr("at best {value}", value=written(key, scored.ceiling[key])))
    if key in scored.baseline and scored.baseline_name is not None:
        value = written(key, scored.baseline[key])
        found.append(tr("{name} {value}", name=words(scored.baseline_name), value=value))
    return found


def rows_words(scored: ScoredRows, source: str | None) -> str:
    """Which rows were looked over, in the middle of a sentence."""
    count, total = len(scored), max(len(scored), scored.num_in_split)
    if source is not None:
        name = Path(source).name
        if count < total:
            return tr("{count} of {total} rows of {name}", count=number(count), total=number(total), name=name)
        return tr("{count:plural:row:rows} of {name}", count=count, name=name)
    if scored.split == "validation":
        if count < total:
            return tr("{count} of {total} validation rows", count=number(count), total=number(total))
        return tr("{count:plural:validation row:validation rows}", count=count)
    if count < total:
        return tr("{count} of {total} rows it never saw", count=number(count), total=number(total))
    return tr("{count:plural:row:rows} it never saw", count=count)
