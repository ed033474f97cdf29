"""Files that are none, that are damaged, or that change: words or rows, never a traceback, and never the wrong rows."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.config.data import BuiltinTexts
from engine.data.sources.tables import Table, preview, read_table
from engine.errors import InputError

Write = Callable[..., str]
CSV = "text,label\n" + "".join(f"a text with the number {number},{'ab'[number % 2]}\n" for number in range(40))
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files here")


def table_of(path: str | Path) -> Table:
    return read_table(str(path), BuiltinTexts())


@POSIX
def test_pipes_sockets_devices_and_loops_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name, said in (("pipe.csv", "pipe"), ("zero.csv", "device"), ("loop.csv", "no such file|cannot be read")):
        with pytest.raises(InputError, match=said):
            table_of(tmp_path / name)
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/s")
        with pytest.raises(InputError, match="socket"):
            table_of(f"{short}/s")


def test_paths_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        table_of("a\0b.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="no data that can be read"):
        table_of(tmp_path / "folder.csv")


@POSIX
def test_a_file_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    try:
        Path(os.fsdecode(path)).write_text(CSV, encoding="utf-8")
    except OSError:
        pytest.skip("this disk takes no such names")
    table = table_of(os.fsdecode(path))
    assert len(table.dataset) == 40 and table.name.encode("utf-8")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\r\n", b"\n \t\n"])
def test_marks_alone_are_an_empty_file(write: Write, content: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        table_of(write("a.csv", content))


@pytest.mark.parametrize("content", [b'"', b'""', b"\xff" * 1000, b"," * 200_000, b"text,label\n"])
def test_next_to_nothing_is_said_in_words(write: Write, content: bytes) -> None:
    with pytest.raises(InputError) as raised:
        preview(write("a.csv", content), BuiltinTexts())
    assert raised.value.to_json()["mend"]


def test_a_line_of_very_many_commas_among_others(write: Write) -> None:
    table = table_of(write("a.csv", CSV + "," * 300_000 + "\n" + "last one,a\n"))
    assert len(table.dataset) == 41 and table.blank.rows == [41]


def test_a_zero_byte_in_a_text(write: Write) -> None:
    table = table_of(write("a.csv", CSV.replace("number 7", "number\0 7").encode()))
    assert len(table.dataset) == 40 and table.dataset[7]["text"] == "a text with the number\0 7"


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_what_systems_lay_beside_a_table_in_an_archive(write: Write) -> None:
    litter = {"__MACOSX/._a.csv": "x", ".DS_Store": "x", "data/.hidden": "x", "README.md": "x", "Thumbs.db": "x"}
    assert len(table_of(write("a.zip", zipped(**litter, **{"data/a.csv": CSV}))).dataset) == 40
    assert len(table_of(write("b.zip", zipped(notes="x", run="x", **{"a.tsv": CSV}))).dataset) == 40
    with pytest.raises(InputError, match=r"one\.csv, two\.csv"):
        table_of(write("c.zip", zipped(**{"one.csv": CSV, "two.csv": CSV})))
    with pytest.raises(InputError, match="0 files"):
        table_of(write("d.zip", zipped()))


def test_a_locked_archive(write: Write) -> None:
    packed = bytearray(zipped(**{"a.csv": CSV}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="password"):
        table_of(write("a.zip", bytes(packed)))


def test_parquet_that_python_cannot_hold(tmp_path: Path) -> None:
    raw = pa.array([b"caf\xe9 one", b"two"], pa.binary())
    texts = pa.StringArray.from_buffers(2, raw.buffers()[1], raw.buffers()[2])
    far = pa.array([2**40, 0], pa.timestamp("s"))
    pq.write_table(pa.table({"text": texts, "label": ["a", "b"], "when": far}), tmp_path / "a.parquet")
    table = table_of(tmp_path / "a.parquet")
    assert table.dataset["text"][:] == ["caf\ufffd one", "two"]
    assert table.dataset["when"][1].startswith("1970-01-01")


def test_halves_of_pairs_in_json(write: Write) -> None:
    lines = "".join(json.dumps({"text": f"hi \ud83d {n}", "\ud83d": "x"}) + "\n" for n in range(3))
    table = table_of(write("a.jsonl", lines.encode()))
    assert len(table.dataset) == 3 and len(table.columns) == 2


def test_other_content_of_the_same_size_and_time(write: Write) -> None:
    path = Path(write("a.csv", CSV))
    table_of(path)
    before = path.stat()
    path.write_text(CSV.replace("number 7", "number X"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert table_of(path).dataset[7]["text"].endswith("X")


@pytest.mark.parametrize("damage", ["flip", "cut", "facts", "gone", "empty"])
def test_a_damaged_table_is_read_anew(write: Write, own_cache: Path, damage: str) -> None:
    path = write("a.csv", CSV)
    right = table_of(path).dataset["text"][:]
    table = next((own_cache / "tables").glob("*/table.arrow"))
    facts = table.with_name("facts.json")
    content = table.read_bytes()
    match damage:
        case "flip":
            place = content.index(b"number 7")
            table.write_bytes(content[:place] + b"NUMBER 9" + content[place + 8 :])
        case "cut":
            table.write_bytes(content[: len(content) // 2])
        case "facts":
            facts.write_text(facts.read_text().replace('"label"', '"lapel"'))
        case "gone":
            table.unlink()
        case "empty":
            facts.write_text("")
    again = table_of(path)
    assert again.dataset["text"][:] == right and again.columns == ("text", "label")
