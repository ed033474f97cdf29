"""RangeRow: the settings that a search tries, as chips; more are added, their ranges changed, and taken away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from engine.config.run import RunConfig
from engine.config.search import Range
from engine.config.search_limits import Limits, searchable, usual_ranges
from studio import theme
from studio.forms.range_chip import AddChip, FixedChip, RangeChip, range_words, setting_title
from studio.forms.range_editor import RangeEditor
from studio.translation import tr
from studio.widgets.flow_layout import FlowLayout

_TENFOLD = 10.0


class RangeRow(QWidget):
    """`changed(ranges)`: all of them as they shall be; what is fixed at a value is a range of that value alone."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        self._limits: dict[str, Limits] = {}
        self._ranges: tuple[Range, ...] = ()
        self._chips: list[RangeChip] = []
        self._line = FlowLayout(self)
        title = QLabel(tr("Settings tried"))
        title.setProperty("kind", "second")
        title.setFont(theme.font(theme.CAPTION, 600))
        title.setMinimumHeight(theme.tall(28))
        self.add = AddChip(tr("Range"))
        self.add.setObjectName("add_range")
        self.add.clicked.connect(lambda: self.menu().popup(self.add.below()))
        self.fixed = FixedChip()
        self.fixed.setObjectName("fixed_settings")
        self._line.addWidget(title)

    def show_ranges(self, config: RunConfig, ranges: Sequence[Range]) -> None:
        """Of a search around these settings."""
        if config is self._config and tuple(ranges) == self._ranges:
            return
        if config is not self._config:
            self._limits = {one.path: one for one in searchable(config)}
        self._config, self._ranges = config, tuple(ranges)
        self._build()

    def show_fixed(self, told: str, whole: str) -> None:
        """What stays as it is, in few words and in many."""
        self.fixed.show_fixed(told, whole)

    def set_locked(self, is_locked: bool) -> None:
        """Ranges are only looked at: the search is over."""
        for part in (*self._chips, self.add):
            part.setEnabled(not is_locked)
        self.add.setVisible(not is_locked)

    def chips(self) -> list[RangeChip]:
        return list(self._chips)

    def title_of(self, path: str) -> str:
        """The setting's title in words; its path where the config has no such setting."""
        limits = self._limits.get(path)
        return path if limits is None else setting_title(limits, tuple(self._limits.values()))

    def menu(self) -> QMenu:
        """The settings that could be tried too, by what they are settings of."""
        menu = QMenu(self)
        menu.setObjectName("range_menu")
        tried = {one.path for one in self._ranges}
        usual = {one.path: one for one in usual_ranges(self._config)} if self._config is not None else {}
        rest = [one for one in self._limits.values() if one.path not in tried]
        for limits in sorted(rest, key=lambda one: (one.path not in usual, one.path)):
            action = menu.addAction(self.title_of(limits.path))
            start = usual.get(limits.path) or _first_range(limits)
            action.triggered.connect(lambda _=False, start=start: self._edit(start, self.add.below()))
        menu.setEnabled(bool(rest))
        return menu

    # -- how it is changed ---------------------------------------------------------------------------------------------

    def _build(self) -> None:
        for chip in self._chips:
            self._line.removeWidget(chip)
            chip.deleteLater()
        for part in (self.add, self.fixed):
            self._line.removeWidget(part)
        self._chips = []
        for one in self._ranges:
            limits = self._limits.get(one.path)
            told = range_words(one, limits) if limits is not None else ""
            chip = RangeChip(self.title_of(one.path), told, can_remove=len(self._ranges) > 1)
            chip.setObjectName(f"range {one.path}")
            chip.clicked.connect(lambda _=False, one=one, chip=chip: self._edit(one, _below(chip)))
            chip.removed.connect(lambda one=one: self._remove(one.path))
            self._chips.append(chip)
        for part in (*self._chips, self.add, self.fixed):
            self._line.addWidget(part)
        self.updateGeometry()

    def _edit(self, one: Range, place: QPoint) -> None:
        limits = self._limits.get(one.path)
        if self._config is None or limits is None:
            return
        editor = RangeEditor(self.title_of(one.path), one, limits, self._config, self)
        editor.settled.connect(self.take)
        editor.open_at(place)

    def take(self, one: Range) -> None:
        """A range that is new, or instead of the setting's own."""
        kept = {other.path: other for other in self._ranges}
        kept[one.path] = one
        self.changed.emit(tuple(kept.values()))

    def _remove(self, path: str) -> None:
        self.changed.emit(tuple(one for one in self._ranges if one.path != path))


def _first_range(limits: Limits) -> Range:
    """Of a setting that has no usual one: all its options, or a tenth of its value to ten times it."""
    if limits.choices:
        return Range(path=limits.path, choices=limits.choices)
    value = limits.value if isinstance(limits.value, int | float) and limits.value else limits.low or 1
    low, high = value / _TENFOLD, value * _TENFOLD
    low = low if limits.low is None else max(low, limits.low)
    high = high if limits.high is None else min(high, limits.high)
    if limits.is_integer:
        return Range(path=limits.path, low=max(1, round(low)), high=max(2, round(high)))
    return Range(path=limits.path, low=low, high=high, log=low > 0)


def _below(chip: QWidget) -> QPoint:
    return chip.mapToGlobal(QPoint(0, chip.height() + 2))
