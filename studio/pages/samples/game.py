"""Game: which of two texts did a person write? Pairs of a real and an invented text, and two scores."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from engine.records import Sample, Samples

ROUND = 20
_UNKNOWN = "[UNK]"


@dataclass(frozen=True)
class Pair:
    """Two texts; `real` says which of them is real: 0 or 1."""

    texts: tuple[Sample, Sample]
    real: int

    @property
    def guess_of_critic(self) -> int | None:
        """The one that the critic holds for the realer; None where it cannot tell."""
        first, second = (one.probability for one in self.texts)
        if first is None or second is None or first == second:
            return None
        return int(second > first)


@dataclass(frozen=True)
class Score:
    """Pairs that were answered, and how many of them the person and the critic got right."""

    answered: int = 0
    person: int = 0
    critic: int = 0

    def after(self, pair: Pair, choice: int) -> Score:
        right = (self.person + (choice == pair.real), self.critic + (pair.guess_of_critic == pair.real))
        return replace(self, answered=self.answered + 1, person=right[0], critic=right[1])


def pairs_of(samples: Samples, seed: int) -> list[Pair]:
    """At most a round's pairs, the same for the same samples and seed. Invented texts that are a real one word for word
    are left out, as nobody could tell, and real ones with a word that the writer does not know, as anybody could."""
    chance = random.Random(f"{samples.step}:{seed}")
    known = {one.text for one in samples.real}
    real = list({one.text: one for one in samples.real if _UNKNOWN not in one.text}.values())
    invented = list({one.text: one for one in samples.invented if one.text not in known and one.overlap < 1}.values())
    chance.shuffle(real)
    chance.shuffle(invented)
    made = []
    for one, other in list(zip(real, invented, strict=False))[:ROUND]:
        place = chance.randrange(2)
        made.append(Pair((other, one) if place else (one, other), place))
    return made
