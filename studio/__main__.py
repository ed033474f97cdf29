"""`python -m studio [FILE or RUN] [--runs DIR]`: opens the window, ready to train."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.environment import refuse_broken_torchaudio
from engine.errors import InputError
from studio.system_check import in_words, refuse_without_display, refuse_without_libraries

refuse_without_libraries()  # the next lines load Qt, which would fail on the name of a library

from studio.app import WarmUp, install_last_net, make_app  # noqa: E402
from studio.ending import Signals  # noqa: E402
from studio.main_window import MainWindow  # noqa: E402
from studio.preferences import LANGUAGES, THEMES, Preferences  # noqa: E402
from studio.workers.latest_worker import wait_for_closed  # noqa: E402
from studio.workers.run_book import RunBook  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code when the window is closed."""
    asked = _parse(arguments)
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # before torch: threads that spin would fight with the window
    refuse_without_display()
    _refuse_broken_packages()
    preferences = Preferences()
    app = make_app(asked.theme or preferences.theme, asked.language or preferences.language, preferences.text_size)
    install_last_net()
    folder = asked.runs.resolve() if asked.runs else preferences.runs_folder
    book = RunBook(folder, models=preferences.opened_models)
    window = MainWindow(book, preferences)
    signals = Signals(app)
    signals.told.connect(window.closing.end)
    signals.told.connect(lambda: app.exit(0))
    WarmUp(window)
    window.show()
    if asked.path is not None:
        window.opening.open_path(asked.path.resolve())
    app.aboutToQuit.connect(book.stop_and_wait)
    exit_code = app.exec()
    wait_for_closed()
    signals.close()
    return exit_code


def _refuse_broken_packages() -> None:
    try:
        refuse_broken_torchaudio()
    except InputError as error:
        sys.exit(f"{in_words(error.what)} {in_words(error.mend)}")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="attune-studio", description="Train text models and see why they decide.")
    parser.add_argument("path", nargs="?", type=Path, help="a file to learn from, or a run's or model's folder")
    parser.add_argument("--runs", type=Path, help="the folder of runs, for this session")
    parser.add_argument("--theme", choices=THEMES, help="for this session")
    parser.add_argument("--language", choices=LANGUAGES, help="for this session")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
