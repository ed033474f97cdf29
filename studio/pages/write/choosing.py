"""ChoosingCard: how the next token is chosen: four sliders with a plain line each, seed, length, two buttons."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QComboBox,
    QGraphicsOpacityEffect,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine.records import WritingSettings
from studio.numbers import percent
from studio.theme import font
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card, Hairline
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox, panel, vbox
from studio.widgets.number_box import NumberBox

USUAL = WritingSettings()
_PALE = 0.45
LENGTHS = (30, 60, 90, 200, 500)
_TOP_K = (1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 500, 1000, 0)
"""0: all of them, at the end."""


class SettingSlider(QWidget):
    """A title, the value, a slider, and what it does in one line."""

    moved = Signal()

    def __init__(
        self, title: str, num_steps: int, worded: Callable[[int], str], about: Callable[[int], str], name: str
    ) -> None:
        super().__init__()
        self._worded, self._about = worded, about
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, num_steps)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(title)
        self.slider.setMinimumHeight(20)
        self._value, self._line = QLabel(), Caption(wrap=True)
        heading = QLabel(title)
        for label in (heading, self._value):
            label.setFont(QFont(font(weight=500)))
        fill(QVBoxLayout(self), hbox((heading, 1), self._value), self.slider, self._line, gap=4)
        self.slider.valueChanged.connect(self._tell)

    def value(self) -> int:
        return self.slider.value()

    def show_value(self, value: int) -> None:
        """Silently."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(value)
        self._say()

    def _tell(self) -> None:
        self._say()
        self.moved.emit()

    def _say(self) -> None:
        value = self.slider.value()
        self._value.setText(self._worded(value))
        self._line.setText(self._about(value))


class ChoosingCard(Card):
    """`changed` while a slider is dragged; `write_wished`, `stop_wished`."""

    changed = Signal()
    write_wished = Signal()
    stop_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How it chooses"), "", parent)
        self.defaults = Button(tr("Defaults"), "quiet", "ph.arrow-counter-clockwise", size="small")
        self.header.addWidget(self.defaults)
        self.temperature = SettingSlider(tr("Temperature"), 40, _temperature_words, _temperature_line, "temperature")
        self.top_k = SettingSlider(tr("Top-k"), len(_TOP_K) - 1, _top_k_words, _top_k_line, "topK")
        self.top_p = SettingSlider(tr("Top-p"), 99, _top_p_words, _top_p_line, "topP")
        self.penalty = SettingSlider(tr("Repetition penalty"), 50, _penalty_words, _penalty_line, "penalty")
        self._sliders = (self.temperature, self.top_k, self.top_p, self.penalty)
        self.seed, self.length = NumberBox("seed", tr("Seed"), 0, 2**31 - 1), QComboBox()
        self._dice = Button("", "quiet", "ph.dice-five", size="small")
        self._dice.setToolTip(tr("Another seed: another text"))
        self._dice.setAccessibleName(tr("Another seed: another text"))
        self.length.setAccessibleName(tr("Length"))
        for count in LENGTHS:
            self.length.addItem(tr("{count} tokens", count=count), count)
        self.stop = Button(tr("Stop"), "plain", "ph.stop-fill")
        self.write = Button(tr("Write on"), "primary", "ph.pencil-simple")
        self.stop.setObjectName("stopWriting")
        self.write.setObjectName("writeOn")
        self.write.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._under = panel(self._laid_out())
        fill(self.body, *self._sliders, Hairline(), self._under, gap=10)
        self.show_settings(USUAL)
        self.show_running(is_running=False, can_write=True)
        self._connect()

    def settings(self) -> WritingSettings:
        return WritingSettings(
            temperature=self.temperature.value() / 20,
            top_k=_TOP_K[self.top_k.value()],
            top_p=(self.top_p.value() + 1) / 100,
            repetition_penalty=1.0 + self.penalty.value() / 50,
            seed=self.seed.value(),
            max_tokens=int(self.length.currentData()),
        )

    def show_settings(self, settings: WritingSettings) -> None:
        """Silently; a length that is not offered becomes the next one."""
        self.temperature.show_value(round(settings.temperature * 20))
        nearest = min(range(len(_TOP_K)), key=lambda at: abs(_worth(_TOP_K[at]) - _worth(settings.top_k)))
        self.top_k.show_value(nearest)
        self.top_p.show_value(round(settings.top_p * 100) - 1)
        self.penalty.show_value(round((settings.repetition_penalty - 1) * 50))
        with QSignalBlocker(self.seed):
            self.seed.setValue(settings.seed)
        self.length.setCurrentIndex(min(range(len(LENGTHS)), key=lambda at: abs(LENGTHS[at] - settings.max_tokens)))

    def show_running(self, *, is_running: bool, can_write: bool) -> None:
        self.stop.setEnabled(is_running)
        self.write.setEnabled(can_write and not is_running)

    def show_dimmed(self, *, is_dimmed: bool) -> None:
        """Nothing is chosen while a text is only read."""
        for one in (*self._sliders, self.seed, self.length, self._dice, self.defaults):
            one.setEnabled(not is_dimmed)
        for slider in self._sliders:
            pale = QGraphicsOpacityEffect(slider) if is_dimmed else None
            if pale is not None:
                pale.setOpacity(_PALE)
            slider.setGraphicsEffect(pale)  # type: ignore[arg-type]

    def _laid_out(self) -> QVBoxLayout:
        def titled(title: str, *fields: QWidget) -> QVBoxLayout:
            heading = QLabel(title)
            heading.setFont(QFont(font(weight=500)))
            return vbox(heading, hbox(*((one, 1) if at == 0 else one for at, one in enumerate(fields)), gap=4), gap=4)

        fields = hbox(
            (panel(titled(tr("Seed"), self.seed, self._dice)), 1), (panel(titled(tr("Length"), self.length)), 1), gap=10
        )
        return vbox(fields, hbox(self.stop, (self.write, 1), gap=10), gap=14)

    def _connect(self) -> None:
        for one in self._sliders:
            one.moved.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)
        self.defaults.clicked.connect(self._take_defaults)
        self._dice.clicked.connect(lambda: self.seed.setValue(random.randrange(10_000)))
        self.stop.clicked.connect(self.stop_wished)
        self.write.clicked.connect(self.write_wished)

    def _take_defaults(self) -> None:
        self.show_settings(replace(USUAL, seed=self.seed.value(), max_tokens=int(self.length.currentData())))
        self.changed.emit()


def _worth(top_k: int) -> float:
    return math.log(top_k) if top_k else 20.0


def _temperature_words(value: int) -> str:
    return f"{value / 20:.2f}"


def _temperature_line(value: int) -> str:
    if value == 0:
        return tr("Always the likeliest token.")
    return tr("Below 1 it plays safe, above 1 it dares more.")


def _top_k_words(value: int) -> str:
    return str(_TOP_K[value]) if _TOP_K[value] else tr("all")


def _top_k_line(value: int) -> str:
    count = _TOP_K[value]
    if not count:
        return tr("Every token may be chosen; it is off.")
    return tr("Only the {count:plural:likeliest token:likeliest tokens} may be chosen.", count=count)


def _top_p_words(value: int) -> str:
    return f"{(value + 1) / 100:.2f}"


def _top_p_line(value: int) -> str:
    if value == 99:
        return tr("All of these; it is off.")
    return tr("Of these, only the first that together reach {share}.", share=percent((value + 1) / 100, 0))


def _penalty_words(value: int) -> str:
    return f"{1 + value / 50:.2f}"


def _penalty_line(value: int) -> str:
    del value
    return tr("Makes tokens already used less likely; 1 is off.")
