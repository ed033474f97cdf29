"""English sentences in the person's language: `tr` for the window's own words, `words` for the engine's."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Literal

from PySide6.QtCore import QLocale

from engine.messages import Message, fill
from engine.resources import resource

Language = Literal["en", "zh"]

_FOLDERS = {"zh": "zh_CN"}
_BETWEEN = {"en": ", ", "zh": "、"}
_OWN_LETTERS = re.compile("[a-z]+[A-Z]")
_current: Language = "en"


def language() -> Language:
    """The language that is shown now."""
    return _current


def set_language(chosen: str) -> None:
    """Show `"en"`, `"zh"` or the `"system"`'s language. Words on the screen stay until they are built anew."""
    global _current  # noqa: PLW0603 - one language is shown at a time, and every label asks for it
    _current = "zh" if chosen == "zh" or (chosen == "system" and _system_is_chinese()) else "en"


def tr(template: str, /, **values: Any) -> str:
    """`tr("{count:plural:row:rows} dropped", count=3)`: a sentence of the window; the template is a literal."""
    return fill(_translated(template), values, words, _BETWEEN[_current])


def words(message: Message) -> str:
    """A message of the engine in the person's language; a template that nobody translated stays English."""
    return fill(_translated(message.id), message.values, words, _BETWEEN[_current])


def capitalized(message: Message) -> str:
    """`words`, for the head of a column or a tile: titles of metrics are written for the middle of a sentence. A name
    with a capital within, as chrF, stays as it is."""
    text = words(message)
    return text if _OWN_LETTERS.match(text) else text[:1].upper() + text[1:]


def _translated(template: str) -> str:
    return translations(_current).get(template, template)


@lru_cache(maxsize=2)
def translations(chosen: Language) -> dict[str, str]:
    """{English template: translated template}, merged from every room's file; empty for English."""
    if chosen not in _FOLDERS:
        return {}
    merged: dict[str, str] = {}
    for path in sorted(resource("translations", _FOLDERS[chosen]).glob("*.json")):
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged


def _system_is_chinese() -> bool:
    return QLocale.system().language() == QLocale.Language.Chinese
