"""The built-in texts stay what they are, to the letter: every kind, language, seed and size, with what decides them.

The one door to them is `builtin_rows`; everything else here knows columns alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, get_args

import pytest
from datasets import Dataset, Features, List, Value

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts, with_label_noise
from tests.pins.pinned import pinned

TOPICS: tuple[str, ...] = get_args(BuiltinTexts.model_fields["topic"].annotation)
LANGUAGES: tuple[str, ...] = get_args(BuiltinTexts.model_fields["language"].annotation)
WITH_LABELS = ("reviews", "messages", "aspects", "stars")
SIZES = ((1200, 0), (60, 7), (61, 2**31 - 1))
"""(texts, seed). The least number, an odd one (which of two languages is one short), and many of all patterns."""

LARGE = (8000, 1)
"""So many that nearly every alternative of every rule is drawn."""

NOISE = ((0.2, 0), (0.5, 3))
"""(share of wrong labels, seed)."""


def builtin_rows(topic: str, language: str, num_rows: int, seed: int) -> Dataset:
    return builtin_texts(BuiltinTexts(topic=topic, language=language, num_rows=num_rows), seed)


def texts_now(topic: str, language: str, num_rows: int, seed: int) -> dict[str, Any]:
    """The sum over all rows, and the first two of them, to see what differs."""
    rows = builtin_rows(topic, language, num_rows, seed).to_list()
    return {"sha256": _sum(rows), "num_rows": len(rows), "first": rows[:2]}


def noisy_labels_now(topic: str, share: float, seed: int) -> dict[str, Any]:
    """Labels after noise, as a task has them: one, several (a list of names) or a number."""
    rows = builtin_rows(topic, "en", 200, seed)
    labels: list[Any] = list(rows["label"])
    kind: Any = Value("string")
    if topic == "aspects":
        labels = [sorted(one for one in cell.split("; ") if one) for cell in labels]
        kind = List(Value("string"))
    elif topic == "stars":
        labels, kind = [float(one) for one in labels], Value("float64")
    features = Features({**rows.features, "label": kind})
    noisy = with_label_noise(Dataset.from_dict({**rows[:], "label": labels}, features=features), share, seed)
    now = list(noisy["label"])
    changed = sum(one != other for one, other in zip(labels, now, strict=True))
    return {"sha256": _sum(noisy.to_list()), "changed": changed, "first": now[:20]}


def all_texts_now(sizes: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    return {
        key(topic, language, *size): texts_now(topic, language, *size)
        for topic in TOPICS
        for language in LANGUAGES
        for size in sizes
    }


def all_noise_now() -> dict[str, Any]:
    return {key(topic, *noise): noisy_labels_now(topic, *noise) for topic in WITH_LABELS for noise in NOISE}


def key(*words: object) -> str:
    return " ".join(str(word) for word in words)


def _sum(rows: list[dict[str, Any]]) -> str:
    total = hashlib.sha256()
    for row in rows:
        total.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8") + b"\n")
    return total.hexdigest()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_texts_are_the_pinned_ones(topic: str, language: str) -> None:
    held = pinned("builtin_texts")
    for size in SIZES:
        assert texts_now(topic, language, *size) == held[key(topic, language, *size)], size


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_many_texts_are_the_pinned_ones(topic: str, language: str) -> None:
    assert texts_now(topic, language, *LARGE) == pinned("builtin_texts")[key(topic, language, *LARGE)]


@pytest.mark.parametrize("topic", WITH_LABELS)
def test_wrong_labels_are_the_pinned_ones(topic: str) -> None:
    held = pinned("label_noise")
    for noise in NOISE:
        assert noisy_labels_now(topic, *noise) == held[key(topic, *noise)], noise


def test_nothing_is_left_unpinned() -> None:
    sizes = (*SIZES, LARGE)
    assert set(pinned("builtin_texts")) == {
        key(topic, language, *size) for topic in TOPICS for language in LANGUAGES for size in sizes
    }
