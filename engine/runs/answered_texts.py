"""AnsweredTexts: what a run said to its few held-out rows, step by step, within bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engine.events import TextsAnswered

MOST_STEPS = 200


class AnsweredTexts:
    """Rising steps. The texts that were read stand in memory once. Of more than `MOST_STEPS` steps every second one
    of the older half is let go; the first and the newest stay."""

    def __init__(self) -> None:
        self._events: list[TextsAnswered] = []
        self._texts: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._events)

    def __getitem__(self, place: int) -> TextsAnswered:
        return self._events[place]

    def __iter__(self) -> Iterator[TextsAnswered]:
        return iter(self._events)

    @property
    def steps(self) -> list[int]:
        return [one.step for one in self._events]

    def append(self, event: TextsAnswered) -> None:
        """A step that was answered before is answered anew."""
        self.cut_after(event.step - 1)
        self._events.append(replace(event, rows=[self._shared(row) for row in event.rows]))
        if len(self._events) > MOST_STEPS:
            half = len(self._events) // 2
            self._events = [*self._events[:half:2], *self._events[half:]]

    def cut_after(self, step: int) -> None:
        """What was said later is undone."""
        while self._events and self._events[-1].step > step:
            self._events.pop()

    def _shared(self, row: dict[str, Any]) -> dict[str, Any]:
        read = row.get("read")
        texts = [str(one) for one in read] if isinstance(read, list) else []
        kept = [self._texts.setdefault(one, one) for one in (*texts, str(row.get("wanted") or ""))]
        return {**row, "read": kept[:-1], "wanted": kept[-1], "said": str(row.get("said") or "")}
