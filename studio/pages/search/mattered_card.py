"""MatteredCard: how much each setting decided, between what the best five lie, and a narrower range for the first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from engine.config.search import Range
from engine.records.search import Importance, Influence, SearchRecord
from studio.forms.range_chip import value_words
from studio.numbers import percent
from studio.pages.search.drawn_trials import NUM_LEADING, SettingAxis
from studio.translation import tr, words
from studio.widgets import Bar, BarList, Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill

_NARROW = 0.6
_LEAST_TRIALS = 20
_AIR = 0.1


class MatteredCard(Card):
    """`narrowed(range)`: a setting shall be tried between what the best few lie."""

    narrowed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What mattered"), " ", parent)
        self.setObjectName("what_mattered")
        self._narrower: Range | None = None
        self._heads = QWidget()
        self._best_of = Caption("")
        fill(QHBoxLayout(self._heads), (Caption(tr("share of the differences")), 1), self._best_of, gap=8)
        self.bars = BarList()
        self.bars.setObjectName("influences")
        self.bars.setAccessibleName(tr("What mattered"))
        self._wait = Caption("", wrap=True)
        self._wait.setObjectName("importance_waits")
        self._box = QFrame()
        self._box.setProperty("surface", "soft")
        self._said = QLabel()
        self._said.setObjectName("narrow_told")
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self.narrow = Button(tr("Narrow it"), "plain", size="small")
        self.narrow.setObjectName("narrow_it")
        self.narrow.clicked.connect(self._narrow)
        fill(QHBoxLayout(self._box), (self._said, 1), self.narrow, gap=10, margins=(12, 8, 10, 8))
        for part in (self._heads, self.bars, self._wait):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.addWidget(self._box)

    def show_record(self, record: SearchRecord, axes: Sequence[SettingAxis], ranges: Sequence[Range]) -> None:
        """`ranges` are those of the next trial; none where there will be no other."""
        found = record.importance
        for part in (self._heads, self.bars):
            part.setVisible(found is not None)
        self._wait.setVisible(found is None)
        if found is None:
            self.caption.setText("")
            self._wait.setText(_waiting(record))
            self._box.hide()
            return
        by_path = {one.axis.path: one for one in axes}
        self.caption.setText(
            tr("{evaluator}, {count:plural:trial:trials} that ended", evaluator=found.evaluator, count=found.num_trials)
        )
        self.caption.setToolTip(
            tr("How much of the differences between trials goes with each setting. It says nothing about why.")
        )
        num_best = min(NUM_LEADING, sum(one.state == "done" for one in record.trials))
        self._best_of.setText(tr("the best {count} lie at", count=num_best) if num_best > 1 else tr("the best lies at"))
        self.bars.set_bars([_bar(one, by_path.get(one.path)) for one in found.influences])
        self._offer(found, by_path, {one.path: one for one in ranges} if num_best == NUM_LEADING else {})

    def _offer(self, found: Importance, axes: dict[str, SettingAxis], ranges: dict[str, Range]) -> None:
        """Of the setting that decides most; nothing where it is not tried any more."""
        first = next((one for one in found.influences if one.path in axes), None)
        self._narrower = narrower(first, ranges[first.path]) if first is not None and first.path in ranges else None
        self._box.setVisible(first is not None)
        if first is None:
            return
        title = axes[first.path].title
        if first.path not in ranges:
            told = tr("“{setting}” decides most.", setting=title)
        elif self._narrower is not None:
            told = tr("“{setting}” decides most, and the best five lie in a narrow part of its range.", setting=title)
        else:
            told = tr("“{setting}” decides most; the best five take most of its range.", setting=title)
        self._said.setText(told)
        self.narrow.setVisible(self._narrower is not None)
        if self._narrower is not None:
            low, high = value_words(self._narrower.low), value_words(self._narrower.high)
            self.narrow.setToolTip(tr("Try it from {low} to {high}, from the next trial on.", low=low, high=high))

    def _narrow(self) -> None:
        if self._narrower is not None:
            self.narrowed.emit(self._narrower)


def narrower(found: Influence, one: Range) -> Range | None:
    """A tenth of the range wider than what the best five take of it; None where that is most of it already."""
    if one.choices or one.low is None or one.high is None or not math.isfinite(found.best_low):
        return None

    def scaled(value: float) -> float:
        return math.log(value) if one.log else value

    is_whole = isinstance(one.low, int) and isinstance(one.high, int)
    whole = scaled(one.high) - scaled(one.low)
    low, high = max(found.best_low, one.low), min(found.best_high, one.high)
    if not low <= high or (scaled(high) - scaled(low)) / whole > _NARROW:
        return None
    low, high = max(scaled(one.low), scaled(low) - _AIR * whole), min(scaled(one.high), scaled(high) + _AIR * whole)
    if one.log:
        low, high = math.exp(low), math.exp(high)
    ends = _on_steps(low, high, one) if one.step is not None else _rounded(low, high, is_whole=is_whole)
    first, last = max(ends[0], one.low), min(ends[1], one.high)
    if not first < last or (first, last) == (one.low, one.high):
        return None
    return one.model_copy(update={"low": first, "high": last})


def _rounded(low: float, high: float, *, is_whole: bool) -> tuple[float, float]:
    return (math.floor(low), math.ceil(high)) if is_whole else (float(f"{low:.2g}"), float(f"{high:.2g}"))


def _on_steps(low: float, high: float, one: Range) -> tuple[float, float]:
    assert one.low is not None and one.step is not None
    return (
        one.low + math.floor((low - one.low) / one.step + 1e-9) * one.step,
        one.low + math.ceil((high - one.low) / one.step - 1e-9) * one.step,
    )


def _bar(one: Influence, setting: SettingAxis | None) -> Bar:
    title = words(one.title) if setting is None else setting.title
    return Bar(title, one.share, percent(one.share, 0), _best_words(one, setting), strong=one.share >= 0.5)


def _best_words(one: Influence, setting: SettingAxis | None) -> str:
    if one.best_choices:
        return ", ".join(str(value) if setting is None else setting.write(value) for value in one.best_choices[:3])
    if not math.isfinite(one.best_low):
        return ""
    write = value_words if setting is None else setting.write
    low, high = write(one.best_low), write(one.best_high)
    return low if low == high else tr("{low} to {high}", low=low, high=high)


def _waiting(record: SearchRecord) -> str:
    ended = sum(one.state in ("done", "pruned") for one in record.trials)
    if ended < _LEAST_TRIALS:
        return tr("After some more trials it is said here which settings decide; so far {done} ended.", done=ended)
    return tr("The trials do not differ enough to say what decides.")
