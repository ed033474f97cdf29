"""What the chips say of how a file is read: what was found by itself, what somebody chose, and what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config.reading import AUTO, Reading
from engine.records import Preview
from studio.translation import tr

FIELDS = ("delimiter", "quoting", "encoding", "header", "decimal")
_TABLE = frozenset(("table", "text", ""))
_ENCODINGS = (
    *("utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "koi8-r"),
    *("gb18030", "big5", "cp932", "cp949", "utf-16"),
)


@dataclass(frozen=True)
class Chip:
    """`value` is how the file is read now, `found` what was found by itself (empty where nobody knows, as somebody
    chose); `choices` are {value of the setting: words}, `typed` asks for any other value."""

    field: str
    title: str
    value: str
    found: str
    is_chosen: bool
    choices: dict[str, str]
    typed: str = ""


def chips(reading: Reading, preview: Preview | None) -> list[Chip]:
    """Those that a source of this format has; all of them where it could not be read."""
    return [_chip(name, reading, preview) for name in FIELDS if _belongs(name, reading, preview)]


def format_words(preview: Preview | None) -> str:
    """“table”, “JSON Lines”; nothing where it could not be read."""
    given = preview.facts.get("format", "") if preview else ""
    told = {"table": tr("table"), "text": tr("lines of text"), "parallel files": tr("two files, line by line")}
    return told.get(given, given)


def _belongs(name: str, reading: Reading, preview: Preview | None) -> bool:
    if preview is None or getattr(reading, name) != AUTO or name in preview.facts:
        return True
    if preview.facts.get("format", "") in _TABLE:
        return True
    return name == "encoding" and bool(preview.facts.get("encoding"))


def _chip(name: str, reading: Reading, preview: Preview | None) -> Chip:
    chosen = getattr(reading, name)
    is_chosen = chosen != AUTO
    choices = _CHOICES[name]()
    found = _FOUND[name](preview) if preview is not None else ""
    value = choices.get(chosen) or _typed_words(name, chosen) if is_chosen else found or tr("found by itself")
    return Chip(name, _title(name), value, "" if is_chosen else found, is_chosen, choices, _typed(name))


def _title(name: str) -> str:
    return {
        "delimiter": tr("Cells"),
        "quoting": tr("Quotes"),
        "encoding": tr("Encoding"),
        "header": tr("Header"),
        "decimal": tr("Decimals"),
    }[name]


def _typed(name: str) -> str:
    """What stands in the menu for a value that no list holds."""
    typed = {"delimiter": tr("Another sign…"), "encoding": tr("Another encoding…"), "header": tr("Another line…")}
    return typed.get(name, "")


def _typed_words(name: str, value: str) -> str:
    if name == "header":
        return tr("line {line}", line=value)
    return encoding_words(value) if name == "encoding" else tr("“{sign}”", sign=value)


def _delimiters() -> dict[str, str]:
    return {"comma": tr("comma"), "semicolon": tr("semicolon"), "tab": tr("tab"), "bar": tr("bar")}


def _quotings() -> dict[str, str]:
    return {
        "doubled": tr('enclose cells, "" inside'),
        "backslash": tr('enclose cells, \\" inside'),
        "none": tr("are text"),
    }


def _headers() -> dict[str, str]:
    lines = {str(line): tr("line {line}", line=line) for line in (2, 3)}
    return {"yes": tr("first line"), "no": tr("none"), **lines}


def _decimals() -> dict[str, str]:
    return {"point": tr("point: 3.5"), "comma": tr("comma: 3,5")}


def encoding_words(name: str) -> str:
    """“UTF-8”, “Windows-1254 (Turkish)”."""
    known = {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8",
        "ascii": "ASCII",
        "cp1252": tr("Windows-1252 (Western)"),
        "cp1250": tr("Windows-1250 (Central European)"),
        "cp1251": tr("Windows-1251 (Cyrillic)"),
        "cp1253": tr("Windows-1253 (Greek)"),
        "cp1254": tr("Windows-1254 (Turkish)"),
        "cp1256": tr("Windows-1256 (Arabic)"),
        "koi8-r": tr("KOI8-R (Cyrillic)"),
        "gb18030": tr("GB18030 (Chinese)"),
        "big5": tr("Big5 (Chinese, traditional)"),
        "cp932": tr("Shift-JIS (Japanese)"),
        "cp949": tr("EUC-KR (Korean)"),
    }
    return known.get(name.lower(), name.upper())


def _encodings() -> dict[str, str]:
    return {name: encoding_words(name) for name in _ENCODINGS}


def _found_delimiter(preview: Preview) -> str:
    sign = preview.facts.get("delimiter", "")
    if not sign:
        return tr("a text a line") if preview.facts.get("format") == "text" else ""
    return _delimiters().get(sign) or _typed_words("delimiter", sign)


def _found_quoting(preview: Preview) -> str:
    given = preview.facts.get("quotes", "")
    known = {
        "enclose": tr("enclose cells"),
        "literal": tr("are text"),
        "doubled": _quotings()["doubled"],
        "backslash": _quotings()["backslash"],
        "none": tr("are text"),
    }
    return known.get(given, given)


def _found_encoding(preview: Preview) -> str:
    given = preview.facts.get("encoding", "")
    return encoding_words(given) if given else ""


def _found_header(preview: Preview) -> str:
    """A number of a line, yes, no; or what the preview itself knows."""
    given = preview.facts.get("header", "").rpartition(" ")[2]
    if given.isdecimal() and given != "1":
        return tr("line {line}", line=given)
    has_header = {"yes": True, "1": True, "no": False, "none": False}.get(given, preview.has_header)
    return tr("first line") if has_header else tr("none")


def _found_decimal(preview: Preview) -> str:
    given = preview.facts.get("decimal", "")
    return _decimals().get(given, given)


_CHOICES = {
    "delimiter": _delimiters,
    "quoting": _quotings,
    "encoding": _encodings,
    "header": _headers,
    "decimal": _decimals,
}
_FOUND = {
    "delimiter": _found_delimiter,
    "quoting": _found_quoting,
    "encoding": _found_encoding,
    "header": _found_header,
    "decimal": _found_decimal,
}
