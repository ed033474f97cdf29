"""A person at the window, and real texts for them to learn from."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from person import Person
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.config.data import BuiltinTexts
from engine.data.builtin import builtin_reviews
from studio.app import make_app
from studio.translation import set_language

SST2 = Path(__file__).resolve().parents[3] / "shared" / "data" / "sst2" / "train.tsv"
NUM_ROWS = 400


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["attune-tests"]


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    make_app("light", "en")
    yield Person(qtbot, tmp_path, monkeypatch)
    set_language("en")


@pytest.fixture(scope="session")
def reviews_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 rows as a spreadsheet saves them: film reviews where the real ones are at hand, else invented ones."""
    path = tmp_path_factory.mktemp("data") / "reviews.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["review", "mood"])
        writer.writerows(_film_reviews() if SST2.is_file() else _invented_reviews())
    return path


def _film_reviews() -> list[tuple[str, str]]:
    lines = SST2.read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.rsplit("\t", 1)) for line in random.Random(0).sample(sorted(set(lines)), NUM_ROWS)]
    return [(text, "good" if label == "1" else "bad") for text, label in rows]


def _invented_reviews() -> list[tuple[str, str]]:
    rows = builtin_reviews(BuiltinTexts(num_rows=NUM_ROWS), 0)
    return list(zip(rows["text"], rows["label"], strict=True))
