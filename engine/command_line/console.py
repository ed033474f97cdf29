"""say: the one place through which words reach a terminal, and nothing in them can command it.

Texts, labels, names of files and models come from strangers. Signs that move a terminal's cursor, hide or forge what it
shows (controls, also those of eight bits), that turn the order of letters, or that cannot be seen, are shown as codes.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any, TextIO

_COMMANDS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls, line ends and tabs too: what is said is one line
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # order of letters, other line ends, what has no width
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"  # halves of pairs, notes between the lines, tags
)
"""Joiners stay: emoji, Persian and the scripts of India are written with them."""


def visible(text: str) -> str:
    r"""The text with such signs as Python writes them: \x1b, \n, \u202e."""
    return _COMMANDS.sub(lambda found: repr(found[0])[1:-1], text)


def as_json(tree: Any, *, is_ascii: bool = False) -> str:
    """One line of JSON that says the same to a program and is as harmless to a terminal; `is_ascii`: in ASCII alone."""
    return _COMMANDS.sub(_escaped, json.dumps(tree, ensure_ascii=is_ascii))


def say(line: object, file: TextIO | None = None) -> None:
    """One line, at once. `file`: where to, if not to standard output."""
    print(visible(str(line)), file=sys.stdout if file is None else file, flush=True)


def say_part(text: str, file: TextIO | None = None) -> None:
    """A part of a line, at once."""
    print(visible(text), end="", file=sys.stdout if file is None else file, flush=True)


def say_json(tree: Any, *, is_ascii: bool = False) -> None:
    print(as_json(tree, is_ascii=is_ascii), flush=True)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
