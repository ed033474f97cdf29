"""Checks of the labels: missing ones, spellings, balance, and whether every split has the same ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data.checks.case import Case
from engine.data.mends import merged_spellings
from engine.data.parts import Part
from engine.messages import message
from engine.records import Finding

_UNBALANCED = 3.0
_SHOWN = 20


def check_missing_labels(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        missing = part.survey.is_unlabelled & ~part.survey.is_blank
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
                rows=part.survey.first_rows(missing),
                split=split,
                mends={} if serve else {"drop": message("Leave them out")},
                chosen="keep" if serve else "drop",
            )


def check_label_spelling(case: Case) -> Iterator[Finding]:
    if case.task.is_numeric:
        return
    for split, part in case.parts.items():
        merged = merged_spellings(label_rows(part))
        odd = {label: right for label, right in merged.items() if label != right}
        if odd:
            codes = [code for code, label in enumerate(part.survey.labels) if label in odd]
            mask = np.isin(part.survey.label, codes)
            example = sorted(odd)[0]
            yield Finding(
                kind="label_spelling",
                severity="warning",
                title=message(
                    "{count:plural:label is:labels are} spelled in several ways", count=len(set(odd.values()))
                ),
                detail=message(
                    "Labels that differ by capitals or spaces alone count as different: “{one}” and “{other}”.",
                    one=example,
                    other=odd[example],
                ),
                count=int(mask.sum()),
                rows=part.survey.first_rows(mask),
                split=split,
                mends={"merge": message("Use the most frequent spelling")},
                chosen=case.chosen("label_spelling"),
            )


def check_balance(case: Case) -> Iterator[Finding]:
    counts = sorted(label_rows(case.parts["train"]).items(), key=lambda item: -item[1])
    if case.task.is_numeric or len(counts) < 2:
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
    if case.task.is_numeric:
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
    codes = [code for code, label in enumerate(part.survey.labels) if label in set(unknown)]
    mask = np.isin(part.survey.label, codes)
    return Finding(
        kind="unknown_labels",
        severity="warning",
        title=message("{count:plural:row has:rows have} a label that training does not know", count=int(mask.sum())),
        detail=message(
            "The training data have no row of: {labels}. Such rows are left out of the measure.",
            labels=unknown[:_SHOWN],
        ),
        count=int(mask.sum()),
        rows=part.survey.first_rows(mask),
        split=split,
        mends={"drop": message("Leave them out")},
        chosen="drop",
    )


def label_rows(part: Part) -> dict[str, int]:
    """Rows with a text a label."""
    codes = part.survey.label[~part.survey.is_blank & (part.survey.label >= 0)]
    counts = np.bincount(codes, minlength=len(part.survey.labels))
    return {label: int(count) for label, count in zip(part.survey.labels, counts, strict=True) if count}
