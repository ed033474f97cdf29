"""Asks the model in this folder about texts.

    python predict.py "a text" "another text"
    python predict.py --csv texts.csv --column text --out answers.csv

Reads CSV files as they come: commas, semicolons, tabs or bars; UTF-8, UTF-16 or an older encoding; also JSON and JSON
Lines, packed by gzip, bzip2, xz or zip. All columns stay, the answers come behind them. A cell that a spreadsheet would
compute (it begins with = + - @ and the like, and is no number) is written with an apostrophe in front.

Needs Python 3.10 or later with onnxruntime, tokenizers and numpy: pip install onnxruntime tokenizers numpy
"""

from __future__ import annotations

import argparse
import bz2
import codecs
import gzip
import io
import itertools
import json
import lzma
import os
import re
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from pathlib import Path

try:
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer
except ImportError as problem:
    sys.exit(f"{problem.name or problem} is missing. Run: pip install onnxruntime tokenizers numpy")

HERE = Path(__file__).resolve().parent


class Model:
    """`labels.json` says what the model answers: one label a text, several, or a number."""

    def __init__(self, folder=HERE):
        folder = Path(folder)
        about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.kind, self.labels = about["kind"], about["labels"]
        self.thresholds = about["decision"]["thresholds"]
        self._pad = about["pad_token_id"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))  # cuts texts at the model's length
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])

    def probabilities(self, texts, batch_size=32):
        """[texts, labels], temperature included; of a number [texts, 1], the number itself."""
        ids = [one.ids or [self._pad] for one in self._tokenizer.encode_batch(list(texts))]
        found = np.empty((len(ids), max(1, len(self.labels))), dtype=np.float32)
        by_length = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
        for start in range(0, len(ids), batch_size):
            places = by_length[start : start + batch_size]
            found[places] = self._run([ids[place] for place in places])
        return found

    def answers(self, texts, batch_size=32):
        """A dictionary a text: "label" (None: left to a person), "probability", "abstains", "probabilities"."""
        found = self.probabilities(texts, batch_size)
        if self.kind == "number":
            return [{"number": float(row[0])} for row in found]
        return [self._answer(row) for row in found.astype(float)]

    def _run(self, ids):
        longest = max(len(one) for one in ids)
        padded = np.full((len(ids), longest), self._pad, dtype=np.int64)
        mask = np.zeros((len(ids), longest), dtype=np.int64)
        for row, one in enumerate(ids):
            padded[row, : len(one)] = one
            mask[row, : len(one)] = 1
        return self._session.run(None, {"input_ids": padded, "attention_mask": mask})[-1]

    def _answer(self, row):
        probabilities = dict(zip(self.labels, row.tolist(), strict=True))
        if self.kind == "several":
            said = [label for label in self.labels if probabilities[label] >= self.thresholds.get(label, 0.5)]
            return {"labels": said, "abstains": False, "probabilities": probabilities}
        place = self._decided(row)
        likeliest = self.labels[int(row.argmax())]
        label = likeliest if place is None else self.labels[place]
        return {
            "label": None if place is None else label,
            "likeliest": likeliest,
            "probability": probabilities[label],
            "abstains": place is None,
            "probabilities": probabilities,
        }

    def _decided(self, row):
        """The place of the label that is said; None where the text is left to a person.

        A label with a threshold is said from that probability upwards: of more than two labels only the likeliest one.
        Where no threshold is reached, the likeliest label is said if it has none.
        """
        likeliest = int(row.argmax())
        reached = [place for place in range(len(row)) if self._reaches(row, place, likeliest)]
        if reached:
            return max(reached, key=lambda place: row[place])
        return None if self.labels[likeliest] in self.thresholds else likeliest

    def _reaches(self, row, place, likeliest):
        threshold = self.thresholds.get(self.labels[place])
        if threshold is None or (len(row) > 2 and place != likeliest):
            return False
        both = len(row) == 2 and all(label in self.thresholds for label in self.labels)
        return row[place] >= (max(threshold, 0.5) if both else threshold)


class Fault(Exception):
    """What is wrong with a file, in words."""


# --- a table is read --------------------------------------------------------------------------------------------

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ£€¥§©®°²³¡¿«»‘’‚“”„–—…•·´™½\xa0")
SCRIPTS = {
    "shift_jis": lambda text: share_of(text, "HIRAGANA", "KATAKANA") > 0.2,
    "euc_jp": lambda text: share_of(text, "HIRAGANA", "KATAKANA") > 0.2,
    "euc_kr": lambda text: share_of(text, "HANGUL") > 0.9,
    "gb18030": lambda text: share_of_usual_chinese(text, "gb2312") > 0.8,
    "big5": lambda text: share_of_usual_chinese(text, "big5") > 0.8,
    "cp1251": lambda text: reads_as(text, "CYRILLIC", "оеаинтсрвл"),
    "koi8_r": lambda text: reads_as(text, "CYRILLIC", "оеаинтсрвл"),
    "cp866": lambda text: reads_as(text, "CYRILLIC", "оеаинтсрвл"),
    "cp1253": lambda text: reads_as(text, "GREEK", "αοιετσνηυρςόίάέ"),
    "cp1250": lambda text: share_in(text, "ąćęłńóśźżáčďéěíňřšťúůýžőűäöüß„”“–…") > 0.95,
}
"""What a text in each of these looks like, once it is decoded by it: the first that fits is taken."""
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
MOST_LINES_OF_A_CELL, MOST_LINES_ABOVE = 2000, 20
MOST_BYTES = 2**34


class Table:
    """`columns` are distinct names, `rows` lists of as many cells, `notes` what a person should know of the reading."""

    def __init__(self, columns, rows, notes=(), between=" "):
        self.columns, self.notes = distinct(columns), list(notes)
        width, self.rows, odd = len(self.columns), [], 0
        for row in rows:
            odd += bool(row) and len(row) != width
            self.rows.append([*row[: width - 1], between.join(row[width - 1 :])] if len(row) > width else row)
            self.rows[-1] += [""] * (width - len(self.rows[-1]))
        if odd:
            self.notes.append(f"Rows that have more or fewer cells than the {width} columns: {odd}.")


def read_table(path, column, encoding="auto", delimiter="auto", has_header=True):
    """Raises Fault for what is no table of texts."""
    content = unpacked(Path(path))
    if content[:4] == b"PAR1":
        raise Fault(f"{path} is a Parquet file: save it as CSV first.")
    text, notes = decoded(content, str(path), encoding)
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise Fault(f"{path} is empty.")
    if start[0] in "[{" and (rows := json_rows(start)) is not None:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return Table(columns, [[as_cell(row.get(name)) for name in columns] for row in rows], notes)
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="\n" if "\n" in text else "\r").readlines()
    if lines and (told := re.fullmatch(r"sep=(.)[\r\n]*", lines[0])):
        del lines[0]
        delimiter = told[1] if delimiter == "auto" else delimiter
    sign = DELIMITERS.get(delimiter, delimiter) if delimiter != "auto" else found_delimiter(lines, column, has_header)
    rows, num_literal = (
        (([line.rstrip("\r\n")] if line.strip() else [] for line in lines), 0) if not sign else (records(lines, sign))
    )
    rows = list(itertools.dropwhile(lambda row: not any(cell.strip() for cell in row), rows))
    if num_literal:
        notes.append(f"Lines with a quotation mark that encloses nothing, read as it stands: {num_literal}.")
    if has_header:
        names = [[cell.strip() for cell in row] for row in rows[:MOST_LINES_ABOVE]]
        head = next((at for at, row in enumerate(names) if column in row), 0)
        notes += [f"Rows above the names of the columns, left out: {head}."] if head else []
        return Table(names[head], rows[head + 1 :], notes, sign)
    width = Counter(map(len, rows)).most_common(1)[0][0]
    return Table([f"column_{place + 1}" for place in range(width)], rows, notes, sign)


def unpacked(path):
    """The bytes of a file, of the only file in an archive."""
    try:
        with path.open("rb") as file:
            magic = file.read(6)
            file.seek(0)
            if magic.startswith(b"PK\x03\x04"):
                return only_member(file, path)
            opener = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}.get(magic[:2])
            content = (opener(file) if opener else file).read(MOST_BYTES + 1)
    except OSError as problem:
        raise Fault(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as problem:
        raise Fault(f"{path} is damaged, cut short or locked: {problem}.") from problem
    if len(content) > MOST_BYTES:
        raise Fault(f"{path} holds more than {MOST_BYTES >> 30} GB: divide it.")
    return content


def only_member(file, path):
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
        if "[Content_Types].xml" in names:
            raise Fault(f"{path} is an Office document: save the sheet as “CSV UTF-8” first.")
        if len(names) != 1:
            raise Fault(f"{path} holds {len(names)} files: unpack it and give one of them.")
        with archive.open(names[0]) as member:
            return member.read(MOST_BYTES + 1)


def decoded(content, path, encoding):
    """(text, notes)."""
    if encoding != "auto":
        try:
            return content.decode(encoding, errors="replace"), []
        except (LookupError, UnicodeError) as problem:
            raise Fault(f"{path} cannot be read as {encoding}: {problem}.") from problem
    name = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if name is None and b"\x00" in content[:4096]:
        name = utf16_without_mark(content[:4096])
    for known in (name,) if name else ("utf-8",):
        try:
            return content.decode(known), []
        except UnicodeDecodeError:
            pass
    if name is None and sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1b" for byte in content[:4096]) > 200:
        raise Fault(f"{path} holds no text: its bytes look like a program, a picture or another binary format.")
    lines = content.split(b"\n")
    broken = [line for line in lines if not decodes(line, "utf-8")] if name is None else lines
    foreign = sum(not line.isascii() for line in lines)
    if name or len(broken) <= foreign // 100:
        name = name or "utf-8"
        return content.decode(name, errors="replace"), [f"Some bytes are no {name}; they were read as \ufffd."]
    name = older_encoding(b"\n".join(broken)[: 2**16].rpartition(b"\n")[0] or broken[0])
    if name is None:
        known = ", ".join(["cp1252", "cp1250", *SCRIPTS])
        raise Fault(f"{path} is not UTF-8, and its encoding cannot be told: name it by --encoding ({known}, …).")
    return content.decode(name, errors="replace"), [f"It is no UTF-8 and was read as {name}; --encoding names another."]


def utf16_without_mark(sample):
    """Western UTF-16 has zeros in every second byte, nearly all on one side."""
    even, odd, half = sample[0::2].count(0), sample[1::2].count(0), max(1, len(sample) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else None


def older_encoding(sample):
    """By what the letters look like; None where they look like nothing that is known."""
    foreign = [sign for sign in sample.decode("cp1252", errors="ignore") if sign > "\x7f"]
    pairs = sum(first >= 0x80 and second >= 0x80 for first, second in itertools.pairwise(sample))
    amid = len(re.findall(r"[^\W\d_][¹³¿±¶][^\W\d_]", sample.decode("cp1252", errors="ignore")))  # Polish, misread
    usual = sum(sign in WESTERN for sign in foreign) - amid
    if usual >= 0.9 * len(foreign) and pairs <= 0.4 * len(foreign):
        return "cp1252"
    return next((name for name, fits in SCRIPTS.items() if decodes(sample, name) and fits(sample.decode(name))), None)


def decodes(content, encoding):
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def share_of(text, *scripts):
    foreign = [sign for sign in text if sign > "\x7f"]
    return sum(unicodedata.name(sign, "").startswith(scripts) for sign in foreign) / max(1, len(foreign))


def share_of_usual_chinese(text, standard):
    """Of the signs beyond ASCII those of the standard's first level: what nearly all of a text is made of."""
    first, last = {"gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}[standard]
    signs = [
        sign.encode(standard, errors="ignore") for sign in text if unicodedata.name(sign, "").startswith("CJK UNI")
    ]
    return sum(first <= sign[0] <= last for sign in signs if sign) / max(1, len(signs))


def share_in(text, letters):
    foreign = [sign for sign in text.lower() if sign > "\x7f"]
    return sum(sign in letters for sign in foreign) / max(1, len(foreign))


def reads_as(text, script, usual):
    """Words of one script alone, in one case (a first capital may stand), of letters as a language has them."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    sound = sum(
        all(unicodedata.name(sign, "").startswith(script) for sign in word)
        and word[1:] in (word[1:].lower(), word[1:].upper())
        for word in words
    )
    return sound > 0.9 * len(words) and share_in(text, usual) > 0.35


def found_delimiter(lines, column, has_header):
    """The sign that gives the wanted column and the most rows of one width; "" where each line is one text."""
    head = lines[:500]
    fits = []
    for sign in DELIMITERS.values():
        rows = [row for row in records(head, sign)[0] if any(cell.strip() for cell in row)]
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        heads = [[cell.strip() for cell in row] for row in rows[:MOST_LINES_ABOVE]] if has_header else []
        names = next((row for row in heads if column in row), heads[0] if heads else [])
        fits.append((column in names, count / max(1, len(rows)) if width > 1 else 0.0, len(names) or width, sign))
    best = max(fits)
    if best[2] > 1:
        return best[3]
    is_table = all(len(row) <= 1 for row in records(head, ",")[0]) and '"' in "".join(head)
    return "," if is_table else ""


def records(lines, delimiter):
    """(rows of cells, how many lines have a quotation mark that is never closed). Such a line is read with its marks
    as they stand, so that it does not swallow the lines below it."""
    rows, num_literal = read_records(lines, delimiter, "")
    if num_literal and any('\\"' in line for line in lines):  # some programs write \" inside a cell, not ""
        others, fewer = read_records(lines, delimiter, "\\")
        if fewer < num_literal:
            return others, fewer
    return rows, num_literal


def read_records(lines, delimiter, escape):
    rows, num_literal, start = [], 0, 0
    while start < len(lines):
        literal = lines[start].rstrip("\r\n")
        cells, used = (literal.split(delimiter) if literal else []), 1
        if '"' in literal:
            whole, needed = enclosed(lines, start, delimiter, escape)
            is_odd = needed > 1 and rows and len(whole) != len(rows[0]) == len(cells)
            num_literal += needed == 0 or bool(is_odd)
            cells, used = (cells, used) if needed == 0 or is_odd else (whole, needed)
        rows.append(cells)
        start += used
    return rows, num_literal


def enclosed(lines, start, delimiter, escape):
    """(cells, lines used) of the record that begins at a line; ([], 0) where its marks do not close."""
    text, used, place, cells = lines[start], 1, 0, []
    while True:
        if text[place : place + 1] == '"':
            end = closing(text, place + 1, escape)
            while end < 0:
                if used == min(MOST_LINES_OF_A_CELL, len(lines) - start):
                    return [], 0
                text, used, searched = text + lines[start + used], used + 1, len(text)
                end = closing(text, searched, escape)
            cell = text[place + 1 : end]
            cells.append(re.sub(r'\\(["\\])', r"\1", cell) if escape else cell.replace('""', '"'))
            place = end + 1
            if not text[place:].strip("\r\n"):
                return cells, used
            if text[place] != delimiter:
                return [], 0
        else:
            end = text.find(delimiter, place)
            cells.append(text[place:].rstrip("\r\n") if end < 0 else text[place:end])
            if end < 0:
                return cells, used
            place = end
        place += 1


def closing(text, place, escape):
    """Where the mark stands that closes a cell; -1 where none does."""
    while True:
        place = text.find('"', place)
        if place < 0:
            return -1
        if escape and (place - len(text[:place].rstrip(escape))) % 2:
            place += 1
        elif not escape and text[place + 1 : place + 2] == '"':
            place += 2
        else:
            return place


def json_rows(text):
    """Rows of JSON Lines, of a list of objects, of an object of columns or with a list of rows; None for no JSON."""
    try:
        tree = json.loads(text)
    except RecursionError as problem:
        raise Fault("The JSON is nested too deeply.") from problem
    except ValueError:
        try:
            tree = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError):
            return None
    if isinstance(tree, dict):
        lists = [value for value in tree.values() if isinstance(value, list)]
        of_rows = [value for value in lists if value and all(isinstance(row, dict) for row in value)]
        if len(lists) == len(tree) and not of_rows and len(set(map(len, lists))) == 1:
            tree = [dict(zip(tree, cells, strict=True)) for cells in zip(*lists, strict=True)]
        else:
            tree = of_rows[0] if len(of_rows) == 1 else [tree]
    if not tree or not all(isinstance(row, dict) for row in tree):
        raise Fault("The JSON holds no rows: a list of objects is needed, or an object a line.")
    return tree


def as_cell(value):
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def distinct(names):
    """Empty names become “column_3”, a repeated “text” becomes “text_2”."""
    taken = []
    for place, name in enumerate(names, start=1):
        wanted = name or f"column_{place}"
        found, count = wanted, 1
        while found in taken:
            count += 1
            found = f"{wanted}_{count}"
        taken.append(found)
    return taken


# --- answers are written ----------------------------------------------------------------------------------------


def in_words(answer):
    """One line for a person."""
    if "number" in answer:
        return f"{answer['number']:.6g}"
    if "labels" in answer:
        said = [f"{label} {100 * answer['probabilities'][label]:.1f} %" for label in answer["labels"]]
        return visible(", ".join(said) or "none of the labels")
    share = f"{100 * answer['probability']:.1f} %"
    if answer["abstains"]:
        return visible(f"left to a person (likeliest: {answer['likeliest']}, {share})")
    return visible(f"{answer['label']} {share}")


COMMANDS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text):
    """Signs that would command a terminal, turn the order of letters or cannot be seen are shown as their codes."""
    return COMMANDS.sub(lambda found: repr(found[0])[1:-1], text)


def in_json(tree):
    def escaped(found):
        units = found[0].encode("utf-16-be", errors="surrogatepass")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

    return COMMANDS.sub(escaped, json.dumps(tree, ensure_ascii=False))


def in_columns(answer, with_all):
    """What is written behind the columns of a CSV file."""
    if "number" in answer:
        return {"answer": answer["number"]}
    every = {f"p({label})": value for label, value in answer["probabilities"].items()} if with_all else {}
    if "labels" in answer:
        return {"answer": " | ".join(answer["labels"]), **every}
    said = {"answer": answer["label"] or "", "probability": answer["probability"]}
    return {**said, "abstains": "yes" if answer["abstains"] else "no", **every}


PARTING = re.compile(r"""[",;\t|\r\n]|^\s|\s$|^'""")


def harmless(cell, is_text=True):
    """A spreadsheet would compute a cell that begins like a formula; numbers of the file's other columns stay."""
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")):
        return cell
    is_number = not is_text and re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?", cell)
    return cell if is_number else f"'{cell}"


def write_csv(model, asked):
    """Every row of the file in its order; one without a text has no answer."""
    source, out = Path(asked.csv), Path(asked.out)
    if out.exists() and source.exists() and out.samefile(source):
        raise Fault(f"The answers would overwrite {source}: name another file.")
    table = read_table(source, asked.column, asked.encoding, asked.delimiter, not asked.no_header)
    if asked.column not in table.columns:
        known = ", ".join(table.columns[:20])
        raise Fault(f"There is no column “{asked.column}” in {source}; there are: {known}.")
    place = table.columns.index(asked.column)
    answered = [number for number, row in enumerate(table.rows) if row[place].strip()]
    answers = model.answers([table.rows[number][place] for number in answered], asked.batch)
    found = dict(zip(answered, (in_columns(answer, asked.all) for answer in answers), strict=True))
    heads = next(iter(found.values()), {"answer": ""})
    names = [f"{name} of the model" if name in table.columns else name for name in heads]
    blank = dict.fromkeys(heads, "")
    rows = (
        [harmless(cell, at == place) for at, cell in enumerate(row)]
        + [harmless(cell) for cell in found.get(number, blank).values()]
        for number, row in enumerate(table.rows)
    )
    write_whole(out, itertools.chain([[harmless(name) for name in [*table.columns, *names]]], rows))
    num_blank = len(table.rows) - len(found)
    return [*table.notes, *([f"Rows without a text, and so without an answer: {num_blank}."] if num_blank else [])]


def as_line(cells):
    """A text is enclosed where a sign in it begins a cell in some country; and what `harmless` changed."""
    texts = [cell if isinstance(cell, str) else repr(cell) for cell in cells]
    parts = [f'"{text.replace(chr(34), chr(34) * 2)}"' if PARTING.search(text) else text for text in texts]
    return (",".join(parts) or '""') + "\r\n"


def write_whole(out, rows):
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(map(as_line, rows))
        aside.replace(out)
    except OSError as problem:
        raise Fault(f"{out} cannot be written: {problem.strerror or problem}.") from problem
    finally:
        aside.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description="Ask the model in this folder about texts.")
    parser.add_argument("texts", nargs="*", help="texts to ask about")
    parser.add_argument("--csv", metavar="FILE", help="a table with a row a text: CSV, TSV, JSON or JSON Lines")
    parser.add_argument("--column", default="text", help="the column that holds the texts (text)")
    parser.add_argument("--out", metavar="FILE", help="where the rows with their answers are written (CSV)")
    parser.add_argument("--encoding", default="auto", metavar="NAME", help="how the file is encoded (found by itself)")
    parser.add_argument(
        "--delimiter", default="auto", metavar="SIGN", help="comma, semicolon, tab, bar or a sign (found by itself)"
    )
    parser.add_argument("--no-header", action="store_true", help="the first line is a row; columns are column_1, …")
    parser.add_argument("--all", action="store_true", help="also write the probability of every label")
    parser.add_argument("--batch", type=int, default=32, metavar="N", help="texts that are read at once (32)")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a text")
    asked = parser.parse_args()
    if bool(asked.csv) == bool(asked.texts) or bool(asked.csv) != bool(asked.out):
        parser.error("give texts, or --csv FILE with --out FILE")
    if asked.batch < 1 or (asked.delimiter not in ("auto", *DELIMITERS) and len(asked.delimiter) != 1):
        parser.error("--batch is 1 or more, and --delimiter one sign")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        model = Model()
        if asked.csv:
            for note in write_csv(model, asked):
                print(visible(note), file=sys.stderr)
            return
    except Fault as fault:
        sys.exit(visible(str(fault)))
    for text, answer in zip(asked.texts, model.answers(asked.texts, asked.batch), strict=True):
        print(in_json({"text": text, **answer}) if asked.json else in_words(answer))


if __name__ == "__main__":
    main()
