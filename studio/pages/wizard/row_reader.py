"""RowReader: all of a row, each column's whole text, with the rows before and after it one key away."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from studio.pages.wizard.preview_cells import readable_cell
from studio.pages.wizard.preview_model import PreviewModel, shown_name
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets import Button, Caption, Heading, IconButton


class RowReader(QDialog):
    """Escape and Return close it; Page Up and Page Down, or the arrows beside the title, turn to other rows."""

    def __init__(self, model: PreviewModel, row: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row_reader")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self.resize(680, 440)
        self._model, self.row = model, row
        self._title, self._told = Heading("", "card"), Caption("")
        self._text = QTextBrowser()
        self._text.setObjectName("whole_row")
        self._text.setFont(font(14))
        self._text.setTabChangesFocus(True)
        self._before = IconButton("ph.arrow-up", tr("The row before"))
        self._after = IconButton("ph.arrow-down", tr("The next row"))
        self._before.setObjectName("row_before")
        self._after.setObjectName("row_after")
        self._before.clicked.connect(lambda: self._turn(-1))
        self._after.clicked.connect(lambda: self._turn(1))
        self._lay_out()
        self._show()
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """All that is shown of the row."""
        return self._text.toPlainText()

    def title(self) -> str:
        return self._title.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._turn(step)

    def _lay_out(self) -> None:
        close = Button(tr("Close"), "primary")
        close.clicked.connect(self.accept)
        copy = Button(tr("Copy"), "plain", "ph.copy")
        copy.setObjectName("copy_row")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        head, foot, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        head.addWidget(self._title)
        head.addWidget(self._told, 1)
        head.addWidget(self._before)
        head.addWidget(self._after)
        foot.addStretch(1)
        foot.addWidget(copy)
        foot.addWidget(close)
        column.addLayout(head)
        column.addWidget(self._text, 1)
        column.addLayout(foot)

    def _turn(self, step: int) -> None:
        row = self._next(step)
        if row is not None:
            self.row = row
            self._show()

    def _next(self, step: int) -> int | None:
        row = self.row + step
        if row == self._model.band:
            row += step
        return row if 0 <= row < self._model.rowCount() else None

    def _show(self) -> None:
        cells, columns = self._model.rows[self.row], self._model.preview.columns
        self._title.setText(tr("Row {row}", row=self._model.number(self.row)))
        longest = max((len(cell) for cell in cells), default=0)
        self._told.setText(tr("{count:plural:character:characters} in its longest cell", count=longest))
        self.setAccessibleName(self._title.text())
        self._before.setEnabled(self._next(-1) is not None)
        self._after.setEnabled(self._next(1) is not None)
        shown = [readable_cell(self._model.role_of(section), cell) for section, cell in enumerate(cells)]
        caption = tokens().text2
        parts = [
            f'<p style="color:{caption}; margin: 8px 0 0 0">{html.escape(shown_name(column))}</p>'
            f'<p style="white-space: pre-wrap; margin: 0 0 8px 0">{html.escape(cell)}</p>'
            for column, cell in zip(columns, shown, strict=True)
        ]
        self._text.setHtml("".join(parts))
