"""FoundCard: what came of it: the winner against the person's own settings, and what else is to be said."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.records.search import SearchOutcome, SearchRecord
from studio.pages.search.sentences import against_in_words
from studio.translation import tr, words
from studio.widgets import Pill
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.pill import PillKind


class FoundCard(Card):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Against your settings"), "", parent)
        self.setObjectName("against_start")
        self._pill = Pill()
        self.header.addWidget(self._pill)
        self._told = QLabel()
        self._told.setObjectName("against_told")
        self._notes = Caption("", wrap=True)
        self._notes.setObjectName("search_notes")
        for one in (self._told, self._notes):
            one.setWordWrap(True)
            one.setTextFormat(Qt.TextFormat.PlainText)
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(one)
        self.hide()

    def show_record(self, record: SearchRecord) -> None:
        against = record.against_start
        notes = "\n".join(words(one) for one in record.notes)
        self.setVisible(against is not None or bool(notes))
        self.title.setText(tr("Against your settings") if against is not None else tr("What is to be said"))
        self._told.setText(against_in_words(against) if against is not None else "")
        self._told.setVisible(against is not None)
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes))
        told = _outcomes().get(record.outcome)
        self._pill.setVisible(told is not None and against is not None)
        if told is not None:
            self._pill.set_pill(*told)


def _outcomes() -> dict[SearchOutcome, tuple[str, PillKind]]:
    return {
        "better": (tr("better, more than chance"), "ok"),
        "noise": (tr("within noise"), "plain"),
        "none": (tr("nothing better found"), "warn"),
    }
