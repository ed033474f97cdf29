"""Tokenizers: their special tokens, offsets, scripts, and that training is a function of the texts alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer as AnyTokenizer

from engine.config.data import AutoTokenizer, BpeTokenizer, CharacterTokenizer, WordPieceTokenizer, WordTokenizer
from engine.data.tokens.tokenizer import train_tokenizer

SPECS = [
    AutoTokenizer(),
    WordTokenizer(min_frequency=1),
    BpeTokenizer(vocabulary_size=400),
    WordPieceTokenizer(vocabulary_size=300),
    CharacterTokenizer(),
]
TEXTS = [
    "I don't like this phone, not at all good!",
    "这部电影真的很好看，iPhone15不错。",
    "😀👍🏽 مرحبا بالعالم שלום",
    "日本語のテスト ภาษาไทย",
    "a\tb\nc  d",
    "",
] * 2
NAMES = [spec.name for spec in SPECS]


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_special_tokens_frame_and_length_limits(spec: AutoTokenizer) -> None:
    tokenizer = train_tokenizer(spec, TEXTS, 8)
    assert tokenizer.convert_ids_to_tokens([0, 1, 2, 3, 4]) == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert (tokenizer.pad_token_id, tokenizer.model_max_length) == (0, 8)
    for text in TEXTS:
        ids = tokenizer(text, truncation=True)["input_ids"]
        assert (ids[0], ids[-1]) == (2, 3) and len(ids) <= 8


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_encodes_with_offsets_inside_it(spec: AutoTokenizer, text: str) -> None:
    encoding = _TRAINED[spec.name](text, return_offsets_mapping=True)
    assert all(0 <= start <= end <= len(text) for start, end in encoding["offset_mapping"])


_TRAINED = {spec.name: train_tokenizer(spec, TEXTS, 512) for spec in SPECS}


def _pieces(spec: AutoTokenizer, text: str) -> list[str]:
    encoding = train_tokenizer(spec, TEXTS, 64)(text, return_offsets_mapping=True)
    return [text[start:end] for start, end in encoding["offset_mapping"][1:-1]]


def test_words_keep_apostrophes_and_chinese_is_cut_by_sign() -> None:
    assert _pieces(WordTokenizer(), "I don't like it!") == ["I", "don't", "like", "it", "!"]
    assert _pieces(AutoTokenizer(), "iPhone15不错。") == ["iPhone15", "不", "错", "。"]


def test_chinese_is_known_without_a_setting() -> None:
    tokenizer = train_tokenizer(AutoTokenizer(), TEXTS, 64)
    assert tokenizer.unk_token_id not in tokenizer("这部电影很好看")["input_ids"]


def test_words_are_lower_cased_and_rare_ones_unknown() -> None:
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=2), ["Good good film", "bad"], 64)
    assert tokenizer.tokenize("GOOD") == ["good"]
    assert tokenizer("bad")["input_ids"][1] == tokenizer.unk_token_id


def test_bytes_leave_nothing_unknown() -> None:
    tokenizer = train_tokenizer(BpeTokenizer(vocabulary_size=300), ["plain"], 64)
    assert tokenizer.unk_token_id not in tokenizer("完全 new ツ 🙃")["input_ids"]
    assert tokenizer.decode(tokenizer("完全 new")["input_ids"], skip_special_tokens=True).strip() == "完全 new"


def test_vocabulary_is_limited() -> None:
    texts = [f"word{number}" for number in range(500)]
    assert len(train_tokenizer(WordTokenizer(vocabulary_size=100, min_frequency=1), texts, 64)) == 100


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_saved_and_loaded_it_says_the_same(spec: AutoTokenizer, tmp_path: Path) -> None:
    tokenizer = train_tokenizer(spec, TEXTS, 64)
    tokenizer.save_pretrained(tmp_path)
    again = AnyTokenizer.from_pretrained(tmp_path)
    assert again.model_max_length == 64
    for text in TEXTS:
        assert again(text)["input_ids"] == tokenizer(text)["input_ids"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_training_is_the_same_in_another_process(name: str) -> None:
    """Ties between equally frequent words are not broken by hash seeds."""
    program = (
        "from tests.engine.data.tokens.test_tokenizer import vocabulary; import json; "
        f"print(json.dumps(vocabulary({name!r})))"
    )
    answers = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(3)
    }
    assert {json.dumps(json.loads(answer)) for answer in answers} == {json.dumps(vocabulary(name))}


def vocabulary(name: str) -> list[tuple[str, int]]:
    texts = [f"w{a}{b} x{b}{a}" for a in "abcdefghij" for b in "klmnopqrst"] * 2
    spec = next(spec for spec in SPECS if spec.name == name)
    return sorted(train_tokenizer(spec, texts, 64).get_vocab().items())


def test_training_twice_gives_the_same_vocabulary() -> None:
    for name in NAMES:
        assert vocabulary(name) == vocabulary(name)
