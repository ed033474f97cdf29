"""attack: what is left of a classifier's precision and recall when texts are written against it.

The attacker sees only the answers (a black box), may ask as often as it likes, and attacks every text that is answered
rightly, whatever its label. Its means are those of `misspelling` or `rewording`, on at most a fifth of a text's words.
A greedy search is no proof: a stronger attacker may turn more.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from random import Random

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.breath import telling
from engine.metrics.classification import classification_metrics, intervals
from engine.records import AttackedText, AttackMethod, Progress, Robustness
from engine.tasks.attacks.greedy import Offer, search
from engine.tasks.attacks.misspelling import misspelled
from engine.tasks.attacks.reading import Answers, Reader
from engine.tasks.attacks.rewording import reworded
from engine.tasks.attacks.synonyms import PHRASES
from engine.tasks.attacks.target import Target
from engine.tasks.attacks.usage import Usage
from engine.tasks.attacks.words import cut

_SHOWN = ("precision", "recall", "f1", "accuracy")
_NUM_EXAMPLES = 12


def attack(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    labels: tuple[str, ...],
    texts: Sequence[str],
    truths: Sequence[int],
    *,
    method: AttackMethod,
    positive_label: str | None,
    seed: int,
    max_length: int,
    split: str = "test",
    rows: Sequence[int] = (),
    train_texts: Sequence[str] = (),
    train_truths: Sequence[int] = (),
) -> Generator[Progress, None, Robustness]:
    """`truths` are label ids, `rows` the texts' row numbers (else counted from 1). The training texts tell which words
    there are and what they speak for; without them a misspelling may happen to be another word. The same arguments give
    the same result. Goes on while it is iterated: `done` of `total` texts are over; closing it stops it."""
    reader = Reader(model, tokenizer, max_length)
    usage = Usage(train_texts, np.asarray(train_truths, dtype=np.int64), len(labels)) if train_texts else None
    was_training = model.training
    model.eval()
    try:
        before = yield from _answered(reader, texts)
        targets = _targets(texts, truths, before, method, seed)
        num_wrong = len(texts) - len(targets)
        for num_over in search(reader, targets, _offer(method, usage)):
            yield Progress(num_wrong + num_over, len(texts))
    finally:
        model.train(was_training)
    after = before.copy()
    for target in targets:
        after[target.row] = target.answers
    turned = [target for target in targets if target.is_turned]
    numbers = list(rows) or list(range(1, len(texts) + 1))
    return Robustness(
        method=method,
        before=_metrics(before, truths, labels, positive_label),
        after=_metrics(after, truths, labels, positive_label),
        num_rows=len(texts),
        split=split,
        success=len(turned) / len(targets) if targets else 0.0,
        changed_share=float(np.mean([len(one.changes) / len(one.cut.words) for one in turned])) if turned else 0.0,
        intervals=intervals(after, np.asarray(truths), labels, positive_label),
        examples=tuple(_example(one, texts, numbers, labels) for one in _clearest(turned)),
    )


def _answered(reader: Reader, texts: Sequence[str]) -> Generator[Progress, None, Answers]:
    return (yield from telling(reader.answers(texts), Progress(0, len(texts))))


def _targets(
    texts: Sequence[str], truths: Sequence[int], answers: Answers, method: AttackMethod, seed: int
) -> list[Target]:
    """The texts that are answered rightly and have words."""
    phrases = PHRASES if method == "word" else frozenset()
    found = [
        Target(row, cut(text, phrases), int(truth), answers[row], Random(f"{seed} {row}"))
        for row, (text, truth) in enumerate(zip(texts, truths, strict=True))
    ]
    return [target for target in found if not target.is_turned and target.cut.words]


def _offer(method: AttackMethod, usage: Usage | None) -> Offer:
    if method == "word":
        return partial(_reworded, usage)
    is_word = usage.knows if usage is not None else _knows_none
    return lambda target, place: misspelled(target.cut.words[place], target.chance, is_word)


def _reworded(usage: Usage | None, target: Target, place: int) -> list[str]:
    return reworded(target.cut, place, target.truth, target.chance, usage)


def _knows_none(word: str) -> bool:
    return False


def _metrics(
    answers: Answers, truths: Sequence[int], labels: tuple[str, ...], positive_label: str | None
) -> dict[str, float]:
    found = classification_metrics(answers, np.asarray(truths), labels, positive_label)
    return {name: found[name] for name in _SHOWN}


def _clearest(turned: Sequence[Target]) -> list[Target]:
    """The texts that few changes turned, short ones first; of every label in turn."""
    ordered = sorted(turned, key=lambda one: (len(one.changes), len(one.cut.words), one.row))
    seen: dict[int, int] = {}
    ranks: list[NDArray[np.int64] | tuple[int, int]] = []
    for place, one in enumerate(ordered):
        seen[one.truth] = seen.get(one.truth, 0) + 1
        ranks.append((seen[one.truth], place))
    return [ordered[place] for _, place in sorted(ranks)[:_NUM_EXAMPLES]]


def _example(target: Target, texts: Sequence[str], rows: Sequence[int], labels: tuple[str, ...]) -> AttackedText:
    return AttackedText(
        row=int(rows[target.row]),
        before=texts[target.row],
        after=target.text(),
        label=labels[target.truth],
        prediction=labels[int(target.answers.argmax())],
        num_changes=len(target.changes),
    )
