"""PageState: all that the Attention page knows of what is looked into, and the questions behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from engine.records import AttentionRecord, Prediction
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.attributions import Attributions
from studio.pages.attention.comparison_model import ComparisonModel
from studio.pages.attention.head_effects import HeadEffects
from studio.pages.attention.reading import Choice, fitting, like, slice_of
from studio.pages.attention.timeline import Timeline
from studio.pages.attention.zoom import Zoom
from studio.plots.attention.map_data import MapData
from studio.workers.query import Asker
from studio.workers.run_book import RunBook


class PageState(QObject):
    """The looker's answer, its reasons, its heads' worth, its past, what it is compared with, its exact map; each
    tells of its own changes. Here stands what they come to together."""

    def __init__(self, book: RunBook, asker: Asker, parent: QObject) -> None:
        super().__init__(parent)
        self.looker = AttentionQuery(book, asker, self)
        self.reasons = Attributions(self.looker, asker, self)
        self.effects = HeadEffects(self.looker, asker, self)
        self.second = ComparisonModel(self.looker, book, asker, self)
        self.timeline = Timeline(self.looker, book, self)
        self.zoom = Zoom(self.looker, asker, self)
        self._rolled_out: AttentionRecord | None = None

    def look_at(self, path: Path) -> None:
        """Another run or model: nothing of the last one is left."""
        self.looker.look_at(path)
        self.reasons.want_rollout(False)
        self.second.compare_with(None)
        self.zoom.leave()

    @property
    def is_past(self) -> bool:
        """Whether a frame of the training is looked at."""
        return self.timeline.step is not None

    @property
    def record(self) -> AttentionRecord | None:
        """What is shown: a frame of the training, or the answer of now with its rollout."""
        if self.timeline.record is not None:
            return self.timeline.record
        record, rollout = self.looker.record, self.reasons.rollout
        if record is None or not rollout:
            return record
        known = self._rolled_out
        if known is None or known.maps[0] is not record.maps[0] or known.maps[-1] is not rollout[-1]:
            self._rolled_out = replace(record, maps=(*record.maps, *rollout))
        return self._rolled_out

    @property
    def before(self) -> Prediction | None:
        """What was said before the switches or the edit that the shown answer comes of."""
        looker = self.looker
        if self.is_past or looker.record is None:
            return None
        if looker.record.switches:
            return looker.plain.prediction if looker.plain is not None else None
        return looker.edit[1] if looker.edit else None

    def second_data(self, choice: Choice) -> MapData | None:
        """The other map, where there is a comparison."""
        record, second = self.record, self.second.record
        if record is None or second is None or not second.maps or not record.maps or self.is_past:
            return None
        return slice_of(second, like(fitting(choice, record), record, second))

    def is_half_known(self, choice: Choice) -> bool:
        """Whether a part of what is to be shown is still on its way, so that the last picture should stay a moment."""
        record, second = self.record, self.second
        if record is None or self.is_past:
            return False
        if self.reasons.is_rolling_out and choice.map >= len(record.maps):
            return True
        is_same = second.other is not None and second.other.text is None
        return is_same and second.is_waiting and second.record is not None and second.record.text != record.text
