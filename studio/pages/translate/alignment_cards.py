"""ArcsCard and MapCard: the alignment as arcs and as a map; both point at the same word."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QScrollArea, QWidget

from engine.records import LeftOutWord, Translation
from studio.numbers import likelihood
from studio.pages.translate.sentences import comes_from, goes_to
from studio.plots.translation.alignment_arcs import Aligned, AlignmentArcs, Place
from studio.plots.translation.alignment_map import AlignmentMap
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption, label
from studio.widgets.layouts import hbox


def aligned_of(found: Translation, left_out: int | None = None) -> Aligned:
    return Aligned(
        source=tuple(word.text for word in found.source_words),
        target=tuple(word.text for word in found.words),
        sureness=tuple(word.probability for word in found.words),
        weights=found.alignment,
        left_out=frozenset(() if left_out is None else (left_out,)),
        unknown=frozenset(place for place, word in enumerate(found.source_words) if word.is_unknown),
        given=frozenset(place for place, word in enumerate(found.words) if word.is_given),
    )


class ArcsCard(Card):
    """`pointed(place or None)`; `went_on(prefix)`: another word was chosen; `undone`; `left_out(source word or -1)`;
    `other_run_wanted`: that with attention."""

    pointed = Signal(object)
    went_on = Signal(object)
    undone = Signal()
    left_out = Signal(int)
    other_run_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which word comes from where"), tr("alignment, learnt from pairs of texts alone"), parent)
        self.arcs = AlignmentArcs(tr("Text"), tr("Written"))
        self._found: Translation | None = None
        self._chosen: int | None = None
        self._undo = Button(tr("Undo"), "quiet", "ph.arrow-counter-clockwise", size="small")
        self._undo.setObjectName("undoWord")
        self._undo.hide()
        self.header.addWidget(self._undo)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.arcs)
        self.arcs.setAutoFillBackground(False)
        self._area = area
        self._said = label("", 13)
        self._said.setObjectName("alignmentSaid")
        self._legend = Caption(tr("arcs above 0.05, thicker means more"))
        self._nothing = label(
            tr("This model has no attention: all that it knows of the text is one state; no word comes from a place."),
            13,
            "second",
        )
        self._nothing.setObjectName("noAttention")
        self._other = Button(tr("Compare with the attention run"), "plain", "ph.git-diff", size="small")
        self._other.setObjectName("attentionRun")
        self.body.addWidget(area)
        self.body.addLayout(hbox((self._said, 1), self._legend, gap=8))
        self.body.addLayout(hbox((self._nothing, 1), self._other, gap=8))
        self._nothing.hide()
        self._other.hide()
        self.arcs.pointed.connect(self._point)
        self.arcs.pressed.connect(self._press)
        self._undo.clicked.connect(self.undone)
        self._other.clicked.connect(self.other_run_wanted)

    def show_found(self, found: Translation, num_choices: int, has_other: bool) -> None:
        if found is not self._found:
            self._found, self._chosen = found, None
            self.arcs.show_words(aligned_of(found))
            self._area.setFixedHeight(self.arcs.sizeHint().height() + 14)
            self._say("")
        has_map = found.alignment is not None
        self._undo.setVisible(num_choices > 0)
        self._legend.setVisible(has_map)
        self._nothing.setVisible(not has_map)
        self._other.setVisible(not has_map and has_other)

    def show_left_out(self, word: int | None, found: LeftOutWord | None) -> None:
        """A word of the source was taken away: what is written then."""
        assert self._found is not None
        self._chosen = word
        at = self.arcs.at
        self.arcs.show_words(aligned_of(self._found, word))
        self.arcs.look_at(at)
        if word is None:
            self._say("")
        elif found is not None:
            name = self._found.source_words[word].text
            self._say(
                tr("without {word}: {text} ({sure})", word=name, text=found.text, sure=likelihood(found.sureness))
            )

    def look_at(self, place: Place | None) -> None:
        self.arcs.look_at(place)
        self._tell(place)

    def _point(self, row: str, index: int) -> None:
        place: Place | None = (row, index) if row in ("source", "target") else None  # type: ignore[assignment]
        self._tell(place)
        self.pointed.emit(place)

    def _tell(self, place: Place | None) -> None:
        if self._chosen is not None:
            return
        aligned = self.arcs.aligned
        if place is None or aligned.weights is None:
            self._say("")
        elif place[0] == "target":
            self._say(comes_from(aligned, place[1]))
        else:
            self._say(goes_to(aligned, place[1]))

    def _say(self, words: str) -> None:
        self._said.setText(
            words or tr("Click a written word for others in its place, a word of the text to leave it out.")
        )

    def _press(self, row: str, index: int) -> None:
        if row == "source":
            self.left_out.emit(-1 if self._chosen == index else index)
            return
        menu = self.menu_of(index)
        if menu is not None:
            chip = self.arcs.chip("target", index)
            menu.popup(self.arcs.mapToGlobal(QPoint(round(chip.left()), round(chip.bottom()))))

    def menu_of(self, index: int) -> QMenu | None:
        """The other words that could stand there."""
        if self._found is None or not self._found.words[index].alternatives:
            return None
        menu = QMenu(self)
        menu.setObjectName("otherWords")
        for other in self._found.words[index].alternatives:
            action = QAction(f"{other.text}   {likelihood(other.probability)}".replace("&", "&&"), menu)
            action.triggered.connect(lambda _checked=False, prefix=other.prefix: self.went_on.emit(prefix))
            menu.addAction(action)
        return menu


class MapCard(Card):
    """`pointed(place or None)`."""

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Alignment map"), tr("a row sums to 1"), parent)
        self.caption.setToolTip(tr("With what looks at the ends of the text, which are no words."))
        self.map = AlignmentMap()
        self._said = label("", 12)
        self._said.setObjectName("mapSaid")
        self.body.addWidget(self.map)
        self.body.addWidget(self._said)
        self.map.pointed.connect(self._point)

    def show_found(self, found: Translation) -> None:
        self.setVisible(found.alignment is not None)
        self.map.show_words(aligned_of(found))
        self.look_at(None)

    def look_at(self, place: Place | None) -> None:
        self.map.look_at(place)
        self._tell()

    def _point(self, row: str, index: int) -> None:
        self._tell()
        self.pointed.emit((row, index) if row else None)

    def _tell(self) -> None:
        cross, aligned = self.map.cross, self.map.aligned
        if cross is None or aligned.weights is None:
            self._said.setText(tr("Point at a cell or a word."))
            return
        weight = f"{aligned.weights[cross]:.3f}"
        self._said.setText(
            tr(
                "{target} looks at {source} with {weight}",
                target=aligned.target[cross[0]],
                source=aligned.source[cross[1]],
                weight=weight,
            )
        )
