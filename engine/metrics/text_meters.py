"""TextMeters: all meters of a set of invented texts, and the same of real texts to stand beside them.

`bleu_2` .. `bleu_5`, `self_bleu_2` .. `self_bleu_5`, `distinct_1` .. `distinct_3`, `unique_share`, `copied_share`,
`reverse_perplexity`; all floats, all finite. What they mean: `engine.metrics.registry`. Self-BLEU, distinct-n,
unique_share and reverse_perplexity depend on how many texts are measured: compare equal numbers.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from engine.metrics.bleu import ORDERS, Floats, OwnWords, References
from engine.metrics.diversity import copied_share, unique_share
from engine.metrics.ngram_model import NgramModel, perplexity
from engine.metrics.ngrams import Text

DISTINCT_ORDERS = (1, 2, 3)
Metrics = dict[str, float]

MOST_WORDS = 200_000

_NUM_FOLDS = 10


class TextMeters:
    """Made once from a run's training and held-out texts, each a sequence of words.

    Without held-out texts the training texts stand in for them. Of very many held-out texts as many are drawn as have
    MOST_WORDS words together. `seed` draws them, and the real texts that `real_text` measures.
    """

    def __init__(self, train: Sequence[Text], held_out: Sequence[Text], *, seed: int) -> None:
        chance = np.random.default_rng(seed)
        self._held_out = _within(_mixed(held_out or train, chance), MOST_WORDS)
        self._more = _mixed(train, chance) if held_out else []
        self._originals = frozenset(tuple(text) for text in train)
        self._real_words = frozenset(word for texts in (train, held_out) for text in texts for word in text)
        self._references = References(self._held_out)

    def measure(self, samples: Sequence[Text]) -> Generator[None, None, Metrics]:
        """Against the held-out texts: they are the references of BLEU and the test of the reverse perplexity. Yields
        between orders of n-grams: every few milliseconds for 1,000 captions, every 60 for 20,000.

        Nothing to divide by is 0: self-BLEU of one text, distinct-3 of texts of two words, everything of no texts but
        the reverse perplexity, which then is the number of different real words and the end.
        """
        bleu = yield from self._references.bleu(samples)
        variety = yield from _variety(samples)
        yield
        surprise = yield from self._surprise(samples, self._held_out)
        return {
            **_named("bleu", bleu),
            **variety,
            "copied_share": copied_share(samples, self._originals),
            "reverse_perplexity": perplexity(*surprise),
        }

    def real_text(self, num: int) -> Generator[None, None, Metrics]:
        """Real texts measured as if they were `num` samples, never against themselves.

        BLEU: each held-out text against all other held-out ones, so with as many references as samples have.
        copied_share: of all held-out texts. Self-BLEU, distinct-n and unique_share: of `num` held-out texts drawn at
        random. reverse_perplexity: ten times a tenth of the held-out texts is the test of a model that learned from
        `num` of the others. Where there are fewer held-out texts than needed, training texts are added, as far as
        there are enough.
        """
        bleu = yield from OwnWords(self._held_out).self_bleu()
        variety = yield from _variety(self._real(num, self._held_out))
        yield
        surprise, num_words = 0.0, 0
        for fold in range(min(_NUM_FOLDS, len(self._held_out))):
            others = [text for place, text in enumerate(self._held_out) if place % _NUM_FOLDS != fold]
            found = yield from self._surprise(self._real(num, others), self._held_out[fold::_NUM_FOLDS])
            surprise, num_words = surprise + found[0], num_words + found[1]
        return {
            **_named("bleu", bleu),
            **variety,
            "copied_share": copied_share(self._held_out, self._originals),
            "reverse_perplexity": perplexity(surprise, num_words),
        }

    def _real(self, num: int, held_out: Sequence[Text]) -> Sequence[Text]:
        """`num` texts: held-out ones, then those of training."""
        return [*held_out[:num], *self._more[: max(0, num - len(held_out))]]

    def _surprise(self, samples: Sequence[Text], test: Sequence[Text]) -> Generator[None, None, tuple[float, int]]:
        num_words = len(self._real_words.union(*samples))
        yield
        model = NgramModel(samples, num_words)
        yield
        return (yield from model.surprise(test))


def _variety(samples: Sequence[Text]) -> Generator[None, None, Metrics]:
    own = OwnWords(samples)
    self_bleu = yield from own.self_bleu()
    distinct = {f"distinct_{order}": own.distinct(order) for order in DISTINCT_ORDERS}
    return {**_named("self_bleu", self_bleu), **distinct, "unique_share": unique_share(samples)}


def _named(name: str, scores: Floats) -> Metrics:
    """Means of scores [samples, orders]; 0 without samples."""
    means = scores.sum(axis=0) / max(len(scores), 1)
    return {f"{name}_{order}": float(mean) for order, mean in zip(ORDERS, means, strict=True)}


def _mixed(texts: Sequence[Text], chance: np.random.Generator) -> list[Text]:
    return [texts[place] for place in chance.permutation(len(texts))]


def _within(texts: list[Text], most_words: int) -> list[Text]:
    """The first of them that have at most `most_words` words together, but at least one."""
    ends = np.cumsum([len(text) for text in texts])
    return texts[: max(1, int(np.searchsorted(ends, most_words, side="right")))]
