"""The invented reviews: seeded, balanced, different, and honest about which words decide."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.tasks.classification import Classification
from engine.data.builtin.samples import builtin_texts, with_label_noise
from engine.data.builtin.topics import grammar_of
from engine.data.splitting.splits import load_splits

LABELS = ("negative", "positive")
KINDS = ("plain", "negation", "but", "distance", "distractor")


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_same_seed_same_reviews(language: str) -> None:
    spec = BuiltinTexts(language=language, num_rows=200)
    assert builtin_texts(spec, 3)[:] == builtin_texts(spec, 3)[:]
    assert builtin_texts(spec, 3)["text"][:] != builtin_texts(spec, 4)["text"][:]


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_balanced_different_and_of_all_kinds(language: str) -> None:
    reviews = builtin_texts(BuiltinTexts(language=language, num_rows=1600), 0)
    assert Counter(reviews["label"]) == {"negative": 800, "positive": 800}
    assert set(reviews["kind"]) == set(KINDS)
    assert len(set(reviews["text"])) == 1600
    for kind in KINDS:
        labels = [label for label, one in zip(reviews["label"], reviews["kind"], strict=True) if one == kind]
        assert labels.count("positive") == len(labels) / 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_evidence_stands_where_it_is_said_to(language: str) -> None:
    for review in builtin_texts(BuiltinTexts(language=language, num_rows=400), 1):
        assert review["evidence"]
        assert "[" not in review["text"] and "{" not in review["text"]
        for word, start in zip(review["evidence"], review["evidence_start"], strict=True):
            assert review["text"][start : start + len(word)] == word


@pytest.mark.parametrize("language", ["en", "zh"])
def test_evidence_gives_the_label(language: str) -> None:
    """The label follows from the evidence alone: an adjective's side, turned round by whatever stands with it."""
    side = {word: label for label in LABELS for word in grammar_of("reviews", language).rules[label]}
    for review in builtin_texts(BuiltinTexts(language=language, num_rows=400), 2):
        sides = [side[word] for word in review["evidence"] if word in side]
        negated = any(word not in side for word in review["evidence"])
        assert set(sides) == ({review["label"]} if not negated else {next(x for x in LABELS if x != review["label"])})


def test_the_deciding_words_of_distance_come_first_and_the_text_is_long() -> None:
    reviews = builtin_texts(BuiltinTexts(num_rows=800), 0)
    far = [review for review in reviews if review["kind"] == "distance"]
    assert all(max(review["evidence_start"]) < len(review["text"]) / 2 for review in far)
    assert all(review["text"].count(".") >= 5 for review in far)
    assert np.percentile([len(text.split()) for text in reviews["text"]], 90) <= 60


@pytest.mark.slow
def test_counting_words_is_not_enough_where_order_decides() -> None:
    splits = load_splits(DataConfig(), Classification(), 0).splits
    bag = TfidfVectorizer()
    model = LogisticRegression(max_iter=500).fit(bag.fit_transform(splits["train"]["text"]), splits["train"]["label"])
    right = model.predict(bag.transform(splits["test"]["text"])) == np.array(splits["test"]["label"])
    kinds = np.array(splits["test"]["kind"])
    assert 0.6 <= right.mean() <= 0.82
    assert right[kinds == "plain"].mean() > 0.9
    for kind in ("distance", "but", "negation"):
        assert right[kinds == kind].mean() < 0.75


def test_noise_turns_the_asked_share_of_training_labels_and_no_others() -> None:
    noisy = load_splits(DataConfig(builtin=BuiltinTexts(num_rows=1000, label_noise=0.2)), Classification(), 0).splits
    clean = load_splits(DataConfig(builtin=BuiltinTexts(num_rows=1000)), Classification(), 0).splits
    turned = [a != b for a, b in zip(noisy["train"]["label"], clean["train"]["label"], strict=True)]
    assert sum(turned) == round(0.2 * len(turned))
    assert noisy["train"]["text"][:] == clean["train"]["text"][:]
    for split in ("validation", "test"):
        assert noisy[split]["label"][:] == clean[split]["label"][:]


def test_no_noise_changes_nothing() -> None:
    reviews = builtin_texts(BuiltinTexts(num_rows=60), 0)
    assert with_label_noise(reviews, 0.0, 0) is reviews


def test_vocabulary_is_a_few_hundred_words() -> None:
    reviews = builtin_texts(BuiltinTexts(num_rows=2000), 0)
    words = {word.strip(".,;:").lower() for text in reviews["text"] for word in text.split()}
    assert 300 <= len(words) <= 900
