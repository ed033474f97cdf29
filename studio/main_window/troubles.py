"""Troubles: what went wrong, in the banner on top of every page, with a way on; a language that no font can write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from studio import theme
from studio.translation import language, tr
from studio.widgets import ErrorBanner
from studio.workers.run_book import RunBook

WHAT = "This computer has no font with Chinese letters, so they are shown as boxes."
WHERE = "Language: Chinese"
MEND = (
    "Install one and start Attune again. Debian and Ubuntu: sudo apt install fonts-noto-cjk. "
    "Fedora: sudo dnf install google-noto-sans-cjk-fonts. Arch: sudo pacman -S noto-fonts-cjk. "
    "Or choose English in Settings (the gear at the lower left)."
)


def missing_font() -> tuple[str, str, str] | None:
    """(what, where, mend); None where all can be read."""
    if language() != "zh" or theme.can_write_chinese():
        return None
    return WHAT, WHERE, MEND


class Troubles(QObject):
    """One error at a time. `run_wished(path)`: the person wants to look at the run that it is about."""

    run_wished = Signal(object)

    def __init__(self, book: RunBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self.build()

    def build(self) -> None:
        """A new banner, in the words and colours of now; the last one belongs to whoever laid it out."""
        self._act: Callable[[], object] | None = None
        self.banner = ErrorBanner()
        self.banner.acted.connect(self._go_on)

    def show(
        self, error: AttuneError, run: Path | None = None, action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """With a run it offers to open that one, or else what `act` does, in the words of `action`."""
        self._act = act
        if run is not None:
            action = tr("Open the running run") if run == self._book.active else tr("Open the run")
            self._act = act or (lambda: self.run_wished.emit(run))
        self.banner.show_error(error, action, "\n".join([str(error), *getattr(error, "__notes__", ())]))

    def clear(self) -> None:
        self.banner.clear()

    def _go_on(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            self.banner.clear()
            act()
