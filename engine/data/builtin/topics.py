"""Topics: how the texts of each are put together from its grammars, kind by kind.

The same seed gives the same texts in every version: the order in which an author makes choices is part of that.
"""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.config.data import BuiltinTexts
from engine.config.plain_yaml import not_as_it_came
from engine.data.builtin.grammar import Grammar, MarkedText, capitalized, read_grammar, read_marks, unmarked
from engine.messages import message
from engine.resources import resource

NUM_STARS = 5
_MAX_TRIES = 10_000
JOINT = "; "
_OPPOSITE = {"negative": "positive", "positive": "negative"}
_LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}


def write_texts(spec: BuiltinTexts, chance: random.Random) -> Iterator[MarkedText]:
    """`spec.num_rows` different texts, as many of each kind, language and label as the topic's cycle says. Labels are
    called as in the first language. Raises InputError for a spoilt grammar, or one that can write no more."""
    topic = _TOPICS[spec.topic]
    grammars = [grammar_of(spec.topic, language) for language in _LANGUAGES[spec.language]]
    cells = [(grammar, kind, label) for kind, labels in topic.cycle for grammar in grammars for label in labels]
    wanted = [cells[number % len(cells)] for number in range(spec.num_rows)]
    if topic.is_shuffled:
        chance.shuffle(wanted)
    seen: set[str] = set()
    for grammar, kind, label in wanted:
        for _ in range(_MAX_TRIES):
            written = topic.author(grammar, grammars[0].labels, chance).write(kind, label)
            if written.text not in seen and grammar.allows(written.text):
                break
        else:
            raise not_as_it_came(message("The rules allow no other text."), f"{spec.topic}.yaml: {kind} {label}")
        seen.add(written.text)
        yield written


@lru_cache(maxsize=32)
def grammar_of(topic: str, language: str) -> Grammar:
    """What comes with Attune for a topic in one language; read once. Raises InputError for a file that was spoilt."""
    needed = _TOPICS[topic]
    return read_grammar(resource("builtin", language, f"{topic}.yaml"), needed.rules, needed.rules_of_subjects)


class _Author(ABC):
    """Writes one text. `names` are what labels are called; a label that is not among them is called as it is."""

    def __init__(self, grammar: Grammar, names: dict[str, str], chance: random.Random) -> None:
        self._grammar = grammar
        self._names = names
        self._chance = chance

    @abstractmethod
    def write(self, kind: str, label: str) -> MarkedText: ...

    def _one_of(self, rule: str) -> str:
        return self._chance.choice(self._grammar.rules[rule])

    def _shuffled_tail(self, sentences: list[str]) -> list[str]:
        """The opener stays in front."""
        tail = sentences[1:]
        self._chance.shuffle(tail)
        return [sentences[0], *tail]


class _Reviewer(_Author):
    """Reviews of one thing. Plain; the deciding clause negated; a clause conceded before the one that decides; the
    verdict first, and far from it much about other things; and an opinion that does not count beside the own one."""

    _NEGATED_SHARE = 0.2
    """Of the deciding clauses outside the kind "negation": every kind asks for the reading of a "not"."""

    _CONTRARY_SHARE = 0.55
    """Of the judgements that do not count: how many of them contradict the label."""

    def __init__(self, grammar: Grammar, names: dict[str, str], chance: random.Random) -> None:
        super().__init__(grammar, names, chance)
        self._subject = chance.choice(tuple(grammar.subjects.values()))
        self._thing = chance.choice(self._subject["thing"])
        self._aspects = list(self._subject["aspect"])
        chance.shuffle(self._aspects)

    def write(self, kind: str, label: str) -> MarkedText:
        sentences = {
            "plain": self._plain,
            "negation": self._negation,
            "but": self._but,
            "distance": self._distance,
            "distractor": self._distractor,
        }[kind](label)
        return self._grammar.marked_text(sentences, label, kind)

    def _plain(self, label: str) -> list[str]:
        sentences = [self._opener(), self._opinion("affirmed", label), *self._fillers(1, 3)]
        if self._chance.random() < 0.5:
            sentences.append(self._opinion("affirmed", label))
        return self._shuffled_tail(sentences)

    def _negation(self, label: str) -> list[str]:
        own = [self._opener(), self._opinion("negated", _OPPOSITE[label])]
        return self._shuffled_tail([*own, *self._fillers(1, 3)])

    def _but(self, label: str) -> list[str]:
        """A clause that is conceded, of the opposite opinion, and one that decides."""
        other = unmarked(self._judgement(_OPPOSITE[label]))
        clauses = {"other": other, "own": self._judgement(label)}
        turn = self._grammar.fill(self._one_of("turn"), self._chance, clauses)
        return self._shuffled_tail([self._opener(), turn, *self._fillers(0, 2)])

    def _distance(self, label: str) -> list[str]:
        """The verdict comes first; what follows is long, and speaks of other things and other people's opinions."""
        rest = [self._elsewhere(label) for _ in range(self._chance.choice((1, 2, 2)))]
        rest += self._fillers(3, 5)
        self._chance.shuffle(rest)
        return [self._judgement(label, "verdict", "negated_verdict"), *rest]

    def _distractor(self, label: str) -> list[str]:
        own = self._judgement(label)
        return self._shuffled_tail([self._opener(), own, self._elsewhere(label), *self._fillers(0, 2)])

    def _judgement(self, label: str, affirmed: str = "affirmed", negated: str = "negated") -> str:
        if self._chance.random() < self._NEGATED_SHARE:
            return self._opinion(negated, _OPPOSITE[label])
        return self._opinion(affirmed, label)

    def _elsewhere(self, label: str) -> str:
        return self._opinion("elsewhere", _OPPOSITE[label] if self._chance.random() < self._CONTRARY_SHARE else label)

    def _opener(self) -> str:
        return self._filled(self._chance.choice(self._subject["opener"]))

    def _fillers(self, least: int, most: int) -> list[str]:
        patterns = (*self._subject["filler"], *self._grammar.rules["filler"])
        return [self._filled(pattern) for pattern in self._chance.sample(patterns, self._chance.randint(least, most))]

    def _opinion(self, rule: str, label: str) -> str:
        pattern = self._one_of(rule)
        return self._filled(pattern, self._one_of(label))

    def _filled(self, pattern: str, adjective: str = "") -> str:
        self._aspects.append(self._aspects.pop(0))
        given = {"thing": self._thing, "aspect": self._aspects[-1], "adjective": adjective}
        return self._grammar.fill(pattern, self._chance, given)


class _Critic(_Reviewer):
    """Reviews whose stars are the mean of what their author says: one judgement; two or three; one, beside those of
    others, which do not count."""

    def write(self, kind: str, label: str) -> MarkedText:
        stars = int(label)
        grades = self._grades(stars) if kind == "mixed" else [stars]
        sentences = [self._opinion("affirmed", str(grade)) for grade in grades]
        if kind == "others":
            away = [str(grade) for grade in range(1, NUM_STARS + 1) if grade != stars]
            for _ in range(self._chance.choice((1, 1, 2))):
                sentences.append(self._opinion("elsewhere", self._chance.choice(away)))
        sentences += self._fillers(1, 2)
        self._chance.shuffle(sentences)
        return self._grammar.marked_text([self._opener(), *sentences], label, kind)

    def _grades(self, stars: int) -> list[int]:
        """Two or three whose mean is `stars`."""
        widest = min(stars - 1, NUM_STARS - stars, 2)
        distance = self._chance.randint(min(1, widest), widest)
        middle = [stars] if self._chance.random() < 0.5 else []
        grades = [stars - distance, *middle, stars + distance]
        self._chance.shuffle(grades)
        return grades

    def _opinion(self, rule: str, label: str) -> str:
        return self._filled(self._one_of(rule), label)

    def _filled(self, pattern: str, adjective: str = "1") -> str:
        """`adjective` is the rule that one is chosen from, after all other words."""
        return super()._filled(pattern, "{adjective}").replace("{adjective}", self._one_of(adjective))


class _Guest(_Author):
    """Reviews of hotels. Only what is judged is spoken of; other things are mentioned too, or judged by others; nothing
    is judged. A mention is no judgement: counting words is not enough."""

    _NUM_JUDGED = (1, 1, 1, 2, 2, 2, 3, 3, 4)
    _IMPLIED_SHARE, _NEGATED_SHARE = 0.3, 0.2

    def write(self, kind: str, label: str) -> MarkedText:
        """The label is found here: a cell of names with semicolons between them."""
        names = tuple(self._grammar.subjects)
        order = self._chance.sample(names, len(names))
        num_judged = 0 if kind == "none" else self._chance.choice(self._NUM_JUDGED)
        num_mentioned = self._chance.randint(0, 1) if kind == "plain" else self._chance.randint(1, 3)
        judged, others = order[:num_judged], order[num_judged:]
        sentences = [self._judgement(name) for name in judged]
        sentences += [self._mention(name, kind) for name in others[:num_mentioned]]
        fillers = self._chance.sample(self._grammar.rules["filler"], self._chance.randint(1, 3))
        sentences += [self._filled(pattern) for pattern in fillers]
        self._chance.shuffle(sentences)
        cell = JOINT.join(sorted(self._names.get(name, name) for name in judged))
        return self._grammar.marked_text([self._filled(self._one_of("opener")), *sentences], cell, kind)

    def _judgement(self, name: str) -> str:
        """What happened says it, or a thing and what the guest thinks of it."""
        if self._chance.random() < self._IMPLIED_SHARE:
            return self._filled(self._chance.choice(self._grammar.subjects[name]["implied"]))
        rule = "negated" if self._chance.random() < self._NEGATED_SHARE else "affirmed"
        return self._filled(self._one_of(rule), name)

    def _mention(self, name: str, kind: str) -> str:
        """Without an opinion; or an opinion of somebody else, or of another house."""
        if kind == "plain" or self._chance.random() < 0.5:
            return self._filled(self._chance.choice(self._grammar.subjects[name]["neutral"]))
        return self._filled(self._one_of("elsewhere"), name)

    def _filled(self, pattern: str, name: str | None = None) -> str:
        """Every word is chosen once, whether the pattern has a field for it or not."""
        given = {}
        if name is not None:
            subject = self._grammar.subjects[name]
            adjectives = self._grammar.rules["adjective"] + subject["adjective"] * 2
            given = {"noun": self._chance.choice(subject["noun"]), "adjective": self._chance.choice(adjectives)}
        for field, words in self._grammar.words.items():
            given[field] = self._chance.choice(words)
        return self._grammar.fill(pattern, self._chance, given)


class _Sender(_Author):
    """Messages as they come by phone or mail. Plain; with words disguised as filters are cheated; and alike: honest and
    fraudulent ones of the same words, of which the order tells who shall pay whom. The evidence of a fraud is what it
    asks for; of an honest message that could be taken for one, what rules it out; a plain honest one has none."""

    _TWO_MARKS = re.compile("([?!？！])[.,，。]")

    def write(self, kind: str, label: str) -> MarkedText:
        rule = f"{label}_{'alike' if kind == 'alike' else 'plain'}"
        marked = self._TWO_MARKS.sub(r"\1", capitalized(self._grammar.write(rule, self._chance)))
        if kind == "disguised":
            for word, others in self._grammar.disguises.items():
                marked = marked.replace(word, self._chance.choice(others))
        return read_marks(marked, self._names.get(label, label), kind)


class _Photographer(_Author):
    """Captions: short descriptions of pictures that nobody took; they have no label."""

    def write(self, kind: str, label: str) -> MarkedText:
        return MarkedText(self._grammar.write("caption", self._chance), label, kind)


@dataclass(frozen=True)
class _Topic:
    """`cycle`: (kind, labels) as often as they are written. `rules` must be in each grammar, `rules_of_subjects` in
    each of its subjects."""

    author: type[_Author]
    cycle: Sequence[tuple[str, Sequence[str]]]
    rules: Sequence[str]
    rules_of_subjects: Sequence[str] = ()
    is_shuffled: bool = True


_LABELS = ("negative", "positive")
_STARS = tuple(str(stars) for stars in range(1, NUM_STARS + 1))
_OPINIONS = ("affirmed", "elsewhere", "filler")
_TOPICS = {
    "reviews": _Topic(
        _Reviewer,
        [
            (kind, _LABELS)
            for kind in ("plain", "negation", "distance", "but", "plain", "distractor", "distance", "plain")
        ],
        (*_LABELS, *_OPINIONS, "negated", "verdict", "negated_verdict", "turn"),
        ("thing", "aspect", "opener", "filler"),
    ),
    "stars": _Topic(
        _Critic,
        [(kind, _STARS) for kind in ("one", "mixed", "others", "mixed", "others")],
        (*_STARS, *_OPINIONS),
        ("thing", "aspect", "opener", "filler"),
    ),
    "aspects": _Topic(
        _Guest,
        [
            (kind, ("",))
            for kind in ("mentioned", "plain", "mentioned", "none", "mentioned", "plain", "mentioned", "plain")
        ],
        (*_OPINIONS, "adjective", "negated", "opener"),
        ("noun", "adjective", "implied", "neutral"),
    ),
    "messages": _Topic(
        _Sender,
        [
            *((kind, ("fraud",)) for kind in ("plain", "disguised", "alike", "alike")),
            *((kind, ("honest",)) for kind in ("plain",) * 9 + ("alike",) * 7),
        ],
        ("honest_plain", "honest_alike", "fraud_plain", "fraud_alike"),
    ),
    "captions": _Topic(_Photographer, [("caption", ("",))], ("caption",), is_shuffled=False),
}
