"""Reviews invented by a grammar that knows which words decide: data to try everything on, and to check attention by."""

from __future__ import annotations

import random
from collections.abc import Iterator

from engine.config.data import BuiltinTexts
from engine.data.builtin.grammar import Domain, Grammar
from engine.data.builtin.grammar_chinese import CHINESE
from engine.data.builtin.grammar_english import ENGLISH
from engine.data.builtin.phrases import MarkedText, capitalized, read_marks, unmarked, with_articles

LABELS = ("negative", "positive")
KINDS = ("plain", "negation", "but", "distance", "distractor")

_KIND_CYCLE = ("plain", "negation", "distance", "but", "plain", "distractor", "distance", "plain")
"""The kinds as often as they are written: three eighths are plain."""

_GRAMMARS = {"en": (ENGLISH,), "zh": (CHINESE,), "both": (ENGLISH, CHINESE)}
_NEGATED_SHARE = 0.2
"""Of the deciding clauses outside the kind "negation": every kind asks for the reading of a "not"."""

_CONTRARY_SHARE = 0.55
"""Of the judgements that do not count: how many of them contradict the label."""


def write_reviews(spec: BuiltinTexts, chance: random.Random) -> Iterator[MarkedText]:
    """`spec.num_rows` different reviews, half of them positive."""
    grammars = _GRAMMARS[spec.language]
    seen: set[str] = set()
    cells = [(grammar, kind, label) for kind in _KIND_CYCLE for grammar in grammars for label in LABELS]
    wanted = [cells[number % len(cells)] for number in range(spec.num_rows)]
    chance.shuffle(wanted)
    for grammar, kind, label in wanted:
        review = _Author(grammar, chance).write(kind, label)
        while review.text in seen:
            review = _Author(grammar, chance).write(kind, label)
        seen.add(review.text)
        yield review


def _opposite(label: str) -> str:
    return LABELS[1 - LABELS.index(label)]


class _Author:
    """Writes one review about one thing."""

    def __init__(self, grammar: Grammar, chance: random.Random) -> None:
        self._grammar = grammar
        self._chance = chance
        self._domain: Domain = chance.choice(grammar.domains)
        self._fields = {"thing": chance.choice(self._domain.things)}
        self._aspects = list(self._domain.aspects)
        chance.shuffle(self._aspects)

    def write(self, kind: str, label: str) -> MarkedText:
        sentences = {
            "plain": self._plain,
            "negation": self._negation,
            "but": self._but,
            "distance": self._distance,
            "distractor": self._distractor,
        }[kind](label)
        return self._review(sentences, kind, label)

    def _plain(self, label: str) -> list[str]:
        sentences = [self._opener(), self._judgement(label, negated=False), *self._fillers(1, 3)]
        if self._chance.random() < 0.5:
            sentences.append(self._judgement(label, negated=False))
        return self._shuffled_tail(sentences)

    def _negation(self, label: str) -> list[str]:
        return self._shuffled_tail([self._opener(), self._judgement(label, negated=True), *self._fillers(1, 3)])

    def _but(self, label: str) -> list[str]:
        """A clause that is conceded, of the opposite opinion, and one that decides."""
        other = unmarked(self._judgement(_opposite(label), self._is_negated()))
        own = self._judgement(label, self._is_negated())
        turn = self._chance.choice(self._grammar.turns).format(other=other, own=own)
        return self._shuffled_tail([self._opener(), turn, *self._fillers(0, 2)])

    def _distance(self, label: str) -> list[str]:
        """The verdict comes first; what follows is long, and speaks of other things and other people's opinions."""
        others = [self._elsewhere(label) for _ in range(self._chance.choice((1, 2, 2)))]
        rest = [*others, *self._fillers(3, 5)]
        self._chance.shuffle(rest)
        return [self._verdict(label), *rest]

    def _distractor(self, label: str) -> list[str]:
        own = self._judgement(label, self._is_negated())
        return self._shuffled_tail([self._opener(), own, self._elsewhere(label), *self._fillers(0, 2)])

    def _is_negated(self) -> bool:
        return self._chance.random() < _NEGATED_SHARE

    def _opener(self) -> str:
        return self._filled(self._chance.choice(self._domain.openers))

    def _fillers(self, least: int, most: int) -> list[str]:
        patterns = (*self._domain.fillers, *self._grammar.fillers)
        return [self._filled(pattern) for pattern in self._chance.sample(patterns, self._chance.randint(least, most))]

    def _judgement(self, label: str, negated: bool) -> str:
        pattern = self._chance.choice(self._grammar.negated if negated else self._grammar.affirmed)
        return self._filled(pattern, self._adjective(label, negated))

    def _verdict(self, label: str) -> str:
        negated = self._is_negated()
        pattern = self._chance.choice(self._grammar.negated_verdicts if negated else self._grammar.verdicts)
        return self._filled(pattern, self._adjective(label, negated))

    def _elsewhere(self, label: str) -> str:
        meant = _opposite(label) if self._chance.random() < _CONTRARY_SHARE else label
        return self._filled(self._chance.choice(self._grammar.elsewhere), self._adjective(meant, negated=False))

    def _adjective(self, label: str, negated: bool) -> str:
        return self._chance.choice(self._grammar.adjectives[_opposite(label) if negated else label])

    def _filled(self, pattern: str, adjective: str = "") -> str:
        """Fields with words; a field that stands twice gets two words."""
        for name, words in self._grammar.words.items():
            while "{" + name + "}" in pattern:
                pattern = pattern.replace("{" + name + "}", self._chance.choice(words), 1)
        return pattern.format(adjective=adjective, aspect=self._aspect(), **self._fields)

    def _aspect(self) -> str:
        self._aspects.append(self._aspects.pop(0))
        return self._aspects[-1]

    def _shuffled_tail(self, sentences: list[str]) -> list[str]:
        """The opener stays in front."""
        tail = sentences[1:]
        self._chance.shuffle(tail)
        return [sentences[0], *tail]

    def _review(self, sentences: list[str], kind: str, label: str) -> MarkedText:
        stop, space = self._grammar.full_stop, self._grammar.space
        marked = space.join(capitalized(with_articles(sentence)) + stop for sentence in sentences)
        text, evidence, starts = read_marks(marked)
        return MarkedText(text, label, kind, evidence, starts)
