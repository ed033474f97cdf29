"""Reviews with a number of stars that follows from their words: the mean of what their author says."""

from __future__ import annotations

import random
from collections.abc import Iterator

from engine.config.data import BuiltinTexts
from engine.data.builtin.grammar import Domain
from engine.data.builtin.phrases import MarkedText, capitalized, read_marks, with_articles
from engine.data.builtin.stars_grammar import CHINESE, ENGLISH, StarGrammar

NUM_STARS = 5
KINDS = ("one", "mixed", "others")
"""One judgement; two or three, of which the stars are the mean; one, beside those of others, which do not count."""

_KIND_CYCLE = ("one", "mixed", "others", "mixed", "others")
_GRAMMARS = {"en": (ENGLISH,), "zh": (CHINESE,), "both": (ENGLISH, CHINESE)}


def write_stars(spec: BuiltinTexts, chance: random.Random) -> Iterator[MarkedText]:
    """`spec.num_rows` different reviews, as many of each number of stars; the label is the number as text."""
    grammars = _GRAMMARS[spec.language]
    cells = [
        (grammar, kind, stars) for kind in _KIND_CYCLE for grammar in grammars for stars in range(1, NUM_STARS + 1)
    ]
    wanted = [cells[number % len(cells)] for number in range(spec.num_rows)]
    chance.shuffle(wanted)
    seen: set[str] = set()
    for grammar, kind, stars in wanted:
        review = _Critic(grammar, chance).write(kind, stars)
        while review.text in seen:
            review = _Critic(grammar, chance).write(kind, stars)
        seen.add(review.text)
        yield review


class _Critic:
    """Writes one review about one thing."""

    def __init__(self, grammar: StarGrammar, chance: random.Random) -> None:
        self._grammar = grammar
        self._chance = chance
        self._domain: Domain = chance.choice(grammar.like.domains)
        self._thing = chance.choice(self._domain.things)
        self._aspects = list(self._domain.aspects)
        chance.shuffle(self._aspects)

    def write(self, kind: str, stars: int) -> MarkedText:
        grades = self._grades(stars) if kind == "mixed" else [stars]
        sentences = [self._judgement(grade) for grade in grades]
        if kind == "others":
            away = [grade for grade in range(1, NUM_STARS + 1) if grade != stars]
            sentences += [self._elsewhere(self._chance.choice(away)) for _ in range(self._chance.choice((1, 1, 2)))]
        patterns = (*self._domain.fillers, *self._grammar.like.fillers)
        sentences += [self._filled(one) for one in self._chance.sample(patterns, self._chance.randint(1, 2))]
        self._chance.shuffle(sentences)
        sentences.insert(0, self._filled(self._chance.choice(self._domain.openers)))
        stop, space = self._grammar.like.full_stop, self._grammar.like.space
        marked = space.join(capitalized(with_articles(sentence)) + stop for sentence in sentences)
        text, evidence, starts = read_marks(marked)
        return MarkedText(text, str(stars), kind, evidence, starts)

    def _grades(self, stars: int) -> list[int]:
        """Two or three whose mean is `stars`."""
        widest = min(stars - 1, NUM_STARS - stars, 2)
        distance = self._chance.randint(min(1, widest), widest)
        middle = [stars] if self._chance.random() < 0.5 else []
        grades = [stars - distance, *middle, stars + distance]
        self._chance.shuffle(grades)
        return grades

    def _judgement(self, grade: int) -> str:
        return self._filled(self._chance.choice(self._grammar.own), grade)

    def _elsewhere(self, grade: int) -> str:
        return self._filled(self._chance.choice(self._grammar.elsewhere), grade)

    def _filled(self, pattern: str, grade: int = 1) -> str:
        for name, words in self._grammar.like.words.items():
            while "{" + name + "}" in pattern:
                pattern = pattern.replace("{" + name + "}", self._chance.choice(words), 1)
        self._aspects.append(self._aspects.pop(0))
        adjective = self._chance.choice(self._grammar.grades[grade - 1])
        return pattern.format(thing=self._thing, aspect=self._aspects[-1], adjective=adjective)
