"""Tokenizers trained on the person's own texts, as `PreTrainedTokenizerFast`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers import Tokenizer as Backend
from transformers import PreTrainedTokenizerFast

from engine.config.data import (
    AutoTokenizer,
    BpeTokenizer,
    CharacterTokenizer,
    SpacedTokenizer,
    Tokenizer,
    WordPieceTokenizer,
    WordTokenizer,
)

SPECIAL_TOKENS = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
"""Their ids are 0 to 4, in this order."""

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = Regex(rf"[{_UNSPACED}]\p{{M}}*|[[\p{{L}}\p{{M}}\p{{N}}_]&&[^{_UNSPACED}]]+(?:['’][\p{{L}}\p{{M}}]+)*|[^\s]")
"""One sign of a script without spaces; or a word, with its apostrophes ("don't"); or one mark."""

_CHARACTER = r"(?m)."
_INNER = re.compile(r"[\w'’]")
_START = "▁"
_LOWER = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
_MAX_TOKEN_LENGTH = 100
_MAX_TRAINING_CHARACTERS = 10_000
"""Of one text: the vocabulary needs no more, and pair counting over one endless line would never end."""


def train_tokenizer(spec: Tokenizer, texts: Iterable[str], max_length: int) -> PreTrainedTokenizerFast:
    """Learn a vocabulary from `texts` (read once, streamed; the same texts give the same tokenizer).

    Texts become `[CLS] ... [SEP]`; `model_max_length` is `max_length`, special tokens included. Token offsets are
    characters of the original text.
    """
    return _wrapped(_trained(spec, _shortened(texts)), max_length)


def train_writing_tokenizer(vocabulary_size: int, texts: Iterable[str], max_length: int) -> PreTrainedTokenizerFast:
    """Pieces of words over bytes, as `BpeTokenizer` has them, but every sign of a script without spaces stands alone:
    it gives every text back as it was, and tokens are words or signs that people know."""
    backend = Backend(models.BPE())
    backend.normalizer = normalizers.NFC()
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(rf"[{_UNSPACED}]\p{{M}}*"), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend.train_from_iterator(_shortened(texts), _pair_trainer(vocabulary_size, alphabet))
    return _wrapped(backend, max_length)


def train_folded_characters(vocabulary_size: int, texts: Iterable[str], max_length: int) -> PreTrainedTokenizerFast:
    """One token a character, as `CharacterTokenizer` has them, but capitals are not told apart."""
    return _wrapped(_characters(vocabulary_size, _shortened(texts), is_folded=True), max_length)


def cuts_characters(tokenizer: PreTrainedTokenizerFast) -> bool:
    """Whether every token is one character, blanks included."""
    cut = json.loads(tokenizer.backend_tokenizer.to_str()).get("pre_tokenizer") or {}
    return cut.get("pattern") == {"Regex": _CHARACTER}


def word_pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    """Words and marks; Chinese, Japanese, Thai, ... sign by sign."""
    return pre_tokenizers.Split(_WORD, behavior="removed", invert=True)


def _trained(spec: Tokenizer, texts: Iterator[str]) -> Backend:
    match spec:
        case AutoTokenizer():
            # Words are cut by script, so one tokenizer gives words for English and characters for Chinese.
            return _words(spec.vocabulary_size, 2, texts)
        case WordTokenizer():
            return _words(spec.vocabulary_size, spec.min_frequency, texts)
        case SpacedTokenizer():
            return _words(spec.vocabulary_size, spec.min_frequency, texts, is_cut_already=True)
        case BpeTokenizer():
            return _byte_pairs(spec.vocabulary_size, texts)
        case WordPieceTokenizer():
            return _word_pieces(spec.vocabulary_size, texts)
        case CharacterTokenizer():
            return _characters(spec.vocabulary_size, texts)
        case _:
            assert_never(spec)


def _words(vocabulary_size: int, min_frequency: int, texts: Iterator[str], *, is_cut_already: bool = False) -> Backend:
    backend = Backend(models.WordLevel(unk_token="[UNK]"))
    backend.normalizer = normalizers.NFC() if is_cut_already else _LOWER
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit() if is_cut_already else word_pre_tokenizer()
    trainer = trainers.WordLevelTrainer(min_frequency=min_frequency, **_common(vocabulary_size))
    backend.train_from_iterator(texts, trainer)
    return backend


def _characters(vocabulary_size: int, texts: Iterator[str], *, is_folded: bool = False) -> Backend:
    backend = Backend(models.WordLevel(unk_token="[UNK]"))
    one_blank = normalizers.Replace(Regex(r"\s+"), " ")
    backend.normalizer = normalizers.Sequence([_LOWER if is_folded else normalizers.NFC(), one_blank])
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(_CHARACTER), behavior="isolated")
    backend.decoder = decoders.Fuse()
    backend.train_from_iterator(texts, trainers.WordLevelTrainer(min_frequency=1, **_common(vocabulary_size)))
    return backend


def _byte_pairs(vocabulary_size: int, texts: Iterator[str]) -> Backend:
    """Over bytes (Radford 2019), so that no text is ever unknown; upper case is kept."""
    backend = Backend(models.BPE())
    backend.normalizer = normalizers.NFC()
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    backend.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend.train_from_iterator(texts, _pair_trainer(vocabulary_size, alphabet))
    return backend


def _word_pieces(vocabulary_size: int, texts: Iterator[str]) -> Backend:
    """Pieces that begin a word, and pieces that go on ("##ing").

    Learned by pair merging over words whose start is marked: the library's own WordPiece trainer numbers the pieces in
    the order of a random hash, and would give another vocabulary each time.
    """
    learner = Backend(models.BPE())
    learner.normalizer = _LOWER
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [word_pre_tokenizer(), pre_tokenizers.Metaspace(replacement=_START, prepend_scheme="always", split=False)]
    )
    learner.train_from_iterator(texts, _pair_trainer(vocabulary_size, [_START]))
    pieces = _as_word_pieces(learner.get_vocab())[:vocabulary_size]
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    backend = Backend(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=_MAX_TOKEN_LENGTH))
    backend.add_special_tokens(list(SPECIAL_TOKENS.values()))
    backend.normalizer = _LOWER
    backend.pre_tokenizer = word_pre_tokenizer()
    backend.decoder = decoders.WordPiece(prefix="##")
    return backend


def _as_word_pieces(vocabulary: dict[str, int]) -> list[str]:
    """Special tokens, single signs as a start and as a continuation, then the merged pieces in the order learned."""
    learned = sorted(vocabulary, key=lambda token: vocabulary[token])[len(SPECIAL_TOKENS) :]
    signs = [token for token in learned if len(token) == 1 and token != _START]
    going_on = [f"##{sign}" for sign in signs if _INNER.match(sign)]
    merged = [token[1:] if token.startswith(_START) else f"##{token}" for token in learned if len(token) > 1]
    return list(dict.fromkeys([*SPECIAL_TOKENS.values(), *signs, *going_on, *merged]))


def _pair_trainer(vocabulary_size: int, alphabet: list[str]) -> trainers.BpeTrainer:
    return trainers.BpeTrainer(
        initial_alphabet=alphabet, max_token_length=_MAX_TOKEN_LENGTH, **_common(vocabulary_size)
    )


def _common(vocabulary_size: int) -> dict[str, Any]:
    return {
        "vocab_size": vocabulary_size,
        "special_tokens": list(SPECIAL_TOKENS.values()),
        "show_progress": False,
    }


def _shortened(texts: Iterable[str]) -> Iterator[str]:
    return (text[:_MAX_TRAINING_CHARACTERS] for text in texts)


def _wrapped(backend: Backend, max_length: int) -> PreTrainedTokenizerFast:
    cls, sep = SPECIAL_TOKENS["cls_token"], SPECIAL_TOKENS["sep_token"]
    backend.post_processor = processors.TemplateProcessing(
        single=f"{cls} $A {sep}",
        pair=f"{cls} $A {sep} $B:1 {sep}:1",
        special_tokens=[(token, backend.token_to_id(token)) for token in (cls, sep)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        model_max_length=max_length,
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
        **SPECIAL_TOKENS,
    )
