"""Layout: the parts of the Attention page, and where they stand."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from studio.pages.attention.answer_card import AnswerCard
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.columns import Columns
from studio.pages.attention.comparison_bar import CompareMenu, ComparisonBar
from studio.pages.attention.film_card import FilmCard
from studio.pages.attention.head_card import HeadCard
from studio.pages.attention.heads_card import HeadsCard
from studio.pages.attention.map_card import MapCard
from studio.pages.attention.ranking_card import RankingCard
from studio.pages.attention.trust_card import TrustCard
from studio.pages.page_header import PageHeader
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import SteadyLabel
from studio.widgets.layouts import fill
from studio.widgets.text_bar import TextBar
from studio.widgets.token_chips import TokenChips
from studio.workers.run_book import RunBook

_SENTENCE = 105
"""Signs of "It says … mainly because of …; without that word the probability falls from … to …."."""


class Parts(QObject):
    """Every widget of the page by its name. `export_chosen(suffix)` when the person takes a map away."""

    export_chosen = Signal(str)

    def __init__(self, looker: AttentionQuery, book: RunBook) -> None:
        super().__init__()
        self.banner, self.second, self.chips = ErrorBanner(), ComparisonBar(), TokenChips()
        self.text = TextBar(tr("Text to look into"))
        self.text.editor.setObjectName("attentionText")
        self.heads, self.head, self.ranking, self.film = HeadsCard(), HeadCard(), RankingCard(), FilmCard()
        self.map, self.answer, self.trust = MapCard(), AnswerCard(), TrustCard()
        self.now = Button(tr("Back to now"), "plain", "ph.clock-counter-clockwise", size="small")
        self.now.setObjectName("backToNow")
        self.now.hide()
        self.copy = Button(tr("Copy picture"), "quiet", "ph.copy")
        self.copy.setObjectName("copyPicture")
        self.compare_button = Button(tr("Compare with…"), "quiet", "ph.columns")
        self.compare_button.setObjectName("compareWith")
        self.compare = CompareMenu(looker, book, self.compare_button)
        self.compare_button.clicked.connect(lambda: _open(self.compare, self.compare_button))
        self.export = Button(tr("Export map"), "plain", "ph.export")
        self.export.setObjectName("exportMap")
        self.export_menu = self._export_menu()
        self.export.clicked.connect(lambda: _open(self.export_menu, self.export))
        actions = (self.now, self.compare_button, self.copy, self.export)
        self.header = PageHeader(tr("Attention"), "attentionSentence", *actions, sentence=SteadyLabel(_SENTENCE))
        self.stack, self.nothing = QStackedWidget(), _nothing_yet()

    def say(self, words: str) -> None:
        """The sentence under the title."""
        self.header.say(words, ("ph.eye", "text3"))

    def show_place(self, *, has_record: bool, has_maps: bool, can_answer: bool) -> None:
        """The answer, an empty page while the first one is awaited, or what to do before there can be one."""
        self.stack.setCurrentIndex(0 if has_record else 1 if can_answer else 2)
        for button in (self.copy, self.export):
            button.setVisible(has_maps)
        self.compare_button.setVisible(has_record)
        self.text.setVisible(can_answer)
        if not has_record:
            self.chips.hide()

    def show_moment(self, words: str) -> None:
        """Another moment of the training than now; "" for now."""
        self.now.setVisible(bool(words))
        self.now.setText(tr("{moment} · back to now", moment=words) if words else tr("Back to now"))

    def _export_menu(self) -> QMenu:
        menu = QMenu(self.export)
        for suffix, words in (
            (".png", tr("Picture (PNG)")),
            (".svg", tr("Drawing (SVG)")),
            (".csv", tr("Table (CSV)")),
            (".npz", tr("All maps (NPZ)")),
        ):
            menu.addAction(words).triggered.connect(
                lambda _checked=False, chosen=suffix: self.export_chosen.emit(chosen)
            )
        return menu


def lay_out(page: QWidget, parts: Parts) -> Columns:
    """Title, text, chips and columns, from top to bottom."""
    parts.setParent(page)
    column = QVBoxLayout(page)
    column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    under_each_other = (parts.header, parts.banner, parts.text, parts.second, parts.chips, (parts.stack, 1))
    margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN - 4)
    fill(column, *under_each_other, gap=GAP - 4, margins=margins)
    columns = Columns((parts.heads, parts.head, parts.ranking, parts.film), parts.map, parts.answer, parts.trust)
    for widget in (columns, QWidget(), parts.nothing):
        parts.stack.addWidget(widget)  # the stack has its place: what moves with all that is in it is styled anew
    return columns


def _nothing_yet() -> EmptyState:
    empty = EmptyState(
        "ph.eye",
        tr("Nothing to look with yet"),
        tr("The run has not saved a checkpoint. The first one comes with the first look at validation."),
        tr("See it train"),
    )
    empty.setObjectName("noCheckpoint")
    return empty


def _open(menu: QMenu, button: QWidget) -> None:
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
