"""Odd tables are read or refused in words; nothing that they hold makes the doctor stumble."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.config.data import DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose, first_look
from engine.data.sources.tables import preview
from engine.errors import InputError
from engine.records import DataReport
from engine.targets import target_of
from tests.engine.data.conftest import Write

KINDS = ("one", "several", "number")
_PIECES = ["a", "b", "nan", "None", "-", "[]", "['a']", "['a' 'b']", "{a,b}", "[0 1]", "{'a': 1.0}", "[[0, 1, 'X']]"]
_PIECES += ["0", "1.0", "1e999", "true", "__label__a b", "\u200b", "\ud800", "\x00", "x" * 300, "{", "[1, ...]", "a;b"]
CELL: st.SearchStrategy[Any] = st.sampled_from(_PIECES) | st.text(max_size=8) | st.none() | st.integers() | st.floats()
CELL |= st.dictionaries(st.sampled_from(["cats", "a", "start", "end", "label"]), st.integers(0, 1), max_size=2)
CELL |= st.lists(st.sampled_from(["a", "b", 1, None]), max_size=3)
NAMES = st.sampled_from(
    ["text", "label", "labels", "answer", "accept", "cats", "annotations", "data", "", "Text", "row"]
)
TABLES = st.dictionaries(NAMES, CELL, max_size=3)


def looked_over(path: Path, kind: str) -> DataReport:
    """What the doctor or its refusal says, put into words."""
    data, task = DataConfig(train=str(path)), Classification().with_target(target_of(kind))
    try:
        report = diagnose(data, task, 0)
    except InputError as error:
        assert error.what.english() and error.mend.english()
        report = first_look(data, task, error)
    for finding in report.findings:
        json.dumps(finding.to_json())
        assert finding.title.english() and finding.detail.english() is not None
    return report


@given(rows=st.lists(TABLES, max_size=12), repeat=st.integers(1, 6), kind=st.sampled_from(KINDS))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json(tmp_path: Path, rows: list[dict[str, Any]], repeat: int, kind: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows * repeat), encoding="utf-8")
    looked_over(path, kind)


@pytest.mark.slow
@given(rows=st.lists(TABLES, max_size=20), repeat=st.integers(1, 9), kind=st.sampled_from(KINDS))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_much_of_any_json(tmp_path: Path, rows: list[dict[str, Any]], repeat: int, kind: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows * repeat), encoding="utf-8")
    looked_over(path, kind)


@pytest.mark.slow
@given(content=st.text(alphabet="ab,;\t|\"'[]{}01 \n\r\u200b\x00é", max_size=200), kind=st.sampled_from(KINDS))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table(tmp_path: Path, content: str, kind: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + content, encoding="utf-8", newline="")
    looked_over(path, kind)


def table(label: Any, count: int = 40) -> str:
    return "".join(json.dumps({"text": f"text {n}", "label": label(n)}) + "\n" for n in range(count))


ODD = {
    "one column": "text\n" + "only texts\n" * 9,
    "a header alone": "text,label\n",
    "a blank table": "text,label\n,\n,\n",
    "all equal": table(lambda n: "a"),
    "numbers alone": "a,b\n" + "".join(f"{n},{n}\n" for n in range(40)),
    "many labels": table(lambda n: f"label {n}", 2500),
    "long names": table(lambda n: "ab"[n % 2] * 10_000),
    "controls": table(lambda n: "\x1b[31m\x00\x07" + "ab"[n % 2]),
    "half pairs": table(lambda n: "\ud800" + "ab"[n % 2]),
    "deep": table(lambda n: [[[[["ab"[n % 2]]]]]]),
    "nothing but missing": table(lambda n: "nan"),
    "empty lists": table(lambda n: []),
    "empty objects": table(lambda n: {}),
    "nulls": table(lambda n: None),
    "a list cut by numpy": table(lambda n: "[0 1 ... 1 0]"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ODD)
def test_odd_tables(write: Write, name: str, kind: str) -> None:
    path = Path(write("a.jsonl" if ODD[name].startswith("{") else "a.csv", ODD[name]))
    report = looked_over(path, kind)
    assert report.columns or report.findings


def test_what_is_known_is_said_of_refused_data(write: Write) -> None:
    data = DataConfig(train=write("a.csv", ODD["one column"]))
    with pytest.raises(InputError) as raised:
        diagnose(data, Classification(), 0)
    report = first_look(data, Classification(), raised.value)
    assert (report.columns, report.roles, report.rows_read) == (("text",), {"text": "text"}, 9)
    assert report.target == "" and [one.severity for one in report.findings] == ["error"]


def test_a_preview_of_odd_tables(write: Write) -> None:
    for name, content in ODD.items():
        path = write("a.jsonl" if content.startswith("{") else "a.csv", content)
        try:
            assert preview(path, DataConfig().builtin).columns, name
        except InputError as error:
            assert error.mend.english()
