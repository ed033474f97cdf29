"""Questions about passages: SQuAD's JSON of both versions, a passage a line, tables with offsets, nested answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.roles import ANSWER, CONTEXT, QUESTION
from engine.config.run import from_tree
from engine.data.columns.answer_cells import Answer, answers_of, located
from engine.data.sources.source_splits import source_splits
from engine.data.sources.tables import preview
from engine.data.splitting.splits import load_splits

WANTED = (QUESTION, CONTEXT, ANSWER)
PASSAGE = "It opens at nine and closes at six."


def read(path: Path) -> tuple[dict[str, str], list[tuple[str, str, tuple[Answer, ...]]]]:
    found = source_splits(DataConfig(train=str(path)), 0, WANTED)["train"]
    columns = [found.table.dataset[found.roles[role.key]] for role in WANTED]
    rows = [(question, context, answers_of(cell)) for question, context, cell in zip(*columns, strict=True)]
    return found.roles, rows


def squad(*questions: dict[str, object]) -> str:
    return json.dumps(
        {"version": "v2.0", "data": [{"title": "T", "paragraphs": [{"context": PASSAGE, "qas": questions}]}]}
    )


def test_squad_of_both_versions(tmp_path: Path) -> None:
    file = tmp_path / "squad.json"
    file.write_text(
        squad(
            {"id": "1", "question": "When does it open?", "answers": [{"text": "nine", "answer_start": 12}]},
            {"id": "2", "question": "Who?", "answers": [], "is_impossible": True,
             "plausible_answers": [{"text": "six", "answer_start": 31}]},
        ),
        encoding="utf-8",
    )  # fmt: skip
    roles, rows = read(file)
    assert roles == {"question": "question", "context": "context", "answer": "answer"}
    assert rows == [("When does it open?", PASSAGE, (Answer("nine", 12),)), ("Who?", PASSAGE, ())]


NINE = {"id": "1", "question": "When does it open?", "answers": [{"text": "nine", "answer_start": 12}]}
PARAGRAPH = {"context": PASSAGE, "qas": [NINE]}


@pytest.mark.parametrize(
    "tree",
    [
        PARAGRAPH,
        {"title": "T", "paragraphs": [PARAGRAPH]},
        {"version": "1.1", "data": {"title": "T", "paragraphs": [PARAGRAPH]}},
        {"data": [{"paragraphs": [PARAGRAPH]}]},
        {"context": PASSAGE, "question": NINE["question"], "answers": {"text": ["nine"], "answer_start": [12]}},
        {"context": PASSAGE, "question": NINE["question"], "answers": NINE["answers"]},
    ],
    ids=["paragraph", "article", "article in a wrapper", "list of one", "row", "row with answers as objects"],
)
def test_one_object_alone_keeps_its_passage(tmp_path: Path, tree: dict[str, object]) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(tree), encoding="utf-8")
    assert read(file)[1] == [("When does it open?", PASSAGE, (Answer("nine", 12),))]


def test_a_passage_a_line_with_its_questions(tmp_path: Path) -> None:
    file = tmp_path / "mrqa.jsonl"
    lines = [
        {"context": PASSAGE, "qas": [{"qid": "a", "question": "When?", "answers": ["nine"],
                                      "detected_answers": [{"text": "nine", "char_spans": [[12, 15]]}]},
                                     {"qid": "b", "question": "Closes?", "answers": ["six"]}]},
        {"context": "It is red.", "qas": [{"qid": "c", "question": "Colour?", "answers": ["red"]}]},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert [row[2] for row in read(file)[1]] == [(Answer("nine", 12),), (Answer("six"),), (Answer("red"),)]


def test_nested_answers_of_hugging_face(tmp_path: Path) -> None:
    file = tmp_path / "hf.jsonl"
    rows = [
        {"id": str(number), "title": "t", "context": PASSAGE, "question": f"When {number}?",
         "answers": {"text": ["nine", "at nine"], "answer_start": [12, 9]}}
        for number in range(12)
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    roles, found = read(file)
    assert roles == {"question": "question", "context": "context", "answer": "answers"}
    assert found[0][2] == (Answer("nine", 12), Answer("at nine", 9))


@pytest.mark.parametrize("offset", [True, False])
def test_tables_with_and_without_offsets(tmp_path: Path, offset: bool) -> None:
    file = tmp_path / "table.csv"
    head = "number,passage,question,answer" + (",answer_start" if offset else "")
    lines = [f'{number},"{PASSAGE}",When {number}?,nine' + (",12" if offset else "") for number in range(12)]
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    roles, rows = read(file)
    assert roles == {"question": "question", "context": "passage", "answer": "answer"}
    assert rows[3] == ("When 3?", PASSAGE, (Answer("nine", 12 if offset else None),))


def test_json_that_is_no_squad_stays_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps([{"paragraphs": "two of them", "text": f"a text {n}", "label": "x"} for n in range(9)]))
    assert preview(str(file), BuiltinTexts()).columns == ("paragraphs", "text", "label")


def test_questions_about_one_passage_stay_together() -> None:
    data = {"train": "builtin", "builtin": {"topic": "manuals", "num_rows": 400}}
    config = from_tree({"data": data, "task": {"name": "question-answering"}, "model": {"name": "bidaf"}})
    splits = load_splits(config.data, config.task, 0).splits
    passages = [set(split["context"]) for split in splits.values()]
    assert [len(one) > 5 for one in passages] == [True, True, True]
    assert not passages[0] & passages[1] and not passages[0] & passages[2] and not passages[1] & passages[2]


def test_real_squad_has_every_answer_where_it_says(shared_data: Path) -> None:
    with (shared_data / "squad" / "dev-v1.1.json").open(encoding="utf-8") as file:
        tree = json.load(file)
    count = sum(len(one["qas"]) for article in tree["data"] for one in article["paragraphs"])
    table = source_splits(DataConfig(train=str(shared_data / "squad" / "dev-v1.1.json")), 0, WANTED)["train"].table
    assert len(table.dataset) == count == 10_570
    rows = table.dataset.select(range(0, count, 97))
    for context, cell in zip(rows["context"], rows["answer"], strict=True):
        found = located(context, answers_of(cell))
        assert found.answers and not found.is_misplaced and not found.num_missing
