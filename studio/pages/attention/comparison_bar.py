"""CompareMenu: what there is to compare an answer with. ComparisonBar: what it is compared with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QWidget

from engine.records import AttentionRecord
from engine.runs.run import Run
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.comparison_model import Other
from studio.pages.attention.sentences import answer_words
from studio.theme import font
from studio.translation import tr
from studio.widgets.button import IconButton
from studio.widgets.labels import ElidingLabel
from studio.workers.run_book import OPENED, RunBook

_MOST_RUNS = 20


class CompareMenu(QMenu):
    """Filled when it opens: the run's other checkpoints, other runs and models, another text. `chosen(other)`."""

    chosen = Signal(object)

    def __init__(self, looker: AttentionQuery, book: RunBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareMenu")
        self._looker, self._book = looker, book
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        self.clear()
        path = self._looker.path
        if path is None:
            return
        self._offer(tr("Another text"), Other(path, text=self._looker.text))
        checkpoints = _checkpoints(path) if not self._looker.is_model else []
        if checkpoints:
            self.addSeparator()
        for name in checkpoints:
            self._offer(name_of(Other(path, name), self._book), Other(path, name))
        others = [entry for entry in self._book.entries() if entry.path != path and _can_answer(entry)]
        if others:
            self.addSeparator()
        for entry in others[:_MOST_RUNS]:
            self._offer(tr("Run “{name}”", name=entry.name), Other(entry.path))

    def _offer(self, words: str, other: Other) -> None:
        action = self.addAction(words.replace("&", "&&"))
        action.triggered.connect(lambda: self.chosen.emit(other))


def name_of(other: Other, book: RunBook) -> str:
    """“Reviews, step 200”."""
    name = book.entry(other.path).name
    if other.checkpoint.startswith("step-"):
        return tr("{name}, step {step}", name=name, step=int(other.checkpoint.removeprefix("step-")))
    return name


def _checkpoints(path: Path) -> list[str]:
    """All that are kept but the best, which answers already, the newest first."""
    named = Run(path).checkpoints
    kept = {named.get("last"), *named.get("kept", [])} - {None, named.get("best")}
    return sorted((str(name) for name in kept), key=lambda name: -int(name.removeprefix("step-")))


def _can_answer(entry: object) -> bool:
    state, path = getattr(entry, "state", ""), getattr(entry, "path", Path())
    return state == OPENED or (path / "checkpoints.json").exists()


_REST_MS = 60


class ComparisonBar(QFrame):
    """`text_changed(text)` once nobody has typed for a moment; `closed` ends the comparison."""

    text_changed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.name = ElidingLabel()
        self.name.setFont(font(13, 600))
        self.name.setObjectName("secondName")
        self.editor = QLineEdit()
        self.editor.setObjectName("secondText")
        self.editor.setAccessibleName(tr("Second text"))
        self.editor.setPlaceholderText(tr("Type or paste the text to compare with"))
        self.editor.setFont(font(15))
        self.says = ElidingLabel()
        self.says.setObjectName("secondSays")
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self.text_changed.emit(self.editor.text()))
        self.editor.textEdited.connect(lambda _text: self._rest.start())
        close = IconButton("ph.x", tr("End the comparison"))
        close.setObjectName("endComparison")
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(12)
        mark = QLabel("B")
        mark.setFont(font(13, 700))
        row.addWidget(mark)
        row.addWidget(self.name, 1)
        row.addWidget(self.editor, 3)
        row.addWidget(self.says, 1)
        row.addWidget(close)
        self.hide()

    def show_other(self, other: Other | None, name: str) -> None:
        """None hides the bar."""
        self.setVisible(other is not None)
        if other is None:
            return
        has_text = other.text is not None
        self.name.setText(name)
        self.name.setVisible(not has_text)
        self.editor.setVisible(has_text)
        if has_text and self.editor.text() != other.text:
            self.editor.setText(other.text or "")

    def show_record(self, record: AttentionRecord | None) -> None:
        if record is None or not record.has_answer:
            self.says.setText("")
            return
        self.says.setText(tr("B says {answer}", answer=answer_words(record.prediction)))
