"""Bytes as text: the encoding that is said, marked, or found by the language it gives; and how sure that is."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.config.reading import AUTO
from engine.data.sources.file_opening import HEAD_BYTES, NUM_SLICES, open_bytes, read_sample, shown
from engine.data.sources.letter_frequencies import is_usual_sign, score
from engine.errors import InputError
from engine.messages import Message, message

_MOST_WORDS = 300
_LONGEST_WORD = 60
_BETWEEN = re.compile(rb"[\x00-\x20,;\"()!?<>/]+")
_ENOUGH_BYTES = 8
_NEAR = 10.0
_STRANGE = -6.0
_SHOWN_ALTERNATIVES = 3
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WEST = ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "ca", "gl")
_CENTRAL = ("pl", "cs", "sk", "hu", "sl", "hr", "ro", "de")
_CYRILLIC = ("ru", "uk", "be", "bg", "sr", "mk")
_BALTIC = ("lt", "lv", "et", "pl")
_ENCODINGS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("cp1252", _WEST, 0.0),
    ("cp1251", _CYRILLIC, 0.0),
    ("cp1250", _CENTRAL, -1.0),
    ("cp1254", ("tr",), -1.0),
    ("cp1253", ("el",), -1.0),
    ("cp1257", _BALTIC, -1.0),
    ("cp1255", ("he",), -1.0),
    ("cp1256", ("ar", "fa"), -1.0),
    ("cp1258", ("vi",), -2.0),
    ("cp874", ("th",), -1.0),
    ("gb18030", ("zh",), 0.0),
    ("big5hkscs", ("zh-hant",), 0.0),
    ("cp932", ("ja",), 0.0),
    ("euc_jp", ("ja",), -1.0),
    ("cp949", ("ko",), 0.0),
    ("koi8-r", ("ru", "bg"), -1.0),
    ("koi8-u", ("uk", "be", "ru"), -1.5),
    ("iso8859-2", _CENTRAL, -2.0),
    ("iso8859-15", _WEST, -2.5),
    ("iso8859-5", _CYRILLIC, -2.0),
    ("iso8859-6", ("ar",), -2.0),
    ("iso8859-7", ("el",), -2.0),
    ("iso8859-8", ("he",), -2.0),
    ("iso8859-9", ("tr",), -2.0),
    ("iso8859-13", _BALTIC, -2.0),
    ("iso8859-4", _BALTIC, -3.0),
    ("iso8859-16", ("ro", "pl", "hu"), -3.0),
    ("mac-roman", _WEST, -6.0),
    ("mac-latin2", _CENTRAL, -6.0),
    ("mac-cyrillic", _CYRILLIC, -6.0),
    ("cp850", _WEST, -6.0),
    ("cp437", _WEST, -6.0),
    ("cp852", _CENTRAL, -6.0),
    ("cp866", _CYRILLIC, -6.0),
    ("cp857", ("tr",), -6.0),
    ("cp737", ("el",), -6.0),
    ("cp775", _BALTIC, -6.0),
    ("cp862", ("he",), -6.0),
)
"""Candidates, the languages written in them, and how likely each is before the file is looked at (a logarithm)."""

MIXED = "utf-8+cp1252"
"""UTF-8 with some lines of Windows-1252 among it, as files are that were glued together."""


@dataclass(frozen=True)
class Decoded:
    """The beginning of a file as text; `is_whole` where that is all of it."""

    text: str
    encoding: str
    is_whole: bool
    doubts: tuple[Message, ...] = ()


def decoded_sample(path: Path, wanted: str = AUTO) -> Decoded:
    """The first megabyte. Raises InputError for what is no text and for a `wanted` encoding that cannot be right."""
    sample = read_sample(path)
    head = sample[:HEAD_BYTES]
    is_whole = len(head) < HEAD_BYTES
    if wanted != AUTO:
        encoding, doubts = _as_wanted(sample, head, wanted, path)
    else:
        found = encoding_of(sample)
        if found is None:
            raise no_text(path, message("Choose a CSV, TSV, JSON, JSON Lines, Parquet or text file."))
        encoding = found
        doubts = doubts_of(sample, encoding)
    return Decoded(decode(head, encoding), encoding, is_whole, doubts)


def no_text(path: Path, mend: Message) -> InputError:
    return InputError(
        message("The file holds no text: its bytes look like a program, a picture or another binary format."),
        shown(path),
        mend,
    )


def _as_wanted(sample: bytes, head: bytes, wanted: str, path: Path) -> tuple[str, tuple[Message, ...]]:
    """The encoding that a person named. One that cannot be right is refused; what is UTF-8 for sure is read as it, as
    the setting may be meant for another of the files."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if sample.startswith(mark)), None)
    if marked and not _is_same(wanted, marked):
        return marked, (_other_encoding(marked, wanted, path),)
    if marked:
        return marked, ()
    if wanted.startswith(("utf-16", "utf-32")):
        if b"\x00" not in sample and _utf8(sample):  # its bytes would make Chinese words of any text
            return "utf-8", (_other_encoding("utf-8", wanted, path),)
        if wanted in ("utf-16", "utf-32"):  # without a mark Python's streams refuse them
            wanted = _wide_without_mark(sample[: HEAD_BYTES // 16]) or f"{wanted}-le"
    if not _is_same(wanted, "utf-8") and _num_sequences(sample)[0] >= 10 and encoding_of(sample) == "utf-8":
        return "utf-8", (_other_encoding("utf-8", wanted, path),)
    text = head.decode(wanted, errors="replace")
    broken = text.count("\ufffd") + text.count("\x00")
    foreign = sum(not character.isascii() for character in text)
    if broken > 5 and broken > 0.1 * max(1, foreign):
        raise InputError(
            message("The file is not written in {encoding}: {count} of its characters can't be read.", encoding=wanted,
                    count=broken),
            shown(path),
            message("Choose another encoding (data.reading.encoding), or “auto”."),
        )  # fmt: skip
    return wanted, ()


def _other_encoding(found: str, wanted: str, path: Path) -> Message:
    return message(
        "{file} is read as {found}, which it surely is, though data.reading.encoding says {wanted}.",
        file=path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        found=found.removesuffix("-sig"),
        wanted=wanted,
    )


def _is_same(first: str, second: str) -> bool:
    return first.replace("-sig", "").split("-")[:2] == second.replace("-sig", "").split("-")[:2]


def encoding_of(sample: bytes) -> str | None:
    """The name of the encoding, as `decode` and `text_lines` take it; None when the bytes are no text."""
    for mark, name in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if b"\x00" in sample and (wide := _wide_without_mark(sample[: HEAD_BYTES // 16])):
        return wide
    if _share_of_control_bytes(sample) > 0.05:
        return None
    if sample.isascii() and b"\x1b$" in sample and _decodes(sample, "iso2022_jp"):
        return "iso2022_jp"
    utf8 = _utf8(sample)
    return utf8 or _ranked(_telling_words(sample))[0][0]


def doubts_of(sample: bytes, encoding: str) -> tuple[Message, ...]:
    """What is not sure about an encoding that was found by itself."""
    if encoding == MIXED:
        return (
            message(
                "Some lines are not written in UTF-8 as the others are; they are read as Windows-1252, such as "
                "“{word}”. If that is wrong, name the encoding: data.reading.encoding.",
                word=_mixed_word(sample),
            ),
        )
    if encoding not in _NAMES:
        return ()
    words = _telling_words(sample)
    ranked = _ranked(words)
    best, best_score = ranked[0]
    others = [name for name, value in ranked[1:] if best_score - value < _NEAR]
    length = sum(len(word.decode(best, errors="replace")) for word in words)
    if best == "cp1252" and all(map(is_usual_sign, "".join(word.decode(best, errors="replace") for word in words))):
        return ()  # pounds, quotes and dashes among English
    num_foreign = sum(len(word) - len(word.translate(None, _FOREIGN)) for word in words)
    is_short = num_foreign < _ENOUGH_BYTES and best != "cp1252"
    if not others and (is_short or best_score < _STRANGE * length):
        others = [name for name, _ in ranked[1:]]
    if not others:
        return ()
    word = max(words, key=len)
    return (
        message(
            "The encoding is not certain: it is read as {encoding}, in which a word is “{word}”; it may be {others}. "
            "If letters look wrong, name it: data.reading.encoding.",
            encoding=best,
            word=word.decode(best, errors="replace"),
            others=[f"{name} (“{word.decode(name, errors='replace')}”)" for name in others[:_SHOWN_ALTERNATIVES]],
        ),
    )


def _mixed_word(sample: bytes) -> str:
    broken = (word for word in _BETWEEN.split(sample) if not _decodes(word, "utf-8"))
    return decode(next(broken, b"")[:_LONGEST_WORD], MIXED)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def decode(content: bytes, encoding: str) -> str:
    """The text; bytes that cannot be read become replacement marks."""
    name, errors = _codec(encoding)
    return content.decode(name, errors)


def text_lines(path: Path, encoding: str, line_end: str) -> Iterator[str]:
    """The lines with their ends; only `line_end` ("\\n" or "\\r") ends one. Undecodable bytes become U+FFFD."""
    name, errors = _codec(encoding)
    with open_bytes(path) as file, io.TextIOWrapper(file, name, errors=errors, newline=line_end) as text:
        yield from text


def text_chunks(path: Path, encoding: str, size: int) -> Iterator[str]:
    """The text piece by piece, where lines are no measure."""
    name, errors = _codec(encoding)
    with open_bytes(path) as file, io.TextIOWrapper(file, name, errors=errors, newline="") as text:
        while chunk := text.read(size):
            yield chunk


def _codec(encoding: str) -> tuple[str, str]:
    return ("utf-8", "attune-cp1252") if encoding == MIXED else (encoding, "replace")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    piece = error.object[error.start : error.end]
    return piece.decode("cp1252", errors="replace"), error.end


codecs.register_error("attune-cp1252", _as_cp1252)


def _wide_without_mark(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: line ends, signs and digits then stand where they should, and nearly nothing
    is a character that no text has."""
    best, most = None, 0.0
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        text = sample[: len(sample) // width * width].decode(name, errors="replace")
        if not text or len(text) < 2:
            continue
        odd = sum(unicodedata.category(one) in ("Cn", "Co", "Cs", "Cc") and one not in "\t\r\n" for one in text)
        odd += text.count("\ufffd")
        plain = sum(one.isascii() and (one.isalnum() or one in '\r\n\t,; "') for one in text) / len(text)
        if odd <= 0.02 * len(text) and plain > max(most, 0.02):
            best, most = name, plain
    return best


_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1b")
_FOREIGN = bytes(range(128, 256))
_WESTERN = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x90-\xbf]")


def _share_of_control_bytes(sample: bytes) -> float:
    return (len(sample) - len(sample.translate(None, _CONTROLS))) / max(1, len(sample))


def _num_sequences(sample: bytes) -> tuple[int, int]:
    """Whole characters of UTF-8 beyond ASCII, and bytes that belong to none."""
    plain = len(sample.translate(None, _FOREIGN))
    text = sample.decode("utf-8", "ignore")
    return len(text) - plain, len(sample) - len(text.encode("utf-8"))


def _utf8(sample: bytes) -> str | None:
    """Characters of UTF-8 are no accident. Where a few bytes are none, the sample was cut within a character, or lines
    of another encoding were glued in: of Windows-1252, if the other letters are western."""
    whole, stray = _num_sequences(sample)
    cut = 3 * (1 + (2 * NUM_SLICES if len(sample) > HEAD_BYTES else 0)) if len(sample) >= HEAD_BYTES else 0
    if stray <= (cut if whole > stray or sample.isascii() else 0):
        return "utf-8"
    if whole < 5 * stray:
        return None
    western = len(_WESTERN.findall(sample))
    return MIXED if western >= 0.9 * whole else "utf-8"


def _telling_words(sample: bytes) -> list[bytes]:
    """What stands between signs of ASCII that end a word in every encoding, where it holds something else than ASCII,
    each once: more of the same tells no more. Of a large sample some, drawn evenly."""
    words = list(dict.fromkeys(word[:_LONGEST_WORD] for word in _BETWEEN.split(sample) if not word.isascii()))
    return words[:: max(1, -(-len(words) // _MOST_WORDS))]


_NAMES = frozenset(name for name, _, _ in _ENCODINGS)


def _ranked(words: Sequence[bytes]) -> list[tuple[str, float]]:
    """Encodings by how likely the words are that they give, best first; those that give the same but once."""
    found: dict[tuple[str, ...], tuple[float, str]] = {}
    for name, languages, prior in _ENCODINGS:
        texts = tuple(word.decode(name, errors="replace") for word in words)
        value = score(texts, languages) + prior
        if texts not in found or found[texts][0] < value:
            found[texts] = (value, name)
    ranked = sorted(found.values(), key=lambda pair: -pair[0])
    return [(name, value) for value, name in ranked]
