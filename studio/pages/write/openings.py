"""Openings: three beginnings to click: those of held-out texts that the run has shown, else built-in ones."""

from __future__ import annotations

from engine.runs.history import History
from studio.translation import language

_NUM = 3
_LONGEST = {"en": 40, "zh": 16}
"""Characters of one that is clicked."""
_BUILTIN = {
    "en": ("In a village by the sea", "One evening the old lamp", "The storm came to the tower"),
    "zh": ("海边的村子里住着", "一天傍晚，旧油灯", "暴风雨来到了塔楼"),
}


def openings(history: History) -> list[str]:
    """None of them twice."""
    shown = history.answered[-1].rows if len(history.answered) else []
    found = [_short(str(row["read"][0])) for row in shown if row.get("read")]
    return list(dict.fromkeys((*found, *_BUILTIN[language()])))[:_NUM]


def _short(words: str) -> str:
    """Cut after a whole word, where words have spaces between them."""
    longest = _LONGEST["en"] if " " in words else _LONGEST["zh"]
    if len(words) <= longest:
        return words
    return words[: longest + 1].rsplit(" ", 1)[0] if " " in words else words[:longest]
