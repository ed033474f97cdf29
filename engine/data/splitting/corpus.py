"""Corpora: texts without labels; what makes one unfit to learn writing from, and what must not be seen twice."""

from __future__ import annotations

import re
from itertools import chain

import numpy as np

from engine.data.sources.source_splits import SPLIT_NAMES
from engine.data.splitting.usable_rows import Part, trained_on
from engine.errors import InputError
from engine.messages import Message, message

LEAST_TEXTS = 10
"""Fewer different texts cannot be divided into some to learn from and some to measure on."""

FEW_TEXTS = 200
"""Fewer different texts are soon known by heart."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+|[^\w\s]")
_READ_ROWS = 1000


def refuse_poor_corpus(part: Part) -> None:
    """Raises InputError for texts that there is nothing to learn from: none, one, all the same, one word, too few."""
    num_texts = num_different(part)
    name = part.given.table.name
    more = message("Give at least {least} different texts; some thousands are better.", least=LEAST_TEXTS)
    if num_texts == 0:
        raise InputError(message("No row is left to use."), name, message("Choose other mends, or other data."))
    if part.keep.sum() == 1:
        one = message("Put every text on a line of its own. {more}", more=more)
        raise InputError(message("There is a single text."), name, one)
    word = _only_word(part)
    if word is not None:
        raise InputError(
            message("There is nothing to learn: every text is the same word, “{word}”.", word=word[:60]), name, more
        )
    if num_texts == 1:
        text = part.used()[0][part.given.text_columns[0]].strip()
        raise InputError(
            message("There is nothing to learn: every text is the same, “{text}”.", text=text[:60]), name, more
        )
    if num_texts < LEAST_TEXTS:
        raise InputError(message("There are only {count} different texts.", count=num_texts), name, more)


def num_different(part: Part) -> int:
    """How many different texts are used."""
    return len(np.unique(part.row_index.text_hash[part.keep]))


def few_texts_note(num_texts: int) -> Message | None:
    """A warning that so few texts are known by heart; None where there are enough."""
    if num_texts >= FEW_TEXTS:
        return None
    return message(
        "There are only {count} different texts: so few are soon known by heart, which is not learning.",
        count=num_texts,
    )


def without_texts_trained_on(parts: dict[str, Part], notes: list[Message]) -> dict[str, Part]:
    """Held-out texts that also stand in the training data measure nothing: they are left out and counted.

    Raises InputError where none is left.
    """
    unseen = dict(parts)
    for split, part in parts.items():
        seen = trained_on(part, parts["train"]) if split != "train" else np.zeros(len(part.keep), dtype=np.bool_)
        if seen.any():
            unseen[split] = _unseen(part.without(seen), int(seen.sum()), notes)
    return unseen


def _unseen(part: Part, num_seen: int, notes: list[Message]) -> Part:
    name = SPLIT_NAMES[part.given.split]
    if not part.keep.any():
        raise InputError(
            message("{split}: every text also stands in the training data.", split=name),
            part.given.table.name,
            message("Name other texts to measure on, or none: then some are held back."),
        )
    notes.append(
        message(
            "{split}: {count:plural:text:texts} left out that also stand in the training data.",
            split=name,
            count=num_seen,
        )
    )
    return part


def _only_word(part: Part) -> str | None:
    """The one word that all texts consist of; None as soon as there is a second one."""
    words: set[str] = set()
    columns = list(part.given.text_columns)
    for chunk in part.used().select_columns(columns).iter(_READ_ROWS):
        for text in chain.from_iterable(chunk[one] for one in columns):
            words.update(match.group().lower() for match in _WORD.finditer(text))
            if len(words) > 1:
                return None
    return next(iter(words), None)
