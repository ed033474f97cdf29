"""What teaches most, against plain references: entropy of scipy, k-centre and cosines written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from engine.metrics.label_selection import (
    SAME,
    entropies,
    farthest_first,
    margins,
    most_uncertain,
    nearest_likeness,
)

TEXTS = [
    "the bus did not come again",
    "the bus did not come again today",
    "the swimming badge test is on friday",
    "could the fee for the trip be paid in two parts",
    "he forgot his maths book at school",
    "the receipt for the lunch money of may",
    "the bus was full and left without him",
    "a note about the swimming pool",
]


@pytest.fixture(scope="module")
def features():
    return TfidfVectorizer().fit_transform(TEXTS).tocsr()


def test_margins_and_entropies_are_those_of_plain_python() -> None:
    chances = np.random.default_rng(0).dirichlet(np.ones(4), 50)
    best = np.sort(chances, axis=1)
    np.testing.assert_allclose(margins(chances), best[:, -1] - best[:, -2])
    np.testing.assert_allclose(entropies(chances), entropy(chances, axis=1))


def test_one_label_leaves_no_doubt() -> None:
    assert margins(np.ones((3, 1))).tolist() == [1.0, 1.0, 1.0]


def test_nearest_is_the_largest_cosine(features) -> None:
    whole = cosine_similarity(features)
    np.testing.assert_allclose(nearest_likeness(features, [0, 4]), whole[:, [0, 4]].max(axis=1), atol=1e-12)
    assert nearest_likeness(features, []).tolist() == [0.0] * len(TEXTS)


def test_farthest_first_is_the_greedy_k_centre(features) -> None:
    distance = 1 - cosine_similarity(features)
    taken, wanted = [0], []
    for _ in range(5):
        far = distance[:, taken].min(axis=1)
        far[taken] = -1
        place = int(far.argmax())
        taken.append(place)
        wanted.append(place)
    found = farthest_first(features, nearest_likeness(features, [0]), 5)
    assert [round(float(distance[one, [0, *found[:at]]].min()), 9) for at, one in enumerate(found)] == [
        round(float(distance[one, [0, *wanted[:at]]].min()), 9) for at, one in enumerate(wanted)
    ]
    assert 1 not in found[:3], "nearly the text that was taken"


def test_most_uncertain_passes_over_what_is_nearly_the_same(features) -> None:
    doubt = np.array([0.9, 0.8, 0.7, 0.1, 0.1, 0.1, 0.6, 0.1])
    assert cosine_similarity(features)[0, 1] > SAME
    assert most_uncertain(features, doubt, 3) == [0, 2, 6]
    assert set(most_uncertain(features, doubt, 8)) == set(range(8)), "where nothing else is left they come too"
    assert most_uncertain(features, doubt, 2, without=[0]) == [2, 6]
