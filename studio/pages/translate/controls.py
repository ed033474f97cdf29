"""Controls: how words are chosen. What a method does not use is grey, and says so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.records import Decoding
from studio.translation import tr
from studio.widgets.labels import Caption, label
from studio.widgets.layouts import fill
from studio.widgets.number_box import DecimalBox, NumberBox
from studio.widgets.segmented_control import SegmentedControl

_NUM_BEAMS, _NUM_DRAWS = 5, 5
_BOX = 72


class Controls(QWidget):
    """`changed(decoding)`."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = SegmentedControl(
            [
                ("greedy", tr("Greedy"), None),
                ("beam", tr("Beam {count}", count=_NUM_BEAMS), None),
                ("sampling", tr("Sampling"), None),
            ]
        )
        self._method.setObjectName("decodingMethod")
        self._method.set_current("beam")
        self._penalty = DecimalBox("lengthPenalty", tr("Length penalty"), -5.0, 5.0, 1.0, step=0.1, decimals=1)
        self._penalty.setToolTip(tr("Above 0 the search prefers longer texts, below 0 shorter ones."))
        self._top_p = DecimalBox("topP", tr("Top-p"), 0.05, 1.0, 0.9, step=0.05, decimals=2)
        self._top_p.setToolTip(tr("Words are drawn from the likeliest ones that make up this share."))
        self._temperature = DecimalBox("temperature", tr("Temperature"), 0.1, 5.0, 1.0, step=0.1, decimals=1)
        self._temperature.setToolTip(tr("Below 1 likely words become likelier, above 1 rare ones do."))
        self._top_k = NumberBox("topK", tr("Top-k"), 0, 1000)
        self._top_k.setSpecialValueText(tr("all"))
        self._top_k.setToolTip(tr("Words are drawn from so many of the likeliest."))
        self.about = Caption("")
        parts: list[QWidget] = [self._method]
        for title, box in (
            (tr("Length penalty"), self._penalty),
            (tr("Top-p"), self._top_p),
            (tr("Top-k"), self._top_k),
            (tr("Temperature"), self._temperature),
        ):
            parts += [label(title, 12, "second", wraps=False), box]
        self._hint = Caption(tr("for sampling only"))
        fill(QHBoxLayout(self), *parts, self._hint, None, self.about, gap=8)
        self._method.changed.connect(lambda _key: self._change())
        for one in (self._penalty, self._top_p, self._temperature, self._top_k):
            one.setFixedWidth(_BOX)
            one.valueChanged.connect(lambda _value: self._change())
        self._wake()

    @property
    def method(self) -> str:
        return self._method.current()

    def choose(self, method: str) -> None:
        """As if a person had."""
        self._method.set_current(method)
        self._change()

    def decoding(self) -> Decoding:
        match self.method:
            case "greedy":
                return Decoding()
            case "beam":
                return Decoding(_NUM_BEAMS, round(self._penalty.value(), 2))
            case _:
                return Decoding(
                    samples=True,
                    temperature=round(self._temperature.value(), 2),
                    top_k=self._top_k.value(),
                    top_p=round(self._top_p.value(), 2),
                    num_texts=_NUM_DRAWS,
                )

    def _change(self) -> None:
        self._wake()
        self.changed.emit(self.decoding())

    def _wake(self) -> None:
        self._penalty.setEnabled(self.method == "beam")
        for one in (self._top_p, self._top_k, self._temperature):
            one.setEnabled(self.method == "sampling")
        self._hint.setVisible(self.method != "sampling")
