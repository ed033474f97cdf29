"""ExportPage: how do I use it elsewhere?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from engine.config.pretrained import Pretrained
from engine.config.tasks.graphs import no_graph
from engine.config.tasks.registry import type_of
from engine.errors import AttuneError
from engine.records import UNDECIDED, Exported, Format, Progress
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import read_decision
from engine.runs.run import safe_name
from studio.pages.export.format_card import FORMATS, ICONS, FormatCard, needs_of, purpose_of, title_of
from studio.pages.export.place_card import PlaceCard
from studio.pages.export.result_card import CardPreview, ResultCard, SnippetCard
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr, words
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import OPENED, RunBook, RunEntry

_WIDE = 860
_LEFT = 420


class ExportPage(Page):
    """Shows one run of the book. `training_requested(path)`: the run has nothing to export yet."""

    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent)
        self._format: Format = "hf"
        self._done: dict[tuple[Path, Format], Exported] = {}
        self._build()
        self._lay_out()
        self._listen()

    def show_run(self, path: Path) -> None:
        """Another run or model of the book. An export of the one before goes on."""
        entry = self._book.entry(path)
        if path != self._path:
            self._path = path
            self._banner.clear()
            if _lack(self._format, entry):
                self._format = "hf"
                self._formats["hf"].setChecked(True)
            self._propose(entry)
        self._show()

    def state(self) -> dict[str, Any]:
        folder = self._place.folder.text()
        return {**super().state(), "format": self._format, "folder": folder, "done": dict(self._done)}

    def restore(self, state: dict[str, Any]) -> None:
        self._done = dict(state.get("done", {}))
        self._choose(state.get("format", "hf"))
        super().restore(state)
        if self._path is not None:
            self._place.folder.setText(str(state.get("folder", "")))

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._header = PageHeader(tr("Export"), "exportSentence")
        self._banner, self._place = ErrorBanner(), PlaceCard()
        self._result, self._snippet, self._card = ResultCard(), SnippetCard(), CardPreview()
        self._formats = {one: FormatCard(ICONS[one], title_of(one), purpose_of(one)) for one in FORMATS}
        self._group = QButtonGroup(self)
        for number, (one, card) in enumerate(self._formats.items()):
            card.setObjectName(f"format_{one}")
            self._group.addButton(card, number)
        self._formats[self._format].setChecked(True)
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("Nothing to export yet"),
            tr("The first checkpoint comes with the first look at validation. Until then the model only learns."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        self._left = panel(vbox(*self._formats.values(), self._place, None, gap=GAP))
        # what is left goes to the model card, and under the others only where that is not shown
        right = vbox(self._result, self._snippet, (self._card, 1), gap=GAP)
        right.addStretch(0)
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), self._left, (right, 1), gap=GAP)
        self._stack = QStackedWidget()
        self._stack.addWidget(scrolling(self._columns))
        self._stack.addWidget(self._nothing)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(QVBoxLayout(self), self._header, self._banner, 6, (self._stack, 1), gap=6, margins=margins)

    def _listen(self) -> None:
        self._group.idToggled.connect(lambda number, chosen: self._choose(FORMATS[number]) if chosen else None)
        self._place.wished.connect(self._export)
        self._place.stopped.connect(self._stop)
        self._nothing.acted.connect(lambda: self.training_requested.emit(self._path))

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _choose(self, format: Format) -> None:
        self._format = format
        self._formats[format].setChecked(True)
        if self._path is not None:
            self._propose(self._book.entry(self._path))
            self._show()

    def _export(self, folder: Path) -> None:
        assert self._path is not None
        self._banner.clear()
        key = (self._path, self._format)
        query = Query("export", key, self._book.entry(self._path).subject, self._format, folder)
        query.success(partial(self._take, key)).progress(partial(self._follow, key)).failure(self._fail)
        self._asker.ask(query)
        self._show()
        self._place.show_progress(Progress(0, 1))

    def _stop(self) -> None:
        self._asker.stop("export")
        self._show()

    # -- what comes back -----------------------------------------------------------------------------------------------

    def _take(self, key: tuple[Path, Format], exported: Exported) -> None:
        self._done[key] = exported
        self._show()

    def _follow(self, key: tuple[Path, Format], progress: Progress) -> None:
        if key[0] == self._path:
            self._place.show_progress(progress)

    def _fail(self, error: AttuneError) -> None:
        self._banner.show_error(error)
        self._show()

    def follow(self) -> None:
        """Its first checkpoint may have come."""
        if self._stack.currentIndex() == 1:
            self._show()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """All but the folder, which the person may have typed."""
        assert self._path is not None
        entry = self._book.entry(self._path)
        folder = _weights(entry)
        self._stack.setCurrentIndex(1 if folder is None else 0)
        exported = self._done.get((self._path, self._format))
        in_words = _answers_in_words(entry)
        for one, card in self._formats.items():
            card.set_needs(needs_of(one, is_ours=_is_ours(entry)))
            card.set_reason(_lack(one, entry))
            if self._asker.is_asking("export"):
                card.setEnabled(False)
        decision = UNDECIDED if folder is None else read_decision(folder)
        self._place.show_decision(decision, is_number=in_words or _is_number(entry))
        if not self._asker.is_asking("export"):
            self._place.show_progress(None)
        self._result.show_result(self._format, exported, in_words=in_words)
        for card in (self._snippet, self._card):
            card.setVisible(exported is not None)
        if exported is not None:
            self._snippet.show_snippet(exported.snippet)
            self._card.show_card(exported.folder / "README.md")
        self._header.say(_sentence(exported))

    def _propose(self, entry: RunEntry) -> None:
        """A folder that is not there yet, among the person's documents."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{safe_name(entry.name)} {'hf' if self._format == 'hf' else 'onnx'}"
        folder, number = Path(documents) / name, 2
        while folder.exists():
            folder, number = Path(documents) / f"{name} {number}", number + 1
        self._place.propose(folder, name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least = min(_LEFT, round(0.42 * self.width()))
        set_wide(self._columns, self.width() >= _WIDE, self._left, least, _LEFT)


def _weights(entry: RunEntry) -> Path | None:
    """The folder of the best checkpoint, or of an opened model; None for a run that has none yet."""
    if entry.state == OPENED:
        return entry.path
    try:
        return checkpoint_path(entry.run)
    except AttuneError:
        return None


def _is_ours(entry: RunEntry) -> bool:
    return entry.state != OPENED and not isinstance(entry.config.model, Pretrained)


def _lack(format: Format, entry: RunEntry) -> str:
    """Why there is none of this format; "" where there is one."""
    why = no_graph(entry.config.task) if format == "onnx" and entry.state != OPENED else None
    return "" if why is None else words(why)


def _answers_in_words(entry: RunEntry) -> bool:
    return entry.state != OPENED and bool(type_of(entry.config.task).says)


def _is_number(entry: RunEntry) -> bool:
    return entry.state != OPENED and entry.config.task.is_numeric


def _sentence(exported: Exported | None) -> str:
    if exported is None:
        return tr("Take the model to where it is needed. It is compared with the studio before it is called done.")
    return tr("It is ready in “{name}”, and was checked against the studio.", name=exported.folder.name)
