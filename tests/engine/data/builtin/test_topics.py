"""Invented captions and messages: seeded, different, of the promised form, and hard where they shall be."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.tasks.classification import Classification
from engine.data.builtin.samples import builtin_texts
from engine.data.builtin.topics import grammar_of
from engine.data.sources.tables import preview
from engine.data.splitting.splits import load_splits
from engine.errors import InputError

LABELS = {"en": ("honest", "fraud"), "zh": ("正常", "诈骗"), "both": ("honest", "fraud")}
"""The honest label, then the fraudulent one; a set of both languages has the English words."""


@pytest.mark.parametrize("topic", ["captions", "messages"])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_same_seed_same_texts_and_all_differ(topic: str, language: str) -> None:
    spec = BuiltinTexts(topic=topic, language=language, num_rows=600)
    texts = builtin_texts(spec, 3)
    assert texts[:] == builtin_texts(spec, 3)[:]
    assert len(set(texts["text"]) | set(builtin_texts(spec, 4)["text"])) > 1150
    assert len(set(texts["text"])) == 600
    assert not any(mark in text for text in texts["text"] for mark in "[]{}")


def test_captions_are_short_and_of_many_words() -> None:
    captions = builtin_texts(BuiltinTexts(topic="captions", num_rows=4000), 0)
    assert captions.column_names == ["row", "text"]
    assert all(6 <= len(text.split()) <= 14 for text in captions["text"])
    words = Counter(word for text in captions["text"] for word in text.split())
    assert 500 <= len(words) <= 1000
    assert len({" ".join(text.split()[:3]) for text in captions["text"]}) < 2500


def test_captions_agree() -> None:
    for text in builtin_texts(BuiltinTexts(topic="captions", num_rows=2000), 1)["text"]:
        assert not re.search(r"\ba [aeio]|\ban [^aeiou]|\b(two|three|four|five|several|many) [^,]*? is \w+ing", text), (
            text
        )
        assert not re.search(r"^an? (man|woman|boy|girl|child|horse|dog|bus) are ", text), text
    chinese = builtin_texts(BuiltinTexts(topic="captions", language="zh", num_rows=1000), 1)["text"]
    assert all(8 <= len(text) <= 26 for text in chinese)


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_one_message_in_five_is_a_fraud(language: str) -> None:
    messages = builtin_texts(BuiltinTexts(topic="messages", language=language, num_rows=1000), 0)
    honest, fraud = LABELS[language]
    assert Counter(messages["label"]) == {honest: 800, fraud: 200}
    assert set(messages["kind"]) == {"plain", "disguised", "alike"}
    for row in messages:
        assert row["evidence"] or (row["label"], row["kind"]) == (honest, "plain")
        for word, start in zip(row["evidence"], row["evidence_start"], strict=True):
            assert row["text"][start : start + len(word)] == word


@pytest.mark.parametrize("language", ["en", "zh"])
def test_addresses_lead_nowhere(language: str) -> None:
    texts = builtin_texts(BuiltinTexts(topic="messages", language=language, num_rows=2000), 0)["text"]
    hosts = re.findall(r"[\w.-]+\.(?:com|test|net|org|info)\b", " ".join(texts), flags=re.ASCII)
    assert len(hosts) > 100
    assert all(host.endswith((".example.com", ".test")) for host in hosts)


@pytest.mark.parametrize(("language", "analyzer"), [("en", "word"), pytest.param("zh", "char", marks=pytest.mark.slow)])
def test_counting_words_misses_frauds_of_honest_words(language: str, analyzer: str) -> None:
    data = DataConfig(builtin=BuiltinTexts(topic="messages", language=language))
    loaded = load_splits(data, Classification(), 0)
    assert loaded.positive_label == LABELS[language][1]
    splits = loaded.splits
    bag = TfidfVectorizer(analyzer=analyzer)
    model = LogisticRegression(C=10, max_iter=500).fit(
        bag.fit_transform(splits["train"]["text"]), splits["train"]["label"]
    )
    right = model.predict(bag.transform(splits["test"]["text"])) == np.array(splits["test"]["label"])
    frauds = np.array(splits["test"]["label"]) == loaded.positive_label
    alike = np.array(splits["test"]["kind"]) == "alike"
    assert right[frauds & alike].mean() < 0.65
    assert 0.55 < right[frauds].mean() < 0.85
    assert right[~frauds].mean() > 0.95


def test_noise_turns_labels_of_messages() -> None:
    spec = BuiltinTexts(topic="messages", language="zh", num_rows=500, label_noise=0.2)
    noisy, clean = (
        load_splits(DataConfig(builtin=one), Classification(), 0).splits["train"]["label"]
        for one in (spec, spec.model_copy(update={"label_noise": 0.0}))
    )
    turned = [a != b for a, b in zip(noisy, clean, strict=True)]
    assert sum(turned) == round(0.2 * len(turned))


@pytest.mark.parametrize(("topic", "columns"), [("messages", ("text", "label")), ("captions", ("text",))])
def test_preview_shows_the_columns_that_there_are(topic: str, columns: tuple[str, ...]) -> None:
    found = preview("builtin", BuiltinTexts(topic=topic, num_rows=60))
    assert found.columns == columns and found.num_rows == 60
    assert found.roles == {column: column for column in columns}


def test_a_grammar_that_can_write_no_more_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("en", "zh"):
        (tmp_path / language).mkdir()
        path = tmp_path / language / "captions.yaml"
        path.write_text('rules: {caption: ["a {animal}"], animal: [dog, owl]}\n', encoding="utf-8")
    monkeypatch.setattr("engine.data.builtin.topics.resource", lambda _, *parts: tmp_path.joinpath(*parts))
    grammar_of.cache_clear()
    try:
        with pytest.raises(InputError, match="no other text"):
            builtin_texts(BuiltinTexts(topic="captions", num_rows=60), 0)
    finally:
        grammar_of.cache_clear()
