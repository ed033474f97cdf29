"""The main window: side bar, top bar, pages, and what happens between them."""

from studio.main_window.window import MainWindow

__all__ = ["MainWindow"]
