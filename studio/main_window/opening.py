"""Opening: what a path is, and how it is opened; what does not open says why, with a way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.errors import AttuneError, InputError
from engine.runs.labelling import is_labelling
from engine.runs.model_folder import is_model_folder
from engine.runs.study import is_study
from studio.main_window.list_upkeep import open_folder
from studio.main_window.stages import page_of_study, stages_of
from studio.main_window.troubles import Troubles
from studio.preferences import Preferences
from studio.translation import tr
from studio.workers.run_book import LABELLING, OPENED, RunBook


class Opening(QObject):
    """`opened(path, place)`: a run, a study or a model shall be shown; `model_left(path)`: no longer.
    `run_wished(config, file)`: a run with these settings, or one that learns from this file, shall begin."""

    opened = Signal(object, str)
    model_left = Signal(object)
    run_wished = Signal(object, object)

    def __init__(self, book: RunBook, preferences: Preferences, troubles: Troubles, parent: QWidget) -> None:
        super().__init__(parent)
        self._book, self._preferences, self._troubles, self._host = book, preferences, troubles, parent
        self._told_faults: set[tuple[Path, str]] = set()

    # whatever it is

    def browse(self) -> None:
        """Let the person choose a file to learn from."""
        kinds = (
            tr("Texts")
            + " (*.csv *.tsv *.txt *.json *.jsonl *.parquet *.gz *.bz2 *.xz *.zip);;"
            + tr("All files")
            + " (*)"
        )
        start = str(self._preferences.last_folder)
        chosen, _ = QFileDialog.getOpenFileName(self._host, tr("Open a file"), start, kinds)
        if chosen:
            self.open_path(Path(chosen))

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Of several files a run learns from all of them."""
        if len(paths) == 1 or not all(path.is_file() for path in paths):
            self.open_path(paths[0])
            return
        self._preferences.last_folder = paths[0].parent
        self.run_wished.emit(None, tuple(paths))

    def open_path(self, path: Path) -> None:
        """A run's or a model's folder is opened, YAML begins a run with its settings; all else begins one that learns
        from it."""
        if (path / "run.json").is_file() or is_study(path) or is_labelling(path):
            self.open_run(path.resolve())
            return
        if is_model_folder(path):
            self.open_model(path)
            return
        self._preferences.last_folder = path.parent
        if path.suffix.lower() in (".yaml", ".yml"):
            self._open_settings(path)
            return
        self.run_wished.emit(None, path)

    def _open_settings(self, path: Path) -> None:
        from engine.config.run import from_yaml  # the choices load after the first paint

        try:
            config = from_yaml(path)
        except InputError as error:
            self._troubles.show(error)
            return
        self._troubles.clear()
        self.run_wished.emit(config, None)

    # runs

    def open_run(self, path: Path, stage: str = "training") -> None:
        """Show a run; a folder that holds none, or one with spoilt settings, says so in the banner."""
        try:
            _ = self._book.entry(path).config
        except InputError as error:
            self._show_damage(path, error)
            return
        entry = self._book.entry(path)
        self._say_faults(path)
        usual = {OPENED: "attention", LABELLING: "label"}.get(entry.state, "training")
        if entry.study is not None:
            self.opened.emit(path, page_of_study(entry.study))
            return
        self.opened.emit(path, stage if stage in stages_of(entry) else usual)

    def open_made(self, make: Callable[[], Path]) -> bool:
        """Show the run that `make` begins or mends; whether it could, else the banner says why not."""
        try:
            path = make()
        except AttuneError as error:
            self._troubles.show(error, self._book.active)
            return False
        self._troubles.clear()
        self.open_run(path)
        return True

    def _show_damage(self, path: Path, error: InputError) -> None:
        entry = self._book.known(path)
        if entry is not None and entry.is_mendable:
            self._troubles.show(error, action=tr("Make it whole again"), act=lambda: self._mend(path))
        elif path.is_dir():
            self._troubles.show(error, action=tr("Open its folder"), act=lambda: open_folder(path))
        else:
            self._troubles.show(error)

    def _mend(self, path: Path) -> None:
        def mended() -> Path:
            self._book.mend(path)
            return path

        self.open_made(mended)

    def _say_faults(self, path: Path) -> None:
        """What is not as it was written and does not keep a run from opening: said once."""
        for fault in self._book.faults(path):
            told = (path, fault.what.english())
            if told not in self._told_faults:
                self._told_faults.add(told)
                self._troubles.show(fault)
                return

    # models

    def browse_model(self) -> None:
        """Let the person choose a model's folder to look into."""
        start = str(self._preferences.last_folder)
        chosen = QFileDialog.getExistingDirectory(self._host, tr("Open a model's folder"), start)
        if chosen:
            self._preferences.last_folder = Path(chosen).parent
            self.open_model(Path(chosen))

    def open_model(self, path: Path) -> None:
        """Look into a model that was not trained here."""
        try:
            folder = self._book.open_model(path)
        except InputError as error:
            self._troubles.show(error)
            return
        self._preferences.opened_models = self._book.models
        self._troubles.clear()
        self.open_run(folder, "attention")

    def forget_model(self, path: Path) -> None:
        """Take a model out of the list; its folder stays as it is."""
        self.model_left.emit(path)  # first, as whoever still shows it would ask for it, and so bring it back
        self._book.forget_model(path)
        self._preferences.opened_models = self._book.models
