"""WordsPage: which words speak for which label? A table a label, searched, and where a run of words occurs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QStackedWidget, QVBoxLayout, QWidget

from engine.errors import AttuneError, InputError
from engine.records import Occurrence, SpokenRun, SpokenWords
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.pages.words.columns import TEXTS, WEIGHT, run_columns, shown
from studio.pages.words.places_card import PlacesCard
from studio.pages.words.sentences import chosen_lines, headline, shown_line
from studio.tables.column_model import ROW, ColumnModel
from studio.tables.details_table import HEIGHT, DetailsTable
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.label_names import label_name
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.layouts import fill, hbox, panel, set_wide, vbox
from studio.widgets.search_field import SearchField
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.veil import Veil
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook, answering_checkpoint

_WIDE, _RIGHT = 900, 380
_REST_MS = 200


class WordsPage(Page):
    """`training_requested(path)`: the run has not been fitted yet."""

    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("speaking_words",))
        self._found: SpokenWords | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._ask)
        self._build()
        self._lay_out()
        self._listen()

    def show_run(self, path: Path) -> None:
        """The words of another run. Raises InputError when the folder holds none."""
        self._book.entry(path)
        if path != self._path:
            self._path, self._found = path, None
            self._labels.clear()
            self._model.show(())
            self._places.show_nothing()
            self._banner.clear()
        self._ask()

    def follow(self) -> None:
        """A better checkpoint has other words."""
        self._ask()

    def state(self) -> dict[str, Any]:
        return {**super().state(), "label": self._labels.currentData(), "search": self._search.text()}

    def restore(self, state: dict[str, Any]) -> None:
        self._search.setText(str(state.get("search", "")))
        self._wished = state.get("label")
        super().restore(state)

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._wished: str | None = None
        self._header = PageHeader(tr("Words"), "wordsSentence")
        self._banner = ErrorBanner()
        self._labels = QComboBox()
        self._labels.setObjectName("wordsLabel")
        self._labels.setAccessibleName(tr("Label"))
        self._side = SegmentedControl([("for", tr("Speak for it"), None), ("against", tr("Speak against it"), None)])
        self._side.setObjectName("wordsSide")
        self._search = SearchField(tr("Search the words"))
        self._count = ElidingLabel()
        self._count.setObjectName("wordsCount")
        self._count.setProperty("kind", "second")
        self._model: ColumnModel[SpokenRun] = ColumnModel(run_columns(1.0, is_shown_blank=False), self)
        self._table = DetailsTable(self._model, "wordsTable", tr("Runs of words, the strongest first"), (WEIGHT, TEXTS))
        self._table.setMinimumHeight(HEIGHT * 8)
        self._veil = Veil(self._table)
        self._none = EmptyState(
            "ph.magnifying-glass",
            tr("No run holds these words"),
            tr("Only runs that were seen in enough training texts are counted."),
        )
        self._places = PlacesCard()
        self._chosen = Card(tr("How it counts"), "")
        self._lines = Caption(wrap=True)
        self._lines.setObjectName("wordsChosen")
        self._chosen.body.addWidget(self._lines)
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("No words yet"),
            tr("The run has not been fitted yet: that takes seconds to minutes."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        head = hbox(self._labels, self._side, (self._count, 1), (self._search, 1), gap=10)
        card = Card("", "")
        card.body.addLayout(head)
        card.body.addWidget(self._table, 1)
        card.body.addWidget(self._none, 1)
        self._none.hide()
        self._right = panel(vbox((self._places, 1), self._chosen, gap=GAP))
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (card, 1), self._right, gap=GAP)
        self._stack = QStackedWidget()
        self._stack.addWidget(panel(self._columns))
        self._stack.addWidget(self._nothing)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(QVBoxLayout(self), self._header, self._banner, 6, (self._stack, 1), gap=6, margins=margins)

    def _listen(self) -> None:
        self._labels.activated.connect(lambda _place: self._ask())
        self._side.changed.connect(lambda _key: self._ask())
        self._search.textChanged.connect(lambda _words: self._rest.start())
        self._table.selectionModel().currentRowChanged.connect(self._look_up)
        self._nothing.acted.connect(lambda: self.training_requested.emit(self._path))

    # -- asking --------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._path is None or not self.isVisible():
            return
        entry = self._book.entry(self._path)
        checkpoint = answering_checkpoint(entry)
        self._stack.setCurrentIndex(0 if checkpoint is not None else 1)
        if checkpoint is None:
            self._header.say(tr("Which words speak for which label."))
            return
        label = self._labels.currentData() if self._labels.count() else self._wished
        wish = (label, self._search.text(), self._side.current() == "against")
        try:
            query = Query(
                "speaking_words", (self._path, checkpoint, *wish), entry.subject, *wish, checkpoint=checkpoint.name
            )
        except InputError as error:
            self._refuse(error)
            return
        self._asker.ask(query.success(self._take).failure(self._refuse).once())
        self._veil.draw(self._asker.is_asking("speaking_words"))

    def _take(self, found: SpokenWords) -> None:
        self._found = found
        self._veil.draw(False)
        self._banner.clear()
        if not self._labels.count() or [self._labels.itemData(at) for at in range(self._labels.count())] != [
            *found.labels
        ]:
            self._labels.clear()
            for label in found.labels:
                self._labels.addItem(label_name(label), label)
        self._labels.setVisible(bool(found.labels))
        if found.labels:
            self._labels.setCurrentIndex(found.labels.index(found.label))
        most = max((abs(one.weight) for one in found.runs), default=1.0)
        self._model.show(found.runs, run_columns(most, is_shown_blank=found.counts_characters))
        self._table.set_widths((WEIGHT, TEXTS))
        self._table.setVisible(bool(found.runs))
        self._none.setVisible(not found.runs)
        self._count.setText(shown_line(found))
        self._header.say(headline(found))
        lines = chosen_lines(found.chosen)
        self._chosen.setVisible(bool(lines))
        self._lines.setText("\n".join(lines))
        self._places.show_nothing()

    def _refuse(self, error: AttuneError) -> None:
        self._veil.draw(False)
        self._banner.show_error(error)

    def _look_up(self, current: QModelIndex, _before: QModelIndex) -> None:
        run = current.data(ROW) if current.isValid() else None
        if run is None or self._path is None or self._found is None:
            return
        name = shown(run, is_shown_blank=self._found.counts_characters)
        entry = self._book.entry(self._path)
        checkpoint = answering_checkpoint(entry)
        if checkpoint is None:
            return
        try:
            query = Query(
                "occurrences", (self._path, run.ids, checkpoint), entry.run, run.ids, checkpoint=checkpoint.name
            )
        except InputError as error:
            self._places.show_failure(error)
            return
        self._places.show_waiting(name)

        def take(places: tuple[Occurrence, ...]) -> None:
            self._places.show_places(name, places, run.num_texts)

        self._asker.ask(query.success(take).failure(self._places.show_failure))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._columns, self.width() >= _WIDE, self._right, min(_RIGHT, self.width() // 3), _RIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()
