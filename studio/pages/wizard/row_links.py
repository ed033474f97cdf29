"""RowLinks: the rows that a finding names, each a link to the row itself."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from engine.records import Finding
from studio.pages.wizard.preview_model import split_words
from studio.translation import tr
from studio.widgets import Button, FlowLayout
from studio.widgets.labels import label

MOST_ROWS = 3
_HOLE = "\x00"
"""Stands for the numbers while a sentence is put together, so that it can be taken apart there."""


class RowLinks(QWidget):
    """`chosen(row)`. Those that are known beyond the first three stand in the menu of “and 409 more”."""

    chosen = Signal(int)

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding = finding
        self.setAccessibleName(rows_text(finding))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        flow = FlowLayout(self, spacing=0)
        for part in self._parts():
            flow.addWidget(part)

    def _parts(self) -> Iterator[QWidget]:
        if not self._finding.rows:
            return
        before, _, after = _sentence(self._finding, _HOLE).partition(_HOLE)
        between = tr("{one}, {other}", one=_HOLE, other=_HOLE).strip(_HOLE).strip()
        shown = self._finding.rows[:MOST_ROWS]
        yield _word(f"{before.strip()} ")
        for place, row in enumerate(shown):
            yield self._link(row)
            if place + 1 < len(shown):
                yield _word(f"{between} " if between.isascii() else between)
        if after.strip():
            yield self._more(f" {after.strip()}")

    def _link(self, row: int) -> Button:
        link = Button(f"{row:,}", "link", size="small")
        link.setObjectName(f"row-{row}")
        link.setAccessibleName(tr("Show row {row}", row=row))
        link.setToolTip(tr("Show row {row} in the preview", row=row))
        link.clicked.connect(lambda: self.chosen.emit(row))
        return link

    def _more(self, told: str) -> QWidget:
        rest = self._finding.rows[MOST_ROWS:]
        if not rest:
            return _word(told)
        more = Button(told, "link", size="small")
        more.setObjectName("more-rows")
        more.setToolTip(tr("Show one of the next rows"))
        more.clicked.connect(lambda: self._offer(more, rest))
        return more

    def _offer(self, button: Button, rows: tuple[int, ...]) -> None:
        menu = QMenu(button)
        for row in rows:
            menu.addAction(tr("Show row {row}", row=row)).triggered.connect(
                lambda _=False, row=row: self.chosen.emit(row)
            )
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])


def rows_text(finding: Finding) -> str:
    """“rows 77, 1,203, 9,418 and 409 more”, with the split before them unless it is the training split."""
    return _sentence(finding, list(finding.rows[:MOST_ROWS])) if finding.rows else ""


def _sentence(finding: Finding, rows: object) -> str:
    rest = finding.count - min(len(finding.rows), MOST_ROWS)
    split = split_words(finding.split)
    if split:
        if rest > 0:
            return tr("{split}: rows {rows} and {rest} more", split=split, rows=rows, rest=rest)
        return tr("{split}: rows {rows}", split=split, rows=rows)
    if rest > 0:
        return tr("rows {rows} and {rest} more", rows=rows, rest=rest)
    return tr("row {rows}", rows=rows) if len(finding.rows) == 1 else tr("rows {rows}", rows=rows)


def _word(text: str) -> QWidget:
    made = label(text, 13, "second", wraps=False)
    made.setMinimumHeight(28)
    return made
