"""SideBar: where to go, the runs, what computes, and the quick switches of language and theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.resources import resource
from studio import theme
from studio.main_window.device_line import DeviceLine
from studio.main_window.list_upkeep import ListUpkeep
from studio.main_window.nav_button import NavButton
from studio.main_window.run_list import RunList
from studio.preferences import Preferences
from studio.tables.run_model import RunModel
from studio.translation import language, tr
from studio.widgets import Caption, Hairline, Heading, IconButton, SearchField
from studio.widgets.layouts import fill
from studio.workers.run_book import RunBook

WIDE, RAIL = 248, 56


def wide() -> int:
    """Half as much wider as letters are larger: the pages need the room too."""
    return max(WIDE, (WIDE + theme.tall(WIDE)) // 2)


class SideBar(QWidget):
    """248 pixels wide, more with large letters, or a rail of 56. `went(place)` for "home", "wizard", "compare" or
    "settings"; `compared(paths)` wants runs beside each other; `refused(error)` says why a run stays as it is."""

    went = Signal(str)
    run_opened = Signal(object)
    model_dropped = Signal(object)
    ablation_wished = Signal(object)
    search_wished = Signal(object)
    rail_toggled = Signal()
    compared = Signal(object)
    refused = Signal(object)

    def __init__(self, book: RunBook, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAccessibleName(tr("Side bar"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._preferences = preferences
        self.is_rail = False
        self._places = {
            "home": NavButton("ph.house", tr("Home")),
            "wizard": NavButton("ph.plus-circle", tr("New run")),
            "compare": NavButton("ph.git-diff", tr("Compare")),
            "settings": NavButton("ph.gear-six", tr("Settings")),
        }
        for place, button in self._places.items():
            button.setObjectName(f"go_{place}")
            button.clicked.connect(lambda _=False, place=place: self.went.emit(place))
        model = RunModel(book, self, starred_first=True)
        self.runs = RunList(model)
        self.runs.compared.connect(self.compared)
        self.upkeep = ListUpkeep(book, self.runs, model, self)
        self.upkeep.refused.connect(self.refused)
        self.runs.opened.connect(self.run_opened)
        self.runs.dropped.connect(self.model_dropped)
        self.runs.ablation_wished.connect(self.ablation_wished)
        self.runs.search_wished.connect(self.search_wished)
        self.device = DeviceLine(preferences.device)
        self.search = SearchField(tr("Find a run"))
        self.search.setToolTip(tr("By its name, a tag, a word of its note, or is:starred"))
        self.search.textChanged.connect(self._find)
        self.search.hide()
        self._no_runs = Caption("", wrap=True)
        self.runs.model().rowsInserted.connect(self._say_when_empty)
        self.runs.model().rowsRemoved.connect(self._say_when_empty)
        self.runs.model().modelReset.connect(self._say_when_empty)
        self._lay_out()
        self._say_when_empty()
        self.set_rail(False)

    def go_to(self, place: str) -> None:
        """Mark where the window is; a run page marks none of the places."""
        for name, button in self._places.items():
            button.setChecked(name == place)

    def show_draft(self, waits: bool) -> None:
        """Whether a draft waits behind “New run”."""
        told = tr("A draft waits") if waits else ""
        self._places["wizard"].set_mark(told)

    def set_rail(self, is_rail: bool) -> None:
        self.is_rail = is_rail
        self.setFixedWidth(RAIL if is_rail else wide())
        self._column.setContentsMargins(8 if is_rail else 12, 14, 8 if is_rail else 12, 12)
        self._brand_row.setDirection(QBoxLayout.Direction.TopToBottom if is_rail else QBoxLayout.Direction.LeftToRight)
        for widget in self._wide_only:
            widget.setVisible(not is_rail)
        self._say_when_empty()
        if is_rail:
            self.search.hide()
            self.search.clear()

    def open_search(self) -> None:
        """Show the field and put the keyboard there; with the rail the side bar becomes wide first."""
        if self.is_rail:
            self.rail_toggled.emit()
        self.search.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def state(self) -> dict[str, Any]:
        return {"search": self.search.text(), "is_searching": not self.search.isHidden()}

    def restore(self, state: dict[str, Any]) -> None:
        self.search.setVisible(bool(state["is_searching"]) and not self.is_rail)
        self.search.setText(str(state["search"]))

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        brand, runs_row, foot = self._brand(), self._runs_row(), self._foot()
        for part in (
            brand,
            self._places["home"],
            self._places["wizard"],
            self._places["compare"],
            runs_row,
            self.search,
            self._no_runs,
        ):
            self._column.addWidget(part)
        self._column.addWidget(self.runs, 1)
        self._column.addWidget(Hairline())
        self._column.addSpacing(6)
        self._column.addWidget(self.device)
        self._column.addSpacing(4)
        self._column.addWidget(foot)
        self._wide_only = [self._name, runs_row, self._language, self._theme]

    def _brand(self) -> QWidget:
        row_widget = QWidget()
        self._brand_row = row = QHBoxLayout(row_widget)
        row.setContentsMargins(7, 0, 0, 12)
        row.setSpacing(10)
        logo = QLabel()
        logo.setPixmap(QIcon(str(resource("icons", "attune.svg"))).pixmap(QSize(26, 26), self.devicePixelRatioF()))
        self._name = Heading("Attune", "card")
        fold = IconButton("ph.list", tr("Fold or unfold the side bar"))
        fold.setObjectName("fold")
        fold.clicked.connect(self.rail_toggled)
        row.addWidget(logo)
        row.addWidget(self._name, 1)
        row.addWidget(fold)
        return row_widget

    def _runs_row(self) -> QWidget:
        row_widget = QWidget()
        row = fill(QHBoxLayout(row_widget), gap=0, margins=(10, 14, 0, 4))
        title = QLabel(tr("Runs"))
        title.setProperty("kind", "second")
        title.setFont(theme.font(theme.CAPTION, 600))
        find = IconButton("ph.magnifying-glass", tr("Find a run"), 26)
        find.setObjectName("find_run")
        find.clicked.connect(self._toggle_search)
        add = IconButton("ph.plus", tr("New run"), 26)
        add.setObjectName("add_run")
        add.clicked.connect(lambda: self.went.emit("wizard"))
        row.addWidget(title, 1)
        row.addWidget(find)
        row.addWidget(add)
        return row_widget

    def _foot(self) -> QWidget:
        row_widget = QWidget()
        row = fill(QHBoxLayout(row_widget), gap=0)
        self._language = IconButton("ph.translate", "中文" if language() == "en" else "English")
        self._language.setObjectName("toggle_language")
        self._language.clicked.connect(self._switch_language)
        dark = theme.is_dark()
        self._theme = IconButton("ph.sun" if dark else "ph.moon", tr("Light") if dark else tr("Dark"))
        self._theme.setObjectName("toggle_theme")
        self._theme.clicked.connect(self._switch_theme)
        row.addWidget(self._places["settings"], 1)
        row.addWidget(self._language)
        row.addWidget(self._theme)
        return row_widget

    def _switch_language(self) -> None:
        self._preferences.language = "zh" if language() == "en" else "en"

    def _switch_theme(self) -> None:
        self._preferences.theme = "light" if theme.is_dark() else "dark"

    def _toggle_search(self) -> None:
        if self.search.isHidden():
            self.open_search()
        else:
            self.search.clear()
            self.search.hide()

    def _find(self, words: str) -> None:
        self.runs.search(words)
        self._say_when_empty()

    def _say_when_empty(self) -> None:
        is_searching = bool(self.search.text())
        self._no_runs.setText(tr("No run fits these words.") if is_searching else tr("Your runs will be listed here."))
        self._no_runs.setContentsMargins(10, 4, 4, 4)
        self._no_runs.setVisible(self.runs.num_found() == 0 and not self.is_rail)
