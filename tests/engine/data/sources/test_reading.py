"""How tables are read: a bad mark spoils one row, headers and decimal signs are found, what a person says counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.reading import Reading
from engine.config.tasks.classification import Classification
from engine.data.columns.decimal_signs import decimal_sign, number_of
from engine.data.diagnosis.doctor import diagnose
from engine.data.sources.tables import Table, preview, read_table
from engine.data.splitting.splits import Splits

Write = Callable[..., str]
Load = Callable[..., Splits]
WORDS = ["we", "liked", "the", "quiet", "room", "with", "a", "view", "of", "old", "town", "and", "kind", "staff"]


def text(number: int) -> str:
    return " ".join(WORDS[(number * 7 + place * 3) % len(WORDS)] for place in range(7)) + f" {number}"


def label(number: int) -> str:
    return ("ham", "spam")[number % 2]


ROWS = [(text(number), label(number)) for number in range(60)]


def table_of(path: str, **reading: str) -> Table:
    return read_table(path, BuiltinTexts(), reading=Reading.model_validate(reading))


def cells(path: str, **reading: str) -> list[tuple[str, ...]]:
    table = table_of(path, **reading)
    return list(zip(*(table.dataset[column] for column in table.columns), strict=True))


def lines(rows: list[tuple[str, ...]], sign: str = ",") -> str:
    return "".join(sign.join(row) + "\n" for row in rows)


# --- quotation marks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("place", [0, 20, 59])
@pytest.mark.parametrize("first", ["text", "label"])
def test_a_stray_mark_spoils_no_other_row(write: Write, end: str, place: int, first: str) -> None:
    rows = [list(row if first == "text" else reversed(row)) for row in ROWS]
    column = 0 if first == "text" else 1
    rows[place][column] = f'"{rows[place][column]}'
    names = ("text", "label") if first == "text" else ("label", "text")
    content = lines([names, *map(tuple, rows)]).replace("\n", end).removesuffix(end)
    table = table_of(write("a.csv", content))
    assert list(zip(*(table.dataset[name] for name in names), strict=True)) == list(map(tuple, rows))
    assert (table.bad_quotes.count, table.bad_quotes.rows) == (1, [place + 1])


def test_a_stray_mark_is_not_closed_by_a_mark_of_another_row(write: Write) -> None:
    rows = [list(row) for row in ROWS]
    rows[20][0] = f'"{rows[20][0]}'
    rows[33][0] += ' he said "no"'
    rows[40][0] += ' 5"'
    assert cells(write("a.csv", lines([("text", "label"), *map(tuple, rows)]))) == list(map(tuple, rows))


def test_unclosed_among_enclosed_cells(write: Write) -> None:
    enclosed = [(f'"{one}, ok"', other) for one, other in ROWS]
    enclosed[20] = (enclosed[20][0][:-1], enclosed[20][1])
    enclosed[30] = (enclosed[30][0][1:], enclosed[30][1])
    table = table_of(write("a.csv", lines([("text", "label"), *enclosed])))
    assert table.dataset["label"][:] == [other for _, other in ROWS]
    assert table.dataset[19]["text"] == f"{ROWS[19][0]}, ok"
    assert table.dataset[20]["text"].strip('"') == f"{ROWS[20][0]}, ok"
    assert table.bad_quotes.rows == [21, 31] and table.ragged.count == 0


def test_marks_beyond_the_sample(write: Write) -> None:
    rows = [(f"{text(number)} {'word ' * 150}", label(number)) for number in range(3_000)]
    rows[2_500] = (f'"{rows[2_500][0]}', rows[2_500][1])
    content = lines([("text", "label"), *rows])
    assert len(content) > 2 * 2**20
    table = table_of(write("a.csv", content))
    assert len(table.dataset) == 3_000 and table.bad_quotes.rows == [2_501]
    assert table.dataset["label"][2_498:2_503] == [label(number) for number in range(2_498, 2_503)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_of_many_lines_stay_whole(write: Write, end: str) -> None:
    long = end.join(f"line {number}, with a comma" if number % 5 else "" for number in range(3_000))
    rows = [*ROWS[:10], (f'He said "yes",{end}{end}she said ""', "ham"), *ROWS[10:20], (long, "spam"), *ROWS[20:]]
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=end).writerows([("text", "label"), *rows])
    table = table_of(write("a.csv", written.getvalue()))
    assert list(zip(table.dataset["text"], table.dataset["label"], strict=True)) == rows
    assert table.bad_quotes.count == 0


def test_odd_but_harmless_marks(write: Write) -> None:
    rows = [(f'a 5" screen {number}', "ham") for number in range(10)]
    rows += [(f"'tis {number} o'clock", "spam") for number in range(10)]
    content = lines([("text", "label"), *rows]) + '"closed" ,ham\n"he said "hi, there" to me",spam\n"",ham\n'
    table = table_of(write("a.csv", content))
    found = list(zip(table.dataset["text"], table.dataset["label"], strict=True))
    assert found == [*rows, ("closed", "ham"), ('he said "hi, there" to me', "spam"), ("", "ham")]
    assert table.bad_quotes.count == 0


def test_tabs_and_enclosed_cells(write: Write) -> None:
    rows = [(f'"{one}\t\tmore ""words"""', other) for one, other in ROWS]
    rows[7] = (f'"{ROWS[7][0]}', rows[7][1])
    table = table_of(write("a.tsv", lines([("text", "label"), *rows], "\t")))
    assert table.dataset["label"][:] == [other for _, other in ROWS]
    assert table.dataset[3]["text"] == f'{ROWS[3][0]}\t\tmore "words"'
    assert table.bad_quotes.rows == [8]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a"])
def test_marks_behind_a_backslash(write: Write, name: str) -> None:
    sign = "\t" if name == "a.tsv" else ","
    rows = [(f'he said \\"{one}\\"{sign} a \\\\ b', other) for one, other in ROWS]
    content = lines([("text", "label"), *((f'"{one}"', other) for one, other in rows)], sign)
    found = cells(write(name, content))
    assert found == [(f'he said "{one}"{sign} a \\ b', other) for one, other in ROWS]
    assert table_of(write(name, content)).facts["quotes"] == "backslash"


def test_commas_behind_a_backslash(write: Write) -> None:
    rows = [(f"{one}\\, really", other) for one, other in ROWS]
    assert cells(write("a.csv", lines([("text", "label"), *rows]))) == [
        (f"{one}, really", other) for one, other in ROWS
    ]


# --- headers --------------------------------------------------------------------------------------------------------


NAMED = {
    "pandas": ",statement,status\n" + lines([(str(n), *row) for n, row in enumerate(ROWS)]),
    "numbers": "0,1\n" + lines(ROWS),
    "index and numbers": ",0,1\n" + lines([(str(n), *row) for n, row in enumerate(ROWS)]),
    "years": "bericht,urteil,2019,2020\n" + lines([(*row, f"{n}.5", f"{n}.25") for n, row in enumerate(ROWS)]),
    "questions": '"How was your stay, all in all?",Would you come again?\n' + lines(ROWS),
    "constant": "Narrative,Timely response?,Kind\n" + lines([(one, "Yes", other) for one, other in ROWS]),
    "empty columns": "v1,v2,,\n" + lines([(other, one, "", "") for one, other in ROWS]),
    "dates": "Date received,What happened\n"
    + lines([(f"07/{n % 28 + 1:02}/13", one) for n, (one, _) in enumerate(ROWS)]),
    "R": '"x","y"\n' + lines([(f'"{n}"', f'"{one}"', f'"{other}"') for n, (one, other) in enumerate(ROWS)]),
    "remark": "#text,label\n" + lines(ROWS),
}


@pytest.mark.parametrize("name", NAMED)
def test_headers_of_all_sorts(write: Write, name: str) -> None:
    path = write("a.csv", NAMED[name])
    shown = preview(path, BuiltinTexts())
    assert (shown.num_rows, shown.has_header, shown.facts["header"]) == (60, True, "yes")
    texts = next(place for place, column in enumerate(zip(*shown.rows, strict=True)) if column[3] == ROWS[3][0])
    assert shown.roles["text"] == shown.columns[texts]
    if name != "dates":
        assert set(read_table(write("a.csv", NAMED[name]), BuiltinTexts()).dataset[shown.roles["label"]]) == {
            "ham",
            "spam",
        }


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("Export of 2024-05-01\n\n", "3"),
        ("Report,\nMade by,\n,\n", "4"),
        ("# made by a tool\n# version 2\n", "3"),
        ("\n\n", "3"),
        ("sep=,\n", "2"),
    ],
)
def test_lines_above_the_header(write: Write, above: str, line: str) -> None:
    table = table_of(write("a.csv", above + "text,label\n" + lines(ROWS)))
    assert (table.columns, table.facts["header"]) == (("text", "label"), line)
    assert list(zip(table.dataset["text"], table.dataset["label"], strict=True)) == ROWS
    assert table.dataset["row"][:2] == [1, 2] and table.lines_above == int(line) - 1


def test_the_sign_that_excel_writes_above(write: Write) -> None:
    assert cells(write("a.csv", "\ufeffsep=;\r\n" + lines([("text", "label"), *ROWS], ";"))) == ROWS


def test_glued_files_repeat_their_header(write: Write) -> None:
    part = "\ufefftext,label\r\n" + lines(ROWS[:20]).replace("\n", "\r\n")
    table = table_of(write("a.csv", part + part + part))
    assert list(zip(table.dataset["text"], table.dataset["label"], strict=True)) == ROWS[:20] * 3
    assert (table.repeated.count, table.repeated.rows) == (2, [21, 42])


@pytest.mark.parametrize("order", ["text first", "label first", "numbers", "rare first"])
def test_rows_without_a_header_stay_rows(write: Write, order: str) -> None:
    rows = {
        "text first": ROWS,
        "label first": [(other, one) for one, other in ROWS],
        "numbers": [(one, str(n % 2)) for n, (one, _) in enumerate(ROWS)],
        "rare first": [("ok", "ham"), *ROWS],
    }[order]
    table = table_of(write("a.csv", lines(rows)))
    assert not table.has_header and len(table.dataset) == len(rows) and table.facts["header"] == "no"


# --- decimal signs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", ["Nr;Text;Urteil;Betrag\n", ""])
def test_semicolons_beside_decimal_commas(write: Write, names: str) -> None:
    rows = [(str(n), one, other, f"{n},{n % 10}") for n, (one, other) in enumerate(ROWS)]
    table = table_of(write("a.csv", names + lines(rows, ";")))
    assert len(table.columns) == 4 and table.facts["delimiter"] == "semicolon" and table.facts["decimal"] == "comma"
    assert table.has_header is bool(names) and len(table.dataset) == 60


@pytest.mark.parametrize("names", [("text", "label"), None])
def test_one_comma_a_text(write: Write, names: tuple[str, str] | None) -> None:
    rows = [(one.replace(" ", ", ", 1), other) for one, other in ROWS]
    assert cells(write("a.csv", lines([names, *rows] if names else rows, ";"))) == rows


@pytest.mark.parametrize("written", ["{whole},{half}", "{whole}.{half}"])
def test_numbers_to_be_learned(write: Write, load: Load, written: str) -> None:
    values = [1 + number % 9 / 2 for number in range(60)]
    stars = [written.format(whole=int(value), half=int(value % 1 * 10)) for value in values]
    path = write(
        "a.csv", "text,stars\n" + "".join(f'{one},"{star}"\n' for (one, _), star in zip(ROWS, stars, strict=True))
    )
    assert preview(path, BuiltinTexts()).kind == "number"
    findings = diagnose(DataConfig(train=path), Classification(), 0).findings
    assert not [one for one in findings if one.kind == "label_lists"]
    task = Classification.model_validate({"loss": {"name": "mse"}})
    found: dict[int, float] = {}
    for split in load(task, train=path).splits.values():
        found |= dict(zip(split["row"], split["label"], strict=True))
    assert [found[number + 1] for number in range(60)] == values


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        (["3,5", "4,0", "2"], "comma"),
        (["1.234,5", "12,25"], "comma"),
        (["1 234,50", "7,25"], "comma"),
        (["1,5", "2,5", "3,5", "4"], "comma"),
        (["3.5", "4"], "point"),
        (["1,234.5", "1,000"], "point"),
        (["1,234", "12,000", "7"], "point"),
        (["1,3", "2,7", "3,5", "2,9"], None),
        (["1", "2"], None),
        (["a, b", "c"], None),
    ],
)
def test_the_decimal_sign_of_a_column(column: list[str], sign: str | None) -> None:
    assert decimal_sign(column) == sign


def test_numbers_with_thousands_set_apart() -> None:
    assert number_of("1.234,5", "comma") == number_of("1 234,5", "comma") == number_of("1,234.5") == 1234.5
    assert number_of("-3,25", "comma") == -3.25 and number_of("4", "comma") == 4.0 and number_of("3.5", "comma") == 3.5
    assert number_of("3,5") is None and number_of("1,2,3", "comma") is None and number_of("", "comma") is None


# --- what a person says ----------------------------------------------------------------------------------------------


def test_what_is_said_is_obeyed(write: Write) -> None:
    path = write("a.csv", lines([("text", "label"), *ROWS]))
    assert table_of(path, header="no").dataset[0]["column_1"] == "text"
    assert table_of(path, header="2").columns == ROWS[0]
    assert table_of(path, header="3").dataset["row"][:2] == [1, 2]
    assert table_of(path, delimiter=";").columns == ("text,label",)
    marked = write("b.csv", 'text,label\n"a, b",x\n"c, d",y\n')
    assert cells(marked, quoting="none")[0] == ('"a', ' b"', "x")
    assert table_of(write("c.csv", "good~x\nbad~y\nfine~x\n"), delimiter="~", header="yes").columns == ("good", "x")
    assert table_of(write("d.csv", "name\nof a text\n"), header="yes").columns == ("name",)


def test_each_way_of_reading_has_its_own_table(write: Write) -> None:
    path = write("a.csv", lines([("text", "label"), *ROWS]))
    assert [table_of(path, header=one).has_header for one in ("auto", "no", "yes", "no")] == [True, False, True, False]
    shown = preview(path, BuiltinTexts(), reading=Reading(header="no"))
    assert (shown.num_rows, shown.has_header, shown.facts["header"]) == (61, False, "no")


def test_the_doctor_says_how_files_are_read(write: Write) -> None:
    rows = [list(row) for row in ROWS]
    rows[20][0] = f'"{rows[20][0]}'
    content = "made by a tool\n" + lines([("text", "label"), *map(tuple, rows), ("text", "label"), *ROWS])
    report = diagnose(DataConfig(train=write("a.csv", content)), Classification(), 0)
    found = {one.kind: one for one in report.findings}
    assert found["bad_quotes"].rows == (21,) and found["bad_quotes"].severity == "warning"
    assert found["repeated_header"].rows == (61,) and found["lines_above_header"].count == 1
    said = diagnose(DataConfig(train=write("b.csv", lines(ROWS))), Classification(), 0)
    missing = next(one for one in said.findings if one.kind == "missing_header")
    assert "data.reading.header=yes" in missing.detail.english()


def test_a_training_says_how_files_were_read(write: Write, load: Load) -> None:
    rows = [list(row) for row in ROWS]
    rows[20][0] = f'"{rows[20][0]}'
    splits = load(train=write("a.csv", lines([("text", "label"), *map(tuple, rows)])))
    assert any("first: row 21" in note.english() for note in splits.notes)
