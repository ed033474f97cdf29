"""What is said where Chinese is wished and no font can write it: in English, as Chinese would be boxes."""

from __future__ import annotations

from studio import theme
from studio.translation import language

WHAT = "This computer has no font with Chinese letters, so they are shown as boxes."
WHERE = "Language: Chinese"
MEND = (
    "Install one and start Attune again. Debian and Ubuntu: sudo apt install fonts-noto-cjk. "
    "Fedora: sudo dnf install google-noto-sans-cjk-fonts. Arch: sudo pacman -S noto-fonts-cjk. "
    "Or choose English in Settings (the gear at the lower left)."
)


def missing_font() -> tuple[str, str, str] | None:
    """(what, where, mend); None where all can be read."""
    if language() != "zh" or theme.can_write_chinese():
        return None
    return WHAT, WHERE, MEND
