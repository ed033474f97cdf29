"""Plain results of a chat: turns, an answer with how it was written, what it leaned on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Speaker = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Turn:
    """One turn of a dialogue. `name` is who speaks where neither of the two does whom the dialogue is between."""

    role: Speaker
    content: str
    name: str = ""

    def to_json(self) -> dict[str, str]:
        told = {"role": self.role, "content": self.content}
        return {**told, "name": self.name} if self.name else told


@dataclass(frozen=True)
class ChatAnswer:
    """What was answered, or of it what is written so far: `ids` are its tokens, `seconds` what they took, `bits` the
    mean surprise of one, before temperature. `dropped` are the places of the turns that no longer fitted; `is_cut`:
    even the last question was too long and lost its beginning. `has_ended` by itself, else it was cut at the longest
    answer or stopped."""

    text: str
    ids: tuple[int, ...] = ()
    seconds: float = 0.0
    bits: float = 0.0
    dropped: tuple[int, ...] = ()
    is_cut: bool = False
    has_ended: bool = False

    @property
    def num_tokens(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class LeanedTurn:
    """`place` is the turn's in the dialogue, that after the last is the answer itself. `share` of the attention that
    the answer's tokens gave it, `even` what attention that looks everywhere alike would have given."""

    place: int
    share: float
    even: float


@dataclass(frozen=True)
class LeanedWord:
    """A word of a turn (`start` to `end` in its content); without it a token of the answer is more surprising by so
    many `bits`."""

    place: int
    start: int
    end: int
    text: str
    bits: float


@dataclass(frozen=True)
class Leaned:
    """What an answer leaned on. `turns` are empty for a model that has no attention. `words` are measured by leaving
    each out, the most important first; `random_bits` is what leaving out a random word comes to (the mean over all
    words), `num_words` how many were measured, `num_unmeasured` how many not. `num_tokens` of the answer were looked
    at."""

    num_tokens: int
    turns: tuple[LeanedTurn, ...] = ()
    words: tuple[LeanedWord, ...] = ()
    random_bits: float = 0.0
    num_words: int = 0
    num_unmeasured: int = 0


@dataclass(frozen=True)
class ChatRoom:
    """What a run's dialogues say of its chat: how many it learned from and never saw, how some of the unseen ones begin
    (instructions where there are any, and the first question), and the most frequent instructions."""

    num_learned: int
    num_unseen: int
    starters: tuple[tuple[Turn, ...], ...]
    instructions: str
