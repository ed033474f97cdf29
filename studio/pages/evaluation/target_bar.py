"""TargetBar: “I need so much precision”, and what it costs: what is found, what is answered, how often it is right."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.messages import Message
from engine.metrics.precision_curve import CurvePoint
from engine.records import CheckedPromise, Figure, Progress, Promise
from studio import theme
from studio.numbers import percent
from studio.pages.evaluation.sentences import interval_words, promise_words, refusal_words, split_words
from studio.theme import icon, tokens
from studio.translation import tr, words
from studio.widgets import painting
from studio.widgets.button import Button, IconButton
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox
from studio.widgets.number_box import DecimalBox

_REST_MS = 600
_TITLE_HEIGHT, _FIGURE_HEIGHT, _FIELD_HEIGHT = 17, 24, 32
CONFIDENCES = (0.9, 0.95, 0.99)


class TargetBar(QFrame):
    """`wished(precision, confidence)`: once the person rests after a change, or presses the button; `cleared` takes the
    label's threshold away."""

    wished = Signal(float, float)
    target_changed = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "soft")
        self.setObjectName("targetBar")
        title = tr("Precision that you need, in percent")
        self.precision = DecimalBox("targetPrecision", title, 50.0, 99.9, 95.0, step=0.5, decimals=1)
        self.precision.setFixedWidth(84)
        self.precision.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.precision.setKeyboardTracking(False)
        self.confidence = QComboBox()
        self.confidence.setObjectName("targetConfidence")
        self.confidence.setAccessibleName(tr("How sure the promise is"))
        for value in CONFIDENCES:
            self.confidence.addItem(percent(value, 0), value)
        self.confidence.setCurrentIndex(1)
        self.find = Button(tr("Find the threshold"), "plain", size="small")
        self.find.setObjectName("findThreshold")
        self.clear = IconButton("ph.x", tr("Without threshold: say the likeliest label again"))
        self.clear.setObjectName("clearThreshold")
        self.found, self.answered, self.right = (_Fact(name) for name in ("found", "answered", "right"))
        self._sign, self.says = QLabel(), Caption(wrap=True)
        self._sign.setFixedSize(16, 16)
        self.says.setObjectName("targetSays")
        self.says.setProperty("kind", "second")
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._wish)
        self.precision.valueChanged.connect(self._change)
        self.confidence.currentIndexChanged.connect(self._change)
        self.find.clicked.connect(self._wish)
        self.clear.clicked.connect(self.cleared)
        self._controls = QWidget()
        self._told: object = None
        self._lay_out()

    def _lay_out(self) -> None:
        line = FlowLayout(self._controls)
        sign = QLabel()
        sign.setPixmap(icon("ph.target", tokens().accent_text).pixmap(18, 18))
        sign.setMinimumHeight(_FIELD_HEIGHT)
        self.find.setMinimumHeight(_FIELD_HEIGHT)
        for widget in (
            sign, _words(tr("I need")), self.precision, _words(tr("% precision, promised with")), self.confidence,
            _words(tr("confidence")),
        ):  # fmt: skip
            line.addWidget(widget)
        line.addWidget(self.find)
        facts = QGridLayout()
        facts.setHorizontalSpacing(18)
        for column, fact in enumerate((self.found, self.answered, self.right)):
            facts.addWidget(fact, 0, column)
            facts.setColumnStretch(column, 1)
        top = Qt.AlignmentFlag.AlignTop
        said = hbox((self._sign, 0, top), (self.says, 1), (self.clear, 0, top), gap=7)
        fill(QVBoxLayout(self), self._controls, facts, said, gap=8, margins=(14, 10, 12, 10))

    # -- the target ----------------------------------------------------------------------------------------------------

    @property
    def target(self) -> float:
        """The precision that is needed, a share."""
        return self.precision.value() / 100

    @property
    def chosen_confidence(self) -> float:
        return float(self.confidence.currentData())

    def set_target(self, precision: float, confidence: float) -> None:
        """Show it; nothing is asked."""
        for widget in (self.precision, self.confidence):
            widget.blockSignals(True)
        self.precision.setValue(100 * precision)
        nearest = min(range(len(CONFIDENCES)), key=lambda place: abs(CONFIDENCES[place] - confidence))
        self.confidence.setCurrentIndex(nearest)
        for widget in (self.precision, self.confidence):
            widget.blockSignals(False)

    def show_controls(self, is_shown: bool) -> None:
        """A model that was not trained here has no validation texts to promise anything on."""
        self._controls.setVisible(is_shown)

    def _change(self) -> None:
        self.target_changed.emit()
        self._rest.start()

    def _wish(self) -> None:
        self._rest.stop()
        self.wished.emit(self.target, self.chosen_confidence)

    # -- what it comes to ----------------------------------------------------------------------------------------------

    def show_point(self, point: CurvePoint | None, coverage: float, split: str, *, is_set: bool, several: bool) -> None:
        """The figures at the threshold, on the rows shown; it follows the handle."""
        if point is None:
            return
        recall = Figure(point.recall, point.recall_low, point.recall_high)
        precision = Figure(point.precision, point.precision_low, point.precision_high)
        self.found.show_fact(tr("then it finds, of them") if is_set else tr("it finds, of them"), recall)
        title = tr("and is right in ({split})", split=split_words(split))
        self.right.show_fact(title, precision if point.num_chosen else Figure(float("nan")))
        if several:
            self.answered.show_fact(tr("it says so of"), Figure(coverage), tr("of the texts"))
        else:
            left = tr("a person: {share}", share=percent(1 - coverage)) if coverage < 1 else ""
            self.answered.show_fact(tr("it answers, of all texts"), Figure(coverage), left)
        self.clear.setVisible(is_set)

    def show_standing(
        self,
        promise: Promise | None,
        checked: CheckedPromise | None,
        progress: Progress | None,
        *,
        is_set: bool,
        is_asking: bool,
        several: bool,
    ) -> None:
        """What is promised of the threshold as it is now; `checked` is the last answer for this label."""
        told = (promise, checked, progress, is_set, is_asking, several)
        if told == self._told:
            return
        self._told = told
        self.find.setEnabled(not is_asking)
        refused = checked is not None and checked.promise.threshold is None
        if is_asking:
            share = progress.done / max(1, progress.total) if progress is not None else 0.0
            self._say("ph.hourglass", "text3", tr("Finding the threshold … {share}", share=percent(share, 0)))
        elif promise is not None:
            notes = [words(note) for note in notes_of(checked)]
            said = " ".join(part for part in (promise_words(promise), _checked_words(checked), *notes) if part)
            has_held = checked is None or not checked.measured.value < promise.precision
            self._say("ph.check-circle" if has_held else "ph.warning", "ok" if has_held else "warn", said)
        elif is_set:
            self._say("ph.hand", "warn", tr("Set by hand: nothing is promised for this threshold."))
        elif refused and checked is not None:
            self._say("ph.warning", "warn", refusal_words(checked))
        elif several:
            self._say("ph.info", "text3", tr("No threshold yet: it says the label from 50 % on."))
        else:
            self._say("ph.info", "text3", tr("No threshold yet: it always says the likeliest label."))

    def _say(self, sign: str, color: str, said: str) -> None:
        self._sign.setPixmap(icon(sign, getattr(tokens(), color)).pixmap(16, 16))
        self.says.setText(said)
        self.says.setAccessibleName(said)


class _Fact(QWidget):
    """Its title over a figure and the interval beside it. Painted, as labels that change under a dragged threshold
    would have the whole page laid out anew."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"fact_{name}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._title = self._figure = self._beside = ""

    def sizeHint(self) -> QSize:
        return QSize(160, theme.tall(_TITLE_HEIGHT + _FIGURE_HEIGHT))

    def show_fact(self, title: str, figure: Figure, unit: str = "") -> None:
        beside = ", ".join(part for part in (unit, interval_words(figure)) if part)
        self._title, self._figure, self._beside = title, percent(figure.value), beside
        told = f"{title} {self._figure} {beside}".strip()
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        small, width = theme.font(theme.CAPTION), self.width()
        painting.text(painter, QRect(0, 0, width, theme.tall(_TITLE_HEIGHT)), self._title, small, colours.text2)
        place = QRect(0, theme.tall(_TITLE_HEIGHT), width, theme.tall(_FIGURE_HEIGHT))
        taken = painting.text(painter, place, self._figure, theme.font(18, 600), colours.text)
        painting.text(painter, place.adjusted(taken + 7, 2, 0, 0), self._beside, small, colours.text2)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(theme.BODY, 500))
    label.setMinimumHeight(_FIELD_HEIGHT)  # in the middle beside the fields
    return label


def notes_of(checked: CheckedPromise | None) -> tuple[Message, ...]:
    """What makes the check weaker than it looks, and plainly where the promise did not hold."""
    return () if checked is None else checked.notes


def _checked_words(checked: CheckedPromise | None) -> str:
    """What it came to on rows that the promise has not seen."""
    if checked is None or checked.promise.threshold is None or checked.split == "validation":
        return ""
    if math.isnan(checked.measured.value):
        return tr("Among {count} {split} it never said so.", count=checked.num_rows, split=split_words(checked.split))
    return tr(
        "Checked on {count} {split}: right in {value} ({interval}).",
        count=checked.num_rows,
        split=split_words(checked.split),
        value=percent(checked.measured.value),
        interval=interval_words(checked.measured),
    )
