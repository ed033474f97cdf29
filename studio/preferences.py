"""What the person prefers, kept from one session to the next."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

LANGUAGES = ("system", "en", "zh")
THEMES = ("system", "light", "dark")
TEXT_SIZES = ("100", "90", "125", "150")
"""Percent of the usual size; the first one is the default."""
DEVICES = ("auto", "cpu", "cuda", "mps")


def default_runs_folder() -> Path:
    """Where runs lie when the person chose no other place."""
    return platformdirs.user_data_path("Attune", appauthor=False) / "runs"


class Preferences(QObject):
    """An INI file in the person's configuration folder. `changed(name)` tells which preference has a new value.

    A value that this version does not know (a newer file, a slip of the pen) reads as the default.
    """

    changed = Signal(str)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        file = path or platformdirs.user_config_path("Attune", appauthor=False) / "studio.ini"
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        return self._choice("language", LANGUAGES)

    @language.setter
    def language(self, value: str) -> None:
        self._store("language", value)

    @property
    def theme(self) -> str:
        return self._choice("theme", THEMES)

    @theme.setter
    def theme(self, value: str) -> None:
        self._store("theme", value)

    @property
    def text_size(self) -> str:
        """Percent of the usual size, one of `TEXT_SIZES`."""
        return self._choice("text_size", TEXT_SIZES)

    @text_size.setter
    def text_size(self, value: str) -> None:
        self._store("text_size", value)

    @property
    def device(self) -> str:
        return self._choice("device", DEVICES)

    @device.setter
    def device(self, value: str) -> None:
        self._store("device", value)

    @property
    def runs_folder(self) -> Path:
        return Path(self._text("runs_folder") or default_runs_folder())

    @runs_folder.setter
    def runs_folder(self, value: Path) -> None:
        self._store("runs_folder", str(value))

    @property
    def last_folder(self) -> Path:
        """Where the last file was opened; the home folder at first."""
        folder = Path(self._text("last_folder") or Path.home())
        return folder if folder.is_dir() else Path.home()

    @last_folder.setter
    def last_folder(self, value: Path) -> None:
        self._store("last_folder", str(value))

    @property
    def opened_models(self) -> list[Path]:
        """Folders of models that were opened to look into."""
        return [Path(line) for line in self._text("opened_models").split("\n") if line]

    @opened_models.setter
    def opened_models(self, value: list[Path]) -> None:
        self._store("opened_models", "\n".join(str(path) for path in value))

    @property
    def draft(self) -> str:
        """The wizard's draft, as its page writes it; empty if none waits."""
        return self._text("draft")

    @draft.setter
    def draft(self, value: str) -> None:
        self._store("draft", value)

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size, as `QWidget.saveGeometry` gives it; empty at first."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._settings.setValue("geometry", value)

    def _text(self, name: str) -> str:
        value = self._settings.value(name, "")
        return value if isinstance(value, str) else ""

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._text(name)
        return value if value in choices else choices[0]

    def _store(self, name: str, value: str) -> None:
        if self._text(name) == value:
            return
        self._settings.setValue(name, value)
        self._settings.sync()
        self.changed.emit(name)
