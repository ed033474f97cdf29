"""Reviews of hotels in which any number of things are judged, or none: each thing judged is a label."""

from __future__ import annotations

import random
from collections.abc import Iterator

from engine.config.data import BuiltinTexts
from engine.data.builtin.aspects_chinese import CHINESE
from engine.data.builtin.aspects_english import ENGLISH
from engine.data.builtin.aspects_grammar import AspectGrammar
from engine.data.builtin.phrases import MarkedText, capitalized, read_marks, with_articles

JOINT = "; "
KINDS = ("plain", "mentioned", "none")
"""Only what is judged is spoken of; other things are mentioned too, or judged by others; nothing is judged. A mention
is no judgement: counting words is not enough."""

_KIND_CYCLE = ("mentioned", "plain", "mentioned", "none", "mentioned", "plain", "mentioned", "plain")
_NUM_JUDGED = (1, 1, 1, 2, 2, 2, 3, 3, 4)
_IMPLIED_SHARE = 0.3
_NEGATED_SHARE = 0.2
_GRAMMARS = {"en": (ENGLISH,), "zh": (CHINESE,), "both": (ENGLISH, CHINESE)}


def write_aspects(spec: BuiltinTexts, chance: random.Random) -> Iterator[MarkedText]:
    """`spec.num_rows` different reviews; the label of each is a cell of names with semicolons between them."""
    grammars = _GRAMMARS[spec.language]
    cells = [(grammar, kind) for kind in _KIND_CYCLE for grammar in grammars]
    wanted = [cells[number % len(cells)] for number in range(spec.num_rows)]
    chance.shuffle(wanted)
    seen: set[str] = set()
    for grammar, kind in wanted:
        names = ENGLISH.names if spec.language == "both" else grammar.names
        review = _Guest(grammar, names, chance).write(kind)
        while review.text in seen:
            review = _Guest(grammar, names, chance).write(kind)
        seen.add(review.text)
        yield review


class _Guest:
    """Writes one review. `names` are the labels, in the order of the grammar's aspects."""

    def __init__(self, grammar: AspectGrammar, names: tuple[str, ...], chance: random.Random) -> None:
        self._grammar = grammar
        self._names = names
        self._chance = chance

    def write(self, kind: str) -> MarkedText:
        order = self._chance.sample(range(len(self._names)), len(self._names))
        num_judged = 0 if kind == "none" else self._chance.choice(_NUM_JUDGED)
        judged, others = order[:num_judged], order[num_judged:]
        num_mentioned = self._chance.randint(0, 1) if kind == "plain" else self._chance.randint(1, 3)
        sentences = [self._judgement(number) for number in judged]
        sentences += [self._mention(number, kind) for number in others[:num_mentioned]]
        sentences += [
            self._filled(one) for one in self._chance.sample(self._grammar.fillers, self._chance.randint(1, 3))
        ]
        self._chance.shuffle(sentences)
        sentences.insert(0, self._filled(self._chance.choice(self._grammar.openers)))
        stop, space = self._grammar.full_stop, self._grammar.space
        marked = space.join(capitalized(with_articles(sentence)) + stop for sentence in sentences)
        text, evidence, starts = read_marks(marked)
        return MarkedText(text, JOINT.join(sorted(self._names[one] for one in judged)), kind, evidence, starts)

    def _judgement(self, number: int) -> str:
        """What happened says it, or a thing and what the guest thinks of it."""
        aspect = self._grammar.aspects[number]
        if self._chance.random() < _IMPLIED_SHARE:
            return self._filled(self._chance.choice(aspect.implied))
        is_negated = self._chance.random() < _NEGATED_SHARE
        pattern = self._chance.choice(self._grammar.negated if is_negated else self._grammar.affirmed)
        return self._filled(pattern, number)

    def _mention(self, number: int, kind: str) -> str:
        """Without an opinion; or an opinion of somebody else, or of another house."""
        if kind == "plain" or self._chance.random() < 0.5:
            return self._filled(self._chance.choice(self._grammar.aspects[number].neutral))
        return self._filled(self._chance.choice(self._grammar.elsewhere), number)

    def _filled(self, pattern: str, number: int | None = None) -> str:
        fields = {} if number is None else self._of_aspect(number)
        for name, words in self._grammar.words.items():
            fields[name] = self._chance.choice(words)
        return pattern.format(**fields)

    def _of_aspect(self, number: int) -> dict[str, str]:
        aspect = self._grammar.aspects[number]
        opinions = self._grammar.adjectives + aspect.adjectives * 2
        return {"noun": self._chance.choice(aspect.nouns), "adjective": self._chance.choice(opinions)}
