"""KindRow: what a text gets: one label, several, or a number; said by the data, and changeable."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.targets import target_of
from studio.pages.wizard.draft import Draft, sign_of
from studio.translation import tr
from studio.widgets import ElidingLabel, SegmentedControl
from studio.widgets.labels import label


class KindRow(QWidget):
    """`chosen(kind)`: "one", "several" or "number"."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = SegmentedControl(
            [
                ("one", tr("One label"), "ph.tag"),
                ("several", tr("Several labels"), "ph.checks"),
                ("number", tr("A number"), "ph.hash"),
            ]
        )
        self._control.setObjectName("kind")
        self._control.setAccessibleName(tr("What a text gets"))
        self._control.changed.connect(self.chosen.emit)
        self._told = ElidingLabel()
        self._told.setObjectName("kind-told")
        self._told.setProperty("kind", "caption")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(label(tr("What a text gets"), 13, "", 500, wraps=False))
        line.addWidget(self._control)
        line.addWidget(self._told, 1)

    def show_draft(self, draft: Draft) -> None:
        self._control.set_current(draft.kind)
        self._told.setText(_told(draft))


def _told(draft: Draft) -> str:
    """How the labels are read."""
    target = target_of(draft.kind)
    if not target.is_categorical:
        return tr("it learns to estimate the number")
    if target.is_exclusive:
        return tr("exactly one of the labels")
    if draft.label_columns:
        return tr("{count:plural:column:columns} of yes and no, each a label", count=len(draft.label_columns))
    sign = sign_of(draft)
    if sign == "[]":
        return tr("lists in brackets, or none")
    return tr("“{sign}” stands between labels", sign=_shown(sign)) if sign else tr("any of the labels, or none")


def _shown(sign: str) -> str:
    return sign.replace("\n", "⏎").strip() or sign
