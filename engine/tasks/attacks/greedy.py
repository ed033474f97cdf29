"""search: the greedy attack on many texts at once: of each word, the change is kept that costs the true label most."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from engine.breath import telling
from engine.tasks.attacks.importance import rank
from engine.tasks.attacks.reading import Answers, Reader
from engine.tasks.attacks.target import Target

Offer = Callable[[Target, int], list[str]]
"""What can be written in the place of a target's word; nothing where it must stay."""


def search(reader: Reader, targets: Sequence[Target], offer: Offer) -> Generator[int, None, None]:
    """Change the targets until the model's answer turns or their budget is used up. Yields how many are over between
    batches. A change that does not lower the true label's probability is not kept."""
    for _ in rank(reader, targets):
        yield 0
    for turn in range(max((target.num_tried for target in targets), default=0)):
        active = [target for target in targets if not target.is_over and turn < target.num_tried]
        if not active:
            return
        variants = [_variants(target, target.places[turn], offer) for target in active]
        reading = reader.answers([text for of_target in variants for text in of_target.values()])
        answers = yield from telling(reading, len(targets) - len(active))
        start = 0
        for target, of_target in zip(active, variants, strict=True):
            _keep_best(target, target.places[turn], list(of_target), answers[start : start + len(of_target)])
            start += len(of_target)


def _variants(target: Target, place: int, offer: Offer) -> dict[str, str]:
    """{word written at `place`: the whole text}."""
    return {word: target.cut.text({**target.changes, place: word}) for word in offer(target, place)}


def _keep_best(target: Target, place: int, words: list[str], answers: Answers) -> None:
    """`answers` are [words, labels]."""
    if not words:
        return
    best = int(answers[:, target.truth].argmin())
    if answers[best, target.truth] < target.answers[target.truth]:
        target.changes[place] = words[best]
        target.answers = answers[best]
