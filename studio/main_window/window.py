"""MainWindow: side bar, top bar and pages; built anew when its words or looks change, while the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from engine.errors import AttuneError, Fault
from engine.resources import resource
from studio import theme
from studio.main_window.beginning import Beginning
from studio.main_window.closing import Closing
from studio.main_window.draft import WaitingDraft, kept_draft
from studio.main_window.makers import MAKERS, Maker
from studio.main_window.opening import Opening
from studio.main_window.pages import Pages
from studio.main_window.side_bar import WIDE, SideBar, wide
from studio.main_window.stages import STAGES, STUDIES, about_run, stages_of
from studio.main_window.top_bar import TopBar
from studio.main_window.troubles import Troubles, missing_font
from studio.preferences import Preferences
from studio.translation import set_language
from studio.widgets.keys import EnterPresses
from studio.widgets.layouts import fill, vbox
from studio.widgets.tab_order import set_tab_order, tab_stops
from studio.workers.run_book import RunBook

_RAIL_BELOW = 1100
_NUMBERED = 9
"""Pages of a run that a digit leads to."""


class MainWindow(QMainWindow):
    """Knows which page and which run is shown; the book knows the runs, and each page only its own question."""

    def __init__(
        self,
        book: RunBook,
        preferences: Preferences,
        makers: Mapping[str, Maker] = MAKERS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.setWindowIcon(QIcon(str(resource("icons", "attune.svg"))))
        self.setMinimumSize(880, 600)
        self.book, self.preferences = book, preferences
        self.run: Path | None = None
        self.place = "home"
        self._wants_rail: bool | None = None
        self._pages = Pages(lambda place: makers[place](self), kept_draft(preferences.draft))
        self.page = self._pages.page
        self.troubles = Troubles(book, self)
        self.opening = Opening(book, preferences, self.troubles, self)
        self.draft = WaitingDraft(self._pages, preferences, self)
        self.beginning = Beginning(book, preferences, self._pages, self.draft, self.opening, self.troubles, self)
        self._build()
        self._wire()
        self._add_shortcuts()
        self._let_enter_press()
        book.changed.connect(self._show_state)
        self.closing = Closing(book, self)
        book.failed.connect(self._show_failure)
        book.deleted.connect(self._leave)
        preferences.changed.connect(self._apply, Qt.ConnectionType.QueuedConnection)  # its sender is built anew too
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.resize(1440, 900)
        if not preferences.geometry.isEmpty():
            self.restoreGeometry(preferences.geometry)
        self.go("home")

    # where the window is

    def go(self, place: str) -> None:
        """Show "home", "wizard", "settings", a stage of the chosen run, or the chosen study."""
        self.place = place
        page: Any = self.page(place)
        is_stage = place in STAGES
        if is_stage or place in STUDIES:
            page.show_run(self.run)
        self._turn_to(page)
        self._top_bar.setVisible(is_stage)
        self._top_bar.set_stage(place)
        self._side.go_to(place)
        self._side.runs.choose(self._listed() if is_stage or place in STUDIES else None)
        self.draft.keep()
        if hasattr(page, "tab_parts"):
            set_tab_order(self.centralWidget(), list(tab_stops(page)))
        self._show_state()

    def _turn_to(self, page: QWidget) -> None:
        """Qt hands the keyboard on to the first thing of the new page that takes it. A field may keep it, to be typed
        into; a button would wear a ring that nobody asked for: there the page waits for the first Tab."""
        is_other = self._pages.stack.currentWidget() is not page
        self._pages.stack.setCurrentWidget(page)
        holder = self.focusWidget()
        is_handed_on = isinstance(holder, QAbstractButton) and page.isAncestorOf(holder)
        if is_other and (is_handed_on or holder in (None, self.centralWidget())):
            (self.centralWidget() if hasattr(page, "tab_parts") else page).setFocus()

    def _leave(self, path: Path) -> None:
        """A run is deleted: no page may ask for it any more."""
        self._pages.forget_run(path)
        if self.run is not None and path in (self.run, self.run.parent):
            self.run = None
            if self.place in (*STAGES, *STUDIES):
                self.go("home")

    def _leave_model(self, path: Path) -> None:
        if self.run == path:
            self.run = None
            self.go("home")

    def _show_run(self, path: Path, place: str) -> None:
        self.run = path
        self.go(place)

    def compare(self, paths: Sequence[Path]) -> None:
        """Show runs beside each other; the first one is the base."""
        page: Any = self.page("compare")
        page.show_runs(paths)
        self.go("compare")

    def go_to_stage(self, stage: str) -> None:
        if self.run is not None:
            self.opening.open_run(self.run, stage)

    def _go_to_stage_number(self, number: int) -> None:
        """As they stand in the top bar: those that the run has."""
        stages = stages_of(self.book.entry(self.run)) if self.run is not None else ()
        if number < len(stages):
            self.go_to_stage(stages[number])

    def _listed(self) -> Path | None:
        """The line of the list that the chosen run belongs to: a study's for its runs."""
        return self.book.entry(self.run).whole or self.run if self.run is not None else None

    def look_into(self, text: str) -> None:
        """See where the run that is shown looks while it reads a text; of one without attention, what it says of it."""
        has_attention = self.run is None or "attention" in stages_of(self.book.entry(self.run))
        stage = "attention" if has_attention else "try"
        page: Any = self.page(stage)
        page.take_text(text)
        self.go_to_stage(stage)

    def _went(self, place: str) -> None:
        if place == "wizard" and self.place != "wizard":
            self.beginning.begin_wizard()
        else:
            self.go(place)

    # what it says

    def _show_draft(self) -> None:
        """On Home, and on the button that would begin another run."""
        waiting = self.draft.waiting() if self.place != "wizard" else None
        self._side.show_draft(waiting is not None)
        if self.place == "home":
            offer = getattr(self.page("home"), "offer_draft", None)
            if offer is not None:
                offer(waiting)

    def _show_failure(self, path: Path | None, error: AttuneError) -> None:
        if self.place in ("training", *STUDIES) and path == self.run and not isinstance(error, Fault):
            return  # the run's own page says it, but for the details of a fault
        self.troubles.show(error, path)

    def _show_state(self) -> None:
        if self.run is None or self.place not in (*STAGES, *STUDIES):
            self.setWindowTitle("Attune")
            return
        entry = self.book.entry(self.run)
        if self.place not in STUDIES:
            self._top_bar.show_run(entry.name, entry.state, stages_of(entry), about_run(entry))
        self.setWindowTitle(f"{entry.name} · Attune")

    # how it is built

    def _build(self) -> None:
        self._side = SideBar(self.book, self.preferences)
        self._side.went.connect(self._went)
        self._side.run_opened.connect(self.opening.open_run)
        self._side.model_dropped.connect(self.opening.forget_model)
        self._side.ablation_wished.connect(self.beginning.ablate_run)
        self._side.search_wished.connect(self.beginning.search_run)
        self._side.compared.connect(self.compare)
        self._side.refused.connect(self.troubles.show)
        self._side.rail_toggled.connect(self._toggle_rail)
        self._top_bar = TopBar()
        self._top_bar.chosen.connect(self.go_to_stage)
        self.setCentralWidget(self._lay_out())
        told = missing_font()
        if told is not None:
            self.troubles.banner.show_words(*told)
        self.centralWidget().setFocus()
        self._set_rail()

    def _wire(self) -> None:
        """The parts that outlive a rebuild."""
        self.opening.opened.connect(self._show_run)
        self.opening.model_left.connect(self._leave_model)
        self.opening.run_wished.connect(self.beginning.begin_wizard)
        self.beginning.wizard_ready.connect(lambda: self.go("wizard"))
        self.draft.gone_on.connect(lambda: self.go("wizard"))
        self.draft.looked_at.connect(self._show_draft)
        self.troubles.run_wished.connect(self.opening.open_run)

    def _lay_out(self) -> QWidget:
        whole = QWidget()
        whole.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = fill(QHBoxLayout(whole), self._side, gap=0)
        column = QVBoxLayout()
        column.setSpacing(0)
        place = vbox(self.troubles.banner, margins=(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN, 0))
        column.addWidget(self._top_bar)
        column.addLayout(place)
        column.addWidget(self._pages.stack, 1)
        row.addLayout(column, 1)
        return whole

    def rebuild(self, change: Callable[[], None]) -> None:
        """All words and colours anew after `change`; where the person is and what they typed stays."""
        side = self._side.state()
        self._pages.keep_states()
        self._pages.close_workers()
        shiboken6.delete(self.takeCentralWidget())  # at once: a style sheet is worked out for all that still lives
        change()
        self._pages.build()
        self.troubles.build()
        self._build()
        self._side.restore(side)
        self.go(self.place)

    def _apply(self, name: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if name == "language":
            self.rebuild(lambda: set_language(self.preferences.language))
        elif name == "theme":
            self.rebuild(lambda: theme.apply_theme(application, self.preferences.theme))
        elif name == "text_size":
            self.rebuild(lambda: theme.apply_text_size(application, self.preferences.text_size))
        elif name == "runs_folder":
            self.book.move_to(self.preferences.runs_folder)
        elif name == "device":
            self._side.device.set_wanted(self.preferences.device)

    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if self.preferences.theme == "system" and (scheme == Qt.ColorScheme.Dark) != theme.is_dark():
            QTimer.singleShot(0, self, lambda: self._apply("theme"))

    def _let_enter_press(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        EnterPresses(application, self)

    def _find_run(self) -> None:
        self._side.open_search()

    def _add_shortcuts(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+N": lambda: self._went("wizard"),
            "Ctrl+O": self.opening.browse,
            "Ctrl+0": lambda: self.go("home"),
            "Ctrl+,": lambda: self.go("settings"),
            "Ctrl+F": self._find_run,
            "Ctrl+Q": self.close,
        }
        for number in range(_NUMBERED):
            keys[f"Ctrl+{number + 1}"] = lambda number=number: self._go_to_stage_number(number)
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)

    # size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_narrow(event.size().width()) != self._is_narrow(event.oldSize().width()):
            self._wants_rail = None
        self._set_rail()

    def _toggle_rail(self) -> None:
        self._wants_rail = not self._side.is_rail
        self._set_rail()

    def _set_rail(self) -> None:
        is_rail = self._is_narrow(self.width()) if self._wants_rail is None else self._wants_rail
        if is_rail != self._side.is_rail:
            self._side.set_rail(is_rail)

    def _is_narrow(self, width: int) -> bool:
        return width < _RAIL_BELOW + wide() - WIDE

    # the end

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.closing.may_close():
            event.ignore()
            return
        self.draft.keep()
        self.preferences.geometry = self.saveGeometry()
        self._pages.close_workers()
        super().closeEvent(event)
