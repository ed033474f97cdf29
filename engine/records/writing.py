"""Plain results of language models: tokens that were written or read, with how likely each was and what else might
have stood there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.records.measures import Figure


@dataclass(frozen=True)
class WritingSettings:
    """How the next token is chosen. `temperature` 0 takes the likeliest; `top_k` 0 and `top_p` 1 leave all. The same
    `seed` chooses alike. At most `max_tokens` are written. `stops_at_end`: the end of a text ends the writing, else
    another text is begun behind it."""

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.92
    repetition_penalty: float = 1.0
    seed: int = 7
    max_tokens: int = 90
    stops_at_end: bool = True


@dataclass(frozen=True)
class Alternative:
    """A token that might have stood there: `text` as it would continue the text, `probability` by the model alone."""

    token_id: int
    text: str
    probability: float


@dataclass(frozen=True)
class WrittenToken:
    """`text` continues what stands before it; all texts joined are the whole. `probability` is the model's own, before
    temperature and the other settings, among all tokens that it can write; `bits` = -log2 of it; `chosen` is the
    probability with the settings; `rank` counts from 1. `alternatives` are the likeliest, the likeliest first, out of
    `num_tokens`. `num_seen` tokens before it could be seen. The end of a text `is_end`."""

    token_id: int
    text: str
    probability: float
    bits: float
    chosen: float
    rank: int
    alternatives: tuple[Alternative, ...] = ()
    num_tokens: int = 0
    num_seen: int = 0
    is_end: bool = False


@dataclass(frozen=True)
class Written:
    """A beginning and what was written on: `prompt` as typed; the first `num_unseen` of its `num_prompt` tokens were
    out of the model's sight, and of its words `unknown` are not in the vocabulary. `prompt_ids` and the tokens' ids are
    what the model reads, one after the other. `is_over`: no more is coming, because the text `ended`, the length was
    reached, or it was stopped."""

    prompt: str
    prompt_ids: tuple[int, ...]
    tokens: tuple[WrittenToken, ...]
    unknown: tuple[str, ...] = ()
    num_unseen: int = 0
    seconds: float = 0.0
    is_over: bool = False
    has_ended: bool = False

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(token.text for token in self.tokens)

    @property
    def ids(self) -> tuple[int, ...]:
        """All that was read and written."""
        return (*self.prompt_ids, *(token.token_id for token in self.tokens))

    @property
    def bits_per_token(self) -> float:
        """Mean surprise of what was written; 0 of nothing."""
        return sum(token.bits for token in self.tokens) / len(self.tokens) if self.tokens else 0.0


@dataclass(frozen=True)
class Distribution:
    """How likely each token of the vocabulary is at one place: `log_probabilities` [V] in nats, -inf for what is never
    written; `is_before` [V]: stands before the place already; `texts` of the likeliest by id."""

    log_probabilities: NDArray[np.float32]
    is_before: NDArray[np.bool_]
    texts: dict[int, str]


@dataclass(frozen=True)
class Surprise:
    """A text and how likely the model finds each of its tokens, unknown words included. `bits_per_token` and
    `perplexity` count the text's end where it has one; `bits_per_character` shares the bits by the characters.
    `unknown` words are not in the vocabulary; `num_unseen` tokens were too many to be read."""

    text: str
    tokens: tuple[WrittenToken, ...]
    bits_per_token: float
    perplexity: float
    bits_per_character: float
    unknown: tuple[str, ...] = ()
    num_unseen: int = 0


@dataclass(frozen=True)
class LookedAt:
    """Where the model looked when it told one token, and what mattered. `tokens` are the texts of what it could see,
    the beginning of the text ("") among them; the first stands at `first` of all that it read.

    `weights` [layers, heads, tokens], each row sums to 1 (no layers: it does not look); `effects` [layers, heads]: by
    how many bits the token is more surprising when that head passes nothing on. `probability` of the token as it was;
    `without` [tokens]: without each one of them, NaN where that was not asked."""

    token: str
    tokens: tuple[str, ...]
    first: int
    weights: NDArray[np.float32]
    effects: NDArray[np.float32]
    probability: float
    without: NDArray[np.float32]

    def control(self, place: int) -> float:
        """The mean probability without another token than that at `place`, whichever it is; NaN without any other."""
        others = np.delete(self.without, place)
        known = others[~np.isnan(others)]
        return float(known.mean()) if len(known) else math.nan

    def holds(self, place: int) -> bool:
        """The token at `place` matters: without it the probability falls, and by more than without another one."""
        fall = self.probability - float(self.without[place])
        return fall > 0 and not fall <= abs(self.probability - self.control(place))


@dataclass(frozen=True)
class Copied:
    """The longest piece of a text that stands word for word in the training texts: `words` of it, the `piece` itself
    and the training text it stands in; `usual` is the same of held-out texts of the same length (the median), `alarm`
    from how many words on it is copied rather than met by chance."""

    num_words: int
    piece: str
    text: str
    usual: int
    alarm: int


@dataclass(frozen=True)
class WritingFigures:
    """How well a language model tells the tokens of texts that it never saw, `num_rows` of `split`, with intervals over
    them; and what an n-gram model of order 5 that counted the same training tokens comes to (None where those texts
    are gone)."""

    split: str
    num_rows: int
    perplexity: Figure
    bits_per_character: Figure
    ngram_perplexity: float | None = None
    ngram_bits_per_character: float | None = None
