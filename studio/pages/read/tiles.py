"""Tiles: F1 and exact match of the run's test questions, beside a run without attention and what could be reached."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.records import ScoredRows
from engine.runs.history import History
from studio.numbers import number, percent, share_interval
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill
from studio.widgets.stat_tile import StatTile
from studio.workers.run_book import RunBook, RunEntry


class FigureTiles(QWidget):
    """What is not measured yet is a dash."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = {
            "f1": StatTile(tr("F1 · words shared"), is_full=True),
            "em": StatTile(tr("EM · exactly the same"), is_full=True),
        }
        self._note = Caption("", wrap=True)
        self._note.setObjectName("readFigures")
        row = QHBoxLayout()
        fill(row, *((tile, 1) for tile in self._tiles.values()), gap=GAP)
        fill(QVBoxLayout(self), row, self._note, gap=4)

    def show_run(self, entry: RunEntry, book: RunBook, reached: ScoredRows | None) -> None:
        found, split = _figures(entry.history)
        plain = _without_attention(entry, book)
        for key, tile in self._tiles.items():
            value = found.metrics.get(key, math.nan) if found else math.nan
            width = found.intervals.get(key, math.nan) if found else math.nan
            beside = plain.get(key)
            caption = tr("without attention {value}", value=percent(beside)) if beside is not None else ""
            tile.set_value(percent(value), share_interval(value, width), caption)
        if found is None:
            self._note.setText("")
            return
        words = (
            tr("{count} test questions · ± is 95 %", count=number(found.num_rows))
            if split == "test"
            else tr("{count} validation questions · ± is 95 %", count=number(found.num_rows))
        )
        if reached is not None and "em" in reached.ceiling:
            words += " · " + tr(
                "EM at best {value}",
                value=percent(reached.ceiling["em"], 0 if reached.ceiling["em"] == 1 else 1),
            )
        self._note.setText(words)


def _figures(history: History):  # type: ignore[no-untyped-def]
    """(the newest evaluation of the test split, else of validation; which)"""
    for split in ("test", "validation"):
        found = history.evaluations.get(split)
        if found:
            return found[-1], split
    return None, ""


def _without_attention(entry: RunEntry, book: RunBook) -> dict[str, float]:
    """The figures of another run on the same data whose model has no attention."""
    if not getattr(entry.config.model, "has_attention", True):
        return {}
    for other in book.entries():
        if other.path == entry.path or other.study is not None or other.damage is not None:
            continue
        config = other.config
        is_alike = config.data == entry.config.data and config.task.name == entry.config.task.name
        if is_alike and getattr(config.model, "has_attention", True) is False:
            found, split = _figures(other.history)
            if found is not None and split == _figures(entry.history)[1]:
                return dict(found.metrics)
    return {}
