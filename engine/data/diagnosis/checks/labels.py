"""Checks of the labels: missing ones, spellings, balance, and whether every split has the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.config.tasks.registry import type_of
from engine.data.cleaning.repairs import rows_labelled
from engine.data.columns.label_lists import BY_PLACE, IN_BRACKETS, look_like_lists, single_labels
from engine.data.columns.label_spellings import best_spellings
from engine.data.diagnosis.checks.case import Case
from engine.data.sources.tables import role_sample
from engine.data.splitting.usable_rows import Part
from engine.messages import Message, message
from engine.records import Finding
from engine.targets import target_of

_UNBALANCED = 3.0
_SHOWN = 20
_SHOWN_PAIRS = 8
_LONGEST = 60


def check_missing_labels(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        missing = part.row_index.is_unlabelled & ~part.row_index.is_blank
        said = [word for word in (*part.read_as.missing, *part.read_as.doubtful) if part.read_as.right.get(word) == ""]
        if missing.any() and said:
            missing &= ~np.isin(part.row_index.row, rows_labelled(part.given, said))
        if missing.any():
            serve = part.reads_unlabelled and split == "train"
            yield Finding(
                kind="missing_labels",
                severity="info" if serve else "warning",
                title=message("{count:plural:row has:rows have} no label", count=int(missing.sum())),
                detail=message("They serve as texts without labels.")
                if serve
                else message("Without a label nothing can be learned from them: they are left out."),
                count=int(missing.sum()),
                rows=part.row_index.first_rows(missing),
                split=split,
                mends={} if serve else {"drop": message("Leave them out")},
                chosen="keep" if serve else "drop",
            )


def check_label_spelling(case: Case) -> Iterator[Finding]:
    if case.task.has_numbers:
        return
    for split, part in case.parts.items():
        merged = best_spellings(label_rows(part))
        odd = {label: right for label, right in merged.items() if label != right}
        if odd:
            mask = part.row_index.with_any(odd)
            example = sorted(odd)[0]
            yield Finding(
                kind="label_spelling",
                severity="warning",
                title=message(
                    "{count:plural:label is:labels are} spelled in several ways", count=len(set(odd.values()))
                ),
                detail=message(
                    "Labels that differ by capitals, hyphens or zeros before them count as different: “{one}” and "
                    "“{other}”.",
                    one=example,
                    other=odd[example],
                ),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"merge": message("Use the most frequent spelling")},
                chosen=case.chosen("label_spelling"),
            )


def check_label_forms(case: Case) -> Iterator[Finding]:
    """Labels that are brought together, as only their way of writing differs: 0 and 0.0, signs that nobody sees."""
    is_kept = case.data.mends.get("label_forms") == "keep"
    for split, part in case.parts.items():
        rows = rows_labelled(part.given, part.read_as.forms) if part.read_as.forms else ()
        if len(rows):
            detail = message(
                "Spaces, signs that nobody sees, kinds of letters, 1, 1.0 and true make no label of their own. Read as "
                "one: {pairs}.",
                pairs=_pairs(part),
            )
            yield Finding(
                kind="label_forms",
                severity="warning" if is_kept else "info",
                title=message(
                    "{count:plural:row writes its label:rows write their labels} in another way", count=len(rows)
                ),
                detail=message(
                    "Each way of writing is a label of its own: {labels}.", labels=_shown(part.read_as.forms)
                )
                if is_kept
                else detail,
                count=len(rows),
                rows=_first(rows),
                split=split,
                mends={"merge": message("Read them as one label")},
                chosen="keep" if is_kept else "merge",
            )


def _pairs(part: Part) -> list[str]:
    right = part.read_as.right
    return [f"{quoted(one)} → {quoted(right.get(one, one))}" for one in part.read_as.forms[:_SHOWN_PAIRS]]


def check_missing_words(case: Case) -> Iterator[Finding]:
    """Words for “nothing” where a label is expected."""
    is_kept = case.data.mends.get("missing_words") == "keep"
    for split, part in case.parts.items():
        rows = rows_labelled(part.given, part.read_as.missing) if part.read_as.missing else ()
        if len(rows):
            words = _shown(part.read_as.missing)
            yield Finding(
                kind="missing_words",
                severity="warning",
                title=message("{count:plural:row says:rows say} that the label is missing", count=len(rows)),
                detail=message("These words are read as labels: {words}.", words=words)
                if is_kept
                else message(
                    "These words are read as no label: {words}. Where one of them is a label, undo this "
                    "(data.mends.missing_words=keep).",
                    words=words,
                ),
                count=len(rows),
                rows=_first(rows),
                split=split,
                mends={"drop": message("Read them as no label")},
                chosen="keep" if is_kept else "drop",
            )


def check_label_or_missing(case: Case) -> Iterator[Finding]:
    """Such words that are so frequent that they are read as a label: only a person knows."""
    for split, part in case.parts.items():
        rows = rows_labelled(part.given, part.read_as.doubtful) if part.read_as.doubtful else ()
        if len(rows):
            yield Finding(
                kind="label_or_missing",
                severity="info",
                title=message("{count:plural:row has:rows have} a label that may mean “none”", count=len(rows)),
                detail=message(
                    "So many rows have it that it is read as a label: {words}. If it says that nobody gave a label, "
                    "leave it out (data.mends.label_or_missing=drop).",
                    words=_shown(part.read_as.doubtful),
                ),
                count=len(rows),
                rows=_first(rows),
                split=split,
                mends={"drop": message("Read it as no label")},
                chosen=case.chosen("label_or_missing"),
                is_fault=False,
            )


def _first(rows: Sequence[int] | NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(row) for row in rows[:_SHOWN])


def quoted(label: str) -> str:
    """The label in quotation marks, signs that nobody sees by their numbers."""
    signs = (sign if sign.isprintable() and sign != "\xa0" else f"‹U+{ord(sign):04X}›" for sign in label[:_LONGEST])
    return f"“{''.join(signs)}{'…' if len(label) > _LONGEST else ''}”"


def _shown(labels: Sequence[str]) -> list[str]:
    return [quoted(label) for label in labels[:_SHOWN_PAIRS]]


def check_no_labels(case: Case) -> Iterator[Finding]:
    """Rows without any of several labels: an answer, unless somebody says that they were never looked at."""
    for split, part in case.parts.items():
        mask = part.row_index.has_none & ~part.row_index.is_blank
        if mask.any():
            yield Finding(
                kind="no_labels",
                severity="info",
                title=message("{count:plural:text has:texts have} none of the labels", count=int(mask.sum())),
                detail=message(
                    "An empty cell is read as “none of them”. If these texts were never labelled, leave them out."
                ),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"drop": message("Leave them out")},
                chosen=case.chosen("no_labels"),
                is_fault=False,
            )


def check_label_lists(case: Case) -> Iterator[Finding]:
    """How several labels of a cell are told apart; and cells that look like lists where one label is expected."""
    part = case.parts["train"]
    given = part.given
    if target_of(given.kind).may_have_several and given.separator:
        yield Finding(
            kind="label_lists",
            severity="info",
            title=message("A cell may hold several labels"),
            detail=_told_apart(given.separator),
            count=int((np.diff(part.row_index.sets.offsets) > 1).sum()) if part.row_index.sets else 0,
            chosen=case.chosen("label_lists"),
        )
    cells = role_sample(given.table)[given.roles["label"]] if _may_be_lists(case) else []
    sign = look_like_lists(cells)
    if sign and single_labels(set(cells)):
        yield Finding(
            kind="label_lists",
            severity="info",
            title=message("Each label is a list of one"),
            detail=message("It is read without its brackets."),
            count=len(part.dataset),
            chosen=case.chosen("label_lists"),
        )
    elif sign:
        yield Finding(
            kind="label_lists",
            severity="warning",
            title=message("The labels look like lists"),
            detail=message(
                "Each different list counts as a label of its own. Let a text have several labels "
                "(task.multi_label=true), and each is learned for itself."
            ),
            count=sum(sign in cell for cell in part.row_index.labels) or len(part.row_index.labels),
            chosen=case.chosen("label_lists"),
        )


def _may_be_lists(case: Case) -> bool:
    return target_of(case.parts["train"].given.kind).is_exclusive and type_of(case.task).can("label lists")


def _told_apart(separator: str) -> Message:
    if separator == BY_PLACE:
        return message(
            "They are lists of 0 and 1 with a place for every label, which are called by their places from 1."
        )
    if separator == IN_BRACKETS:
        return message("They are lists in brackets.")
    return message("The sign “{sign}” stands between them.", sign=separator.replace("\n", "⏎"))


def check_constant_labels(case: Case) -> Iterator[Finding]:
    """Of several labels those that every text has."""
    part = case.parts["train"]
    if part.row_index.sets is None:
        return
    counts, num_rows = label_rows(part), int((~part.row_index.is_blank).sum())
    always = sorted(label for label, count in counts.items() if count == num_rows)
    if always:
        yield Finding(
            kind="constant_labels",
            severity="warning",
            title=message("{count:plural:label is:labels are} always set", count=len(always)),
            detail=message("Every text has them, so nothing can be learned of: {labels}.", labels=always[:_SHOWN]),
            count=len(always),
            chosen=case.chosen("constant_labels"),
        )
    never = sorted({column.strip() for column in part.given.label_columns} - counts.keys())
    if never:
        yield Finding(
            kind="never_labels",
            severity="warning",
            title=message("{count:plural:label is:labels are} never set", count=len(never)),
            detail=message("No text has them, so they are left out: {labels}.", labels=never[:_SHOWN]),
            count=len(never),
            chosen=case.chosen("never_labels"),
        )


def check_balance(case: Case) -> Iterator[Finding]:
    counts = sorted(label_rows(case.parts["train"]).items(), key=lambda item: -item[1])
    if case.task.has_numbers or len(counts) < 2:
        return
    (most, many), (least, few) = counts[0], counts[-1]
    if many >= _UNBALANCED * few:
        yield Finding(
            kind="unbalanced",
            severity="info" if many < 10 * few else "warning",
            title=message("The labels are unevenly frequent"),
            detail=message(
                "“{most}” has {many:plural:row:rows}, “{least}” {few:plural:row:rows}. Accuracy alone misleads here: "
                "look at precision and recall.",
                most=most,
                many=many,
                least=least,
                few=few,
            ),
            count=few,
            mends={"weights": message("Let rare labels count more")},
            chosen=case.chosen("unbalanced"),
        )


def check_labels_of_splits(case: Case) -> Iterator[Finding]:
    """Labels that only some splits have."""
    if case.task.has_numbers:
        return
    known = set(label_rows(case.parts["train"]))
    for split, part in case.parts.items():
        found = set(label_rows(part))
        missing, unknown = sorted(known - found), sorted(found - known)
        if missing:
            yield Finding(
                kind="missing_class_in_split",
                severity="warning",
                title=message("{count:plural:label is:labels are} not in every split", count=len(missing)),
                detail=message("Nothing can be measured on: {labels}.", labels=missing[:_SHOWN]),
                count=len(missing),
                split=split,
                chosen=case.chosen("missing_class_in_split"),
            )
        if unknown:
            yield _unknown_labels(case, split, unknown)


def _unknown_labels(case: Case, split: str, unknown: list[str]) -> Finding:
    part = case.parts[split]
    mask = part.row_index.with_any(unknown)
    values = {"labels": unknown[:_SHOWN]}
    detail = message("The training data have no row of: {labels}. Such rows are left out of the measure.", **values)
    if part.row_index.sets is not None:
        detail = message("The training data have no row of: {labels}. They are not measured.", **values)
    return Finding(
        kind="unknown_labels",
        severity="warning",
        title=message("{count:plural:row has:rows have} a label that training does not know", count=int(mask.sum())),
        detail=detail,
        count=int(mask.sum()),
        rows=part.row_index.first_rows(mask),
        split=split,
        mends={"drop": message("Leave them out")} if part.row_index.sets is None else {},
        chosen="drop" if part.row_index.sets is None else "keep",
    )


def label_rows(part: Part) -> dict[str, int]:
    """Rows with a text a label."""
    return part.row_index.label_counts(~part.row_index.is_blank)
