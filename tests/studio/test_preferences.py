"""Preferences live on, tell of changes once, and read what they do not know as the default."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.preferences import Preferences, default_runs_folder


def test_defaults(tmp_path: Path) -> None:
    kept = Preferences(tmp_path / "new.ini")
    assert (kept.language, kept.theme, kept.text_size, kept.device) == ("system", "system", "100", "auto")
    assert kept.runs_folder == default_runs_folder()
    assert kept.last_folder == Path.home()
    assert kept.geometry.isEmpty()


def test_values_live_on(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "a.ini")
    first.language, first.theme, first.device = "zh", "dark", "cpu"
    first.text_size = "125"
    first.runs_folder, first.last_folder = tmp_path / "runs of 我", tmp_path
    again = Preferences(tmp_path / "a.ini")
    assert (again.language, again.theme, again.text_size, again.device) == ("zh", "dark", "125", "cpu")
    assert again.runs_folder == tmp_path / "runs of 我"
    assert again.last_folder == tmp_path


@pytest.mark.parametrize(
    ("line", "default"),
    [
        ("language=klingon", "system"),
        ("theme=klingon", "system"),
        ("device=klingon", "auto"),
        ("text_size=klingon", "100"),
        ("text_size=0", "100"),
        ("text_size=110", "100"),
        ("text_size=90, 125", "100"),
    ],
)
def test_unknown_values_read_as_default(tmp_path: Path, line: str, default: str) -> None:
    path = tmp_path / "odd.ini"
    path.write_text(f"[General]\n{line}\n", encoding="utf-8")
    assert getattr(Preferences(path), line.partition("=")[0]) == default


def test_a_damaged_file_reads_as_defaults(tmp_path: Path) -> None:
    path = tmp_path / "damaged.ini"
    path.write_bytes(b"\x00\xff[[[==\n\n;")
    assert Preferences(path).theme == "system"


def test_change_is_told_once(qtbot: QtBot, preferences: Preferences) -> None:
    told: list[str] = []
    preferences.changed.connect(told.append)
    preferences.theme = "dark"
    preferences.theme = "dark"
    assert told == ["theme"]


def test_last_folder_that_is_gone(tmp_path: Path) -> None:
    kept = Preferences(tmp_path / "b.ini")
    kept.last_folder = tmp_path / "gone"
    assert kept.last_folder == Path.home()
