"""Exports of annotation tools: text and labels are found, and what nobody accepted is not learned."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.data.sources.tables import Table, preview, read_tables
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from tests.engine.data.conftest import Write

NUM_ROWS = 24


def text(n: int) -> str:
    return f"some text, number {n} of these"


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def made(row: Any) -> list[Any]:
    return [row(n) for n in range(NUM_ROWS)]


def task(n: int, *choices: str, **more: Any) -> dict[str, Any]:
    """One of Label Studio's."""
    result = [{"from_name": "mood", "to_name": "review", "type": "choices", "value": {"choices": list(choices)}}]
    return {"id": n, "data": {"review": text(n), "url": "x" * 99}, "annotations": [{"result": result, **more}]}


def option(n: int, *accept: str, answer: str = "accept") -> dict[str, Any]:
    """One of Prodigy's choices."""
    options = [{"id": "A", "text": "a"}, {"id": "B", "text": "b"}]
    return {"text": text(n), "options": options, "accept": list(accept), "answer": answer, "_input_hash": n}


ODD = ("even", "odd")


def minimal(n: int) -> dict[str, Any]:
    """One of Label Studio's rows an annotation."""
    return {"text": text(n), "id": n, "mood": ODD[n % 2], "annotator": n % 3, "annotation_id": n, "lead_time": 1.5}


def old_record(n: int) -> dict[str, Any]:
    """One of Argilla 1.x."""
    told = {"prediction": None, "annotation": ODD[n % 2], "annotation_agent": "me", "status": "Validated"}
    return {"text": text(n), "inputs": {"text": text(n)}, **told}


def record(n: int) -> dict[str, Any]:
    """One of Argilla 2.x."""
    responses = {"mood": [{"value": ODD[n % 2], "status": "submitted"}]}
    return {"id": n, "fields": {"review": text(n)}, "responses": responses, "status": "completed"}


def flat_record(n: int) -> dict[str, Any]:
    """One of Argilla 2.x as a table."""
    told = {"mood.responses": [ODD[n % 2]], "mood.responses.status": ["submitted"], "mood.suggestion": "odd"}
    return {"status": "completed", "text": text(n), **told}


EACH = NUM_ROWS // 2
ONE = {"even": EACH, "odd": EACH}

FILES: dict[str, tuple[str, dict[str, int]]] = {
    "cats.jsonl": (lines(*made(lambda n: {"text": text(n), "cats": {"even": 1.0 - n % 2, "odd": float(n % 2)}})), ONE),
    "single.jsonl": (
        lines(*made(lambda n: {"text": text(n), "cats": {"odd": n % 2 == 1}})),
        {"odd": EACH, "not odd": EACH},
    ),
    "pairs.json": (json.dumps(made(lambda n: [text(n), {"cats": {"even": 1 - n % 2, "odd": n % 2}}])), ONE),
    "cats.csv": (
        "text,cats\n"
        + "".join(f"\"{text(n)}\",\"{{'even': {1 - n % 2}.0, 'odd': {n % 2}.0}}\"\n" for n in range(NUM_ROWS)),
        ONE,
    ),
    "choice.jsonl": (lines(*made(lambda n: option(n, "AB"[n % 2]))), {"A": EACH, "B": EACH}),
    "studio.json": (json.dumps(made(lambda n: task(n, ODD[n % 2]))), ONE),
    "studio-min.json": (
        json.dumps(made(minimal)),
        ONE,
    ),
    "studio.csv": (
        "text,id,mood,annotator,annotation_id,created_at,updated_at,lead_time\n"
        + "".join(f'"{text(n)}",{n},{ODD[n % 2]},{n % 3},{n},2020-01-01,2020-01-01,{n / 3}\n' for n in range(NUM_ROWS)),
        ONE,
    ),
    "lines.txt": ("".join(f"__label__{ODD[n % 2]} {text(n)}\n" for n in range(NUM_ROWS)), ONE),
    "lines-end.txt": ("".join(f"{text(n)} __label__{ODD[n % 2]}\n" for n in range(NUM_ROWS)), ONE),
    "tabs.tsv": ("".join(f"__label__{ODD[n % 2]}\t{text(n)}\n" for n in range(NUM_ROWS)), ONE),
    "prefixed.csv": ("label,text\n" + "".join(f'__label__{ODD[n % 2]},"{text(n)}"\n' for n in range(NUM_ROWS)), ONE),
    "doccano.jsonl": (lines(*made(lambda n: {"id": n, "text": text(n), "label": [ODD[n % 2]], "Comments": []})), ONE),
    "doccano-ids.jsonl": (
        lines(*made(lambda n: {"text": text(n), "annotations": [{"label": n % 2 + 1}], "annotation_approver": None})),
        {"1": EACH, "2": EACH},
    ),
    "argilla.jsonl": (
        lines(*made(old_record)),
        ONE,
    ),
    "argilla2.json": (
        json.dumps(made(record)),
        ONE,
    ),
    "argilla-flat.jsonl": (
        lines(*made(flat_record)),
        ONE,
    ),
}


def table_of(write: Write, name: str, content: str) -> Table:
    return read_tables(write(name, content), BuiltinTexts())["train"]


@pytest.mark.parametrize("name", FILES)
def test_text_and_label_are_found(write: Write, name: str) -> None:
    content, counts = FILES[name]
    table = table_of(write, name, content)
    assert Counter(table.dataset[table.hints["label"]]) == counts
    texts = table.dataset[table.hints["text"]][:]
    assert texts == [text(n) for n in range(NUM_ROWS)]
    assert table.dataset["row"][:] == list(range(1, NUM_ROWS + 1))
    assert table.facts["tool"]
    seen = preview(str(write(name, content)), BuiltinTexts())
    assert (seen.roles, seen.kind) == (table.hints, "one")


SEVERAL: dict[str, str] = {
    "cats.jsonl": lines(*made(lambda n: {"text": text(n), "cats": {"A": n % 2 == 0, "B": n % 3 == 0}})),
    "choice.jsonl": lines(*made(lambda n: option(n, *(["A"] if n % 2 == 0 else []), *(["B"] if n % 3 == 0 else [])))),
    "studio.json": json.dumps(made(lambda n: task(n, *("A" if n % 2 == 0 else "C", *(["B"] if n % 3 == 0 else []))))),
    "lines.txt": "".join(
        f"__label__{'A' if n % 2 == 0 else 'C'} {'__label__B ' if n % 3 == 0 else ''}{text(n)}\n"
        for n in range(NUM_ROWS)
    ),
    "doccano.csv": "id,text,label,Comments\n"
    + "".join(f'{n},"{text(n)}",{"A" if n % 2 == 0 else "C"}{"#B" if n % 3 == 0 else ""},\n' for n in range(NUM_ROWS)),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_a_row_may_have_several(write: Write, name: str) -> None:
    path = write(name, SEVERAL[name])
    assert preview(path, BuiltinTexts()).kind == "several"
    splits = load_splits(DataConfig(train=path), Classification(multi_label=True), 0)
    counts = Counter(label for split in splits.splits.values() for row in split["label"] for label in row)
    assert (counts["A"], counts["B"]) == (NUM_ROWS // 2, NUM_ROWS // 3)


ANSWERS = ("accept", "reject", "ignore")


def test_rejected_and_ignored_answers_are_not_learned(write: Write) -> None:
    rows = [{"text": text(n), "label": "ABC"[n // 3 % 3], "answer": ANSWERS[n % 3]} for n in range(60)]
    path = write("a.jsonl", lines(*rows))
    report = diagnose(DataConfig(train=path), Classification(), 0)
    assert sum(report.labels.values()) == 20 and set(report.labels) == {"A", "B", "C"}
    (told,) = [one for one in report.findings if one.kind == "tool_answers"]
    assert told.count == 40 and "20 were rejected, 20 ignored" in told.detail.english()


def test_of_a_single_label_a_rejected_row_is_one_without_it(write: Write) -> None:
    rows = [{"text": text(n), "label": "SPAM", "answer": ANSWERS[n % 3]} for n in range(60)]
    assert diagnose(DataConfig(train=write("a.jsonl", lines(*rows))), Classification(), 0).labels == {
        "SPAM": 20,
        "not SPAM": 20,
    }


def test_what_was_skipped_is_none_of_several_either(write: Write) -> None:
    rows = [
        option(n, *(["A", "B"] if n % 2 else ["A"]), answer="reject" if n % 4 == 0 else "accept") for n in range(40)
    ]
    path = write("a.jsonl", lines(*rows))
    splits = load_splits(DataConfig(train=path), Classification(multi_label=True), 0)
    assert sum(map(len, splits.splits.values())) == 30
    kinds = {one.kind for one in diagnose(DataConfig(train=path), Classification(multi_label=True), 0).findings}
    assert "tool_answers" in kinds and "blank_rows" not in kinds


def test_of_several_people_most_decide(write: Write) -> None:
    rows = []
    for n in range(20):
        right, wrong = task(n, ODD[n % 2])["annotations"], task(n, ODD[1 - n % 2])["annotations"]
        skipped = task(n, "odd", was_cancelled=True)["annotations"]
        rows.append({**task(n), "annotations": [*wrong, *right, *skipped, *right]})
    table = table_of(write, "a.json", json.dumps(rows))
    assert table.dataset["label"][:] == [ODD[n % 2] for n in range(20)]


PIECES = [{"value": {"start": 0, "end": 4, "labels": ["X"]}}]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", "-DOCSTART- -X- O\n\n" + "Rome NNP B-LOC\nis VBZ O\n. . O\n\n" * 9, ("Rome B-LOC", "single words")),
        ("a.tsv", "Rome\tB-LOC\nis\tO\n.\tO\n\n" * 9, ("single words",)),
        (
            "a.jsonl",
            lines(*made(lambda n: {"id": n, "text": text(n), "label": [[0, 4, "LOC"]]})),
            ("“label” marks pieces", "data.columns.label", "2 “text”"),
        ),
        (
            "spans.jsonl",
            lines(*made(lambda n: {"text": text(n), "spans": [{"start": 0, "end": 4, "label": "X"}], "answer": "x"})),
            ("“spans” marks pieces", "{start, end, label}"),
        ),
        (
            "studio.json",
            json.dumps(made(lambda n: {"data": {"text": text(n)}, "annotations": [{"result": PIECES}]})),
            ("“annotations” marks pieces", "{result}"),
        ),
    ],
)
def test_marked_pieces_are_refused_in_words(write: Write, name: str, content: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as raised:
        load_splits(DataConfig(train=write(name, content)), Classification(), 0)
    assert all(word in str(raised.value) for word in words), str(raised.value)


@pytest.mark.parametrize(
    "row",
    [
        lambda n: {"text": text(n), "label": ODD[n % 2], "meta": {"score": 0.9}},
        lambda n: {"text": text(n), "label": ODD[n % 2], "status": "open", "annotation": "x"},
        lambda n: {"text": text(n), "answer": ODD[n % 2]},
    ],
)
def test_other_files_stay_as_they_are(write: Write, row: Any) -> None:
    table = table_of(write, "a.jsonl", lines(*made(row)))
    assert "tool" not in table.facts and not table.hints
    assert set(table.columns) == set(row(0))
