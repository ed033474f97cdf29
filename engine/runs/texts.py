"""TextColumn: many texts in two files, read from disk as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import overload

import numpy as np


class TextColumn(Sequence[str]):
    """`NAME.bin` holds the texts as UTF-8, `NAME.npy` where each begins and the last one ends."""

    def __init__(self, stem: Path) -> None:
        self._offsets = np.load(stem.with_name(f"{stem.name}.npy"), allow_pickle=False)
        file = stem.with_name(f"{stem.name}.bin")
        is_empty = file.stat().st_size == 0
        self._bytes = np.empty(0, np.uint8) if is_empty else np.memmap(file, dtype=np.uint8, mode="r")

    @staticmethod
    def write(stem: Path, texts: Iterable[str]) -> None:
        """May raise OSError."""
        lengths = [0]
        with stem.with_name(f"{stem.name}.bin").open("wb") as file:
            for text in texts:
                lengths.append(file.write(text.encode("utf-8", "surrogatepass")))
        np.save(stem.with_name(f"{stem.name}.npy"), np.cumsum(lengths, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place = int(place) % len(self)
        held = self._bytes[self._offsets[place] : self._offsets[place + 1]]
        return held.tobytes().decode("utf-8", "surrogatepass")
