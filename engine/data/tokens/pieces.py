"""Pieces: what each token adds to a text that grows token by token; and the words that a tokenizer does not know."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from transformers import PreTrainedTokenizerFast

from engine.data.tokens.detokenize import spaced

_REMEMBERED = 24
_HALF = "\ufffd"
"""What stands for a sign whose bytes are not all there yet."""
_SHOWN = 20


class Pieces:
    """All pieces joined are the text. A sign of several tokens comes with the last of them; `end` tokens are a new
    line."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, before: Sequence[int] = (), end: int | None = None) -> None:
        self._tokenizer, self._end = tokenizer, end
        self._known: deque[int] = deque(before[-_REMEMBERED:])
        self._text = self._joined(self._known)

    def add(self, token: int) -> str:
        """What the token adds."""
        if token == self._end:
            self._known.clear()
            self._text = ""
            return "\n"
        text = self._joined((*self._known, token))
        piece = self._added(text)
        if piece is None:
            self._known.append(token)
            return ""
        self._known.append(token)
        while len(self._known) > _REMEMBERED and not text.endswith(_HALF):
            self._known.popleft()
            text = self._joined(self._known)
        self._text = text
        return piece

    def would_add(self, token: int) -> str:
        """What the token would add if it came next; half a sign as it is."""
        if token == self._end:
            return ""
        text = self._joined((*self._known, token))
        return text[len(self._text) :] if text.startswith(self._text) else self._joined((token,))

    def _added(self, text: str) -> str | None:
        if text.endswith(_HALF):
            return None
        return text[len(self._text) :] if text.startswith(self._text) else text

    def _joined(self, ids: Iterable[int]) -> str:
        named = self._tokenizer.convert_ids_to_tokens([one for one in ids if one != self._end])
        tokens = [one for one in named if one is not None]  # a model may tell more numbers than there are tokens
        decoder = self._tokenizer.backend_tokenizer.decoder
        if decoder is None:
            return spaced(" ".join(tokens))
        text: str = decoder.decode(tokens)
        return text


def pieces_of(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int], end: int | None = None) -> tuple[str, ...]:
    """The pieces of a text from its beginning."""
    found = Pieces(tokenizer, (), end)
    return tuple(found.add(one) for one in ids)


def unknown_words(tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[str, ...]:
    """The parts of a text that no token stands for, each once, the first ones."""
    unknown = tokenizer.unk_token_id
    if unknown is None:
        return ()
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
    found = [
        text[start:stop]
        for token, (start, stop) in zip(read["input_ids"], read["offset_mapping"], strict=True)
        if token == unknown
    ]
    return tuple(dict.fromkeys(found))[:_SHOWN]
