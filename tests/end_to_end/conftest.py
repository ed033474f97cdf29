"""A person at the window, and texts for them to learn from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts
from studio.app import make_app
from studio.translation import set_language
from tests.end_to_end.person import Person

NUM_ROWS = 400
MOODS = {"positive": "good", "negative": "bad"}


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["attune-tests"]


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    make_app("light", "en")
    someone = Person(qtbot, tmp_path, monkeypatch)
    yield someone
    someone.leave()
    set_language("en")


@pytest.fixture(scope="session")
def reviews_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 invented rows as a spreadsheet saves them; the same on every machine."""
    path = tmp_path_factory.mktemp("data") / "reviews.csv"
    rows = builtin_texts(BuiltinTexts(num_rows=NUM_ROWS), 0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["review", "mood"])
        writer.writerows(zip(rows["text"], map(MOODS.__getitem__, rows["label"]), strict=True))
    return path
