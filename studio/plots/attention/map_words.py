"""Map words: what a cell says, in words and as an exact figure."""

from __future__ import annotations

from studio.plots.attention.map_data import MapData
from studio.translation import tr


def cell_words(data: MapData, query: int, key: int) -> str:
    """Who looks at whom."""
    if data.is_binned:
        return _words_of_bins(data, query, key)
    if data.is_pooled:
        return tr("it looks at “{word}”", word=data.keys[key])
    return tr("“{word}” looks at “{other}”", word=data.queries[query], other=data.keys[key])


def _words_of_bins(data: MapData, query: int, key: int) -> str:
    other_first, other_last = data.tokens_of(key)
    if data.is_pooled:
        return tr("it looks at tokens {first}–{last}", first=other_first, last=other_last)
    first, last = data.tokens_of(query)
    return tr(
        "tokens {first}–{last} look at tokens {other_first}–{other_last}",
        first=first,
        last=last,
        other_first=other_first,
        other_last=other_last,
    )


def exact(weight: float) -> str:
    """Three decimals, four for what would else be rounded to nothing."""
    if 0 < weight < 0.00005:
        return "< 0.0001"
    return f"{weight:.4f}" if 0 < weight < 0.0005 else f"{weight:.3f}"


def exact_signed(weight: float) -> str:
    """The same of a difference, with its sign; 0 has none."""
    sign = "+" if weight > 0 else "−" if weight < 0 else ""
    return f"{sign}{exact(abs(weight))}"


def read_out(data: MapData, query: int, key: int) -> str:
    """The exact weight of a cell."""
    weight = float(data.weights[query, key])
    return exact_signed(weight) if data.signed else exact(weight)
