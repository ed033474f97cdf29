"""FigureTiles: how well it tells unseen texts, how daring this continuation is, and how much of it is copied."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.records import Copied, WritingFigures
from studio.pages.write.session import Text
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.layouts import fill
from studio.widgets.stat_tile import StatTile

_SAFE, _DARING = 0.75, 1.25


class FigureTiles(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.perplexity = StatTile(tr("Perplexity on texts it never saw"), is_full=True)
        self.bits = StatTile(tr("Bits a character, the same texts"), is_full=True)
        self.continuation = StatTile(tr("This continuation"), is_full=True)
        self.copied = StatTile(tr("Longest piece copied from training"), is_full=True)
        tiles = (self.perplexity, self.bits, self.continuation, self.copied)
        fill(QHBoxLayout(self), *((one, 1) for one in tiles), gap=GAP)

    def show_figures(self, figures: WritingFigures | None, *, is_measuring: bool) -> None:
        if figures is None:
            for tile in (self.perplexity, self.bits):
                tile.set_value("–", "", tr("measuring …") if is_measuring else "")
            return
        rows = tr("{count:plural:text:texts}", count=figures.num_rows)
        for tile, figure, counted, written in (
            (self.perplexity, figures.perplexity, figures.ngram_perplexity, "{:.3g}"),
            (self.bits, figures.bits_per_character, figures.ngram_bits_per_character, "{:.2f}"),
        ):
            ends = ""
            if math.isfinite(figure.low) and math.isfinite(figure.high) and figure.method:
                ends = tr("{low} to {high}", low=written.format(figure.low), high=written.format(figure.high))
            line = tr("n-gram {value}", value=written.format(counted)) if counted is not None else ""
            tile.set_value(written.format(figure.value), ends, " · ".join(part for part in (rows, line) if part))

    def show_text(self, text: Text, figures: WritingFigures | None, *, is_read: bool) -> None:
        """`is_read`: the text was not written but pasted."""
        if not text.tokens:
            self.continuation.set_value("–", "", tr("nothing is written yet"))
            return
        bits = text.bits_per_token
        usual = math.log2(figures.perplexity.value) if figures is not None else math.nan
        unit = tr("bits a token of this text") if is_read else tr("bits a token")
        if not is_read and math.isfinite(usual):
            unit = _daring(bits / max(usual, 1e-9))
        caption = ""
        if figures is not None:
            caption = tr(
                "on unseen texts {bits}, which is log₂ {perplexity}",
                bits=f"{usual:.2f}",
                perplexity=f"{figures.perplexity.value:.3g}",
            )
        self.continuation.set_value(f"{bits:.2f}", unit, caption)

    def show_copied(self, found: Copied | None) -> None:
        """Amber from the alarm on, with the training text in the tooltip."""
        if found is None:
            self.copied.set_value("–", "", "")
            self.copied.setToolTip("")
            self.copied.set_alarming(is_alarming=False)
            return
        is_alarming = found.num_words > found.alarm
        unit = tr("words in a row")
        caption = tr("an unseen text {usual} · alarm above {alarm}", usual=found.usual, alarm=found.alarm)
        if is_alarming:
            caption = tr("it copies: point here · an unseen text {usual}", usual=found.usual)
        self.copied.set_value(str(found.num_words), unit, caption)
        nearest = tr("“{piece}” stands in the training text: {text}", piece=found.piece, text=found.text[:400])
        self.copied.setToolTip(nearest if found.num_words else "")
        self.copied.set_alarming(is_alarming=is_alarming)


def _daring(share: float) -> str:
    if share < _SAFE:
        return tr("bits a token, it plays safe")
    if share > _DARING:
        return tr("bits a token, it dares much")
    return tr("bits a token, as unseen texts")
