"""The bag of words: it learns words, Chinese signs and numbers, and its answers stand in the labels' order."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest

from engine.models.baseline import BagOfWords


def rows_of(parts: dict[str, tuple[str, ...]], fillers: tuple[str, ...], joint: str) -> tuple[list[str], list[str]]:
    draw = random.Random(0)
    texts, labels = [], []
    for _ in range(60):
        for label, words in parts.items():
            texts.append(joint.join([draw.choice(fillers), draw.choice(words), draw.choice(fillers)]))
            labels.append(label)
    return texts, labels


def test_learns_words_and_keeps_the_order_of_labels() -> None:
    parts = {"zebra": ("awful", "dull"), "apple": ("superb", "lovely"), "mango": ("so-so", "average")}
    texts, labels = rows_of(parts, ("the film", "a cast", "music"), " ")
    found = BagOfWords.fit(texts, labels, seed=0).predict_probabilities(["a lovely film", "average", "dull dull"])
    assert found.shape == (3, 3) and found.argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)


def test_negation_is_seen_by_two_word_phrases() -> None:
    parts = {"bad": ("not good", "isn't great"), "good": ("good not bad", "great")}
    texts, labels = rows_of(parts, ("film", "cast"), " ")
    assert BagOfWords.fit(texts, labels, seed=0).predict_probabilities(["film not good"]).argmax() == 0


def test_chinese_needs_no_setting() -> None:
    texts, labels = rows_of({"差": ("不好看", "很难看"), "好": ("很好看", "不难看")}, ("这部电影", "音乐", "演员"), "")
    found = BagOfWords.fit(texts, labels, seed=0).predict_probabilities(["演员不好看", "演员很好看"])
    assert sorted({"差", "好"})[found[0].argmax()] == "差" and sorted({"差", "好"})[found[1].argmax()] == "好"


def test_numbers_are_predicted_as_numbers() -> None:
    texts, labels = rows_of({"1": ("awful",), "5": ("superb",)}, ("film", "cast"), " ")
    found = BagOfWords.fit(texts, [float(label) for label in labels], seed=0).predict_probabilities(["awful", "superb"])
    assert found.shape == (2, 1)
    assert found[0, 0] < 2.5 and found[1, 0] > 3.5


def test_many_labels_stay_within_memory() -> None:
    labels = [f"label {index % 300:03}" for index in range(600)]
    model = BagOfWords.fit([f"word{label[-3:]}" for label in labels], labels, seed=0)
    assert model.predict_probabilities(["word007"]).argmax() == 7


def test_blank_and_unseen_texts_get_an_answer() -> None:
    model = BagOfWords.fit(["good", "bad"] * 5, ["g", "b"] * 5, seed=0)
    found = model.predict_probabilities(["", "🙂🙂", "zzz"])
    assert np.isfinite(found).all() and found.shape == (3, 2)


def test_the_same_data_give_the_same_answers() -> None:
    texts, labels = rows_of({"a": ("x1", "x2"), "b": ("y1", "y2")}, ("p", "q"), " ")
    first, second = (BagOfWords.fit(texts, labels, seed=3).predict_probabilities(texts[:9]) for _ in range(2))
    assert (first == second).all()


@pytest.mark.slow
def test_imdb_reaches_what_is_known(shared_data: Path) -> None:
    def read(name: str) -> tuple[list[str], list[str]]:
        with (shared_data / "imdb" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [row["text"] for row in rows], [row["label"] for row in rows]

    texts, truths = read("test.csv")
    found = BagOfWords.fit(*read("train.csv"), seed=0).predict_probabilities(texts).argmax(axis=1)
    names = sorted(set(truths))
    assert np.mean([names[index] == truth for index, truth in zip(found, truths, strict=True)]) > 0.885
