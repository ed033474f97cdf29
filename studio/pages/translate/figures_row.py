"""FiguresRow: BLEU and chrF of the run with their intervals, how they were counted, and the run without attention."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.events import Evaluated
from engine.metrics.registry import METRICS
from engine.runs.run import Run
from studio.tasks.measures import SPLIT
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox
from studio.widgets.stat_tile import StatTile
from studio.workers.run_book import RunBook, RunEntry

_KEYS = ("bleu", "chrf")


class FiguresRow(QWidget):
    """Of the test texts where they were measured, else of the newest validation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = {
            "bleu": StatTile(tr("BLEU · word runs shared")),
            "chrf": StatTile(tr("chrF · letter runs shared")),
        }
        self._signature = Caption("", wrap=True)
        self._signature.setObjectName("signature")
        self._copy = Button("", "quiet", "ph.copy", size="small")
        self._copy.setObjectName("copySignature")
        self._copy.setToolTip(tr("Copy the signature"))
        self._copy.setAccessibleName(tr("Copy the signature"))
        tiles = hbox(*((tile, 1) for tile in self._tiles.values()), gap=10)
        fill(QVBoxLayout(self), tiles, hbox((self._signature, 1), self._copy, gap=4), gap=6)
        self._copy.clicked.connect(self._take)

    def show_run(self, book: RunBook, entry: RunEntry) -> None:
        found = newest(entry)
        self.setVisible(found is not None)
        if found is None:
            return
        other = without_attention(book, entry)
        beside = newest(other) if other is not None else None
        for key, tile in self._tiles.items():
            value = found.metrics.get(key, math.nan)
            half = found.intervals.get(key, math.nan)
            low, high = max(0.0, value - half), min(100.0, value + half)
            unit = tr("{low} to {high}", low=f"{low:.1f}", high=f"{high:.1f}") if math.isfinite(half) else ""
            caption = ""
            if beside is not None and key in beside.metrics:
                caption = tr("without attention {value}", value=f"{beside.metrics[key]:.1f}")
            tile.set_value(METRICS[key].written(value) if math.isnan(value) else f"{value:.1f}", unit, caption)
        split = tr("test") if found.split == "test" else tr("validation")
        self._signature.setText(
            tr(
                "{count} texts of {split} · sacrebleu {signature}",
                count=found.num_rows,
                split=split,
                signature=_signed(entry),
            )
        )

    def _take(self) -> None:
        QApplication.clipboard().setText(self._signature.text())


def newest(entry: RunEntry) -> Evaluated | None:
    """The last evaluation, of the test texts where there is one."""
    for split in ("test", SPLIT):
        events = entry.history.evaluations.get(split)
        if events:
            return events[-1]
    return None


def other_run(book: RunBook, entry: RunEntry, wanted: bool) -> Path | None:
    """The newest run of the same goal and texts with attention (`wanted`), or without."""
    for other in book.entries():
        if other.path == entry.path or not isinstance(other.subject, Run):
            continue
        config = other.config
        is_same = type(config.task) is type(entry.config.task) and config.data.train == entry.config.data.train
        looks = getattr(config.model, "attention", None)
        if is_same and looks is not None and (looks != "none") == wanted and newest(other) is not None:
            return other.path
    return None


def without_attention(book: RunBook, entry: RunEntry) -> RunEntry | None:
    """The run beside it that differs in having none; None where it has none itself."""
    if getattr(entry.config.model, "attention", None) in (None, "none"):
        return None
    path = other_run(book, entry, wanted=False)
    return None if path is None else book.entry(path)


def _signed(entry: RunEntry) -> str:
    from engine.metrics.translation import signature, tokenization_of

    answered = entry.history.answered
    wanted = [str(row["wanted"]) for row in answered[len(answered) - 1].rows] if len(answered) else []
    return signature(tokenization_of(wanted)) if wanted else words(METRICS["bleu"].title)
