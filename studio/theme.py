"""The look: named colour tokens for light and dark, fonts with tabular figures, icons, and the one style sheet."""

from __future__ import annotations

import dataclasses
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QIcon, QPalette, QRawFont
from PySide6.QtWidgets import QApplication

from engine.resources import resource
from studio.icon_font import font_icon

Theme = Literal["light", "dark", "system"]

BODY, CAPTION, TICK, CARD_TITLE, PAGE_TITLE, FIGURE = 13, 12, 11, 15, 22, 22
CARD_RADIUS, BUTTON_RADIUS, CHIP_RADIUS = 10, 7, 6
PAGE_MARGIN, GAP, CARD_PADDING = 24, 14, 16

_LATIN = [
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    ".AppleSystemUIFont",
    "SF Pro Text",
    "Cantarell",
    "Adwaita Sans",
    "Ubuntu Sans",
    "Ubuntu",
    "Noto Sans",
    "Roboto",
    "Open Sans",
    "DejaVu Sans",
    "Liberation Sans",
    "Helvetica Neue",
    "Arial",
]
"""Before any Chinese family: those hold Latin letters too, with quotes as wide as a Chinese sign."""
_CHINESE = [
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Sarasa UI SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimHei",
    "SimSun",
]
_STATES = ("warn", "bad")
_MONO = [
    "JetBrains Mono",
    "Cascadia Mono",
    "Cascadia Code",
    "SF Mono",
    "Menlo",
    "Consolas",
    "Ubuntu Sans Mono",
    "Ubuntu Mono",
    "Noto Sans Mono",
    "Source Code Pro",
    "DejaVu Sans Mono",
    "Liberation Mono",
    "Courier New",
]
_HAN = "设置训练标签"
"""Common simplified signs: a font that lacks one of them shows boxes."""


@dataclass(frozen=True)
class Tokens:
    """Colours by what they are for, as `#RRGGBB`. `s1` to `s5` are the series of plots, readable as text on cards."""

    bg: str
    side: str
    card: str
    sunk: str
    hover: str
    line: str
    line2: str
    grid: str
    track: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_text: str
    primary: str
    soft: str
    soft_line: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    s1: str
    s2: str
    s3: str
    s4: str
    s5: str
    crosshair: str


LIGHT = Tokens(
    bg="#F8F8FA",
    side="#F1F1F5",
    card="#FFFFFF",
    sunk="#F4F4F7",
    hover="#E7E7EE",
    line="#E6E6EC",
    line2="#D4D5DE",
    grid="#EFEFF3",
    track="#E9E9EF",
    text="#17181C",
    text2="#50545F",
    text3="#656975",
    accent="#4F46E5",
    accent_text="#4338CA",
    primary="#4F46E5",
    soft="#EEEDFD",
    soft_line="#D9D6FA",
    ok="#177A4A",
    ok_soft="#E7F5EC",
    warn="#94590A",
    warn_soft="#FDF3E1",
    bad="#BE2F26",
    bad_soft="#FCEBE9",
    s1="#2366D1",
    s2="#BD5210",
    s3="#0E7C72",
    s4="#A8469A",
    s5="#7A6548",
    crosshair="#FF9F43",
)
DARK = Tokens(
    bg="#121317",
    side="#0D0E11",
    card="#1A1B20",
    sunk="#212228",
    hover="#24252C",
    line="#2B2C34",
    line2="#3D3F4A",
    grid="#25262D",
    track="#2B2C34",
    text="#EDEEF2",
    text2="#B0B3BE",
    text3="#8E929F",
    accent="#9A94FF",
    accent_text="#B4AFFF",
    primary="#5D54EE",
    soft="#282547",
    soft_line="#3F3A75",
    ok="#5FCB92",
    ok_soft="#17301F",
    warn="#E7B45C",
    warn_soft="#31260F",
    bad="#F28B82",
    bad_soft="#381A18",
    s1="#6BA5FF",
    s2="#F59A4C",
    s3="#4CC4B6",
    s4="#D98ACD",
    s5="#C0A680",
    crosshair="#FF9F43",
)
ON_PRIMARY = "#FFFFFF"

_current = LIGHT
_size, _stretch = 1.0, 100


def tokens() -> Tokens:
    """The tokens of the theme that is shown now."""
    return _current


def is_dark() -> bool:
    return _current is DARK


def apply_theme(app: QApplication, theme: str) -> None:
    """Show `"light"`, `"dark"` or what the `"system"` shows. Painted widgets take the tokens at their next paint."""
    global _current  # noqa: PLW0603 - one theme is shown at a time, and painters ask for it everywhere
    hints = QGuiApplication.styleHints()
    if theme == "system":
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if theme == "dark" else Qt.ColorScheme.Light)
    dark = theme == "dark" or (theme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    _current = DARK if dark else LIGHT
    families.cache_clear()  # asked before there was an application, it could not know
    if not app.styleSheet():  # with a style sheet the style is a proxy that hides its name
        app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    _dress(app)


def apply_text_size(app: QApplication, percent: str) -> None:
    """Letters of `percent` of the usual size, for all that is built from now on; the theme stays."""
    set_text(size=int(percent) / 100)
    _dress(app)


def _dress(app: QApplication) -> None:
    app.setFont(font())
    sheet = style_sheet(_current)
    if sheet != app.styleSheet():  # else all that lives would be styled anew for nothing
        app.setStyleSheet(sheet)


def style_sheet(colours: Tokens) -> str:
    """The style sheet of `resources/styles/studio.qss` with the tokens and icon paths put in."""
    template = string.Template(resource("styles", "studio.qss").read_text(encoding="utf-8"))
    borders = {
        f"{state}_line": mixed(getattr(colours, state), getattr(colours, f"{state}_soft"), 0.4) for state in _STATES
    }
    return template.substitute(dataclasses.asdict(colours), **borders, icons=resource("icons").as_posix())


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of one colour and the rest of the other."""
    pairs = zip(QColor(colour).getRgb()[:3], QColor(other).getRgb()[:3], strict=True)
    return QColor(*(round(share * one + (1 - share) * two) for one, two in pairs)).name()


def set_text(size: float = 1.0, stretch: int = 100) -> None:
    """Letters `size` times as large, `stretch` percent wide, for all that is built from now on."""
    global _size, _stretch
    _size, _stretch = size, stretch
    _font.cache_clear()


def tall(pixels: int) -> int:
    """The height of a line, a button or a row that is so many pixels high at the usual text size."""
    return round(pixels * _size)


def font(size: int = BODY, weight: int = 400, mono: bool = False) -> QFont:
    """A font of `size` pixels. Its figures are tabular, so that numbers keep their width while they change."""
    return QFont(_font(size, weight, mono))


@lru_cache(maxsize=64)
def _font(size: int, weight: int, mono: bool) -> QFont:
    made = QFont()
    made.setFamilies(list(families(mono=mono)))
    made.setStyleHint(QFont.StyleHint.Monospace if mono else QFont.StyleHint.SansSerif)
    made.setPixelSize(round(size * _size))
    made.setStretch(_stretch)
    made.setWeight(QFont.Weight(weight) if weight in _NAMED_WEIGHTS else _nearest_weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=2)
def families(*, mono: bool = False) -> tuple[str, ...]:
    """The families of this machine that texts are set in, the best one first: ours where it is there, then the
    system's own, then common ones, and those for Chinese at the end."""
    if QGuiApplication.instance() is None:  # nobody can say yet what is there
        return (*(_MONO if mono else _LATIN), *_CHINESE)
    kind = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
    there, own = set(QFontDatabase.families()), QFontInfo(QFontDatabase.systemFont(kind)).family()
    best, *others = _MONO if mono else _LATIN
    wanted = dict.fromkeys([best, own, *others])
    latin = [name for name in wanted if name in there and _is_fit(name, mono=mono)]
    return tuple(dict.fromkeys([*latin, *_chinese(there)]))


def _is_fit(name: str, *, mono: bool) -> bool:
    """A system's own font may be for other letters, or its "fixed" one of no fixed pitch."""
    if QFontDatabase.WritingSystem.SimplifiedChinese in QFontDatabase.writingSystems(name):
        return False
    return QFontDatabase.isFixedPitch(name) if mono else QFontDatabase.isSmoothlyScalable(name)


def _chinese(there: set[str]) -> list[str]:
    """The known ones in our order, then any other that has the common signs."""
    known = [name for name in _CHINESE if name in there]
    others = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return known or [name for name in others if QFontDatabase.isSmoothlyScalable(name)][:3]


def can_write_chinese() -> bool:
    """Whether any font of this machine has the common simplified signs; else they are boxes."""
    candidates = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    for name in [*_CHINESE, *candidates]:
        if name in candidates or name in families():
            raw = QRawFont.fromFont(QFont(name))
            if raw.isValid() and all(raw.supportsCharacter(ord(sign)) for sign in _HAN):
                return True
    return False


_NAMED_WEIGHTS = {weight.value for weight in QFont.Weight}


def _nearest_weight(weight: int) -> QFont.Weight:
    return min(QFont.Weight, key=lambda named: (abs(named.value - weight), named.value))


def icon(name: str, color: str | None = None) -> QIcon:
    """A Phosphor icon (`"ph.house"`), by default in the colour of secondary text; paler where it is disabled."""
    return _icon(name, color or tokens().text2, tokens().line2)


@lru_cache(maxsize=256)
def _icon(name: str, color: str, disabled: str) -> QIcon:
    return font_icon(name.partition(".")[2], color, disabled)


def _palette(colours: Tokens) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: colours.bg,
        roles.WindowText: colours.text,
        roles.Base: colours.card,
        roles.AlternateBase: colours.sunk,
        roles.Text: colours.text,
        roles.Button: colours.card,
        roles.ButtonText: colours.text,
        roles.BrightText: colours.bad,
        roles.ToolTipBase: colours.text,
        roles.ToolTipText: colours.card,
        roles.PlaceholderText: colours.text3,
        roles.Highlight: colours.primary,
        roles.HighlightedText: ON_PRIMARY,
        roles.Link: colours.accent_text,
        roles.LinkVisited: colours.accent_text,
        roles.Mid: colours.line2,
        roles.Light: colours.card,
        roles.Dark: colours.line2,
    }.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.text3))
    return palette
