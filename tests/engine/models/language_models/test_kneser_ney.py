"""Kneser-Ney in arrays against the formulas written out, and on the Penn Treebank."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.models.language_models.kneser_ney import kneser_ney
from engine.models.language_models.ngram import NGramLM, NGramLMConfig, stream_of

END = 0
Gram = tuple[int, ...]


def fitted(texts: list[list[int]], order: int, vocabulary: int) -> NGramLM:
    config = NGramLMConfig(
        vocab_size=vocabulary,
        eos_token_id=END,
        bos_token_id=END,
        pad_token_id=None,
        spec={"name": "n-gram", "order": order},
    )
    model = NGramLM(config)
    model.fit(kneser_ney(np.array(stream_of(texts, END)), END, order, vocabulary))
    return model


class Plain:
    """Chen & Goodman 1999, eq. 26 to 28, word by word, with the discounts that were found."""

    def __init__(self, texts: list[list[int]], order: int, vocabulary: int, discounts: tuple[tuple[float, ...], ...]):
        self._order, self._vocabulary, self._discounts = order, vocabulary, discounts
        raw: list[Counter[Gram]] = [Counter() for _ in range(order + 1)]
        for text in texts:
            words = (END, *text, END)
            for length in range(1, order + 1):
                for start in range(len(words) - length + 1):
                    if length > 1 or start > 0:  # the first end is no prediction
                        raw[length][words[start : start + length]] += 1
        self._counts: list[dict[Gram, int]] = [{}] * (order + 1)
        self._counts[order] = dict(raw[order])
        for length in range(1, order):
            before: defaultdict[Gram, set[int]] = defaultdict(set)
            for gram in raw[length + 1]:
                before[gram[1:]].add(gram[0])
            begun = {gram: count for gram, count in raw[length].items() if gram[0] == END and length > 1}
            self._counts[length] = {**{gram: len(words) for gram, words in before.items()}, **begun}

    def probability(self, word: int, context: Gram) -> float:
        if not context:
            return self._discounted(word, (), 1 / self._vocabulary)
        return self._discounted(word, context, self.probability(word, context[1:]))

    def _discounted(self, word: int, context: Gram, lower: float) -> float:
        length = len(context) + 1
        followers = {gram: count for gram, count in self._counts[length].items() if gram[:-1] == context}
        total = sum(followers.values())
        if not total:
            return lower
        off = self._discounts[length - 1]
        taken = {gram: off[min(count, 3) - 1] for gram, count in followers.items()}
        own = (*context, word)
        kept = (followers[own] - taken[own]) / total if own in followers else 0.0
        return kept + sum(taken.values()) / total * lower


def some_texts() -> list[list[int]]:
    chance = np.random.default_rng(0)
    return [list(map(int, chance.integers(1, 8, size=chance.integers(1, 9)))) for _ in range(30)]


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_it_is_the_formula(order: int) -> None:
    texts, vocabulary = some_texts(), 9
    counted = kneser_ney(np.array(stream_of(texts, END)), END, order, vocabulary)
    plain, model = Plain(texts, order, vocabulary, counted.discounts), fitted(texts, order, vocabulary)
    held_out = [[1, 2, 3, 8, 4], [5, 5, 1], [7], [3, 1, 4, 1, 5, 2, 6]]
    stream = stream_of(held_out, END)
    ids = torch.tensor([stream])
    reach = model.reach_of(ids)
    told, whole = model.probabilities(ids, reach)[0], model.distributions(ids, reach)[0]
    torch.testing.assert_close(whole.sum(dim=-1), torch.ones(len(stream)))
    for place in range(1, len(stream)):
        begin = max(one for one in range(place) if stream[one] == END)
        context = tuple(stream[max(begin, place - order + 1) : place]) if order > 1 else ()
        expected = plain.probability(stream[place], context)
        assert float(told[place]) == pytest.approx(expected, rel=1e-5)
        assert float(whole[place - 1, stream[place]]) == pytest.approx(expected, rel=1e-5)


def test_a_text_of_its_own_kind_alone_is_no_trouble() -> None:
    """Repeated and tiny texts lack counts of one, two, three."""
    for texts in ([[1]], [[1, 1, 1]] * 4, [[]]):
        model = fitted(texts, 5, 4)
        ids = torch.tensor([stream_of([[1, 2]], END)])
        whole = model.distributions(ids, model.reach_of(ids))
        torch.testing.assert_close(whole.sum(dim=-1), torch.ones(1, 4))
        assert float(whole.min()) > 0


@pytest.mark.slow
@pytest.mark.parametrize(("order", "published", "room"), [(3, 148.3, 0.5), (5, 141.2, 0.5)])
def test_penn_treebank(order: int, published: float, room: float, shared_data: Path) -> None:
    """Mikolov 2011 (table 1) has 148.3 and 141.2 for modified Kneser-Ney of orders 3 and 5, ends counted."""
    words: dict[str, int] = {}
    texts = {
        split: [
            [words.setdefault(word, len(words) + 1) for word in line.split()]
            for line in (shared_data / "ptb" / f"ptb.{split}.txt").read_text(encoding="utf-8").splitlines()
        ]
        for split in ("train", "test")
    }
    model = fitted(texts["train"], order, len(words) + 1)
    ids = torch.tensor([stream_of(texts["test"], END)])
    told = model.probabilities(ids, model.reach_of(ids))[0, 1:]
    assert math.exp(-float(told.double().log().mean())) == pytest.approx(published, abs=room)
