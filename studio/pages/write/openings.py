"""Openings: three beginnings to click: those of held-out texts that the run has shown, else built-in ones."""

from __future__ import annotations

from engine.runs.history import History
from studio.translation import language

_NUM = 3
_LONGEST = 48
_BUILTIN = {
    "en": ("In a village by the sea", "One evening the old lamp", "The storm came to the tower"),
    "zh": ("海边的村子里住着", "一天傍晚，旧油灯", "暴风雨来到了塔楼"),
}


def openings(history: History) -> list[str]:
    """None of them twice."""
    shown = history.answered[-1].rows if len(history.answered) else []
    found = [str(row["read"][0])[:_LONGEST] for row in shown if row.get("read")]
    return list(dict.fromkeys((*found, *_BUILTIN[language()])))[:_NUM]
