"""PlacesCard: training texts that hold the chosen run, the run marked in each."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Occurrence
from studio.numbers import number
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.label_names import label_name
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, scrolling

_AROUND = 140
"""Signs before and behind the first place that are shown."""


class PlacesCard(Card):
    """What is shown follows the row that is chosen in the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Where it occurs"), "", parent)
        self._about = Caption(wrap=True)
        self._about.setObjectName("placesAbout")
        self._rows = fill(QVBoxLayout(), gap=10)
        self.body.addWidget(self._about)
        inside = fill(QVBoxLayout(), self._rows, None, margins=(0, 0, 6, 0))
        self.body.addWidget(scrolling(inside, tr("Texts that hold it")), 1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self._clear()
        self._about.setText(tr("Choose a row, and see training texts that hold these words."))

    def show_waiting(self, name: str) -> None:
        self._clear()
        self._about.setText(tr("Looking for “{words}” in the training texts …", words=name))

    def show_failure(self, error: AttuneError) -> None:
        self._clear()
        self._about.setText(tr("{what}", what=error.what))

    def show_places(self, name: str, places: tuple[Occurrence, ...], num_texts: int) -> None:
        """The first texts that hold `name`, of `num_texts`."""
        self._clear()
        words = (
            tr("{shown} of the {count:plural:text:texts} that hold “{words}”.", shown=number(len(places)),
               count=num_texts, words=name)
            if len(places) < num_texts
            else tr("{count:plural:text holds:texts hold} “{words}”.", count=len(places), words=name)
        )  # fmt: skip
        self._about.setText(words)
        for one in places:
            self._rows.addWidget(Caption(f"{label_name(one.label)} · {tr('row {row}', row=number(one.row))}"))
            text = QLabel(_marked(one))
            text.setTextFormat(Qt.TextFormat.RichText)
            text.setWordWrap(True)
            text.setAccessibleName(one.text)
            text.setObjectName("place")
            self._rows.addWidget(text)

    def _clear(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _marked(one: Occurrence) -> str:
    """The text around the first place, as rich text."""
    first, _ = one.spans[0]
    start = max(0, first - _AROUND)
    stop = min(len(one.text), one.spans[0][1] + _AROUND)
    parts, at = ["…" if start else ""], start
    for begin, end in one.spans:
        if end > stop:
            break
        if begin < at:
            continue
        parts.append(html.escape(one.text[at:begin]))
        parts.append(f'<b style="color:{tokens().accent_text};">{html.escape(one.text[begin:end])}</b>')
        at = end
    parts.append(html.escape(one.text[at:stop]) + ("…" if stop < len(one.text) else ""))
    return "".join(parts)
