"""HeadCard: what the chosen head does, its switch, and what switched-off heads cost on labelled rows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.metrics.registry import metric_of
from engine.records import AttentionRecord, Progress, SwitchEffect, Switches
from studio import theme
from studio.numbers import percent
from studio.pages.attention.answer_card import word_bars
from studio.pages.attention.reading import Choice, head_of, is_traced, map_title, slice_of, words_received
from studio.pages.attention.sentences import slice_sentence
from studio.plots.attention.head_words import pattern_words
from studio.translation import language, tr, words
from studio.widgets.bar_list import BarList
from studio.widgets.button import Button
from studio.widgets.card import Card, Hairline
from studio.widgets.labels import Caption, Heading
from studio.widgets.layouts import fill, hbox
from studio.widgets.toggle import Toggle

_MOST_WORDS = 3


class HeadCard(Card):
    """`switched(is_on)` is the person's; `measure_requested` asks what the switches cost, `stop_requested` gives up."""

    switched = Signal(bool)
    measure_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", "", parent)
        self.toggle = Toggle()
        self.toggle.setObjectName("headSwitch")
        self.toggle.toggled.connect(self.switched)
        self.header.addWidget(self.toggle)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("kind", "second")
        self._words.setMinimumWidth(1)
        self._words.setMinimumHeight(3 * self._words.fontMetrics().lineSpacing())
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setObjectName("sliceSentence")
        self._bars = BarList()
        self._bars.setAccessibleName(tr("Words it looks at most"))
        self.body.addWidget(self._words)
        self.body.addWidget(self._bars)
        self._cost = _Cost()
        self._cost.button.clicked.connect(self._press)
        self.body.addWidget(self._cost)
        self._is_measuring = False

    def show_record(self, record: AttentionRecord, choice: Choice, switches: Switches) -> None:
        data = slice_of(record, choice)
        self.title.setText(_title(record, choice))
        gap = "" if language() == "zh" else " "  # Chinese sentences follow each other closely
        self._words.setText(gap.join(part for part in (_pattern(record, choice), slice_sentence(data)) if part))
        words = words_received(data.keys, data.received, data.special)
        self._bars.set_bars(word_bars(words[:_MOST_WORDS]) if not data.is_binned else [])
        head = head_of(record, choice)
        self.toggle.setVisible("mute" in record.abilities and choice.scope == "head" and not is_traced(head[0]))
        self.toggle.setAccessibleName(tr("{name} is on", name=_name(choice)))
        self.toggle.blockSignals(True)
        self.toggle.setChecked(head not in switches.muted)
        self.toggle.blockSignals(False)

    def show_effect(
        self, switches: Switches, effect: SwitchEffect | None, progress: Progress | None, *, is_measuring: bool
    ) -> None:
        """Of these switches: an effect of others is out of date. Nothing is shown while nothing is switched."""
        self._is_measuring = is_measuring
        self._cost.setVisible(bool(switches))
        current = effect if effect is not None and effect.switches == switches else None
        self._cost.show_effect(switches, current, progress, is_measuring=is_measuring)

    def _press(self) -> None:
        (self.stop_requested if self._is_measuring else self.measure_requested).emit()


class _Cost(QWidget):
    """Precision and recall without what is off, beside what they were."""

    def __init__(self) -> None:
        super().__init__()
        column = QHBoxLayout()
        self._title = Caption()
        self._rows = Caption()
        self._figure, self._change = Heading("", "card"), QLabel()
        self._figure.setObjectName("effectFigure")
        self._change.setObjectName("effectChange")
        self._change.setFont(theme.font(theme.BODY, 600))
        self._change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._recall = Caption(wrap=True)
        self._recall.setProperty("kind", "second")
        self.button = Button(tr("Measure what it costs"), "plain", "ph.chart-bar", size="small")
        self.button.setObjectName("measureEffect")
        column.addWidget(self._figure)
        column.addStretch(1)
        column.addWidget(self._change)
        head = hbox((self._title, 1), self._rows)
        whole = _column(self)
        whole.addWidget(Hairline())
        whole.addLayout(head)
        whole.addLayout(column)
        whole.addWidget(self._recall)
        whole.addWidget(self.button)

    def show_effect(
        self, switches: Switches, effect: SwitchEffect | None, progress: Progress | None, *, is_measuring: bool
    ) -> None:
        self._title.setText(_without(switches))
        for widget in (self._figure, self._change, self._rows, self._recall):
            widget.setVisible(effect is not None)
        self.button.setVisible(effect is None)
        self.button.setText(tr("Stop") if is_measuring else tr("Measure what it costs"))
        self.button.set_icon("ph.stop-fill" if is_measuring else "ph.chart-bar")
        if is_measuring:
            share = progress.done / max(1, progress.total) if progress else 0.0
            self._title.setText(tr("{words}: measuring, {share}", words=_without(switches), share=percent(share, 0)))
        if effect is not None:
            self._show_figures(effect)

    def _show_figures(self, effect: SwitchEffect) -> None:
        name = "precision" if "precision" in effect.after else next(iter(effect.after))
        self._figure.setText(_figure(name, effect.after[name]))
        metric, change, width = metric_of(name), effect.change[name], effect.intervals.get(name)
        self._change.setText(change_words(change, width, in_points=metric.is_share))
        lost = (change > 0) == metric.lower_is_better and abs(change) > (width or 0.0)
        self._change.setStyleSheet(f"color: {theme.tokens().bad if lost else theme.tokens().text2};")
        self._rows.setText(tr("{count:plural:text:texts}", count=effect.num_rows))
        if "recall" in effect.after and name == "precision":
            self._recall.setText(
                tr(
                    "recall {value}, change {change}",
                    value=percent(effect.after["recall"]),
                    change=change_words(effect.change["recall"], effect.intervals.get("recall")),
                )
            )


def change_words(change: float, interval: float | None, *, in_points: bool = True) -> str:
    """A difference of shares in points, with its half-width: “−0.9 ± 0.3 points”; of numbers as it is."""
    sign = "−" if change < 0 else "+"
    if not in_points:
        return f"{sign}{abs(change):.3g}" + (f" ± {interval:.2g}" if interval is not None else "")
    words = f"{sign}{abs(100 * change):.1f}"
    if interval is not None:
        words += f" ± {100 * interval:.1f}"
    return tr("{change} points", change=words)


def _figure(name: str, value: float) -> str:
    if name == "precision":
        return tr("{value} precision", value=percent(value))
    return tr("{value} {name}", value=f"{value:.3f}", name=words(metric_of(name).title))


def _without(switches: Switches) -> str:
    count = len(switches.muted)
    if switches.uniform:
        return tr("With uniform attention") if not count else tr("As switched now")
    return tr("Without this head") if count == 1 else tr("Without the {count} heads", count=count)


def _name(choice: Choice) -> str:
    if choice.scope == "mean":
        return tr("Layer {layer}, mean of heads", layer=choice.layer + 1)
    if choice.scope == "max":
        return tr("Layer {layer}, maximum of heads", layer=choice.layer + 1)
    return tr("Layer {layer}, head {head}", layer=choice.layer + 1, head=choice.head + 1)


def _title(record: AttentionRecord, choice: Choice) -> str:
    """Rollout has no heads, and a model's only attention needs no numbers."""
    one = record.maps[choice.map]
    if one.weights.shape[1] > 1:
        return _name(choice)
    title = map_title(one.name)
    title = title[:1].upper() + title[1:]
    if one.weights.shape[0] == 1:
        return title
    return tr("{map}, up to layer {layer}", map=title, layer=choice.layer + 1)


def _pattern(record: AttentionRecord, choice: Choice) -> str:
    """“Mostly the previous token (84 % of its weight).”"""
    facts = record.maps[choice.map].facts
    if facts is None or choice.scope != "head":
        return ""
    words = pattern_words(facts.pattern[choice.layer][choice.head])
    if not words:
        return ""
    if facts.pattern[choice.layer][choice.head] == "broad":
        return tr("A broad head.")
    share = percent(float(facts.share[choice.layer, choice.head]), 0)
    return tr("Pattern: {pattern}, {share} of its weight.", pattern=words, share=share)


def _column(place: QWidget) -> QVBoxLayout:
    return fill(QVBoxLayout(place), gap=6)
