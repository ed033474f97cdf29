"""Where the files that come with Attune lie: recipes, built-in texts, word lists, styles, icons, translations."""

from __future__ import annotations

from pathlib import Path

import resources

ROOT = Path(resources.__path__[0]).resolve()


def resource(*parts: str) -> Path:
    """`resource("recipes", "stars.yaml")`: the absolute path of a file or folder that comes with Attune."""
    return ROOT.joinpath(*parts)
