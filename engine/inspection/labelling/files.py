"""Labels as files: taken in, given out, and as what a run learns from and is tested on."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.config.data import BuiltinTexts
from engine.config.reading import Reading
from engine.config.roles import LABEL, TEXT
from engine.data.columns.roles import resolve_roles
from engine.data.sources.tables import Table, guessed_roles, read_tables, role_sample
from engine.errors import InputError
from engine.inspection.labelling.desk import Desk, desk_of
from engine.messages import message
from engine.records import Contradiction, LabelsTaken
from engine.runs.checksums import sum_of
from engine.runs.files import disk_errors, write_atomic
from engine.runs.labelling import Labelling, Said
from engine.runs.names import plain_text
from engine.runs.spreadsheets import Sheet, as_given

ALIKE = 0.8
"""The cosine from which two texts are nearly the same."""
_ROW_NAMES = ("row", "行")
_LEARN, _TEST = "train.jsonl", "test.jsonl"


def import_labels(path: Path, file: str, reading: Reading | None = None) -> LabelsTaken:
    """Take the labels of a file (anything that a run learns from) into a project: by its column `row` where it has one,
    else by the text. A check text counts as one only where it was asked (`--next`): others were not drawn by chance,
    and are learned from. Raises InputError for a file without labels, or none of whose rows belongs here."""
    project = Labelling.open(path)
    journal = project.journal()
    table = read_tables(file, BuiltinTexts(), has_labels=True, reading=reading)["train"]
    roles = _roles(table)
    by_text = {" ".join(text.split()): row for row, text in _texts(project)}
    called = zip(table.columns, table.header or table.columns, strict=True)  # a table has rows of its own, called so
    numbers = next((column for column, name in called if name.strip().lower() in _ROW_NAMES), None)
    given = table.dataset[roles["label"]]
    texts = table.dataset[roles["text"]] if "text" in roles else []
    has_text = any(" ".join(text.split()) in by_text for text in texts)
    texts = texts if has_text else [""] * len(given)
    rows = table.dataset[numbers] if numbers is not None else [""] * len(given)
    known, labels = set(project.rows.tolist()), journal.labels
    acts: list[Said] = []
    num_empty = num_unknown = num_changed = 0
    new: dict[str, None] = {}
    for number, text, label in zip(rows, texts, given, strict=True):
        name = plain_text(" ".join(label.split()))
        row = _row_of(number, text, by_text, known, has_text=has_text)
        if not name:
            num_empty += 1
        elif row is None:
            num_unknown += 1
        else:
            num_changed += labels.given.get(row, name) != name
            if labels.given.get(row) != name:
                acts.append(Said("label", row, name, row in labels.asked, time.time()))
            if name not in labels.names:
                new[name] = None
    if not acts and num_unknown and num_unknown + num_empty == len(given):
        raise InputError(
            message("None of the {count:plural:row:rows} is a text of this project.", count=len(given)),
            file,
            message("A file of labels has the texts themselves, or a column “row” as “--next” gives it."),
        )
    if acts:
        journal.add(acts)
    return LabelsTaken(len(acts), num_empty, num_unknown, num_changed, tuple(new))


def export_labels(path: Path, file: Path) -> Path:
    """All labels as CSV, or as JSON Lines (.jsonl): row, text, label, and whether it is a check text; a row with the
    same text has the same label. Raises InputError where nothing is labelled, RunFailure where it cannot be written."""
    project = Labelling.open(path)
    labels = project.journal().labels
    found: list[dict[str, Any]] = [
        {"row": row, "text": text, "label": labels.given[own], "check": own in labels.checks}
        for own, row, text in sorted(_all_rows(project), key=lambda one: one[1])
        if own in labels.given
    ]
    if not found:
        raise InputError(message("No text is labelled yet."), str(path), message("Label some texts first."))
    if file.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        write_atomic(file, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found))
        return file
    text = io.StringIO(newline="")
    sheet = Sheet(text)
    sheet.write(["row", "text", "label", "check"])
    for one in found:
        sheet.write([one["row"], one["text"], as_given(one["label"]), int(one["check"])])
    write_atomic(file, text.getvalue().encode("utf-8-sig", "replace"))
    return file


def labelled_files(path: Path) -> tuple[Path, Path | None]:
    """(what a run learns from, what it is tested on): JSON Lines in the project, those of other labels in a folder of
    their own, so that a run that is resumed sees what it saw. The test is None where a label is not among the check
    texts' training labels, or there are none. Raises InputError for labels of one kind alone."""
    project = Labelling.open(path)
    labels = project.journal().labels
    learned, checked = labels.learned, labels.checked
    if len(set(learned.values())) < 2:
        raise InputError(
            message("All texts that can be learned from have one label."),
            project.name,
            message("Label some texts with another label first."),
        )
    known = {row: label for row, label in checked.items() if label in set(learned.values())}
    texts = dict(_texts(project))
    folder = (
        path / "for-runs" / f"{len(labels.given)}-{sum_of({str(row): one for row, one in labels.given.items()})[:8]}"
    )
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / _LEARN, _lines(learned, texts))
    if not known:
        return folder / _LEARN, None
    write_atomic(folder / _TEST, _lines(known, texts))
    return folder / _LEARN, folder / _TEST


def contradiction(path: Path, row: int, label: str) -> Contradiction | None:
    """The nearly equal text that was labelled otherwise, the most alike one; None where there is none."""
    project = Labelling.open(path)
    labels = project.journal().labels
    return nearly_equal(desk_of(project), labels.given, row, label)


def nearly_equal(desk: Desk, given: Mapping[int, str], row: int, label: str) -> Contradiction | None:
    """As `contradiction`, of a desk and the labels given."""
    others = {one: said for one, said in desk.known(given).items() if said != label and one != row}
    if not others:
        return None
    own = desk.counter.features[[desk.place(row)]]
    likeness = np.asarray((desk.counter.features[desk.places(others)] @ own.T).todense()).ravel()
    best = int(likeness.argmax())
    if likeness[best] < ALIKE:
        return None
    other = list(others)[best]
    return Contradiction(other, desk.texts[desk.place(other)], others[other], min(1.0, float(likeness[best])))


def _roles(table: Table) -> dict[str, str]:
    sample = role_sample(table)
    roles = guessed_roles(table, sample, wanted=(TEXT, LABEL))
    named = [name for name in table.columns if name.strip().lower() == LABEL.key]
    roles |= resolve_roles(table.columns, {LABEL.key: named[0]}, table.name, sample) if named else {}
    if LABEL.key not in roles:
        raise InputError(
            message("No column of labels was found."), table.name, message("Call the column of labels “label”.")
        )
    return {role: column for role, column in roles.items() if role == LABEL.key or column != roles[LABEL.key]}


def _row_of(number: str, text: str, by_text: Mapping[str, int], known: set[int], *, has_text: bool) -> int | None:
    """By the text where there is one: a row's number may be that of another file."""
    if has_text:
        return by_text.get(" ".join(text.split()))
    return int(number) if number.isdecimal() and int(number) in known else None


def _texts(project: Labelling) -> Iterator[tuple[int, str]]:
    return zip(project.rows.tolist(), project.texts["text"].to_pylist(), strict=True)


def _all_rows(project: Labelling) -> Iterator[tuple[int, int, str]]:
    """(the row that was asked about, a row with its text, the text)."""
    others = project.texts["others"].to_pylist()
    for (row, text), repeats in zip(_texts(project), others, strict=True):
        yield row, row, text
        yield from ((row, repeat, text) for repeat in repeats)


def _lines(labels: Mapping[int, str], texts: Mapping[int, str]) -> str:
    rows = ({"row": row, "text": texts[row], "label": label} for row, label in sorted(labels.items()) if row in texts)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
