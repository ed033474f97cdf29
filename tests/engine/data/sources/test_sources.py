"""Sources: whatever lies in a file is read, under any name, and nothing is lost in silence."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.config.data import BuiltinTexts
from engine.data.sources.tables import Table, cache, preview, read_table, read_tables
from engine.errors import InputError, RunFailure

Write = Callable[..., str]
ROWS = [("The bed was good, really", "pos"), ("Not a nice room", "neg"), ("Fine", "pos"), ("Bad food", "neg")]
CSV = "text,label\n" + "".join(f'"{text}",{label}\n' for text, label in ROWS)


def table_of(source: str | tuple[str, ...]) -> Table:
    return read_table(source, BuiltinTexts())


def cells(source: str | tuple[str, ...]) -> list[tuple[str, ...]]:
    table = table_of(source)
    return list(zip(*(table.dataset[column] for column in table.columns), strict=True))


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "reviews", "reviews.file"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_under_any_name(write: Write, name: str, delimiter: str) -> None:
    assert cells(write(name, CSV.replace(",", delimiter).replace(f"good{delimiter}", "good,"))) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_western_encodings(write: Write, encoding: str) -> None:
    rows = [("Le café était très mauvais, à éviter", "négatif"), ("Größe überzeugt, schön – wirklich", "positif")] * 3
    if encoding == "latin-1":
        rows = [(text.replace("–", "-"), label) for text, label in rows]
    content = "texte\tétiquette\n" + "".join(f"{text}\t{label}\n" for text, label in rows)
    assert cells(write("a.tsv", content, encoding)) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_encodings(write: Write, encoding: str) -> None:
    rows = [("这部电影真的很好看，推荐给大家", "正面"), ("酒店的房间又小又吵，服务也差", "负面")] * 4
    content = "评论,标签\n" + "".join(f"{text},{label}\n" for text, label in rows)
    assert cells(write("a.csv", content, encoding)) == rows


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed(write: Write, pack: Callable[[bytes], bytes]) -> None:
    assert cells(write("packed.bin", pack(CSV.encode()))) == ROWS


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_zip_of_one_file_and_its_readme(write: Write) -> None:
    assert cells(write("a.zip", zipped(data=CSV, readme="about"))) == ROWS
    with pytest.raises(InputError, match="2 files"):
        cells(write("b.zip", zipped(one=CSV, two=CSV)))


def test_damaged_compressed_file(write: Write) -> None:
    packed = gzip.compress(CSV.encode() * 100)
    with pytest.raises(InputError, match="damaged or cut short"):
        cells(write("a.csv.gz", packed[: len(packed) // 2]))


def test_json_in_its_shapes(write: Write) -> None:
    trees = [{"text": text, "label": label} for text, label in ROWS]
    columns = {"text": [text for text, _ in ROWS], "label": [label for _, label in ROWS]}
    pandas = {name: {str(place): value for place, value in enumerate(values)} for name, values in columns.items()}
    documents = {
        "array": json.dumps(trees),
        "pretty": json.dumps(trees, indent=2),
        "data": json.dumps({"version": "1", "data": trees}),
        "columns": json.dumps(columns),
        "pandas": json.dumps(pandas),
        "lines": "\n".join(map(json.dumps, trees)),
    }
    for name, content in documents.items():
        assert cells(write(name, content)) == ROWS, name


def test_long_json_is_decoded_piece_by_piece(write: Write) -> None:
    trees = [{"text": "word " * 3000 + str(number), "label": number % 2} for number in range(300)]
    table = table_of(write("a.json", json.dumps(trees)))
    assert len(table.dataset) == 300 and table.dataset[299]["text"] == trees[299]["text"]


def test_json_values_become_text_and_late_columns_are_found(write: Write) -> None:
    lines = [{"text": "a", "label": 1}] * 3 + [{"text": None, "label": "late", "extra": [1, "é"]}, {"label": True}]
    got = cells(write("a.jsonl", "\n".join(map(json.dumps, lines))))
    assert got == [("a", "1", "")] * 3 + [("", "late", '[1, "é"]'), ("", "true", "")]


def test_broken_json_line_is_named(write: Write) -> None:
    with pytest.raises(InputError, match="line 2"):
        cells(write("a.jsonl", '{"text": "a", "label": 1}\n{"text": "b"\n{"text": "c", "label": 1}\n'))


def test_parquet_with_class_names(write: Write, tmp_path: Path) -> None:
    features = Features({"text": Value("string"), "label": ClassLabel(names=["neg", "pos"]), "stars": Value("float32")})
    rows = {"text": ["a", "b"], "label": [1, 0], "stars": [1.5, None]}
    Dataset.from_dict(rows, features=features).to_parquet(str(tmp_path / "a.parquet"))
    assert cells(str(tmp_path / "a.parquet")) == [("a", "pos", "1.5"), ("b", "neg", "")]
    pq.write_table(pa.table({"text": ["NA"], "label": [None]}, schema=_SCHEMA), tmp_path / "b")
    pq.write_table(pa.table({"text": ["NA"], "label": [7]}, schema=_SCHEMA), tmp_path / "b")
    assert cells(str(tmp_path / "b")) == [("NA", "7")]
    damaged = (tmp_path / "a.parquet").read_bytes()[:-30]
    with pytest.raises(InputError, match="Parquet"):
        cells(write("c.parquet", damaged))


_SCHEMA = pa.schema([("text", pa.string()), ("label", pa.int64())])


def test_nothing_is_taken_for_missing_and_mixed_types_are_text(write: Write) -> None:
    content = "text,label\nNA,null\nnull,None\n1,NaN\n2.50,1\nnan,x\n"
    assert cells(write("a.csv", content)) == [
        ("NA", "null"),
        ("null", "None"),
        ("1", "NaN"),
        ("2.50", "1"),
        ("nan", "x"),
    ]


def test_literal_quotes_lose_no_rows(write: Write) -> None:
    rows = [
        ('"He said so', "ham"),
        ('"Quoted" and more', "spam"),
        ('plain "inside"', "ham"),
        ('ends with "', "ham"),
    ] * 5
    assert cells(write("a.tsv", "".join(f"{label}\t{text}\n" for text, label in rows))) == [
        (label, text) for text, label in rows
    ]


def test_enclosing_quotes_hold_delimiters_line_ends_and_quotes(write: Write) -> None:
    content = 'text,label\n"one, two\nthree ""four""",pos\n"x",neg\n"y",pos\n'
    assert cells(write("a.csv", content)) == [('one, two\nthree "four"', "pos"), ("x", "neg"), ("y", "pos")]


def test_blank_rows_are_counted_and_keep_the_numbering(write: Write) -> None:
    table = table_of(write("a.csv", "text,label\na,1\n\nb,0\n,\nc,1\n\n\n"))
    assert table.dataset["row"][:] == [1, 3, 5]
    assert (table.blank.count, table.blank.rows) == (4, [2, 4, 6, 7])


def test_ragged_rows_lose_nothing(write: Write) -> None:
    table = table_of(write("a.tsv", "text\tlabel\n" + "a\tx\n" * 20 + "b\tx\tmore\n" + "c\n"))
    assert table.ragged.count == 2 and table.ragged.rows == [21, 22]
    assert table.dataset[20]["label"] == "x\tmore" and table.dataset[21]["label"] == ""


def test_old_and_mixed_line_ends(write: Write) -> None:
    assert cells(write("a.csv", CSV.replace("\n", "\r\n"))) == ROWS
    assert cells(write("b.csv", CSV.replace("\n", "\r"))) == ROWS
    assert cells(write("c.csv", 'text,label\n"one\rtwo",x\nthree\rfour,y\n')) == [
        ("one\rtwo", "x"),
        ("three\rfour", "y"),
    ]


def test_header_or_none(write: Write) -> None:
    assert table_of(write("a.tsv", "ham\tgo now\nspam\tfree win\nham\tok\nspam\tcall\n")).has_header is False
    assert table_of(write("b.tsv", "kind\twords\nham\tgo now\nspam\tfree win\nham\tok\n")).columns == ("kind", "words")
    assert table_of(write("c.tsv", "a good film\t1\na bad film\t0\n")).columns == ("column_1", "column_2")
    assert table_of(write("d.csv", "text,text,,row\na,b,c,d\n")).columns == ("text", "text_2", "column_3", "row_2")


def test_prose_is_one_text_a_line(write: Write) -> None:
    table = table_of(write("a.txt", "One day, it rained.\nNo comma here.\nBut here, one.\nAnd here, and here, two.\n"))
    assert table.columns == ("text",) and len(table.dataset) == 4


def test_class_folders_with_splits(write: Write, tmp_path: Path) -> None:
    for split in ("train", "test"):
        for label in ("pos", "neg", "unsup"):
            for number in range(3):
                write(f"aclImdb/{split}/{label}/{number}_7.txt", f"{split} {label} {number}\nsecond line")
    tables = read_tables(str(tmp_path / "aclImdb"), BuiltinTexts())
    assert set(tables) == {"train", "test"}
    assert set(tables["train"].dataset["label"]) == {"pos", "neg"}
    assert tables["test"].dataset[0]["text"] == "test neg 0\nsecond line"
    assert len(table_of(str(tmp_path / "aclImdb" / "train")).dataset) == 6


def test_folder_of_split_files(write: Write, tmp_path: Path) -> None:
    for name in ("train.csv", "dev.csv", "test.csv", "README.md"):
        write(f"set/{name}", CSV)
    assert set(read_tables(str(tmp_path / "set"), BuiltinTexts())) == {"train", "validation", "test"}


def test_folder_without_data(write: Write, tmp_path: Path) -> None:
    write("set/picture.png", b"\x89PNG")
    with pytest.raises(InputError, match="no data that can be read"):
        table_of(str(tmp_path / "set"))


def test_saved_dataset(tmp_path: Path) -> None:
    rows = Dataset.from_dict({"text": ["a", "b"], "label": [0, 1]})
    DatasetDict({"train": rows, "test": rows}).save_to_disk(str(tmp_path / "saved"))
    assert set(read_tables(str(tmp_path / "saved"), BuiltinTexts())) == {"train", "test"}
    assert cells(str(tmp_path / "saved" / "train")) == [("a", "0"), ("b", "1")]


def test_several_files_are_one_table(write: Write) -> None:
    first, second = write("a.csv", "text,label\na,1\n"), write("b.csv", "label,text\n2,b\n")
    table = table_of((first, second))
    assert cells((first, second)) == [("a", "1"), ("b", "2")]
    assert table.dataset["row"][:] == [1, 2]
    with pytest.raises(InputError, match="different columns"):
        table_of((first, write("c.csv", "text,stars\nb,2\n")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\n\t\n", "empty"),
        (bytes(range(256)) * 40, "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
        (b"text,label\n", "no data"),
        (b"text,label\n,\n,\n", "no data"),
    ],
)
def test_files_that_are_no_data(write: Write, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        table_of(write("a.csv", content))
    assert raised.value.exit_code == 2 and raised.value.to_json()["mend"]


def test_missing_file_and_unreachable_hub() -> None:
    with pytest.raises(InputError, match="no such file"):
        table_of("nowhere.csv")
    with pytest.raises(InputError, match="hub cannot be reached"):
        table_of("owner/no-such-set")


@pytest.mark.slow
def test_one_line_of_five_megabytes(write: Write) -> None:
    line = "word " * 1_000_000
    assert cells(write("a.csv", f"text,label\nshort,x\n{line},y\nshort two,x\n"))[1] == (line, "y")
    assert cells(write("b.txt", line))[0][0].startswith("word word")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n",\t'), max_size=30),
        min_size=4,
        max_size=20,
    )
)
def test_what_a_csv_writer_writes_comes_back(tmp_path: Path, texts: list[str]) -> None:
    import csv

    rows = [(text, f"label{place % 2}") for place, text in enumerate(texts)]
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("text", "label"), *rows])
    assert cells(str(path)) == rows


def test_a_file_is_read_once_and_again_when_it_changes(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.csv", CSV)
    assert cells(path) == ROWS
    with monkeypatch.context() as patched:
        patched.setattr(cache, "keep", None)
        assert cells(path) == ROWS
    write("a.csv", CSV + "new one,pos\n")
    assert len(cells(path)) == 5


def test_full_disk_is_said_in_words(write: Write, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "_publish", full)
    with pytest.raises(RunFailure, match="disk is full"):
        cells(write("a.csv", CSV))
    assert not list((own_cache / "tables").iterdir())


def test_preview_shows_first_rows_roles_and_facts(write: Write) -> None:
    shown = preview(write("a.csv", CSV), BuiltinTexts())
    assert shown.columns == ("text", "label") and shown.rows[0] == ROWS[0]
    assert shown.roles == {"text": "text", "label": "label"}
    assert (shown.num_rows, shown.has_header, shown.facts["delimiter"]) == (4, True, "comma")
    assert preview("builtin", BuiltinTexts(num_rows=60)).num_rows == 60


def test_roles_are_never_identifiers_or_ratings(write: Write) -> None:
    lines = "".join(f"{n},{n % 5},words number {n} and more of them,{'yes' if n % 3 else 'no'}\n" for n in range(60))
    for header in ("id,rating,review,recommended", "id,stars,what,z"):
        roles = preview(write("a.csv", f"{header}\n{lines}"), BuiltinTexts()).roles
        names = header.split(",")
        assert roles == {"text": names[2], "label": names[3]}
        Path(write("a.csv", "x")).unlink()


def test_named_columns(write: Write) -> None:
    path = write("a.csv", "one,two,three\na b c,x,y\nd e f,z,y\n")
    assert preview(path, BuiltinTexts(), {"label": "two"}).roles["label"] == "two"
    assert preview(path, BuiltinTexts(), {"label": "2"}).roles["label"] == "two"
    with pytest.raises(InputError, match=r"1 “one” \(a b c\), 2 “two” \(x\), 3 “three” \(y\)"):
        preview(path, BuiltinTexts(), {"label": "four"})


REAL = {
    "sms_spam/SMSSpamCollection": (5574, 0, {"text": "SMS", "label": "Label"}),
    "fraud/fraud_call.file": (5926, 5, {"text": "column_2", "label": "column_1"}),
    "chnsenticorp/train.tsv": (9600, 0, {"text": "column_1", "label": "column_2"}),
    "chnsenticorp/dev.tsv": (1200, 0, {"text": "column_1", "label": "column_2"}),
    "banking77/train.csv": (10003, 0, {"text": "text", "label": "category"}),
    "sst2/train.tsv": (6920, 0, {"text": "column_1", "label": "column_2"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_real_files_keep_all_their_rows(shared_data: Path, name: str) -> None:
    num_rows, num_blank, roles = REAL[name]
    path = str(shared_data / name)
    table = table_of(path)
    assert (len(table.dataset), table.blank.count, table.ragged.count) == (num_rows, num_blank, 0)
    assert preview(path, BuiltinTexts()).roles == roles
