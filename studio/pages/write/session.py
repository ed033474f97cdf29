"""Session: what stands on the page: a beginning, what was written behind it, and what it was before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.records import Alternative, Written, WrittenToken

_MOST_UNDONE = 50


@dataclass(frozen=True)
class Text:
    """`prompt` was typed; `prompt_ids` is what the model read of it (none before it wrote); `tokens` it wrote, or they
    are those of a text that was pasted."""

    prompt: str = ""
    prompt_ids: tuple[int, ...] = ()
    tokens: tuple[WrittenToken, ...] = ()

    @property
    def whole(self) -> str:
        return self.prompt + "".join(token.text for token in self.tokens)

    @property
    def written(self) -> str:
        return "".join(token.text for token in self.tokens)

    @property
    def bits_per_token(self) -> float:
        return sum(token.bits for token in self.tokens) / len(self.tokens) if self.tokens else 0.0

    def ids_before(self, place: int) -> tuple[int, ...]:
        """What the model read before the token at `place` of those that it wrote."""
        return (*self.prompt_ids, *(token.token_id for token in self.tokens[:place]))


@dataclass
class Session:
    """`text` as it stands; `kept` tokens stood before the writing that goes on now, or went on last."""

    text: Text = field(default_factory=Text)
    kept: tuple[WrittenToken, ...] = ()
    unknown: tuple[str, ...] = ()
    num_unseen: int = 0
    _earlier: list[Text] = field(default_factory=list)

    @property
    def can_undo(self) -> bool:
        return bool(self._earlier)

    def begin(self, prompt: str) -> None:
        """Another beginning: what was written is no continuation of it."""
        if prompt != self.text.prompt:
            self._remember()
            self.text, self.kept = Text(prompt), ()

    def write_on(self) -> tuple[int, ...]:
        """Go on behind all that stands there; returns the ids that were written before."""
        self._remember()
        self.kept = self.text.tokens
        return tuple(token.token_id for token in self.kept)

    def write_from(self, place: int, one: Alternative) -> tuple[int, ...]:
        """Another token at `place`, and on from it; what stood behind it is cut. Returns the ids written before."""
        self._remember()
        old = self.text.tokens[place]
        bits = _bits(one.probability)
        rank = 1 + next((at for at, other in enumerate(old.alternatives) if other.token_id == one.token_id), 0)
        chosen = WrittenToken(
            one.token_id, one.text, one.probability, bits, one.probability, rank, old.alternatives, old.num_tokens,
            old.num_seen,
        )  # fmt: skip
        self.kept = (*self.text.tokens[:place], chosen)
        self.text = Text(self.text.prompt, self.text.prompt_ids, self.kept)
        return tuple(token.token_id for token in self.kept)

    def take(self, found: Written) -> None:
        """What was newly written so far, behind what was kept."""
        given = found.prompt_ids[: len(found.prompt_ids) - len(self.kept)]
        self.text = Text(found.prompt, given, (*self.kept, *found.tokens))
        self.unknown, self.num_unseen = found.unknown, found.num_unseen

    def undo(self) -> None:
        if self._earlier:
            self.text = self._earlier.pop()
            self.kept = self.text.tokens

    def _remember(self) -> None:
        if self.text != Text() and (not self._earlier or self._earlier[-1] != self.text):
            self._earlier.append(self.text)
            del self._earlier[:-_MOST_UNDONE]


def _bits(probability: float) -> float:
    return -math.log2(max(probability, 1e-30))


def most_surprising(tokens: Sequence[WrittenToken]) -> WrittenToken | None:
    """The token that surprised it most; None of no words."""
    worded = [token for token in tokens if token.text.strip()]
    return max(worded, key=lambda token: token.bits, default=None)
