"""Checks of texts without labels: whether there are enough of them to invent new ones."""

from __future__ import annotations

from collections.abc import Iterator

from engine.data.diagnosis.checks.case import Case
from engine.data.splitting.corpus import LEAST_TEXTS, few_texts_note, num_different
from engine.messages import message
from engine.records import Finding


def check_few_texts(case: Case) -> Iterator[Finding]:
    """So few texts that they are known by heart; too few to learn from at all is another finding."""
    num_texts = num_different(case.parts["train"])
    note = few_texts_note(num_texts)
    if note is not None and num_texts >= LEAST_TEXTS:
        yield Finding(
            kind="few_texts",
            severity="warning",
            title=message("The texts are few"),
            detail=note,
            count=num_texts,
            chosen=case.chosen("few_texts"),
        )
