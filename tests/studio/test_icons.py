"""Every icon that is named has a glyph: a name that is none would fail when it is first painted."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QApplication

from studio.icon_font import glyphs

STUDIO = Path(__file__).resolve().parents[2] / "studio"


def test_every_icon_has_a_glyph(qapp: QApplication) -> None:
    del qapp
    named = {
        (name, str(path.relative_to(STUDIO)))
        for path in STUDIO.rglob("*.py")
        for name in re.findall(r'"ph\.([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 50 and not sorted(one for one in named if one[0] not in glyphs())
