"""UnlabelledRow: a place to drop or choose more texts, which need no labels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.config.data import Source
from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets import Button, ElidingLabel, IconButton, dragged_path
from studio.widgets.labels import label


class UnlabelledRow(QFrame):
    """`dropped(path)` for a file or folder, `wanted()` to choose one, `removed()` to go without."""

    dropped = Signal(object)
    wanted = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAccessibleName(tr("More texts without labels"))
        self.setAcceptDrops(True)
        sign = QLabel()
        sign.setPixmap(icon("ph.files", tokens().text2).pixmap(QSize(20, 20)))
        title = label(tr("More texts without labels"), 13, "", 500, wraps=False)
        self._facts = ElidingLabel()
        self._facts.setObjectName("unlabelled-facts")
        self._facts.setProperty("kind", "caption")
        self._choose = Button(tr("Choose a file…"), "plain", "ph.folder-open", "small")
        self._choose.setObjectName("add-unlabelled")
        self._choose.clicked.connect(self.wanted.emit)
        self._remove = IconButton("ph.x", tr("Remove the texts without labels"))
        self._remove.setObjectName("remove-unlabelled")
        self._remove.clicked.connect(self.removed.emit)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(title)
        names.addWidget(self._facts)
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 8, 16, 8)
        line.setSpacing(18)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(names, 1)
        line.addWidget(self._choose)
        line.addWidget(self._remove)

    def show_source(self, source: Source | None, shown: str) -> None:
        """`shown` is the source's name."""
        explained = tr("optional: read by what needs no labels, such as a virtual adversary or guessing the next word")
        self._facts.setText(shown if source is not None else explained)
        self._choose.setVisible(source is None)
        self._remove.setVisible(source is not None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_path(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path: Path | None = dragged_path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)
