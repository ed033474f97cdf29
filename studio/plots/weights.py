"""Weights: attention weights as colours and as one number a word."""

from __future__ import annotations

import numpy as np

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


def scale_end(weights: np.ndarray, special: np.ndarray) -> float:
    """The weight at the bright end: the largest on a key that is no special token, as [CLS] would bleach all others.

    `weights` end in the axis of keys, `special[key]` is bool. Where all keys are special: the largest of all.
    """
    ordinary = weights[..., ~special]
    end = float(ordinary.max()) if ordinary.size else float(weights.max(initial=0.0))
    return end if end > 0 else 1.0


def shades(weights: np.ndarray, end: float | np.ndarray) -> np.ndarray:
    """Weights as places on the colour scale, 0 to 1, of the same shape; `end` may be an array that broadcasts."""
    return np.clip(weights / end, 0.0, 1.0) ** BEND


def colors(weights: np.ndarray, end: float | np.ndarray) -> np.ndarray:
    """[..., 4] uint8 of the weights' colours, in the byte order of QImage.Format_RGB32 on a little-endian machine."""
    rgb = VIRIDIS[(shades(weights, end) * 255).round().astype(np.uint8)]
    opaque = np.full((*rgb.shape[:-1], 1), 255, dtype=np.uint8)
    return np.ascontiguousarray(np.concatenate([rgb[..., ::-1], opaque], axis=-1))


def looked_at(weights: np.ndarray) -> np.ndarray:
    """[key]: how much each key is looked at in all: the mean over every axis before it (layers, heads, queries)."""
    means: np.ndarray = weights.reshape(-1, weights.shape[-1]).mean(axis=0)
    return means


def shrunk(weights: np.ndarray, most: int) -> np.ndarray:
    """[..., query, key] with at most `most` of each: evenly drawn queries, and for keys the largest weight of those
    that one stands for, so that a key that all look at is never lost."""
    num_queries, num_keys = weights.shape[-2:]
    if num_queries > most:
        weights = weights[..., np.linspace(0, num_queries - 1, most).round().astype(np.int64), :]
    if num_keys > most:
        starts = np.linspace(0, num_keys, most, endpoint=False).astype(np.int64)
        weights = np.maximum.reduceat(weights, starts, axis=-1)
    return weights
