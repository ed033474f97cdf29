"""`python -m studio [FILE or RUN] [--runs DIR]`: opens the window, ready to train."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.app import WarmUp, install_last_net, make_app
from studio.ending import Signals
from studio.main_window import MainWindow
from studio.preferences import LANGUAGES, THEMES, Preferences
from studio.workers.latest_worker import wait_for_closed
from studio.workers.run_book import RunBook


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code when the window is closed."""
    asked = _parse(arguments)
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # before torch: threads that spin would fight with the window
    preferences = Preferences()
    app = make_app(asked.theme or preferences.theme, asked.language or preferences.language)
    install_last_net()
    folder = asked.runs.resolve() if asked.runs else preferences.runs_folder
    book = RunBook(folder, models=preferences.opened_models)
    window = MainWindow(book, preferences)
    signals = Signals(app)
    signals.told.connect(window.end)
    signals.told.connect(lambda: app.exit(0))
    WarmUp(window)
    window.show()
    if asked.path is not None:
        window.open_path(asked.path.resolve())
    app.aboutToQuit.connect(book.stop_and_wait)
    exit_code = app.exec()
    wait_for_closed()
    signals.close()
    return exit_code


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="attune-studio", description="Train text models and see why they decide.")
    parser.add_argument("path", nargs="?", type=Path, help="a file to learn from, or a run's or model's folder")
    parser.add_argument("--runs", type=Path, help="the folder of runs, for this session")
    parser.add_argument("--theme", choices=THEMES, help="for this session")
    parser.add_argument("--language", choices=LANGUAGES, help="for this session")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
