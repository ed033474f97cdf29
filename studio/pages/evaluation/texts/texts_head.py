"""TextsHead: which rows are shown and how many, with search, scope, order and the way of marking words; and what is
said where no row is left to show."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from engine.records import Answers
from studio.pages.evaluation.target_view import view_of
from studio.pages.evaluation.texts.attribution_queue import METHODS
from studio.pages.evaluation.texts.rows_model import RowSelection, title_of
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.labels import Caption, ElidingLabel, Heading
from studio.widgets.layouts import fill, hbox
from studio.widgets.search_field import SearchField


class TextsHead(QWidget):
    """`scope_chosen(scope)`, `order_chosen(order)`, `method_chosen(method)`, `sought(words)`; `dropped` when the person
    lets go of a cell or slice."""

    scope_chosen = Signal(str)
    order_chosen = Signal(str)
    method_chosen = Signal(str)
    sought = Signal(str)
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidingLabel()
        self.title.setFont(Heading().font())
        self.count = Caption()
        self.drop = Button("", "link", "ph.x", size="small")
        self.drop.setObjectName("dropChoice")
        self.drop.clicked.connect(self.dropped)
        self.search = SearchField(tr("Search the texts"))
        self.search.textChanged.connect(self.sought)
        self.scope = _combo("rowScope", tr("Which rows"))
        self.scope.activated.connect(lambda _index: self.scope_chosen.emit(self.scope.currentData()))
        self.order = _combo("rowOrder", tr("Order of the texts"))
        self.order.activated.connect(lambda _index: self.order_chosen.emit(self.order.currentData()))
        self.method = _combo("markMethod", tr("How words are marked"))
        for method, words in zip(METHODS, (tr("marked: leave-one-out"), tr("marked: attention")), strict=True):
            self.method.addItem(words, method)
        self.method.activated.connect(lambda _index: self.method_chosen.emit(self.method.currentData()))
        self._lay_out()

    def _lay_out(self) -> None:
        above = hbox(self.title, self.count, self.drop, None, gap=8)
        below = hbox((self.search, 1), self.scope, self.order, self.method, gap=8)
        fill(QVBoxLayout(self), above, below, gap=6)

    def show_kind(self, answers: Answers) -> None:
        """What can be chosen for answers of this kind."""
        view, has_truths = view_of(answers), answers.truths is not None
        for combo, words in (
            (self.scope, view.scopes(has_truths=has_truths)),
            (self.order, view.orders(has_truths=has_truths)),
        ):
            _fill(combo, words)
            combo.setVisible(combo.count() > 1)

    def show_choice(self, choice: RowSelection, answers: Answers, order: str) -> None:
        self.title.setText(title_of(choice, answers))
        self.title.updateGeometry()
        is_special = choice.scope in ("cell", "slice")
        self.drop.setText(tr("all errors") if answers.truths is not None else tr("all texts"))
        self.drop.setVisible(is_special)
        self.scope.setCurrentIndex(-1 if is_special else self.scope.findData(choice.scope))
        self.order.setCurrentIndex(self.order.findData(order))

    def show_count(self, found: int, total: int, *, is_seeking: bool, is_done: bool) -> None:
        if not is_seeking:
            self.count.setText(tr("{count:plural:text:texts}", count=found))
        elif is_done:
            self.count.setText(tr("{count} of {total}", count=f"{found:,}", total=f"{total:,}"))
        else:
            self.count.setText(tr("{count} so far, searching …", count=f"{found:,}"))


def _combo(name: str, words: str) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _fill(combo: QComboBox, items: Mapping[str, str]) -> None:
    if [(combo.itemData(index), combo.itemText(index)) for index in range(combo.count())] != [*items.items()]:
        combo.clear()
        for key, words in items.items():
            combo.addItem(words, key)


def empty_rows(choice: RowSelection, answers: Answers, *, is_sought: bool) -> EmptyState:
    """`is_sought`: there are rows, but none holds the words."""
    if is_sought:
        return EmptyState(
            "ph.magnifying-glass",
            tr("No text holds these words"),
            tr("All words must stand in the text."),
            tr("Empty the search"),
        )
    if choice.scope == "abstained":
        return EmptyState(
            "ph.check-circle",
            tr("Every text got an answer"),
            tr("No threshold sends a text to a person."),
            tr("Show all texts"),
        )
    if choice.scope in ("cell", "slice"):
        return EmptyState(
            "ph.tray", tr("No texts here"), tr("No row of this kind was answered so."), tr("Show all texts")
        )
    return EmptyState(
        "ph.check-circle",
        tr("It made no mistake"),
        tr("Every answer given to these {count:plural:text:texts} was right.", count=len(answers)),
        tr("Show all texts"),
    )
