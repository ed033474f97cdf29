"""WeighedCard: what else could have been written: the tree of a search, other words of a greedy text, other draws; and
whether searching is worth its time."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from engine.records import Progress, SearchWorth, Translation
from studio.numbers import likelihood
from studio.plots.translation.beam_tree import FOLDED_ROWS, BeamTree, line_of
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption, Heading, label
from studio.widgets.layouts import fill, hbox

_ALL_ROWS = 200


class WeighedCard(Card):
    """`taken(prefix)`: another line of the tree was chosen."""

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it weighed"), "", parent)
        self.tree = BeamTree()
        self._found: Translation | None = None
        self._is_open = False
        self._legend = Caption(tr("× dropped · open: unfinished, cannot win any more"))
        self.header.addWidget(self._legend)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.tree)
        self._area.viewport().setAutoFillBackground(False)
        self.tree.setAutoFillBackground(False)
        self._others = label("", 13)
        self._others.setTextFormat(Qt.TextFormat.RichText)
        self._others.setObjectName("otherTexts")
        self._fold = Button("", "quiet", "ph.caret-down", size="small")
        self._fold.setObjectName("unfoldTree")
        self._unit = Caption(tr("log-probability a token"))
        self.worth = WorthPanel()
        self.body.addWidget(self._area)
        self.body.addWidget(self._others)
        self.body.addLayout(hbox(self._fold, None, self._unit))
        self.body.addLayout(hbox(None, self.worth))
        self.tree.leaf_chosen.connect(self._take)
        self._fold.clicked.connect(self._unfold)

    def show_found(self, found: Translation) -> None:
        if found is self._found:
            return
        self._found, self._is_open = found, False
        self.caption.setText(_caption(found))
        self._show()

    def _show(self) -> None:
        found = self._found
        assert found is not None
        has_tree = bool(found.tree)
        for one in (self._area, self._legend, self._unit):
            one.setVisible(has_tree)
        self._others.setVisible(not has_tree)
        if not has_tree:
            self._fold.hide()
            self._others.setText(_words_beside(found) if not found.decoding.samples else _draws(found))
            return
        self.tree.show_nodes(found.tree, _ALL_ROWS if self._is_open else FOLDED_ROWS)
        self._area.setFixedHeight(self.tree.minimumSizeHint().height() + 14)
        hidden = self.tree.laid_out.num_rows - self.tree.laid_out.num_shown
        self._fold.setVisible(hidden > 0 or self._is_open)
        self._fold.setText(tr("Fold") if self._is_open else tr("{count:plural:more line:more lines}", count=hidden))

    def _unfold(self) -> None:
        self._is_open = not self._is_open
        self._show()

    def _take(self, place: int) -> None:
        assert self._found is not None
        prefix: list[int] = []
        at = place
        while at >= 0:
            prefix.append(self._found.tree[at].token)
            at = self._found.tree[at].parent
        if line_of(self._found.tree, place) != self._found.text:
            self.taken.emit(tuple(reversed(prefix)))


def _caption(found: Translation) -> str:
    if found.decoding.samples:
        return tr("{count} texts drawn by chance, the likeliest first", count=found.decoding.num_texts)
    if found.decoding.num_beams > 1:
        return tr("beam search: {count} beginnings kept at every step", count=found.decoding.num_beams)
    return tr("greedy: the likeliest word at every step, and what stood next to it")


def _words_beside(found: Translation) -> str:
    """A line a word, with the words that could have stood there."""
    lines = []
    for word in found.words:
        others = " · ".join(f"{html.escape(one.text)} {likelihood(one.probability)}" for one in word.alternatives)
        lines.append(
            f"<b style='color:{tokens().accent_text}'>{html.escape(word.text)}</b> {likelihood(word.probability)}"
            f"&nbsp;&nbsp;<span style='color:{tokens().text3}'>{others}</span>"
        )
    return "<br>".join(lines)


def _draws(found: Translation) -> str:
    texts = [(found.text, found.score), *((one.text, one.score) for one in found.others)]
    return "<br>".join(
        f"<span style='color:{tokens().text3}'>{score:.2f}</span>&nbsp;&nbsp;{html.escape(text)}"
        for text, score in texts
    )


class WorthPanel(QFrame):
    """Greedy, 5 and 10 beams with BLEU and seconds. `wanted`: measure it; `stopped`."""

    wanted = Signal()
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "soft")
        self.setObjectName("searchWorth")
        self.measure = Button(tr("Measure"), "plain", "ph.gauge", size="small")
        self.measure.setObjectName("measureSearch")
        self._note = Caption("", wrap=True)
        self._note.setObjectName("worthNote")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(4)
        self._is_busy = False
        head = hbox(Heading(tr("Is the search worth it?")), None, self.measure)
        fill(QVBoxLayout(self), head, self._grid, self._note, gap=6, margins=(14, 10, 14, 10))
        self.measure.clicked.connect(lambda: self.stopped.emit() if self._is_busy else self.wanted.emit())

    def show_worth(self, worth: SearchWorth | None, progress: Progress | None, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.measure.setText(tr("Stop") if is_busy else tr("Measure"))
        self.measure.setVisible(worth is None or is_busy)
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if worth is None:
            done = "" if progress is None else f" {progress.done} / {progress.total}"
            told = (
                tr("Answering the test texts three times …")
                if is_busy
                else tr("BLEU and seconds of greedy, 5 and 10 beams.")
            )
            self._note.setText(told + done)
            return
        for column, title in enumerate(("", tr("BLEU"), tr("time a text"))):
            self._grid.addWidget(label(title, 12, "caption", wraps=False), 0, column, Qt.AlignmentFlag.AlignRight)
        for row, cost in enumerate(worth.costs, start=1):
            beams = cost.decoding.num_beams
            name = tr("Greedy") if beams == 1 else tr("Beam {count}", count=beams)
            cells = (name, f"{cost.bleu.value:.1f}", tr("{seconds} s", seconds=f"{cost.seconds:.3f}"))
            for column, words in enumerate(cells):
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(label(words, 13, weight=600 if row == 2 else 400, wraps=False), row, column, side)
        self._note.setText(
            tr(
                "Beam 5 beats greedy in {better} of {count} texts, and is worse in {worse} (chrF).",
                better=worth.num_better,
                worse=worth.num_worse,
                count=worth.num_rows,
            )
        )
