"""TextsHead: which rows are shown and how many, with search, scope, order and the way of marking words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from engine.records import Answers
from studio.pages.evaluation.texts.attribution_queue import METHODS
from studio.pages.evaluation.texts.row_selection import ORDERS, SCOPES, RowSelection
from studio.pages.evaluation.texts.row_words import title_of
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption, ElidingLabel, Heading
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
        above, below = QHBoxLayout(), QHBoxLayout()
        above.setSpacing(8)
        below.setSpacing(8)
        above.addWidget(self.title)
        above.addWidget(self.count)
        above.addWidget(self.drop)
        above.addStretch(1)
        below.addWidget(self.search, 1)
        for part in (self.scope, self.order, self.method):
            below.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(above)
        column.addLayout(below)

    def show_kind(self, answers: Answers) -> None:
        """What can be chosen for answers of this kind."""
        has_truths, is_number = answers.truths is not None, answers.kind == "number"
        names = {"errors": tr("errors"), "abstained": _abstained(answers), "all": tr("all texts")}
        hidden = ({"errors"} if not has_truths or is_number else set()) | ({"abstained"} if is_number else set())
        _fill(self.scope, [(scope, names[scope]) for scope in SCOPES if scope not in hidden])
        self.scope.setVisible(self.scope.count() > 1)
        orders = ["worst", "row"] if is_number else [one for one in ORDERS if has_truths or one != "worst"]
        if is_number and not has_truths:
            orders = ["row"]
        _fill(self.order, [(order, _order_words(order, is_number)) for order in orders])
        self.order.setVisible(len(orders) > 1)

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


def _fill(combo: QComboBox, items: list[tuple[str, str]]) -> None:
    if [combo.itemData(index) for index in range(combo.count())] != [key for key, _ in items]:
        combo.clear()
        for key, words in items:
            combo.addItem(words, key)


def _abstained(answers: Answers) -> str:
    return tr("left to a person") if answers.kind == "one" else tr("without any label")


def _order_words(order: str, is_number: bool) -> str:
    words = {
        "worst": tr("farthest off first") if is_number else tr("worst first"),
        "surest": tr("surest first"),
        "least-sure": tr("least sure first"),
        "row": tr("as in the file"),
    }
    return words[order]
