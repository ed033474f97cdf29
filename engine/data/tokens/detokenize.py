"""written: token ids of a generator as a text that people read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transformers import PreTrainedTokenizerFast

_UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BETWEEN_SIGNS = re.compile(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")
_BEFORE_MARK = re.compile(r" (?=[,.!?;:%)\]}…，。！？；：、）])")
_AFTER_MARK = re.compile(r"(?<=[(\[{“‘（]) ")


def tokens_of(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> tuple[str, ...]:
    """The tokens that stand for a part of the text: no padding, no [CLS] or [SEP]; unknown ones stay."""
    unwritten = {tokenizer.pad_token_id, tokenizer.cls_token_id, tokenizer.sep_token_id}
    kept = [int(one) for one in ids if int(one) not in unwritten]
    return tuple(tokenizer.convert_ids_to_tokens(kept))


def detokenized(tokenizer: PreTrainedTokenizerFast, tokens: Sequence[str]) -> str:
    """Words with spaces between them, Chinese signs without, marks where they belong; byte pairs and pieces joined."""
    if tokenizer.backend_tokenizer.decoder is not None:
        text: str = tokenizer.backend_tokenizer.decoder.decode(list(tokens))
        return text.strip()
    return spaced(" ".join(tokens))


def spaced(text: str) -> str:
    """A text of tokens with a space between any two, as people write it."""
    text = _BETWEEN_SIGNS.sub("", text)
    return _AFTER_MARK.sub("", _BEFORE_MARK.sub("", text))


def written_text(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> str:
    """What token ids say, special tokens left out but for unknown words."""
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    kept = [int(one) for one in ids if int(one) not in special]
    if tokenizer.backend_tokenizer.decoder is not None:
        return str(tokenizer.decode(kept)).strip()
    return spaced(" ".join(tokenizer.convert_ids_to_tokens(kept)))
