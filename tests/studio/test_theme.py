"""Tokens are readable, the style sheet is whole, fonts have tabular figures, and every icon exists."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetrics, QIcon
from PySide6.QtWidgets import QApplication

from engine.resources import resource
from studio import theme
from studio.main_window.troubles import missing_font
from studio.theme import (
    DARK,
    LIGHT,
    ON_PRIMARY,
    Tokens,
    apply_theme,
    families,
    font,
    icon,
    is_dark,
    mixed,
    style_sheet,
    tokens,
)
from studio.translation import set_language

STUDIO = Path(__file__).resolve().parents[2] / "studio"
SURFACES = ("bg", "side", "card", "sunk")


def luminance(colour: str) -> float:
    parts = [value / 255 for value in QColor(colour).getRgb()[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, 1.4.3."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def written_on(colours: Tokens) -> Iterator[tuple[str, str]]:
    for surface in SURFACES:
        for ink in ("text", "text2", "text3", "accent_text"):
            yield ink, surface
    for ink in ("text", "text2", "text3", "accent_text"):
        yield ink, "soft"
    for state in ("ok", "warn", "bad"):
        for surface in ("card", "bg", f"{state}_soft"):
            yield state, surface
    for ink in ("text", "text2"):
        for surface in ("hover", "track", "ok_soft", "warn_soft", "bad_soft"):
            yield ink, surface
    for series in ("s1", "s2", "s3", "s4", "s5"):
        yield series, "card"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_readable(colours: Tokens) -> None:
    pairs = {(ink, on): contrast(getattr(colours, ink), getattr(colours, on)) for ink, on in written_on(colours)}
    assert {pair: ratio for pair, ratio in pairs.items() if ratio < 4.5} == {}
    assert contrast(ON_PRIMARY, colours.primary) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_focus_ring_is_seen(colours: Tokens) -> None:
    """WCAG 2.1, 1.4.11: three to one against what lies beside it."""
    assert all(contrast(colours.accent, getattr(colours, surface)) >= 3 for surface in SURFACES)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_style_sheet_is_whole(colours: Tokens) -> None:
    sheet = style_sheet(colours)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert "font" not in sheet.split("*/", 1)[1], "fonts are set in code"


def test_style_sheet_names_files_that_exist() -> None:
    sheet = style_sheet(LIGHT)
    paths = [part.split('"')[0] for part in sheet.split('url("')[1:]]
    assert paths
    assert all(Path(path).is_file() for path in paths)


def test_themes_are_applied(look: QApplication) -> None:
    apply_theme(look, "dark")
    assert is_dark()
    assert tokens() is DARK
    assert look.palette().window().color() == QColor(DARK.bg)
    apply_theme(look, "light")
    assert not is_dark()
    assert look.style().objectName() == "fusion" or look.styleSheet()


def test_system_theme_is_one_of_both(look: QApplication) -> None:
    apply_theme(look, "system")
    assert tokens() in (LIGHT, DARK)


@pytest.mark.usefixtures("look")
def test_figures_are_tabular() -> None:
    metrics = QFontMetrics(font(13))
    widths = {metrics.horizontalAdvance(digit) for digit in "0123456789"}
    assert len(widths) == 1


@pytest.mark.parametrize(("asked", "weight"), [(400, 400), (600, 600), (650, 600), (500, 500)])
def test_weights_are_the_nearest_named(asked: int, weight: int) -> None:
    assert font(weight=asked).weight() == weight


def test_mono_font_is_another() -> None:
    assert font(mono=True).families() != font().families()
    assert font().hintingPreference() == QFont.HintingPreference.PreferNoHinting


def icon_names() -> set[str]:
    found = set()
    for path in STUDIO.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("ph."):
                found.add(node.value)
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("look")
def test_every_icon_exists() -> None:
    import qtawesome

    qtawesome.icon("ph.house")
    known = qtawesome._resource["iconic"].charmap["ph"]
    assert {name for name in icon_names() if name.removeprefix("ph.") not in known} == set()


@pytest.mark.usefixtures("look")
def test_icon_has_its_colour() -> None:
    image = icon("ph.house-fill", "#ff0000").pixmap(QSize(32, 32)).toImage()
    inks = {image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 250}
    assert inks == {"#ff0000"}


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", ["attune", "check", "chevron-down", "chevron-up"])
def test_drawn_icons_load(name: str) -> None:
    image = QIcon(str(resource("icons", f"{name}.svg"))).pixmap(QSize(32, 32)).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(32) for y in range(32))


def test_mixed_lies_between() -> None:
    assert mixed("#000000", "#ffffff", 0.0) == "#ffffff"
    assert mixed("#000000", "#ffffff", 1.0) == "#000000"
    assert mixed("#000000", "#c80000", 0.5) == "#640000"


def test_tokens_are_hex() -> None:
    for colours in (LIGHT, DARK):
        assert all(QColor(value).isValid() and len(value) == 7 for value in dataclasses.asdict(colours).values())


@pytest.mark.usefixtures("look")
def test_only_families_of_this_machine_are_asked_for() -> None:
    there = set(QFontDatabase.families())
    assert families() and set(families()) <= there
    assert set(families(mono=True)) <= there
    assert QFontInfo(font()).family() == families()[0]


@pytest.mark.usefixtures("look")
def test_the_mono_font_has_a_fixed_pitch() -> None:
    metrics = QFontMetrics(font(mono=True))
    assert len({metrics.horizontalAdvance(sign) for sign in "iWm.0—“"}) == 1
    assert QFontInfo(font(mono=True)).fixedPitch()


@pytest.mark.usefixtures("look")
def test_no_chinese_family_stands_before_a_latin_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """English set in a Chinese family has quotes as wide as a Chinese sign."""
    there = ["Noto Sans CJK SC", "DejaVu Sans", "Noto Sans CJK JP"]
    chinese = QFontDatabase.WritingSystem.SimplifiedChinese
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: there)
    monkeypatch.setattr(theme, "QFontInfo", lambda _font: QFont("Noto Sans CJK SC"))
    monkeypatch.setattr(QFontDatabase, "writingSystems", lambda name: [chinese] if "CJK" in name else [])
    monkeypatch.setattr(QFontDatabase, "isSmoothlyScalable", lambda _name: True)
    theme.families.cache_clear()
    try:
        assert families() == ("DejaVu Sans", "Noto Sans CJK SC")
    finally:
        theme.families.cache_clear()


@pytest.mark.usefixtures("look")
def test_a_missing_chinese_font_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_font() is None
    set_language("zh")
    monkeypatch.setattr(theme, "can_write_chinese", lambda: False)
    told = missing_font()
    assert told is not None and all(part.isascii() for part in told)
    assert "fonts-noto-cjk" in told[2]
    monkeypatch.setattr(theme, "can_write_chinese", lambda: True)
    assert missing_font() is None
