"""Real captions, in words."""

from __future__ import annotations

import random
from pathlib import Path


def read_captions(shared_data: Path, name: str = "test") -> list[list[str]]:
    """In an order of their own: in the file, neighbours are alike."""
    path = shared_data / "coco_captions" / f"{name}.txt"
    captions = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    random.Random(0).shuffle(captions)
    return captions
