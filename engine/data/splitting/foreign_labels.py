"""load_matched: labelled rows for a model that was not trained here, its labels put into the model's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.config.data import DataConfig, Source
from engine.config.tasks.classification import Classification
from engine.data.cleaning.repairs import label_counts
from engine.data.columns.label_spellings import Spellings, label_spelling
from engine.data.sources.source_splits import SourceSplits, given_alone
from engine.data.splitting.splits import Splits, label_counts_of, no_rows, positive_label
from engine.data.splitting.usable_rows import read_part, spelled, without_unusable
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import TargetKind
from engine.targets import target_of

_NUMBERED = re.compile(r"(?:label[_ -]?)?(\d+)")


def load_matched(source: Source, labels: Sequence[str], seed: int = 0, *, several: bool = False) -> Splits:
    """The source as the split "test". Without `labels` the column of labels holds numbers; `several`: a text may have
    any number of them.

    Raises InputError for a source that cannot be read, and for labels that the model does not know.
    """
    kind: TargetKind = "number" if not labels else "several" if several else "one"
    task = Classification().with_target(target_of(kind))
    given = given_alone(DataConfig(), source, seed, kind=kind, labels=labels)
    where = message("{source}, column “{column}”", source=given.table.name, column=given.roles["label"])
    notes: list[Message] = []
    part = without_unusable(read_part(given, {}, _read_as(given, labels, where), task), notes)
    if not part.keep.any():
        raise no_rows(part)
    used = part.used()
    positive = positive_label(label_counts_of(used), task) if len(labels) == 2 and not several else None
    return Splits({"test": used}, tuple(labels), positive, given.table.facts, notes, left_out={"test": part.left_out})


def _read_as(given: SourceSplits, labels: Sequence[str], where: Message) -> Spellings:
    """Words for “nothing” are none; all else is one of the model's labels. Raises InputError."""
    found = spelled({"test": given}, {}, labels)
    if not labels:
        return found
    names = {label: found.right.get(label, label) for label in label_counts(given) if label.strip()}
    wanted = matched(sorted({name for name in names.values() if name}), labels, where)
    return replace(found, right={label: wanted.get(name, "") for label, name in names.items()})


def matched(written: Iterable[str], labels: Sequence[str], where: Message | str = "") -> dict[str, str]:
    """From each label of a file to the model's: the same word, or the same number ("LABEL_1", "label 1", "1" are one
    number; where the model has words, a number is the place of one, from 0). Raises InputError."""
    found = list(written)
    words = {label_spelling(label): label for label in labels}
    if all(label_spelling(label) in words for label in found):
        return {label: words[label_spelling(label)] for label in found}
    own = [_number(label) for label in labels]
    numbers = dict(zip(range(len(labels)) if None in own else own, labels, strict=True))
    if all(_number(label) in numbers for label in found):
        return {label: numbers[_number(label)] for label in found}
    raise InputError(
        message("The file's labels ({labels}) are not those of the model ({known}).", labels=found[:10], known=labels),
        where,
        message("Name them as the model does, or by their numbers from 0; or choose another column."),
    )


def _number(label: str) -> int | None:
    found = _NUMBERED.fullmatch(label_spelling(label))
    return int(found[1]) if found else None
