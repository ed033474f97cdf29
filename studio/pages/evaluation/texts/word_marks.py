"""Word marks: which words of a text pushed the model to its answer, and where they stand in the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.records import Attribution
from studio.plots.attention.marked_text import Marks

_PREFIXES = ("##", "▁", "Ġ")
_LEAST_SHARE, _MOST_WORDS = 0.35, 6
_LEAST_PUSH = 0.1
_CLOSEST = 1e-7


@dataclass(frozen=True)
class WordMarks:
    """`spans` are character ranges of the text whose words were read, `weights` float64 what each pushes: of
    leave-one-out the change of the answer's log-odds without the word, which stays readable where the model is sure
    and its probability hardly moves; of attention the weight. `strong` are the spans that stand out, in reading order;
    none where no word pushes by a tenth of a unit."""

    method: str
    spans: tuple[tuple[int, int], ...]
    weights: np.ndarray
    strong: tuple[tuple[int, int], ...]

    def marks(self, text: str) -> Marks:
        """The whole text, shaded."""
        return Marks(text, self.spans, self.weights, signed=self.method != "attention")


def word_marks(found: Attribution, text: str, *, has_odds: bool = True, against: bool = False) -> WordMarks:
    """`against`: what counts is what pushed away from the label. Tokens that cannot be found in the text (special ones,
    rare letters) are left out. Where the answer has no odds, as a number has none, the scores stay as they are."""
    pushes = found.scores.astype(np.float64)
    are_odds = found.method == "leave-one-out" and has_odds
    if are_odds:
        pushes = _log_odds(found.probability) - _log_odds(found.probability - pushes)
    if against and found.method == "leave-one-out":
        pushes = -pushes
    places = token_spans(found.tokens, found.special, text)
    known = [index for index, span in enumerate(places) if span is not None]
    spans = tuple(span for span in places if span is not None)
    weights = pushes[known]
    least = _LEAST_PUSH if are_odds else 0.0
    return WordMarks(found.method, spans, weights, _standing_out(spans, weights, least))


def token_spans(tokens: tuple[str, ...], special: tuple[bool, ...], text: str) -> list[tuple[int, int] | None]:
    """Each token's character range, found one after the other whatever its capitals; None for what is not there."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form is longer: places would not fit
        lowered = text
    found: list[tuple[int, int] | None] = []
    at = 0
    for token, is_special in zip(tokens, special, strict=True):
        piece = "" if is_special else _plain(token, lowered is text)
        start = lowered.find(piece, at) if piece else -1
        if start < 0:
            found.append(None)
            continue
        at = start + len(piece)
        found.append((start, at))
    return found


def _standing_out(spans: tuple[tuple[int, int], ...], weights: np.ndarray, least: float) -> tuple[tuple[int, int], ...]:
    if not len(weights) or weights.max() <= least:
        return ()
    order = np.argsort(-weights, kind="stable")[:_MOST_WORDS]
    return tuple(spans[index] for index in sorted(order) if weights[index] >= _LEAST_SHARE * weights.max())


def _log_odds(probability: float | np.ndarray) -> np.ndarray:
    kept = np.clip(np.asarray(probability, dtype=np.float64), _CLOSEST, 1.0 - _CLOSEST)
    found: np.ndarray = np.log(kept / (1.0 - kept))
    return found


def _plain(token: str, keeps_capitals: bool) -> str:
    for prefix in _PREFIXES:
        token = token.removeprefix(prefix)
    return token.strip() if keeps_capitals else token.strip().lower()
