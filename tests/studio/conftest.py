"""The application in a known look and language, and preferences that touch nobody's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from studio.preferences import Preferences
from studio.theme import apply_theme
from studio.translation import set_language


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["attune-tests"]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """Light and English; what a test changes does not reach the next one."""
    set_language("en")
    apply_theme(qapp, "light")
    yield qapp
    set_language("en")
    apply_theme(qapp, "light")


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    kept = Preferences(tmp_path / "studio.ini")
    kept.language, kept.theme, kept.runs_folder = "en", "light", tmp_path / "runs"
    return kept
