"""MainWindow: side bar, top bar and pages; built anew when language or theme changes, while the run goes on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from engine.commands import Stop
from engine.errors import AttuneError, Fault, InputError
from engine.runs.condition import ChangedByHand
from engine.runs.model_folder import is_model_folder
from engine.runs.study import is_study
from studio import theme
from studio.main_window.ablation_dialog import AblationDialog
from studio.main_window.close_dialog import CloseDialog
from studio.main_window.draft_dialog import DraftDialog, kept_draft
from studio.main_window.list_upkeep import open_folder
from studio.main_window.makers import MAKERS, Maker
from studio.main_window.missing_font import missing_font
from studio.main_window.side_bar import SideBar
from studio.main_window.stages import stages_of
from studio.main_window.top_bar import STAGES, TopBar
from studio.preferences import Preferences
from studio.recipes import QUICK_LOOK, recipe
from studio.resources import resource
from studio.translation import set_language, tr
from studio.widgets import ErrorBanner
from studio.widgets.keys import EnterPresses
from studio.widgets.tab_order import set_tab_order, tab_stops
from studio.workers.run_book import OPENED, RunBook

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig

STUDY = "study"
_RAIL_BELOW = 1100


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
        self.book, self.preferences, self._makers = book, preferences, makers
        self.run: Path | None = None
        self.place = "home"
        self._may_close = False
        self._told_faults: set[tuple[Path, str]] = set()
        self._wants_rail: bool | None = None
        self._states: dict[str, Any] = kept_draft(preferences.draft)
        self._close_dialog: CloseDialog | None = None
        self._build()
        self._add_shortcuts()
        self._let_enter_press()
        book.changed.connect(self._show_state)
        book.changed.connect(self._finish_closing)
        book.failed.connect(self._show_failure)
        book.deleted.connect(self._leave)
        preferences.changed.connect(self._apply, Qt.ConnectionType.QueuedConnection)  # its sender is built anew too
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.resize(1440, 900)
        if not preferences.geometry.isEmpty():
            self.restoreGeometry(preferences.geometry)
        self.go("home")

    # where the window is

    def page(self, place: str) -> QWidget:
        """The page of that name, made when it is first asked for."""
        if place not in self._pages:
            made = self._makers[place](self)
            self._pages[place] = made
            self._stack.addWidget(made)
            self._restore(place, made)
        return self._pages[place]

    def go(self, place: str) -> None:
        """Show "home", "wizard", "settings", a stage of the chosen run, or the chosen study."""
        self.place = place
        page: Any = self.page(place)
        is_stage = place in STAGES
        if is_stage or place == STUDY:
            page.show_run(self.run)
        self._stack.setCurrentWidget(page)
        self._top_bar.setVisible(is_stage)
        self._top_bar.set_stage(place)
        self._side.go_to(place)
        self._side.runs.choose(self._listed() if is_stage or place == STUDY else None)
        self.tell_of_draft()
        if hasattr(page, "tab_parts"):
            set_tab_order(self.centralWidget(), list(tab_stops(page)))
        self._show_state()

    def open_run(self, path: Path, stage: str = "training") -> None:
        """Show a run; a folder that holds none, or one with spoilt settings, says so in the banner."""
        try:
            _ = self.book.entry(path).config
        except InputError as error:
            self._show_damage(path, error)
            return
        self.run = path
        entry = self.book.entry(path)
        self._say_faults(path)
        stages = stages_of(entry)
        usual = "attention" if entry.state == OPENED else "training"
        self.go(STUDY if entry.study else stage if stage in stages else usual)

    def _show_damage(self, path: Path, error: InputError) -> None:
        """Why a run does not open, with a way on."""
        entry = self.book.known(path)
        if entry is not None and entry.is_mendable:
            self.show_error(error, action=tr("Make it whole again"), act=lambda: self._mend(path))
        elif path.is_dir():
            self.show_error(error, action=tr("Open its folder"), act=lambda: open_folder(path))
        else:
            self.show_error(error)

    def _mend(self, path: Path) -> None:
        def mended() -> Path:
            self.book.mend(path)
            return path

        self._try(mended)

    def _say_faults(self, path: Path) -> None:
        """What is not as it was written and does not keep a run from opening: said once."""
        for fault in self.book.faults(path):
            told = (path, fault.what.english())
            if told not in self._told_faults:
                self._told_faults.add(told)
                self.show_error(fault)
                return

    def open_model(self, path: Path) -> None:
        """Look into a model that was not trained here."""
        try:
            folder = self.book.open_model(path)
        except InputError as error:
            self.show_error(error)
            return
        self.preferences.opened_models = self.book.models
        self.banner.clear()
        self.open_run(folder, "attention")

    def forget_model(self, path: Path) -> None:
        """Take a model out of the list; its folder stays as it is."""
        if self.run == path:  # first, as whoever still shows it would ask for it, and so bring it back
            self.run = None
            self.go("home")
        self.book.forget_model(path)
        self.preferences.opened_models = self.book.models

    def _leave(self, path: Path) -> None:
        """A run is deleted: no page may ask for it any more."""
        for place in [name for name, state in self._states.items() if str(path) in str(state.get("path"))]:
            self._states.pop(place)
        if self.run is not None and path in (self.run, self.run.parent):
            self.run = None
            if self.place in (*STAGES, STUDY):
                self.go("home")

    def compare(self, paths: Sequence[Path]) -> None:
        """Show runs beside each other; the first one is the base."""
        page: Any = self.page("compare")
        page.show_runs(paths)
        self.go("compare")

    def browse_model(self) -> None:
        """Let the person choose a model's folder to look into."""
        start = str(self.preferences.last_folder)
        chosen = QFileDialog.getExistingDirectory(self, tr("Open a model's folder"), start)
        if chosen:
            self.preferences.last_folder = Path(chosen).parent
            self.open_model(Path(chosen))

    def go_to_stage(self, stage: str) -> None:
        if self.run is not None:
            self.open_run(self.run, stage)

    def _go_to_stage_number(self, number: int) -> None:
        """As they stand in the top bar: those that the run has."""
        stages = stages_of(self.book.entry(self.run)) if self.run is not None else ()
        if number < len(stages):
            self.go_to_stage(stages[number])

    def _listed(self) -> Path | None:
        """The line of the list that the chosen run belongs to: a study's for its runs."""
        return self.book.entry(self.run).whole or self.run if self.run is not None else None

    def look_into(self, text: str) -> None:
        """See where the run that is shown looks while it reads a text."""
        page: Any = self.page("attention")
        page.take_text(text)
        self.go_to_stage("attention")

    # what the person wants

    def begin_wizard(
        self,
        config: RunConfig | None = None,
        file: Path | None = None,
        goal: str = "classification",
        step: str = "",
    ) -> None:
        """Begin a new run, from a recipe's config or a file where there is one, else with a goal; `step` of the wizard
        is shown first where it is given. A draft that waits is not thrown away unasked."""

        def begin() -> None:
            page: Any = self.page("wizard")
            page.begin(config, file, goal)
            if step:
                page.show_step(step)
            self.go("wizard")

        waiting = self.waiting_draft()
        if waiting is None:
            begin()
            return
        dialog = DraftDialog(*waiting, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.gone_on.connect(lambda: self.go("wizard"))
        dialog.begun_anew.connect(begin)
        dialog.open()

    def waiting_draft(self) -> tuple[str, int] | None:
        """What the wizard's draft is called and its step; None where nothing would be lost."""
        page: Any = self._pages.get("wizard")
        if page is None:
            return (self._states.get("wizard") or {}).get("waiting")
        return page.waiting() if hasattr(page, "waiting") else None

    def tell_of_draft(self) -> None:
        """On Home, and on the button that would begin another run; and keep it for another session."""
        page = self._pages.get("wizard")
        if page is not None and hasattr(page, "kept"):
            self.preferences.draft = page.kept()
        waiting = self.waiting_draft() if self.place != "wizard" else None
        self._side.show_draft(waiting is not None)
        if self.place == "home":
            offer = getattr(self.page("home"), "offer_draft", None)
            if offer is not None:
                offer(waiting)

    def begin_corrected(self, corrections: Path) -> None:
        """The run that is shown once more, with the labels that were corrected in it: the wizard, to look it over."""
        assert self.run is not None
        config = self.book.entry(self.run).config
        files = dict.fromkeys([*config.data.corrections, str(corrections)])
        self.begin_wizard(config.with_values({"data.corrections": list(files)}))

    def start_quick_look(self) -> None:
        one = recipe(QUICK_LOOK)
        self.start(one.config.model_copy(update={"title": one.title}))

    def start_recipe(self, key: str) -> None:
        self.begin_wizard(recipe(key).config)

    def start(self, config: RunConfig, name: str = "") -> bool:
        """Train it and show it; while another run trains, say so and offer to look at that one. Whether it began."""
        if self.preferences.device != "auto":
            config = config.with_values({"training.device": self.preferences.device})
        return self._try(lambda: self.book.start(config, name or None))

    def ablate_recipe(self, key: str) -> None:
        one = recipe(key)
        self.ask_ablation(one.config, one.title)

    def _ablate_run(self, path: Path) -> None:
        """A finished run knows how long one takes."""
        entry = self.book.entry(path)
        try:
            config, progress = entry.config, entry.history.progress
        except AttuneError as error:
            self.show_error(error)
            return
        seconds = progress.seconds if progress and entry.state == "finished" else math.nan
        self.ask_ablation(config, entry.name, seconds)

    def ask_ablation(
        self,
        config: RunConfig,
        name: str = "",
        seconds: float = math.nan,
        then: Callable[[], None] | None = None,
    ) -> None:
        """How many seeds; when the study has begun, `then`. A config that cannot be taken apart says so instead."""
        from engine.studies.variants import ablation_variants

        try:
            num_variants = len(ablation_variants(config))
        except InputError as error:
            self.show_error(error)
            return
        dialog = AblationDialog(name, num_variants, seconds, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def begin(num_seeds: int) -> None:
            if self.start_study(config.model_copy(update={"title": name}), num_seeds) and then is not None:
                then()

        dialog.confirmed.connect(begin)
        dialog.open()

    def start_study(self, config: RunConfig, num_seeds: int) -> bool:
        """Run an ablation and show it; while a run trains, say so and offer to look at that one. Whether it began."""
        if self.preferences.device != "auto":
            config = config.with_values({"training.device": self.preferences.device})
        return self._try(lambda: self.book.start_study(config, num_seeds))

    def resume(self, path: Path) -> None:
        """Settings that are not as they were written are said, and can be taken as they are now."""
        try:
            self.book.resume(path)
        except ChangedByHand as error:
            self.show_error(error, action=tr("Go on as it is now"), act=lambda: self._resume_as_it_is(path))
        except AttuneError as error:
            self.show_error(error, self.book.active)
        else:
            self.banner.clear()
            self.open_run(path)

    def _resume_as_it_is(self, path: Path) -> None:
        def go_on() -> Path:
            self.book.resume(path, as_it_is=True)
            return path

        self._try(go_on)

    def browse(self) -> None:
        """Let the person choose a file to learn from."""
        kinds = (
            tr("Texts")
            + " (*.csv *.tsv *.txt *.json *.jsonl *.parquet *.gz *.bz2 *.xz *.zip);;"
            + tr("All files")
            + " (*)"
        )
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Open a file"), str(self.preferences.last_folder), kinds)
        if chosen:
            self.open_path(Path(chosen))

    def open_path(self, path: Path) -> None:
        """A run's or a model's folder is opened, YAML begins a run with its settings; all else begins one that learns
        from it."""
        if (path / "run.json").is_file() or is_study(path):
            self.open_run(path.resolve())
            return
        if is_model_folder(path):
            self.open_model(path)
            return
        self.preferences.last_folder = path.parent
        if path.suffix.lower() in (".yaml", ".yml"):
            self._open_settings(path)
            return
        self.begin_wizard(file=path)

    def _open_settings(self, path: Path) -> None:
        from engine.config.run import from_yaml

        try:
            config = from_yaml(path)
        except InputError as error:
            self.show_error(error)
            return
        self.banner.clear()
        self.begin_wizard(config)

    def _try(self, begin: Callable[[], Path]) -> bool:
        try:
            path = begin()
        except AttuneError as error:
            self.show_error(error, self.book.active)
            return False
        self.banner.clear()
        self.open_run(path)
        return True

    # what goes wrong

    def show_error(
        self, error: AttuneError, run: Path | None = None, action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """On top of every page; with a run it offers to open that one, or else what `act` does."""
        self._run_of_error, self._act_on_error = run, act
        if run is not None:
            action = tr("Open the running run") if run == self.book.active else tr("Open the run")
        detail = "\n".join([str(error), *getattr(error, "__notes__", ())])
        self.banner.show_error(error, action, detail)

    def _show_failure(self, path: Path | None, error: AttuneError) -> None:
        if self.place in ("training", STUDY) and path == self.run and not isinstance(error, Fault):
            return  # the run's own page says it, but for the details of a fault
        self.show_error(error, path)

    def _open_run_of_error(self) -> None:
        act, self._act_on_error = self._act_on_error, None
        if act is not None:
            self.banner.clear()
            act()
        elif self._run_of_error is not None:
            self.banner.clear()
            self.open_run(self._run_of_error)

    # how it is built

    def _build(self) -> None:
        self._pages: dict[str, QWidget] = {}
        self._run_of_error: Path | None = None
        self._act_on_error: Callable[[], object] | None = None
        self._side = SideBar(self.book, self.preferences)
        self._side.went.connect(self._went)
        self._side.run_opened.connect(self.open_run)
        self._side.model_dropped.connect(self.forget_model)
        self._side.ablation_wished.connect(self._ablate_run)
        self._side.compared.connect(self.compare)
        self._side.refused.connect(self.show_error)
        self._side.rail_toggled.connect(self._toggle_rail)
        self._top_bar = TopBar()
        self._top_bar.chosen.connect(self.go_to_stage)
        self.banner = ErrorBanner()
        self.banner.acted.connect(self._open_run_of_error)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._lay_out())
        told = missing_font()
        if told is not None:
            self.banner.show_words(*told)
        self.centralWidget().setFocus()
        self._set_rail()

    def _lay_out(self) -> QWidget:
        whole = QWidget()
        whole.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        column = QVBoxLayout()
        column.setSpacing(0)
        place = QVBoxLayout()
        place.setContentsMargins(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN, 0)
        place.addWidget(self.banner)
        column.addWidget(self._top_bar)
        column.addLayout(place)
        column.addWidget(self._stack, 1)
        row.addLayout(column, 1)
        return whole

    def rebuild(self, change: Callable[[], None]) -> None:
        """All words and colours anew after `change`; where the person is and what they typed stays.

        Pages that are not shown are made, and given their state, when the person goes there.
        """
        side = self._side.state()
        self._states |= {name: page.state() for name, page in self._pages.items() if hasattr(page, "state")}
        self._close_workers()
        shiboken6.delete(self.takeCentralWidget())  # at once: a style sheet is worked out for all that still lives
        change()
        self._build()
        self._side.restore(side)
        self.go(self.place)

    def _restore(self, place: str, page: Any) -> None:
        if place in self._states:
            page.restore(self._states.pop(place))

    def _close_workers(self) -> None:
        """Pages that ask the engine have threads of their own."""
        for page in self._pages.values():
            close = getattr(page, "close_workers", None)
            if close is not None:
                close()

    def _apply(self, name: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if name == "language":
            self.rebuild(lambda: set_language(self.preferences.language))
        elif name == "theme":
            self.rebuild(lambda: theme.apply_theme(application, self.preferences.theme))
        elif name == "runs_folder":
            self.book.move_to(self.preferences.runs_folder)
        elif name == "device":
            self._side.device.set_wanted(self.preferences.device)

    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if self.preferences.theme == "system" and (scheme == Qt.ColorScheme.Dark) != theme.is_dark():
            QTimer.singleShot(0, self, lambda: self._apply("theme"))

    def _went(self, place: str) -> None:
        if place == "wizard" and self.place != "wizard":
            self.begin_wizard()
        else:
            self.go(place)

    def _show_state(self) -> None:
        if self.run is None or self.place not in (*STAGES, STUDY):
            self.setWindowTitle("Attune")
            return
        entry = self.book.entry(self.run)
        if self.place != STUDY:
            self._top_bar.show_run(entry.name, entry.state, stages_of(entry))
        self.setWindowTitle(f"{entry.name} · Attune")

    def _let_enter_press(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        EnterPresses(application, self)

    def _find_run(self) -> None:
        self._side.open_search()

    def _add_shortcuts(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+N": lambda: self._went("wizard"),
            "Ctrl+O": self.browse,
            "Ctrl+0": lambda: self.go("home"),
            "Ctrl+,": lambda: self.go("settings"),
            "Ctrl+F": self._find_run,
            "Ctrl+Q": self.close,
        }
        for number in range(len(STAGES)):
            keys[f"Ctrl+{number + 1}"] = lambda number=number: self._go_to_stage_number(number)
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)

    # size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.size().width() < _RAIL_BELOW) != (event.oldSize().width() < _RAIL_BELOW):
            self._wants_rail = None
        self._set_rail()

    def _toggle_rail(self) -> None:
        self._wants_rail = not self._side.is_rail
        self._set_rail()

    def _set_rail(self) -> None:
        is_rail = self.width() < _RAIL_BELOW if self._wants_rail is None else self._wants_rail
        if is_rail != self._side.is_rail:
            self._side.set_rail(is_rail)

    # the end

    def end(self) -> None:
        """Close without a question: the system wants the program to end. What trains is stopped and kept."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.book.active is not None and not self._may_close:
            event.ignore()
            self._ask_before_closing(self.book.entry(self.book.active).name)
            return
        self.tell_of_draft()
        self.preferences.geometry = self.saveGeometry()
        self._close_workers()
        super().closeEvent(event)

    def _ask_before_closing(self, name: str) -> None:
        if self._close_dialog is not None:
            return
        self._close_dialog = CloseDialog(name, self)
        self._close_dialog.stop_chosen.connect(lambda: self.book.send(Stop()))
        self._close_dialog.finished.connect(self._forget_dialog)
        self._close_dialog.open()

    def _forget_dialog(self) -> None:
        if self._close_dialog is not None:
            self._close_dialog.deleteLater()
            self._close_dialog = None

    def _finish_closing(self) -> None:
        """The run has ended while the question was open: after "Stop and keep" the window closes."""
        if self._close_dialog is None or self.book.active is not None:
            return
        was_stopped = not self._close_dialog.stop.isEnabled()
        self._close_dialog.reject()
        if was_stopped:
            self._may_close = True
            self.close()
