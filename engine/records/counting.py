"""What a model that counts words says of its labels, and where a run of words occurs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SpokenRun:
    """A run of tokens `ids`, as `text`: `weight` is what it adds to the label's log odds (or to the number) where a
    text holds it, of TF-IDF before it is divided by the text's length; `num_texts` training texts hold it."""

    text: str
    ids: tuple[int, ...]
    weight: float
    num_texts: int

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "weight": round(self.weight, 6), "texts": self.num_texts}


@dataclass(frozen=True)
class SpokenWords:
    """The runs that speak most for `label` (against it, if `against`), strongest first; `num_matching` of `num_all`
    hold what was searched for and speak on this side. `labels` are all that can be asked about, none for a number.
    `chosen` is what was tried and taken when it was fitted; `counts_characters`: tokens are characters."""

    label: str
    labels: tuple[str, ...]
    against: bool
    runs: tuple[SpokenRun, ...]
    num_matching: int
    num_all: int
    counts_characters: bool
    chosen: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "against": self.against,
            "words": [one.to_json() for one in self.runs],
            "matching": self.num_matching,
            "all": self.num_all,
            "chosen": dict(self.chosen),
        }


@dataclass(frozen=True)
class Occurrence:
    """A training text that holds a run: its row number, its label in words, and where the run stands in it."""

    row: int
    text: str
    label: str
    spans: tuple[tuple[int, int], ...]
