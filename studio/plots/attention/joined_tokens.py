"""Tokens joined to a readable text, with the place of each in it."""

from __future__ import annotations

from collections.abc import Sequence

_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%…'’”。，、；：！？）》」")
_NO_SPACE_AFTER = frozenset("([{“‘（《「")


def joined(tokens: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """(text, character span of each token): spaces between words, none between Chinese characters, before punctuation
    or inside a word that was cut into pieces ("##ing")."""
    text = ""
    spans = []
    for token in tokens:
        is_piece = token.startswith("##") and len(token) > 2
        word = token.removeprefix("##") if is_piece else token.lstrip("Ġ▁ ") or token
        if text and word and not is_piece and _needs_space(text[-1], word[0]):
            text += " "
        spans.append((len(text), len(text) + len(word)))
        text += word
    return text, tuple(spans)


def _needs_space(before: str, after: str) -> bool:
    if before in _NO_SPACE_AFTER or after in _NO_SPACE_BEFORE:
        return False
    return not (_is_wide(before) or _is_wide(after))


def _is_wide(character: str) -> bool:
    """Chinese, Japanese and full-width signs, which stand without spaces."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"
