"""RankingCard: which heads matter most, measured by switching each off alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.metrics.registry import metric_of
from engine.records import AttentionMap, HeadTable, Progress
from studio.pages.attention.reading import map_title
from studio.plots.attention.head_ranking import HeadRanking, ranked
from studio.plots.attention.head_words import pattern_words
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.progress_track import ProgressTrack

_METRICS = ("probability", "f1", "mae", "rmse")


class RankingCard(Card):
    """`rank_requested` begins, `stop_requested` gives up; `chosen(layer, head)` when the person takes a row."""

    rank_requested = Signal()
    stop_requested = Signal()
    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Heads that matter most"), "", parent)
        self.about = Caption(wrap=True)
        self.about.setObjectName("rankingAbout")
        self.button = Button(tr("Measure all heads"), "plain", "ph.list-numbers", size="small")
        self.button.setObjectName("rankHeads")
        self.button.clicked.connect(self._press)
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Heads measured"))
        self.list = HeadRanking()
        self.list.chosen.connect(self.chosen)
        for widget in (self.about, self.list, self.track, self.button):
            self.body.addWidget(widget)
        self._is_ranking = False
        self._shown: tuple[object, object] | None = None

    def show_ranking(
        self,
        one: AttentionMap,
        table: HeadTable | None,
        progress: Progress | None,
        *,
        is_ranking: bool,
        can_rank: bool = True,
    ) -> None:
        """Rows of the map `one`; while heads are measured the list grows. `can_rank`: not all were measured yet."""
        self._is_ranking = is_ranking
        self.button.setText(tr("Stop") if is_ranking else tr("Measure all heads"))
        self.button.set_icon("ph.stop-fill" if is_ranking else "ph.list-numbers")
        self.button.setVisible(is_ranking or can_rank)
        self.track.setVisible(is_ranking)
        self.track.set_share(progress.done / max(1, progress.total) if progress else 0.0)
        self.list.setVisible(table is not None)
        if self._shown is not None and self._shown[0] is table and self._shown[1] is one:
            return
        self._shown = (table, one)
        if table is None:
            self.about.setText(tr("Switches each head off alone, on labelled texts, and measures what is lost."))
            return
        metric = next((name for name in _METRICS if table.effects and name in table.effects[0].change), "")
        own = HeadTable(
            tuple(effect for effect in table.effects if all(head[0] == one.name for head in effect.switches.muted)),
            table.before,
            table.num_rows,
            table.split,
        )
        self.list.set_heads(ranked(own, metric, lambda layer, head: _looks(one, layer, head)) if metric else [])
        self.about.setText(_about(table, metric))

    def show_current(self, place: tuple[int, int] | None) -> None:
        self.list.set_current(place)

    def _press(self) -> None:
        (self.stop_requested if self._is_ranking else self.rank_requested).emit()


def _about(table: HeadTable, metric: str) -> str:
    count = table.num_rows
    if metric == "probability":
        return tr("Points of the true label's probability lost, {count:plural:text:texts}", count=count)
    return tr("Change of {metric}, {count:plural:text:texts}", metric=words(metric_of(metric).title), count=count)


def _looks(one: AttentionMap, layer: int, head: int) -> str:
    """The head's named pattern, else the map's name."""
    if one.facts is not None and layer < len(one.facts.pattern) and head < len(one.facts.pattern[layer]):
        return pattern_words(one.facts.pattern[layer][head]) or ""
    return map_title(one.name)
