"""Weights: attention weights as colours and as one number a word."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor

from studio.theme import tokens

_ANCHORS = ("440154", "482878", "3E4A89", "31688E", "26828E", "1F9E89", "35B779", "6DCD59", "B4DE2C", "FDE725")
BEND = 0.6
"""Shades are weight^0.6: the many small weights stay apart, and the large ones still stand out."""


def _viridis() -> np.ndarray:
    """[256, 3] uint8: ten colours of viridis, evenly spaced, with straight lines between them."""
    anchors = np.array([[int(text[i : i + 2], 16) for i in (0, 2, 4)] for text in _ANCHORS], dtype=np.float64)
    places = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


VIRIDIS = _viridis()
_LEVELS = 65535
"""A weight is looked up among so many: a table is several times faster than a power for each of a million weights."""


def scale_end(weights: np.ndarray, special: np.ndarray, *, signed: bool = False) -> float:
    """The weight at the bright end: the largest on a key that is no special token, as [CLS] would bleach all others.

    `weights` end in the axis of keys, `special[key]` is bool. Where all keys are special: the largest of all. Of signed
    weights the largest without its sign.
    """
    rows = weights.reshape(-1, weights.shape[-1])
    if not rows.size:
        return 1.0
    largest = rows.max(axis=0)
    if signed:
        largest = np.maximum(largest, -rows.min(axis=0))
    end = float((largest if special.all() else largest[~special]).max())
    return end if end > 0 else 1.0


def shades(weights: np.ndarray, end: float | np.ndarray) -> np.ndarray:
    """Weights as places on the colour scale, 0 to 1, of the same shape; `end` may be an array that broadcasts."""
    return np.clip(weights / end, 0.0, 1.0) ** BEND


def colors(weights: np.ndarray, end: float | np.ndarray) -> np.ndarray:
    """[..., 4] uint8 of the weights' colours, in the byte order of QImage.Format_RGB32 on a little-endian machine."""
    levels = np.clip(weights * (_LEVELS / end), 0, _LEVELS).astype(np.uint16)
    return _bytes(_VIRIDIS_OF[levels])


def signed_colors(weights: np.ndarray, end: float) -> np.ndarray:
    """The same of signed weights: blue for less than 0, the card for 0, orange for more."""
    half = _LEVELS / 2
    levels = np.clip(weights * (half / end) + half + 0.5, 0, _LEVELS).astype(np.uint16)
    return _bytes(_diverging(tokens().s1, tokens().card, tokens().s2)[levels])


def _packed(rgb: np.ndarray) -> np.ndarray:
    """[level] uint32, 0xffRRGGBB, of [level, 3]."""
    red, green, blue = rgb.round().astype(np.uint32).T
    return np.uint32(0xFF000000) | red << 16 | green << 8 | blue


def _bytes(packed: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(packed).view(np.uint8).reshape(*packed.shape, 4)


_VIRIDIS_OF = _packed(VIRIDIS[(np.linspace(0, 1, _LEVELS + 1) ** BEND * 255).round().astype(np.int64)])


@lru_cache(maxsize=4)
def _diverging(less: str, zero: str, more: str) -> np.ndarray:
    """[level] uint32 of the scale from one colour over another to a third, bent like the one for weights."""
    places = np.linspace(-1, 1, _LEVELS + 1)
    bent = np.sign(places) * np.abs(places) ** BEND
    anchors = np.array([QColor(name).getRgb()[:3] for name in (less, zero, more)], dtype=np.float64)
    return _packed(np.stack([np.interp(bent, (-1, 0, 1), anchors[:, channel]) for channel in range(3)], axis=1))


def diverging_row(num: int = 256) -> np.ndarray:
    """[num, 4] uint8: the signed scale from end to end, evenly in shades, for its bar."""
    places = np.linspace(-1, 1, num)
    return signed_colors(np.sign(places) * np.abs(places) ** (1 / BEND), 1.0)


def looked_at(weights: np.ndarray) -> np.ndarray:
    """[key]: how much each key is looked at in all: the mean over every axis before it (layers, heads, queries)."""
    means: np.ndarray = weights.reshape(-1, weights.shape[-1]).mean(axis=0)
    return means


def shrunk(weights: np.ndarray, most: int) -> np.ndarray:
    """[..., query, key] with at most `most` of each: evenly drawn queries, and for keys the largest weight of those
    that one stands for, so that a key that all look at is never lost."""
    weights = shrunk_rows(weights, most)
    num_keys = weights.shape[-1]
    if num_keys > most:
        starts = np.linspace(0, num_keys, most, endpoint=False).astype(np.int64)
        weights = np.maximum.reduceat(weights, starts, axis=-1)
    return weights


def shrunk_rows(weights: np.ndarray, most: int) -> np.ndarray:
    """[..., query, key] with at most `most` evenly drawn queries."""
    num_queries = weights.shape[-2]
    if num_queries <= most:
        return weights
    return weights[..., np.linspace(0, num_queries - 1, most).round().astype(np.int64), :]
