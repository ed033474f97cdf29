"""AttentionPage: why does it say so? Type a text, read the answer and see where the model looked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.errors import AttuneError
from engine.records import AttentionRecord
from engine.runs.run import Run
from studio.pages.attention.answer_card import AnswerCard
from studio.pages.attention.columns import Columns
from studio.pages.attention.examples import examples
from studio.pages.attention.heads_card import HeadsCard, SliceCard
from studio.pages.attention.map_card import MapCard
from studio.pages.attention.map_files import write_map
from studio.pages.attention.reading import Choice, first_choice, fitting, notices, received_words, sentence, slice_of
from studio.pages.attention.text_bar import TextBar
from studio.theme import GAP, PAGE_MARGIN, icon, tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import Heading
from studio.workers.latest_worker import LatestWorker
from studio.workers.run_book import RunBook

_WIDE = 1080
_PATIENCE_MS = 300
Key = tuple[Path, str, int]
"""What was asked: the run, the text, the step of the best checkpoint."""


class AttentionPage(QWidget):
    """Asks the worker about the text; another layer, head or view only slices the answer."""

    training_requested = Signal(object)

    def __init__(self, book: RunBook, worker: LatestWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._book, self._worker = book, worker
        self._path: Path | None = None
        self._record: AttentionRecord | None = None
        self._choice: Choice | None = None
        self._asked: Key | None = None
        self._received: list[tuple[str, float]] = []
        self._build()
        self._lay_out()
        self._slow = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._slow.timeout.connect(lambda: self._say(tr("Reading …")))
        book.advanced.connect(self._on_advanced)
        if worker is not None:
            self._listen(worker)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_run(self, path: Path) -> None:
        """Look through another run. Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        if path != self._path:
            self._path, self._record, self._choice, self._asked = path, None, None, None
            self._banner.clear()
            self._bar.set_notices([])
            self._bar.count.setText("")
        texts = examples(entry.history, entry.config)
        self._bar.set_examples(texts)
        if not self._bar.text().strip() and texts:
            self._bar.set_text(texts[0])
        self._ask()
        self._show_answer()

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same."""
        return {
            "path": str(self._path) if self._path else None,
            "text": self._bar.text(),
            "view": self._map.view.current(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._bar.set_text(str(state.get("text", "")))
        self._map.view.set_current(str(state.get("view", "map")))
        if state.get("path"):
            self.show_run(Path(state["path"]))

    def close_workers(self) -> None:
        """No more answers; the one under way is dropped."""
        if self._worker is not None:
            self._worker.close()

    # -- asking --------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask about the text as it is now, unless that was asked already or nothing can answer."""
        text = self._bar.text()
        step = self._checkpoint_step()
        if self._path is None or step is None or not text.strip():
            self._show_answer()
            return
        key = (self._path, text, step)
        if key == self._asked or not self.isVisible():
            return
        self._asked = key
        if self._worker is None:
            self._worker = LatestWorker("attend")
            self.destroyed.connect(self._worker.close)
            self._listen(self._worker)
        self._slow.start()
        best = self._book.entry(self._path).history.best
        self._worker.ask(key, Run(self._path), text, "best" if best else "last")

    def _listen(self, worker: LatestWorker) -> None:
        worker.answered.connect(self._on_answered)
        worker.failed.connect(self._on_failed)

    def _checkpoint_step(self) -> int | None:
        """The step of the checkpoint that answers; None before the first one."""
        if self._path is None:
            return None
        history = self._book.entry(self._path).history
        if history.best is not None:
            return history.best.step
        return history.checkpoints[-1].step if history.checkpoints else None

    def _on_answered(self, key: Key, record: AttentionRecord) -> None:
        if key != self._asked:
            return
        self._slow.stop()
        self._banner.clear()
        self._record, self._received = record, received_words(record)
        self._choice = fitting(self._choice, record) if self._choice else first_choice(record)
        self._bar.set_notices(notices(record))
        self._bar.count.setText(tr("{count:plural:token:tokens}", count=len(record.tokens)))
        self._show_answer()

    def _on_failed(self, key: Key, error: AttuneError) -> None:
        if key != self._asked:
            return
        self._slow.stop()
        self._banner.show_error(error)
        self._show_answer()

    def _on_advanced(self, path: Path) -> None:
        """A better checkpoint answers anew."""
        if path == self._path and self.isVisible():
            self._ask()

    # -- showing -------------------------------------------------------------------------------------------------------

    def _show_answer(self) -> None:
        """What can be shown now: the answer, or why there is none yet."""
        record = self._record
        has_checkpoint = self._checkpoint_step() is not None
        self._stack.setCurrentIndex(0 if record is not None else 1 if has_checkpoint else 2)
        self._copy.setVisible(record is not None and bool(record.maps))
        self._export.setVisible(record is not None and bool(record.maps))
        self._bar.setVisible(has_checkpoint)
        if record is None:
            self._say(tr("Type a text to see what the model says of it, and why.") if has_checkpoint else "")
            return
        self._answer.show_record(record, self._received)
        self._show_slice()
        if self._bar.text().strip():
            self._say(sentence(record, self._received))
        else:
            self._say(tr("The text is empty; the last answer is still shown."))

    def _show_slice(self) -> None:
        assert self._record is not None and self._choice is not None
        self._map.show_record(self._record, self._choice)
        shapes = [one.weights.shape[:2] for one in self._record.maps]
        has_heads = any(layers * heads > 1 for layers, heads in shapes)
        if has_heads:
            self._heads.show_record(self._record, self._choice)
            self._slice.show_record(self._record, self._choice)
        self._columns.set_has_heads(has_heads)

    def _say(self, words: str) -> None:
        self._sentence.setText(words)
        self._sign.setVisible(bool(words))

    def _choose(self, **changes: Any) -> None:
        if self._record is not None and self._choice is not None:
            self._choice = fitting(replace(self._choice, **changes), self._record)
            self._show_slice()

    # -- taking it away ------------------------------------------------------------------------------------------------

    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(self._map.heat_map.image())

    def _export_as(self, suffix: str) -> None:
        path = self._ask_path(suffix)
        if path is None or self._record is None or self._choice is None:
            return
        try:
            write_map(path, slice_of(self._record, self._choice), self._map.heat_map.image())
        except AttuneError as error:
            self._banner.show_error(error)

    def _ask_path(self, suffix: str) -> Path | None:
        start = str(Path.home() / f"attention{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export map"), start, f"*{suffix}")
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suffix)

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._sign, self._sentence = QLabel(), QLabel()
        self._sign.setPixmap(icon("ph.eye", tokens().text3).pixmap(18, 18))
        self._sign.setFixedSize(18, 18)
        self._sentence.setObjectName("attentionSentence")
        self._sentence.setProperty("kind", "second")
        self._sentence.setWordWrap(True)
        self._copy = Button(tr("Copy picture"), "quiet", "ph.copy")
        self._copy.setObjectName("copyPicture")
        self._copy.clicked.connect(self._copy_picture)
        self._export = Button(tr("Export map"), "plain", "ph.export")
        self._export.setObjectName("exportMap")
        self._export_menu = QMenu(self._export)
        for suffix, words in (
            (".png", tr("Picture (PNG)")),
            (".svg", tr("Drawing (SVG)")),
            (".csv", tr("Table (CSV)")),
        ):
            action = self._export_menu.addAction(words)
            action.triggered.connect(lambda _checked=False, chosen=suffix: self._export_as(chosen))
        self._export.clicked.connect(self._open_export_menu)
        self._banner, self._bar = ErrorBanner(), TextBar()
        self._bar.rested.connect(lambda _text: self._ask())
        self._heads, self._slice, self._map, self._answer = HeadsCard(), SliceCard(), MapCard(), AnswerCard()
        self._heads.chosen.connect(lambda layer, head: self._choose(layer=layer, head=None if head < 0 else head))
        self._map.map_chosen.connect(lambda index: self._choose(map=index, layer=10**6, head=0))
        self._map.special_toggled.connect(lambda is_on: self._choose(with_special=is_on))

    def _open_export_menu(self) -> None:
        self._export_menu.popup(self._export.mapToGlobal(self._export.rect().bottomLeft()))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN - 4)
        column.setSpacing(GAP)
        column.addLayout(self._head_row())
        column.addWidget(self._banner)
        column.addWidget(self._bar)
        self._stack = QStackedWidget()
        self._columns = Columns(self._heads, self._slice, self._map, self._answer)
        self._stack.addWidget(self._columns)
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._nothing_yet())
        column.addWidget(self._stack, 1)

    def _nothing_yet(self) -> EmptyState:
        empty = EmptyState(
            "ph.eye",
            tr("Nothing to look with yet"),
            tr("The run has not saved a checkpoint. The first one comes with the first look at validation."),
            tr("See it train"),
        )
        empty.setObjectName("noCheckpoint")
        empty.acted.connect(lambda: self.training_requested.emit(self._path))
        return empty

    def _head_row(self) -> QHBoxLayout:
        row, words, said = QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
        row.setSpacing(8)
        words.setSpacing(3)
        said.setSpacing(7)
        words.addWidget(Heading(tr("Attention"), "page"))
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._sentence, 1)
        words.addLayout(said)
        row.addLayout(words, 1)
        for button in (self._copy, self._export):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.set_wide(self.width() >= _WIDE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._bar.editor.setFocus()
        self._ask()
