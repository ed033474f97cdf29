"""Reading: how a file of texts is laid out, where a person knows it better than what is found by itself."""

from __future__ import annotations

import codecs
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from engine.config.choice import Choice, setting

AUTO = "auto"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
"""The names of the usual signs between cells; any other single sign is written as itself."""

_NO_FILES = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))
"""Text encodings of Python that no file of texts has."""


def _header(value: Any) -> Any:
    """YAML reads `yes` and `no` as truth values, and a row as a number."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).strip().lower() if isinstance(value, str | int) else value
    if isinstance(text, str) and text not in (AUTO, "yes", "no") and not (text.isdecimal() and int(text) >= 1):
        raise ValueError("Choose “auto”, “yes”, “no”, or the number of the line that holds the names, from 1")
    return text


def _delimiter(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    signs = {sign: name for name, sign in DELIMITERS.items()} | {r"\t": "tab"}
    name = signs.get(value, value if len(value) == 1 else value.strip().lower())
    if name == AUTO or name in DELIMITERS or (len(name) == 1 and not name.isalnum() and name not in '"\r\n'):
        return name
    raise ValueError("Choose “auto”, “comma”, “semicolon”, “tab”, “bar”, or a single sign")


def _encoding(value: Any) -> Any:
    if not isinstance(value, str) or value.strip().lower() == AUTO:
        return AUTO if isinstance(value, str) else value
    try:
        found = codecs.lookup(value.strip())
        b"a".decode(found.name, "ignore")  # a codec that turns bytes into bytes is no text encoding
        is_text = found.name not in _NO_FILES
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise ValueError("Choose “auto” or the name of an encoding, such as utf-8, cp1252 or gb18030")
    return found.name


class Reading(Choice):
    """How files are read; each is found by itself unless it is said here."""

    model_config = ConfigDict(title="Reading of files")
    header: Annotated[str, BeforeValidator(_header)] = setting(
        AUTO,
        title="Header",
        help="Whether the first line names the columns: “auto”, “yes”, “no”, or the number of the line that does; "
        "lines above it are left out.",
    )
    delimiter: Annotated[str, BeforeValidator(_delimiter)] = setting(
        AUTO,
        title="Sign between cells",
        help="“auto”, “comma”, “semicolon”, “tab”, “bar”, or any single sign.",
    )
    quoting: Literal["auto", "doubled", "backslash", "none"] = setting(
        "auto",
        title="Quotation marks",
        help="Whether marks enclose cells, and how a mark inside such a cell is written.",
        words={
            "auto": "Found by itself",
            "doubled": 'Enclose cells, "" inside',
            "backslash": 'Enclose cells, \\" inside',
            "none": "Are text like any other",
        },
    )
    encoding: Annotated[str, BeforeValidator(_encoding)] = setting(
        AUTO,
        title="Encoding",
        help="“auto”, or how the file's bytes stand for letters, such as utf-8, cp1252, cp1251 or gb18030.",
    )
    decimal: Literal["auto", "point", "comma"] = setting(
        "auto",
        title="Decimal sign",
        help="What stands before the fraction of a number.",
        words={"auto": "Found by itself", "point": "Point: 3.5", "comma": "Comma: 3,5"},
    )
