"""The application in a known look and language, and preferences that touch nobody's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.preferences import Preferences
from studio.theme import LIGHT, apply_theme, font, set_text, tokens
from studio.translation import set_language
from tests.studio.pages.attention.desk import AttentionDesk


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["attune-tests"]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """Light and English; what a test changes does not reach the next one."""
    _reset(qapp)
    yield qapp
    _reset(qapp)


def _reset(app: QApplication) -> None:
    set_language("en")
    set_text()
    if tokens() is not LIGHT or not app.styleSheet() or app.font() != font():
        apply_theme(app, "light")


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    kept = Preferences(tmp_path / "studio.ini")
    kept.language, kept.theme, kept.runs_folder = "en", "light", tmp_path / "runs"
    return kept


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication) -> AttentionDesk:
    return AttentionDesk(qtbot)


@pytest.fixture
def answered(desk: AttentionDesk) -> AttentionDesk:
    """It has read "the room was not clean at all" with 2 layers of 4 heads."""
    desk.read()
    return desk
