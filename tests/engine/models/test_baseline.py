"""The bag of words: it learns words, Chinese signs and numbers, and its answers stand in the labels' order."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import diags_array
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score

from engine.models.baseline import BagOfWords
from engine.models.counting.linear import Way


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


def plain(
    texts: list[str],
    labels: list[str],
    asked: list[str],
    *,
    signs: bool = False,
    balanced: bool = False,
) -> list[str]:
    """What anyone would write: TF-IDF of words (or signs) and pairs of them, and logistic regression."""
    by = {"analyzer": "char", "ngram_range": (1, 3)} if signs else {"ngram_range": (1, 2), "token_pattern": r"\w+"}
    counter = TfidfVectorizer(sublinear_tf=True, **by)
    model = LogisticRegression(C=10.0, max_iter=1000, class_weight="balanced" if balanced else None)
    return model.fit(counter.fit_transform(texts), labels).predict(counter.transform(asked)).tolist()


def reference(
    texts: list[str], labels: list[str], asked: list[str], way: Way, weights: dict[str, float] | None = None
) -> np.ndarray:
    """[asked]: the probability of the second of two labels, written plainly, with the settings that were chosen."""
    second = sorted(set(labels))[1]
    truths = np.array([label == second for label in labels])
    words = {"binary": True, "ngram_range": (1, way.longest), "token_pattern": r"\w+"}
    if way.weighting == "tf-idf":
        counter = TfidfVectorizer(**words)
        learned, read = counter.fit_transform(texts), counter.transform(asked)
    else:
        counter = CountVectorizer(**words)
        learned, read = counter.fit_transform(texts), counter.transform(asked)
        if way.weighting == "naive-bayes":
            yes, no = (1 + learned[truths == side].sum(axis=0).A1 for side in (True, False))
            ratios = diags_array(np.log(yes / yes.sum()) - np.log(no / no.sum()))
            learned, read = learned @ ratios, read @ ratios
    counts = None if weights is None else [weights[label] for label in labels]
    model = LogisticRegression(
        C=1 / way.regularisation, solver="liblinear", dual=True, tol=1e-7, max_iter=100_000, random_state=0
    )
    found: np.ndarray = model.fit(learned, truths, counts).predict_proba(read)[:, 1]
    return found


def ours(texts: list[str], labels: list[str], asked: list[str], weights: dict[str, float] | None = None) -> list[str]:
    names = sorted(set(labels))
    found = BagOfWords.fit(texts, labels, 0, weights).predict_probabilities(asked)
    return [names[place] for place in found.argmax(axis=1)]


def balanced_weights(labels: list[str]) -> dict[str, float]:
    return {name: len(labels) / (len(set(labels)) * labels.count(name)) for name in set(labels)}


def rare_texts(num_rows: int, seed: int, share: float = 0.08) -> tuple[list[str], list[str]]:
    """Long texts of mostly words never seen before; two of a rare label's own words, of which some are shared."""
    draw = random.Random(seed)
    rare, common = ([f"{kind}{number}" for number in range(10)] for kind in ("urgent", "daily"))
    texts, labels = [], []
    for _ in range(num_rows):
        is_rare = draw.random() < share
        own = draw.sample(rare if is_rare else common, 2) + draw.sample(rare + common, 2)
        texts.append(" ".join([*own, *(f"w{draw.randrange(50_000)}" for _ in range(8))]))
        labels.append("rare" if is_rare else "usual")
    return texts, labels


def test_words_never_seen_count_for_nothing() -> None:
    """Where most words of a new text are new, what is known of the rest is what a plain model says of it."""
    texts, labels = rare_texts(300, seed=1)
    asked, truths = rare_texts(300, seed=2)
    model = BagOfWords.fit(texts, labels, seed=0)
    found = model.predict_probabilities(asked)[:, 1]
    np.testing.assert_allclose(found, reference(texts, labels, asked, model.way), atol=0.01)
    weights = balanced_weights(labels)
    heavier = BagOfWords.fit(texts, labels, 0, weights)
    weighed = heavier.predict_probabilities(asked)[:, 1]
    np.testing.assert_allclose(weighed, reference(texts, labels, asked, heavier.way, weights), atol=0.01)
    is_rare = [truth == "rare" for truth in truths]
    assert f1_score(is_rare, weighed < 0.5) > f1_score(is_rare, found < 0.5) + 0.02

    known = " ".join(texts[0].split()[:3])
    alone, beside = (model.predict_probabilities([text]) for text in (known, known + " never1 never2 never3"))
    np.testing.assert_allclose(alone, beside)


def test_rare_labels_of_several_count_more_by_their_weights() -> None:
    texts, labels = rare_texts(400, seed=3)
    asked, truths = rare_texts(400, seed=4)
    rows = [["all", "urgent"] if label == "rare" else ["all"] for label in labels]
    plainly, weighed = (
        BagOfWords.fit(texts, rows, 0, weights).predict_probabilities(asked)[:, 1] >= 0.5
        for weights in (None, {"all": 1.0, "urgent": 12.0})
    )
    wanted = np.array([label == "rare" for label in truths])
    assert (weighed & wanted).sum() > (plainly & wanted).sum()


def test_numbers_are_those_of_a_plain_ridge() -> None:
    texts, labels = rare_texts(200, seed=5, share=0.5)
    numbers = [float(label == "rare") * 4 + 1 for label in labels]
    asked = rare_texts(50, seed=6)[0]
    model = BagOfWords.fit(texts, numbers, seed=0)
    words = {"binary": True, "ngram_range": (1, model.way.longest), "token_pattern": r"\w+"}
    counter = TfidfVectorizer(**words) if model.way.weighting == "tf-idf" else CountVectorizer(**words)
    ridge = Ridge(alpha=model.way.regularisation).fit(counter.fit_transform(texts), numbers)
    found = model.predict_probabilities(asked)[:, 0]
    np.testing.assert_allclose(found, ridge.predict(counter.transform(asked)), atol=0.01)


def real_rows(folder: Path, name: str) -> tuple[list[str], list[str]]:
    if name in ("imdb", "banking77"):
        with (folder / name / "train.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["text"], row.get("label") or row["category"]) for row in csv.DictReader(file)]
    else:
        files = {"sms_spam": "SMSSpamCollection", "fraud": "fraud_call.file"}
        lines = (folder / name / files.get(name, "train.tsv")).read_text(encoding="utf-8").split("\n")
        cells = [line.split("\t") for line in lines[name == "sms_spam" :] if line.count("\t") == 1]
        rows = [(cell[1], cell[0]) if name in files else (cell[0], cell[1]) for cell in cells if all(cell)]
    if name == "banking77":
        kept = sorted({label for _, label in rows})[:12]
        rows = [row for row in rows if row[1] in kept]
    random.Random(1).shuffle(rows)
    return [text for text, _ in rows], [label for _, label in rows]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sms_spam", "fraud", "imdb", "chnsenticorp", "banking77", "sst2"])
def test_it_is_as_good_as_plain_word_counting_on_real_texts(shared_data: Path, name: str) -> None:
    """Of two labels the rarer one's F1, else the mean over labels; with rare labels counting more as well."""
    texts, labels = real_rows(shared_data, name)
    train, asked, truths = texts[:1200], texts[1200:2700], labels[1200:2700]
    learned = labels[:1200]
    of = [min(set(learned), key=learned.count)] if len(set(learned)) == 2 else sorted(set(learned))

    def f1(said: list[str]) -> float:
        return float(f1_score(truths, said, labels=of, average="macro"))

    signs = name == "chnsenticorp"
    assert f1(ours(train, learned, asked)) >= f1(plain(train, learned, asked, signs=signs)) - 0.015
    weighed = ours(train, learned, asked, balanced_weights(learned))
    assert f1(weighed) >= f1(plain(train, learned, asked, signs=signs, balanced=True)) - 0.015


@pytest.mark.slow
def test_imdb_reaches_what_is_known(shared_data: Path) -> None:
    def read(name: str) -> tuple[list[str], list[str]]:
        with (shared_data / "imdb" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [row["text"] for row in rows], [row["label"] for row in rows]

    texts, truths = read("test.csv")
    found = BagOfWords.fit(*read("train.csv"), seed=0).predict_probabilities(texts).argmax(axis=1)
    names = sorted(set(truths))
    assert np.mean([names[index] == truth for index, truth in zip(found, truths, strict=True)]) > 0.9
