"""Exact match and F1 of found answers equal the official SQuAD scores; Chinese is counted by its signs."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest

from engine.metrics.squad import exact_match, f1, normalized


def official_normalized(text: str) -> str:
    """As evaluate-v1.1.py and evaluate-v2.0.py write it."""

    def remove_articles(one: str) -> str:
        return re.sub(r"\b(a|an|the)\b", " ", one)

    exclude = set(string.punctuation)
    return " ".join(remove_articles("".join(sign for sign in text.lower() if sign not in exclude)).split())


def official_f1(said: str, wanted: str) -> float:
    first, second = official_normalized(said).split(), official_normalized(wanted).split()
    if not first or not second:
        return float(first == second)
    same = sum((Counter(first) & Counter(second)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(first), same / len(second)
    return 2 * precision * recall / (precision + recall)


FIXED = [
    ("Denver Broncos", ["Denver Broncos", "The Broncos"]),
    ("the Denver Broncos!", ["Denver Broncos"]),
    ("Broncos of Denver", ["Denver Broncos", "the Broncos of Denver, Colorado"]),
    ("1,234 metres", ["1234 metres"]),
    ("a an the", ["the"]),
    ("", []),
    ("something", []),
    ("", ["something"]),
    ("U.S. Army", ["US army", "the Army"]),
    ("naïve café", ["naive cafe", "Naïve  Café."]),
]


@pytest.mark.parametrize(("said", "wanted"), FIXED)
def test_both_equal_the_official_scores(said: str, wanted: list[str]) -> None:
    right = [one for one in wanted if official_normalized(one)] or [""]
    assert exact_match(said, wanted) == max(
        float(official_normalized(said) == official_normalized(one)) for one in right
    )
    assert f1(said, wanted) == pytest.approx(max(official_f1(said, one) for one in right), abs=1e-12)


def test_the_means_over_fixed_predictions_are_the_official_ones() -> None:
    ours = [100 * sum(score(said, wanted) for said, wanted in FIXED) / len(FIXED) for score in (exact_match, f1)]
    official = []
    for score in (lambda a, b: float(official_normalized(a) == official_normalized(b)), official_f1):
        right = [([one for one in wanted if official_normalized(one)] or [""]) for _, wanted in FIXED]
        values = [max(score(said, one) for one in ones) for (said, _), ones in zip(FIXED, right, strict=True)]
        official.append(100 * sum(values) / len(values))
    assert ours == pytest.approx(official, abs=0.01)


def test_a_sign_of_chinese_is_a_word_and_its_marks_are_none() -> None:
    assert normalized("《红楼梦》，曹雪芹。") == "红 楼 梦 曹 雪 芹"
    assert exact_match("每两周一次。", ["每两周一次"]) == 1.0
    assert f1("两周一次", ["每两周一次"]) == pytest.approx(2 * 1.0 * 0.8 / 1.8)
    assert f1("iPhone 手机", ["手机"]) == pytest.approx(2 * (2 / 3) * 1.0 / (2 / 3 + 1.0))


def test_without_an_answer_only_silence_is_right() -> None:
    assert (exact_match("", []), f1("", [])) == (1.0, 1.0)
    assert (exact_match("x", []), f1("x", [])) == (0.0, 0.0)
    assert (exact_match("", ["x"]), f1("", ["x"])) == (0.0, 0.0)
