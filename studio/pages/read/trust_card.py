"""TrustCard: do the words that are looked at change the answer? Beside words by chance, and an untrained model's."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.errors import AttuneError
from engine.records import ReadingTrust
from studio import theme
from studio.pages.read.sentences import trust_sentence
from studio.plots.attention.trust_bars import TrustPill
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets import painting
from studio.widgets.card import Card

_ROW = 22


class DropBars(QWidget):
    """A row a kind of words: how many points less sure it is without them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropBars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: tuple[tuple[str, float], ...] = ()

    def set_rows(self, rows: tuple[tuple[str, float], ...]) -> None:
        """The first is what is asked about, the others its controls."""
        self._rows = rows
        self.setAccessibleName("; ".join(f"{title}: {_points(drop)}" for title, drop in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, max(1, len(self._rows)) * theme.tall(_ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height, small = theme.tall(_ROW), theme.font(theme.CAPTION)
        strong = theme.font(theme.CAPTION, 600)
        figures = max((QFontMetrics(strong).horizontalAdvance(_points(drop)) for _, drop in self._rows), default=0) + 10
        most = max([0.3, *(abs(drop) for _, drop in self._rows)])
        for place, (title, drop) in enumerate(self._rows):
            row = QRect(0, place * height, self.width(), height)
            painting.text(painter, row, _points(drop), strong, tokens().text, painting.RIGHT)
            track = QRect(row.right() - figures - row.width() // 4, row.center().y() - 3, row.width() // 4, 6)
            painting.bar(painter, track, max(0.0, drop) / most, tokens().text3 if place else tokens().accent)
            painting.text(painter, QRect(0, row.top(), track.left() - 8, height), title, small, tokens().text2)


class TrustCard(Card):
    """Hidden where there is nothing to check."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Can you trust it?"), "", parent)
        self.pill = TrustPill()
        self.header.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignVCenter)
        self._says, self._what = QLabel(), QLabel()
        self._says.setObjectName("readTrust")
        for one in (self._says, self._what):
            one.setWordWrap(True)
            one.setMinimumWidth(1)
            one.setFont(theme.font(theme.CAPTION))
        self._says.setProperty("kind", "second")
        self._what.setFont(theme.font(theme.CAPTION, 600))
        self.bars = DropBars()
        for widget in (self._says, self._what, self.bars):
            self.body.addWidget(widget)

    def show_trust(self, found: ReadingTrust | None, error: AttuneError | None) -> None:
        """Neither: it is being measured."""
        self.pill.setVisible(error is None)
        self.pill.set_trust(found.level if found else None)
        for part in (self._what, self.bars):
            part.setVisible(found is not None)
        if error is not None:
            self._says.setText(words(error.what))
        elif found is None:
            self._says.setText(tr("Words are masked to see what changes …"))
        else:
            self._says.setText(trust_sentence(found))
            self._what.setText(
                tr("Mask {count:plural:word:words} outside the answer: less sure by", count=found.num_words)
            )
            self.bars.set_rows(
                (
                    (tr("words looked at most"), found.looked_at),
                    (tr("random words"), found.by_chance),
                    (tr("untrained model's words"), found.untrained),
                )
            )


def _points(drop: float) -> str:
    return tr("{points:plural:point:points}", points=round(100 * drop))
