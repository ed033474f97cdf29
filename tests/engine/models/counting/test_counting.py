"""Word counting: the n-grams of token ids, the model of them, and its graph, held to scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from transformers import AutoModelForSequenceClassification

import engine.models  # noqa: F401 - makes our models known to transformers
from engine.config.counting import WordCounting
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from engine.models.answering import answers_of
from engine.models.build import build
from engine.models.counting.choosing import parts_of
from engine.models.counting.classifier import WordCountingClassifier
from engine.models.counting.counting import Counted, Rows, count_words
from engine.models.counting.ngrams import Ngrams, Texts, longest_for
from engine.models.counting.table import NgramTable
from engine.targets import Target, target_of

SILENT, FIRST, SIZE = (0, 1, 2, 3, 4), 5, 30
"""Special tokens, the first word, the vocabulary."""
CLS, SEP, UNKNOWN = 2, 3, 1


def random_texts(num: int, seed: int = 0, most: int = 12) -> list[list[int]]:
    """Token ids as a tokenizer gives them, unknown words among them."""
    draw = np.random.default_rng(seed)
    return [
        [CLS, *(UNKNOWN if draw.random() < 0.05 else int(draw.integers(FIRST, SIZE)) for _ in range(length)), SEP]
        for length in draw.integers(0, most, num)
    ]


def flat(texts: list[list[int]]) -> Texts:
    lengths = np.array([0, *map(len, texts)])
    return Texts(np.array([one for text in texts for one in text], dtype=np.uint16), np.cumsum(lengths))


def written(texts: list[list[int]]) -> list[str]:
    """The same for scikit-learn. No n-gram reaches over an unknown word, so nothing with one in it is asked about."""
    return [" ".join(f"w{one}" for one in text[1:-1]) for text in texts]


def known(texts: list[list[int]]) -> list[list[int]]:
    return [[one for one in text if one != UNKNOWN] for text in texts]


def rows(texts: list[list[int]], truths: Any, target: Target, num_labels: int, weights: Any = None) -> Rows:
    return Rows(flat(texts), np.asarray(truths), target, num_labels, weights)


def counted(spec: WordCounting, of: Rows) -> Counted:
    return count_words(spec, of, SIZE, SILENT, "words", seed=0)


def model_of(spec: WordCounting, found: Counted, labels: tuple[str, ...], loss: Loss) -> WordCountingClassifier:
    several = found.rows.target.may_have_several
    model = build(spec, vocabulary_size=SIZE, num_labels=max(1, len(labels)), max_length=64, pad_token_id=0,
                  labels=labels, loss=loss, multi_label=several, silent_token_ids=SILENT)  # fmt: skip
    assert isinstance(model, WordCountingClassifier)
    model.take(found, {"kind": "words"})
    return model.eval()


def padded(texts: list[list[int]]) -> dict[str, torch.Tensor]:
    width = max(map(len, texts))
    ids = torch.tensor([text + [0] * (width - len(text)) for text in texts])
    return {"input_ids": ids, "attention_mask": (ids != 0).long()}


def test_presence_is_that_of_scikit_learn() -> None:
    texts = known(random_texts(60))
    found, held, num_found = Ngrams.learn(flat(texts), SIZE, 3, SILENT, least=2, most=10_000)
    plain = CountVectorizer(binary=True, ngram_range=(1, 3), min_df=2, token_pattern=r"\w+").fit(written(texts))
    assert held.shape == (60, len(plain.vocabulary_)) and num_found == held.shape[1]
    expected = plain.transform(written(texts))
    assert held.sum() == expected.sum() and held.max() == 1
    assert sorted(np.asarray(held.sum(axis=0)).ravel()) == sorted(np.asarray(expected.sum(axis=0)).ravel())
    assert found.num_up_to(1) == sum(" " not in term for term in plain.vocabulary_)


def test_unknown_words_and_the_ends_of_texts_are_crossed_by_no_n_gram() -> None:
    texts = [[CLS, 7, UNKNOWN, 8, SEP], [CLS, 7, 8, SEP], [9, 9], [10, 10]]  # the last two have no special tokens
    found, held, _ = Ngrams.learn(flat(texts), SIZE, 2, SILENT, least=1, most=100)
    assert held.sum(axis=1).A1.tolist() == [2, 3, 2, 2]
    assert found.presence(flat([[9, 10]])).sum() == 2  # the pair (9, 10) stood in no text


def test_the_rarest_n_grams_are_left_out_first_and_counted() -> None:
    texts = [[CLS, 5, 6, SEP]] * 3 + [[CLS, 7, SEP]] * 2 + [[CLS, 8, SEP]]
    found, held, num_found = Ngrams.learn(flat(texts), SIZE, 2, SILENT, least=1, most=3)
    assert num_found == 5 and len(found.keys) == 3 and held.shape[1] == 3
    assert held.sum(axis=0).A1.tolist() == [3, 3, 3]


def test_the_longest_run_is_as_long_as_its_number_allows() -> None:
    assert longest_for(200_000) == 3 and longest_for(100) >= 6
    assert (200_001**3).bit_length() <= 63


@pytest.mark.parametrize("weighting", ["naive-bayes", "tf-idf", "presence"])
def test_probabilities_are_those_of_a_plain_pipeline(weighting: str) -> None:
    texts, asked = known(random_texts(200, most=20)), known(random_texts(50, seed=1, most=20))
    truths = np.array([(7 in text) ^ (len(text) > 14) for text in texts])
    spec = WordCounting(longest=2, weighting=weighting, regularisation=0.5, least_texts=1)  # type: ignore[arg-type]
    found = counted(spec, rows(texts, truths.astype(np.int64), target_of("one"), 2))
    vectorizer = TfidfVectorizer if weighting == "tf-idf" else CountVectorizer
    counter = vectorizer(binary=True, ngram_range=(1, 2), token_pattern=r"\w+")
    learned, read = counter.fit_transform(written(texts)), counter.transform(written(asked))
    if weighting == "naive-bayes":
        yes, no = (1 + learned[truths == side].sum(axis=0).A1 for side in (True, False))
        ratios = np.log(yes / yes.sum()) - np.log(no / no.sum())
        learned, read = learned.multiply(ratios), read.multiply(ratios)
    plain = LogisticRegression(C=2.0, solver="liblinear", dual=True, tol=1e-8, max_iter=10**6, random_state=0)
    expected = plain.fit(csr_matrix(learned), truths).predict_proba(csr_matrix(read))
    np.testing.assert_allclose(found.probabilities(flat(asked)), expected, atol=0.01)


CASES: list[tuple[str, tuple[str, ...], Loss]] = [
    ("one", ("bad", "good"), CrossEntropy()),
    ("one", ("bad", "good"), BinaryCrossEntropy()),
    ("one", ("a", "b", "c"), CrossEntropy()),
    ("one", ("a", "b", "c"), BinaryCrossEntropy()),
    ("several", ("a", "b"), BinaryCrossEntropy()),
    ("number", (), MeanSquaredError()),
]


def truths_of(kind: str, num_labels: int, texts: list[list[int]]) -> np.ndarray:
    if kind == "number":
        return np.array([float(len(text)) for text in texts])
    if kind == "several":
        return np.array([[7 in text, 8 in text] for text in texts])
    return np.array([sum(text) % num_labels for text in texts])


@pytest.mark.parametrize("weighting", ["auto", "tf-idf"])
@pytest.mark.parametrize(("kind", "labels", "loss"), CASES)
def test_the_model_says_what_was_fitted(kind: Any, labels: tuple[str, ...], loss: Loss, weighting: Any) -> None:
    texts, asked = random_texts(120), random_texts(40, seed=1)
    found = counted(WordCounting(weighting=weighting), rows(texts, truths_of(kind, len(labels), texts),
                                                            target_of(kind), max(1, len(labels))))  # fmt: skip
    model = model_of(WordCounting(), found, labels, loss)
    with torch.inference_mode():
        together = answers_of(model, model(**padded(asked)).logits).numpy()
        alone = torch.cat([answers_of(model, model(**padded([one])).logits) for one in asked]).numpy()
    np.testing.assert_allclose(together, found.probabilities(flat(asked)), atol=2e-5)
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_each_run_counts_once_and_what_was_never_seen_says_nothing() -> None:
    texts = random_texts(100)
    found = counted(WordCounting(longest=1), rows(texts, truths_of("one", 2, texts), target_of("one"), 2))
    model = model_of(WordCounting(), found, ("bad", "good"), CrossEntropy())
    with torch.inference_mode():
        logits = model(**padded([[CLS, 7, 8, SEP], [CLS, 7, 8, 8, 7, SEP], [CLS, 7, UNKNOWN, 8, SEP]])).logits
    assert torch.equal(logits[0], logits[1]) and torch.equal(logits[0], logits[2])


def test_a_saved_model_opens_as_any_of_transformers(tmp_path: Path) -> None:
    texts = random_texts(80)
    found = counted(WordCounting(weighting="tf-idf"), rows(texts, truths_of("one", 3, texts), target_of("one"), 3))
    model = model_of(WordCounting(), found, ("a", "b", "c"), CrossEntropy())
    model.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    with torch.inference_mode():
        assert torch.equal(model(**padded(texts)).logits, again(**padded(texts)).logits)
    assert not list(tmp_path.glob("*.bin")) and not list(tmp_path.glob("*.pkl"))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_the_search_that_can_be_exported_finds_the_same(size: int) -> None:
    table = NgramTable(SIZE, 1, SILENT, num_ngrams=size)
    keys = torch.arange(size) * 3 + 1
    table.keys.data.copy_(keys)
    wanted = torch.arange(-1, 3 * size + 4).reshape(1, -1)
    assert torch.equal(table.halved(wanted), torch.searchsorted(keys, wanted))


def test_rare_labels_count_more_by_their_weights() -> None:
    texts = random_texts(300, most=8)
    truths = np.array([int(7 in text and 8 in text) for text in texts])
    spec = WordCounting(longest=1, weighting="presence", regularisation=10.0)
    said = [
        counted(spec, rows(texts, truths, target_of("one"), 2, weights)).probabilities(flat(texts))[:, 1].sum()
        for weights in (None, (1.0, 10.0))
    ]
    assert said[1] > 1.5 * said[0]


def test_what_is_left_open_is_chosen_by_held_out_texts_and_the_same_each_time() -> None:
    """The order of two words decides: single words cannot tell."""
    draw = np.random.default_rng(0)
    texts, truths = [], []
    for _ in range(300):
        first, truth = draw.integers(FIRST, SIZE, 4).tolist(), int(draw.integers(2))
        texts.append([CLS, *first, *((5, 6) if truth else (6, 5)), SEP])
        truths.append(truth)
    of = rows(texts, truths, target_of("one"), 2)
    found, again = counted(WordCounting(), of), counted(WordCounting(), of)
    assert found.way.longest >= 2 and found.way == again.way
    assert np.array_equal(found.linear.weights, again.linear.weights)
    best = max(found.trials, key=lambda one: one.rank)
    assert best.way == found.way and best.right > 0.9
    singles = [one.right for one in found.trials if one.way.longest == 1]
    assert singles and max(singles) < 0.7
    assert not counted(WordCounting(seconds=0), of).trials


def test_out_of_fold_answers_come_from_models_that_never_saw_the_text() -> None:
    """Labels by chance: who saw them knows them by heart, who did not knows nothing."""
    texts = random_texts(200, most=20)
    truths = np.random.default_rng(3).integers(0, 2, 200)
    spec = WordCounting(longest=3, weighting="presence", regularisation=0.1)
    found = counted(spec, rows(texts, truths, target_of("one"), 2))
    seen = (found.probabilities(flat(texts)).argmax(axis=1) == truths).mean()
    unseen = ((found.out_of_fold(5, seed=0)[:, 0] > 0) == truths).mean()
    assert seen > 0.85 and unseen < 0.65


def test_copies_of_a_text_lie_in_one_part() -> None:
    texts = random_texts(30, most=20) * 3
    part = parts_of(flat(texts), np.zeros(90, np.int64), 3, seed=1)
    assert (part.reshape(3, 30) == part[:30]).all() and set(part) == {0, 1, 2}
