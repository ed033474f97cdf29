"""predict.py decides as the studio does, and says so in words and in a table."""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import io
import json
import lzma
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.config.classifiers import Recurrent
from engine.config.losses import CrossEntropy
from engine.export.onnx import TEMPLATE, write_beside, write_onnx
from engine.metrics.decision_rules import ABSTAINED, decided, decided_several
from engine.records import Decision
from engine.runs.spreadsheets import Sheet, as_given, harmless
from tests.engine.export.leavers import TEXTS, leaver, small
from tests.engine.inspection.small_models import own

LABELS = ("bad", "good", "so so")


def script() -> Any:
    spec = importlib.util.spec_from_file_location("predict", TEMPLATE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PREDICT = script()


def model(kind: str, labels: tuple[str, ...], thresholds: dict[str, float]) -> Any:
    made = PREDICT.Model.__new__(PREDICT.Model)
    made.kind, made.labels, made.thresholds = kind, list(labels), thresholds
    return made


@settings(max_examples=200, deadline=None)
@given(
    scores=some.lists(some.floats(0.01, 1), min_size=2, max_size=3),
    thresholds=some.dictionaries(some.integers(0, 2), some.floats(0.05, 0.99), max_size=3),
)
def test_it_decides_as_the_studio(scores: list[float], thresholds: dict[int, float]) -> None:
    row, labels = np.array(scores) / sum(scores), LABELS[: len(scores)]
    named = {labels[place]: value for place, value in thresholds.items() if place < len(labels)}
    (place,) = decided(row[None], labels, Decision(thresholds=named))
    answer = model("one", labels, named)._answer(row)
    assert answer["label"] == (None if place == ABSTAINED else labels[place])
    assert answer["abstains"] == (place == ABSTAINED)
    (flags,) = decided_several(row[None], labels, Decision(thresholds=named))
    several = model("several", labels, named)._answer(row)["labels"]
    assert several == [label for label, said in zip(labels, flags, strict=True) if said]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("onnx")
    leaving = leaver(own(small(Recurrent), CrossEntropy(), LABELS), Decision(0.7, dict.fromkeys(LABELS, 0.9)))
    write_onnx(leaving, made / "model.onnx")
    write_beside(leaving, made)
    return made


def run(folder: Path, *words: str) -> str:
    """In a process that sees nothing but what is installed."""
    command = [sys.executable, "-I", "-W", "error", str(folder / "predict.py"), *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder.parent, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_texts_on_the_command_line(folder: Path) -> None:
    answers = [json.loads(line) for line in run(folder, *TEXTS[:3], "--json").splitlines()]
    assert [one["text"] for one in answers] == TEXTS[:3]
    assert all(one["abstains"] and one["label"] is None and one["likeliest"] in LABELS for one in answers)
    assert all(sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-5) for one in answers)


def test_a_table(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('text,answer\n"The film, ""good"" .",mine\nbad .,yours\n', encoding="utf-8-sig")
    run(folder, "--csv", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv"))
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "text,answer,answer of the model,probability,abstains", "a column of the person's is kept"
    assert lines[1].startswith('"The film, ""good"" .",mine,,0.') and lines[1].endswith(",yes")


TABLE = [("id", "text", "delta"), ("1", "café, 5 €", "-3.5"), ("2", 'say "so"\nto me', "=1+1"), ("3", " ", "x;y")]


def as_csv(delimiter: str = ",", end: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(TABLE)
    return file.getvalue()


FILES: dict[str, bytes] = {
    "utf-8": as_csv().encode(),
    "mark": as_csv().encode("utf-8-sig"),
    "cp1252": as_csv().encode("cp1252"),
    "utf-16": as_csv(end="\n").encode("utf-16"),
    "utf-16 without a mark": as_csv().encode("utf-16-be"),
    "utf-32": as_csv().encode("utf-32"),
    "semicolons": as_csv(";").encode("cp1252"),
    "tabs": as_csv("\t").encode("utf-16"),
    "bars": as_csv("|").encode(),
    "named sign": b"sep=;\r\n" + as_csv(";").encode(),
    "preamble": b"Report\r\n\r\n" + as_csv().encode(),
    "gzip": gzip.compress(as_csv().encode()),
    "xz": lzma.compress(as_csv().encode()),
    "JSON Lines": "".join(json.dumps(dict(zip(TABLE[0], row, strict=True))) + "\n" for row in TABLE[1:]).encode(),
    "JSON": json.dumps({"data": [dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]]}).encode(),
    "JSON columns": json.dumps({name: [row[at] for row in TABLE[1:]] for at, name in enumerate(TABLE[0])}).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_it_reads_what_the_studio_reads(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(FILES[name])
    table = PREDICT.read_table(tmp_path / "in", "text")
    assert table.columns == list(TABLE[0]) and [tuple(row) for row in table.rows] == TABLE[1:]
    assert any("cp1252" in note for note in table.notes) == (name in ("cp1252", "semicolons")), "a guess is told"


OLD = {
    "gb18030": "这部电影太差了，一点也不好看",
    "big5": "這部電影真的很好看，我很喜歡",
    "shift_jis": "この映画はとても面白かったです",
    "euc_jp": "この映画はとても面白かったです",
    "euc_kr": "이 영화는 정말 재미있었습니다",
    "cp1251": "Этот фильм очень хороший",
    "koi8_r": "Этот фильм очень хороший",
    "cp1253": "Αυτή η ταινία είναι πολύ καλή",
    "cp1250": "Ta kobieta była bardzo miła i mówiła głośno",
}


@pytest.mark.parametrize("encoding", OLD)
def test_old_encodings(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(f"text,n\n{OLD[encoding]},1\n".encode(encoding))
    table = PREDICT.read_table(tmp_path / "in", "text")
    assert table.rows == [[OLD[encoding], "1"]] and encoding in table.notes[0]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (
            b'id,text\n1,"so good, they said\n2,5" tube\n3,a\n',
            [["1", '"so good, they said'], ["2", '5" tube'], ["3", "a"]],
        ),
        (b'id,text\n1,"never closed\n2,b\n', [["1", '"never closed'], ["2", "b"]]),
        (b'id,text\n1,"a \\"b, c\\" d"\n2,"e \\\\"\n', [["1", 'a "b, c" d'], ["2", "e \\"]]),
        (b'id,text\n1,"a" b\n2,"c"\n', [["1", '"a" b'], ["2", "c"]]),
        (b"id,text\n1,a,b\n2\n\n3,c\n", [["1", "a,b"], ["2", ""], ["", ""], ["3", "c"]]),
        (b"id,text\r1,a\r2,b\r", [["1", "a"], ["2", "b"]]),
        (b"text\na, b\nc\n", [["a, b"], ["c"]]),
        (b"text,text,,x\na,b,c,d\n", [["a", "b", "c", "d"]]),
    ],
)
def test_odd_tables(content: bytes, rows: list[list[str]], tmp_path: Path) -> None:
    """One bad mark never changes the reading of other rows; every row keeps its place."""
    (tmp_path / "in.csv").write_bytes(content)
    table = PREDICT.read_table(tmp_path / "in.csv", "text")
    assert table.rows == rows and len(set(table.columns)) == len(table.columns) == len(rows[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PAR1x", "Parquet"),
        (b"PK\x03\x04xx", "damaged"),
        (gzip.compress(b"text\na\n" * 99, mtime=0)[:-9], "damaged"),
        (bytes(range(256)) * 20, "no text"),
        (b'["a"]', "no rows"),
        (b"[" * 9**5, "too deeply"),
        (b"a;b\n1;2\n", "There is no column “text” in"),
        (b"text\n" + bytes(range(128, 256)), "its encoding cannot be told"),
    ],
)
def test_what_it_cannot_read_is_said(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(content)
    with pytest.raises(PREDICT.Fault, match=said):
        PREDICT.write_csv(None, arguments(tmp_path, "in"))
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def arguments(folder: Path, source: str, out: str = "out.csv") -> argparse.Namespace:
    words = {"column": "text", "encoding": "auto", "delimiter": "auto", "no_header": False, "all": True, "batch": 8}
    return argparse.Namespace(csv=str(folder / source), out=str(folder / out), **words)


def test_answers_keep_the_columns(tmp_path: Path) -> None:
    made = model("one", LABELS[:2], {})
    made.answers = lambda texts, _batch: [made._answer(np.array([0.25, 0.75])) for _ in texts]
    (tmp_path / "in.csv").write_bytes(FILES["semicolons"])
    notes = PREDICT.write_csv(made, arguments(tmp_path, "in.csv"))
    assert "without a text" in notes[-1]
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"), newline="")))
    assert rows[0] == ["id", "text", "delta", "answer", "probability", "abstains", "p(bad)", "p(good)"]
    assert rows[1] == ["1", "café, 5 €", "-3.5", "good", "0.75", "no", "0.25", "0.75"]
    assert rows[2][:4] == ["2", 'say "so"\r\nto me'.replace("\r", ""), "'=1+1", "good"]
    assert rows[3] == ["3", " ", "x;y", "", "", "", "", ""]
    for words in (arguments(tmp_path, "in.csv", "in.csv"), arguments(tmp_path, "in.csv", "no/out.csv")):
        with pytest.raises(PREDICT.Fault):
            PREDICT.write_csv(made, words)
    assert (tmp_path / "in.csv").read_bytes() == FILES["semicolons"]


def test_spreadsheets_and_terminals_are_safe() -> None:
    """As the studio has it, word by word."""
    cells = ["=1", "+1", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "a", "", "'", "-1-1", "-3,5", "١"]
    assert [PREDICT.harmless(cell) for cell in cells] == [harmless(cell) for cell in cells]
    file = io.StringIO()
    Sheet(file).write_all([as_given(cell), "a"] for cell in cells)
    told = "".join(PREDICT.as_line([PREDICT.harmless(cell, is_text=False), "a"]) for cell in cells)
    assert list(csv.reader(io.StringIO(told, newline=""))) == list(csv.reader(io.StringIO(file.getvalue(), newline="")))
    evil = "a\x1b[31m\x9b2J\u202eb"
    assert PREDICT.in_words({"labels": [evil], "probabilities": {evil: 1}}).isprintable()
    assert (
        json.loads(PREDICT.in_json({"text": evil})) == {"text": evil} and PREDICT.in_json({"text": evil}).isprintable()
    )


def test_in_words() -> None:
    assert PREDICT.in_words(model("one", LABELS[:2], {})._answer(np.array([0.1, 0.9]))) == "good 90.0 %"
    left = model("one", LABELS[:2], {"good": 0.95})._answer(np.array([0.1, 0.9]))
    assert PREDICT.in_words(left) == "left to a person (likeliest: good, 90.0 %)"
    assert PREDICT.in_words({"number": 2.5}) == "2.5"
    assert PREDICT.in_words({"labels": [], "probabilities": {}}) == "none of the labels"
