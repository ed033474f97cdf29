"""DropArea: a place to drop a file or folder on, or to press for choosing one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption, Heading


def dragged_paths(data: QMimeData) -> tuple[Path, ...]:
    """The local files and folders that are being dragged."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def dragged_path(data: QMimeData) -> Path | None:
    """The first of them, where one is enough; None for anything else."""
    return next(iter(dragged_paths(data)), None)


class DropArea(QFrame):
    """`dropped(paths)` when something was dropped, `browsed()` when the button was pressed."""

    dropped = Signal(object)
    browsed = Signal()

    def __init__(self, title: str, caption: str = "", button_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "drop")
        self.setAccessibleName(title)
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(6)
        centre = Qt.AlignmentFlag.AlignHCenter
        sign = QLabel()
        sign.setPixmap(theme.icon("ph.file-arrow-up", theme.tokens().accent).pixmap(32, 32))
        column.addStretch(1)
        column.addWidget(sign, 0, centre)
        for label in (Heading(title, "card"), Caption(caption)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            if label.text():
                column.addWidget(label)
        if button_text:
            button = Button(button_text, "plain", "ph.folder-open")
            button.setObjectName("browse")
            button.clicked.connect(self.browsed)
            column.addSpacing(6)
            column.addWidget(button, 0, centre)
        column.addStretch(1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_path(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        paths = dragged_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _mark(self, is_over: bool) -> None:
        self.setProperty("over", is_over)
        self.style().unpolish(self)
        self.style().polish(self)


class DropCover(QFrame):
    """Over the whole page while a file is dragged: it may be dropped anywhere."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setProperty("surface", "drop")
        self.setProperty("over", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.addWidget(Heading(tr("Drop the file to measure on its texts"), "card"), 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def cover(self, place: QRect) -> None:
        self.setGeometry(place.adjusted(12, 12, -12, -12))
        self.show()
        self.raise_()
