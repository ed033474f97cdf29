"""JSON in the shapes that tools write it: the rows are found wherever they lie, and none is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.data import BuiltinTexts
from engine.data.sources.json_rows import json_items
from engine.data.sources.tables import read_table
from engine.errors import InputError

Write = Callable[..., str]
ROWS = [(f"a good, long text {number}", f"label {number % 2}") for number in range(30)]
TREES = [{"text": text, "label": label} for text, label in ROWS]
PAIRS = [list(row) for row in ROWS]
PRETTY = [json.dumps(tree, indent=2) for tree in TREES]

SHAPES = {
    "pretty objects": "\n".join(PRETTY),
    "pretty objects with commas": ",\n".join(PRETTY),
    "objects on one line": "".join(map(json.dumps, TREES)),
    "lines with commas behind": "".join(json.dumps(tree) + ",\n" for tree in TREES),
    "trailing commas within": json.dumps(TREES, indent=1).replace('"\n }', '",\n }').replace("}\n]", "},\n]"),
    "trailing commas in lines": "\n".join(json.dumps(tree).replace("}", ",}") for tree in TREES),
    "Python's own": "\n".join(map(str, TREES)),
    "glued lists": json.dumps(TREES[:10]) + json.dumps(TREES[10:]),
    "glued lists on lines": json.dumps(TREES[:10]) + "\n" + json.dumps(TREES[10:]) + "\n",
    "a list of pairs": json.dumps(PAIRS),
    "a list of pairs with names": json.dumps([["text", "label"], *PAIRS]),
    "pairs on lines": "\n".join(map(json.dumps, PAIRS)),
    "a marked file": "\ufeff" + json.dumps(TREES),
    "records apart": "".join(f"\x1e{json.dumps(tree)}\n" for tree in TREES),
    "nested": json.dumps({"status": "ok", "result": {"page": {"number": 1, "items": TREES}}}),
    "beside another list": json.dumps({"fields": [{"name": "text"}, {"name": "label"}], "data": TREES}),
    "the hub's viewer": json.dumps(
        {"features": [{"name": "text"}], "rows": [{"row_idx": n, "row": tree} for n, tree in enumerate(TREES)]}
    ),
    "pandas' split": json.dumps({"columns": ["text", "label"], "index": list(range(30)), "data": PAIRS}),
    "columns": json.dumps({"text": [row[0] for row in ROWS], "label": [row[1] for row in ROWS]}),
    "nested columns": json.dumps({"data": {"text": [row[0] for row in ROWS], "label": [row[1] for row in ROWS]}}),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(write: Write, shape: str, end: str) -> None:
    table = read_table(
        write("a.jsonl" if "line" in shape else "a.json", SHAPES[shape].replace("\n", end)), BuiltinTexts()
    )
    columns = [table.dataset[name][:] for name in table.columns if name not in ("row_idx",)]
    assert list(zip(*columns, strict=True)) == ROWS


def test_rows_under_their_ids(write: Write) -> None:
    table = read_table(write("a.json", json.dumps({f"x{n}": tree for n, tree in enumerate(TREES)})), BuiltinTexts())
    assert table.columns == ("id", "text", "label") and table.dataset[3]["id"] == "x3"
    assert list(zip(table.dataset["text"], table.dataset["label"], strict=True)) == ROWS


@pytest.mark.parametrize("shape", ["pairs", "objects", "pretty", "nested"])
def test_one_line_beyond_a_megabyte(write: Write, shape: str) -> None:
    rows = [[f"{'word ' * 300}{number}", number % 2] for number in range(900)]
    trees = [{"text": text, "label": label} for text, label in rows]
    content = {
        "pairs": json.dumps(rows),
        "objects": json.dumps(trees),
        "pretty": "\n".join(json.dumps(tree, indent=1) for tree in trees),
        "nested": json.dumps({"a": {"b": trees}}),
    }[shape]
    assert len(content) > 2**20
    table = read_table(write("a.json", content), BuiltinTexts())
    assert len(table.dataset) == 900 and table.dataset[899][table.columns[0]] == rows[-1][0]


def test_numbers_that_are_none(write: Write) -> None:
    lines = '{"text": "a", "label": NaN}\n{"text": "b", "label": Infinity}\n{"text": "c", "label": 1}\n'
    assert read_table(write("a.jsonl", lines), BuiltinTexts()).dataset["label"][:] == ["nan", "inf", "1"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[" * 3000 + "]" * 3000, "nested too deeply"),
        ('{"a":' * 3000 + "1" + "}" * 3000, "nested too deeply"),
        ('{"text":' + "[" * 3000 + "]" * 3000 + "}\n" + '{"text":1}\n', "nested too deeply"),
        (json.dumps(TREES)[:-30], "not valid JSON"),
        (json.dumps(TREES) + "} rubbish", "not valid JSON"),
        ('{"version": 1, "notes": {}}', "no list of rows"),
    ],
)
def test_what_is_no_json(write: Write, content: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_table(write("a.json", content), BuiltinTexts())


def test_one_dialogue_alone_is_one_row(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "Is it open?"}, {"role": "assistant", "content": "Yes."}]
    file = tmp_path / "dialogue.json"
    file.write_text(json.dumps({"id": 7, "messages": said}), encoding="utf-8")
    assert list(json_items(file, "utf-8")) == [{"id": 7, "messages": said}]
    chats = [{"from": "ann", "text": "Win a prize", "label": "spam"}, {"from": "bob", "text": "Hi", "label": "ham"}]
    file.write_text(json.dumps({"id": 7, "messages": chats}), encoding="utf-8")
    assert list(json_items(file, "utf-8")) == chats, "messages with more to them are rows of their own"
