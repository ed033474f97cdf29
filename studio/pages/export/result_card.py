"""What came out of an export: ResultCard; how it is used, SnippetCard; and its model card as it reads, CardPreview."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QFontMetrics,
    QGuiApplication,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextTable,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QTextBrowser, QWidget

from engine.records import BUILT_IN, Exported, Format
from studio import theme
from studio.numbers import file_size, number
from studio.pages.export.format_card import files_of
from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption, ElidingLabel


class ResultCard(Card):
    """Before an export: which files there will be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What lies in the folder"), " ", parent)
        self._exported: Exported | None = None
        self.open = Button(tr("Open folder"), "plain", "ph.folder-open", size="small")
        self.open.setObjectName("openFolder")
        self.open.clicked.connect(self._open)
        self.header.addWidget(self.open)
        self._sign, self.said = QLabel(), QLabel()
        self._sign.setFixedSize(18, 18)
        self.said.setObjectName("checkSaid")
        self.said.setWordWrap(True)
        self.said.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.said, 1)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 6, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(1, 1)
        self._where = ElidingLabel()
        self._where.setProperty("kind", "caption")
        self._where.setFont(theme.font(theme.CAPTION))
        self.body.addLayout(row)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._where)
        self.body.addStretch(1)

    def show_result(self, format: Format, exported: Exported | None, *, in_words: bool = False) -> None:
        self._exported = exported
        self.open.setVisible(exported is not None)
        self._where.setVisible(exported is not None)
        self._where.setText("" if exported is None else str(exported.folder))
        name, colour = ("ph.info", tokens().text3) if exported is None else ("ph.check-circle", tokens().ok)
        self._sign.setPixmap(icon(name, colour).pixmap(18, 18))
        self.said.setText(said_of(exported, in_words=in_words))
        self._show_files(files_of(format, in_words=in_words), {} if exported is None else exported.files)

    def _show_files(self, known: dict[str, str], sizes: dict[str, int]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().setParent(None)
        for row, name in enumerate([*known, *(name for name in sizes if name not in known)]):
            label = QLabel(name)
            label.setFont(theme.font(theme.CAPTION, mono=True))
            about, size = ElidingLabel(known.get(name, "")), Caption(file_size(sizes[name]) if name in sizes else "")
            about.setProperty("kind", "second")
            for column, part in enumerate((label, about, size)):
                self._grid.addWidget(part, row, column)
            self._grid.setAlignment(size, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _open(self) -> None:
        if self._exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported.folder)))


def said_of(exported: Exported | None, *, in_words: bool = False) -> str:
    """How it was, or will be, checked."""
    if in_words:
        return _said_in_words(exported)
    if exported is None:
        return tr(
            "Before it is called done, 100 texts are asked of the exported files, alone and in batches. If one answer "
            "differs from the studio's by more than 0.0001, nothing is kept."
        )
    difference = f"{exported.max_difference:.0e}".replace("e-0", "e-") if exported.max_difference else "0"
    if exported.checked_on == BUILT_IN:
        return tr(
            "It answers as the studio does on {count} invented texts: largest difference {difference}.",
            count=number(exported.num_rows),
            difference=difference,
        )
    return tr(
        "It answers as the studio does on {count} texts it did not learn from: largest difference {difference}.",
        count=number(exported.num_rows),
        difference=difference,
    )


def _said_in_words(exported: Exported | None) -> str:
    if exported is None:
        return tr(
            "Before it is called done, the folder is asked by its own script in a process of its own. If one of its "
            "answers is another than the studio's, nothing is kept."
        )
    return tr(
        "It answers as the studio does: {count:plural:row:rows} it did not learn from, every answer the same.",
        count=exported.num_rows,
    )


_THANKS_MS = 1500


class SnippetCard(Card):
    """As high as its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How to ask it"), tr("Python"), parent)
        self.text = QPlainTextEdit()
        self.text.setObjectName("snippet")
        self.text.setAccessibleName(tr("How to ask it"))
        self.text.setReadOnly(True)
        self.text.setFont(theme.font(theme.CAPTION, mono=True))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.copy = Button(tr("Copy"), "plain", "ph.copy", size="small")
        self.copy.setObjectName("copySnippet")
        self.copy.clicked.connect(self._copy)
        self._thanks = QTimer(self, interval=_THANKS_MS, singleShot=True)
        self._thanks.timeout.connect(lambda: self._label(tr("Copy"), "ph.copy"))
        self.header.addWidget(self.copy)
        self.body.addWidget(self.text)

    def show_snippet(self, snippet: str) -> None:
        self.text.setPlainText(snippet.strip())
        lines = self.text.blockCount()
        room = 2 * round(self.text.document().documentMargin()) + 18  # padding, and the bar of long lines
        self.text.setFixedHeight(lines * QFontMetrics(self.text.font()).lineSpacing() + room + 10)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText() + "\n")
        self._label(tr("Copied"), "ph.check")
        self._thanks.start()

    def _label(self, words: str, icon: str) -> None:
        self.copy.setText(words)
        self.copy.set_icon(icon)


_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LEAST_HEIGHT = 360
_SIZES = {1: theme.PAGE_TITLE, 2: theme.CARD_TITLE}
_ABOVE, _BELOW, _CELL = 14, 5, 4


class CardPreview(Card):
    """README.md of the folder without its front matter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Model card"), tr("README.md, in English: add to it, and choose a licence"), parent)
        self.caption.setMinimumWidth(1)
        self.text = QTextBrowser()
        self.text.setObjectName("modelCard")
        self.text.setAccessibleName(tr("Model card"))
        self.text.setFont(theme.font())
        self.text.setOpenLinks(False)
        self.text.setMinimumHeight(_LEAST_HEIGHT)
        self.body.addWidget(self.text)

    def show_card(self, file: Path) -> None:
        """Nothing where it was taken away since."""
        try:
            card = file.read_text(encoding="utf-8")
        except OSError:
            card = ""
        self.text.setMarkdown(_HEAD.sub("", card))
        block = self.text.document().begin()
        while block.isValid():
            _set_out(block)
            block = block.next()
        for frame in self.text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format().toTableFormat()
                shape.setCellPadding(_CELL)
                shape.setBorder(0)
                frame.setFormat(shape)


def _set_out(block: QTextBlock) -> None:
    """Markdown comes without air, with headings of a poster's size and code in the system's font."""
    cursor, level = QTextCursor(block), block.blockFormat().headingLevel()
    is_code = block.blockFormat().hasProperty(QTextBlockFormat.Property.BlockCodeLanguage)
    shape, letters = QTextBlockFormat(), QTextCharFormat()
    shape.setTopMargin(_ABOVE if level > 1 else 0)
    shape.setBottomMargin(0 if is_code or cursor.currentTable() else _BELOW)
    cursor.mergeBlockFormat(shape)
    if not level and not is_code:
        return
    letters.setFont(theme.font(_SIZES[level], 600) if level in _SIZES else theme.font(theme.CAPTION, mono=True))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(letters)
