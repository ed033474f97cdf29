"""Pieces of a growing text joined are the text, whatever cuts it."""

from __future__ import annotations

import pytest

from engine.config.data import BpeTokenizer, CharacterTokenizer, SpacedTokenizer, Tokenizer, WordTokenizer
from engine.data.tokens.pieces import Pieces, pieces_of, unknown_words
from engine.data.tokens.tokenizer import train_tokenizer

TEXTS = ["the cat (old) sat, and slept.", "猫在垫子上睡着了。", "naïve café 🙂 déjà vu"] * 3


@pytest.mark.parametrize(
    ("spec", "text", "shown"),
    [
        (WordTokenizer(min_frequency=1), "The cat (old) sat, and slept.", "the cat (old) sat, and slept."),
        (WordTokenizer(min_frequency=1), "猫在垫子上睡着了。", "猫在垫子上睡着了。"),
        (BpeTokenizer(), "naïve café 🙂 déjà vu", " naïve café 🙂 déjà vu"),
        (CharacterTokenizer(), "the cat sat", "the cat sat"),
        (SpacedTokenizer(), "sat, and slept.", "sat, and slept."),
    ],
)
def test_pieces_joined_are_the_text(spec: Tokenizer, text: str, shown: str) -> None:
    tokenizer = train_tokenizer(spec, TEXTS, 64)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert "".join(pieces_of(tokenizer, ids)) == shown


def test_a_sign_of_several_tokens_comes_whole() -> None:
    tokenizer = train_tokenizer(BpeTokenizer(vocabulary_size=300), ["plain words"] * 3, 64)
    pieces = pieces_of(tokenizer, tokenizer("a 🙂 b", add_special_tokens=False)["input_ids"])
    assert "".join(pieces) == " a 🙂 b" and not any("\ufffd" in piece for piece in pieces) and "" in pieces


def test_long_texts_are_not_read_anew_for_each_piece() -> None:
    tokenizer = train_tokenizer(CharacterTokenizer(), ["abc "], 64)
    ids = tokenizer("abc " * 60, add_special_tokens=False)["input_ids"]
    assert "".join(pieces_of(tokenizer, ids)) == "abc " * 60


def test_an_end_is_a_new_line_and_what_would_come_changes_nothing() -> None:
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), TEXTS, 64)
    cat, sat, comma = (tokenizer.convert_tokens_to_ids(one) for one in ("cat", "sat", ","))
    end = int(tokenizer.sep_token_id)
    pieces = Pieces(tokenizer, (cat,), end)
    assert (pieces.would_add(sat), pieces.would_add(comma), pieces.would_add(end)) == (" sat", ",", "")
    assert [pieces.add(one) for one in (comma, end, sat)] == [",", "\n", "sat"]


def test_unknown_words_are_named_once_as_they_stand() -> None:
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), TEXTS, 64)
    assert unknown_words(tokenizer, "The Zebra sat, zebra and Книга") == ("Zebra", "zebra", "Книга")
    assert unknown_words(train_tokenizer(BpeTokenizer(), TEXTS, 64), "Zebra Книга") == ()


def test_words_between_spaces_stay_as_they_are() -> None:
    tokenizer = train_tokenizer(SpacedTokenizer(), ["mr. <unk> N 's n't Mr."], 64)
    ids = tokenizer("mr. <unk> N 's n't Mr.", add_special_tokens=False)["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids) == ["mr.", "<unk>", "N", "'s", "n't", "Mr."]
