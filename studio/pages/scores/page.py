"""ScoresPage: how good are answers in words, and to which rows are they wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.config.tasks.registry import type_of
from engine.records import Figure, ScoredRows, TextSlice
from studio.file_pairs import source_of
from studio.pages.page import Page
from studio.pages.scores.figure_words import rows_words, title_of, written
from studio.pages.scores.parts import Parts, lay_out
from studio.pages.scores.scored_split import Scored, ScoredSplit
from studio.translation import tr, words
from studio.widgets.drop_area import DropCover, dragged_path, dragged_paths
from studio.widgets.veil import Veil
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook

_SETTINGS = (".yaml", ".yml")


class ScoresPage(Page):
    """`training_requested(path)`: the run has nothing to measure yet."""

    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("score_rows", "text_figures"))
        self.setAcceptDrops(True)
        self._asked = ScoredSplit(book, self._asker, self)
        self._figures: tuple[Scored, dict[str, Figure]] | None = None
        self._drawn: ScoredRows | None = None
        self._parts = Parts(self._asker)
        self._columns = lay_out(self, self._parts)
        self._veil, self._cover = Veil(self._parts.measured), DropCover(self)
        self._listen()

    @property
    def path(self) -> Path | None:
        return self._asked.path

    def show_run(self, path: Path) -> None:
        """Look another run over. Raises InputError when the folder holds none."""
        self._book.entry(path)
        asked = self._asked
        if path != asked.path:
            asked.look_at(path)
            self._figures = self._drawn = None
            self._parts.source.forget_file()
            self._parts.banner.clear()
            self._parts.notice.hide()
        if asked.shown is None or asked.is_newer:
            shown = asked.shown
            self._open(shown.split if shown and shown.source is None else None, shown.source if shown else None)
        self._show()

    def follow(self) -> None:
        """There may be a first, or a better, checkpoint."""
        if self.isVisible():
            if self._asked.shown is None and not self._asked.is_asking and self._asked.wanted is None:
                self._open()
            self._show()

    def state(self) -> dict[str, Any]:
        """What was answered is not answered again."""
        shown = self._asked.shown
        return {
            **super().state(),
            "shown": shown,
            "known": self._asked.known if shown is None or shown.source is None else {
                **self._asked.known, shown: self._asked.scored
            },
            "figures": self._figures,
            "panel": self._parts.details.panels.current(),
            "rows": self._parts.rows.state(),
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        if not state.get("path"):
            return
        shown, self._figures = state["shown"], state["figures"]
        self._asked.look_at(Path(state["path"]))
        self._asked.known = dict(state["known"])
        if shown is not None:
            self._asked.open(None if shown.source else shown.split, shown.source, may_ask=False)
        self.show_run(Path(state["path"]))
        if self._asked.scored is not None:
            self._parts.rows.restore(state["rows"])
        self._parts.details.open(state["panel"])

    # -- wiring --------------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        asked, parts = self._asked, self._parts
        asked.changed.connect(self._show)
        asked.failed.connect(parts.banner.show_error)
        parts.source.split_chosen.connect(self._open)
        parts.source.file_chosen.connect(self.measure_file)
        parts.source.ask_wished.connect(self._ask)
        parts.source.stop_wished.connect(asked.stop)
        parts.part.all.clicked.connect(asked.ask_all)
        parts.export.clicked.connect(self._choose_file)
        parts.nothing.acted.connect(lambda: self.training_requested.emit(asked.path))
        parts.groups.group_chosen.connect(self._show_group)
        parts.histogram.plot.chosen.connect(self._show_bar)
        parts.rows.choice_dropped.connect(lambda: parts.histogram.plot.mark(None))

    def _open(self, split: str | None = None, source: str | None = None) -> None:
        """While the window trains, a long answer waits for a word: both would be slow."""
        self._parts.banner.clear()
        self._asked.open(split, source, may_ask=source is not None or self._book.active is None)

    def measure_file(self, path: Path) -> None:
        """A file with rows like those that it learned from."""
        self.measure_files((path,))

    def measure_files(self, paths: Sequence[Path]) -> None:
        """Two that belong together where it learned from such; else the first."""
        if self._asked.path is None:
            return
        config = self._book.entry(self._asked.path).config
        takes_pairs = type_of(config.task).can("transform")
        source = source_of(paths if takes_pairs else paths[:1], takes_pairs=takes_pairs, like=config.data.train)
        self._open(source=source if isinstance(source, str) else source[0])

    def _ask(self) -> None:
        self._parts.banner.clear()
        self._asked.ask()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        asked, parts = self._asked, self._parts
        if asked.path is None:
            return
        scored = asked.scored
        parts.show_place(
            parts.measured if scored is not None else parts.nothing if asked.step is None else parts.waiting
        )
        parts.source.setVisible(asked.step is not None)
        parts.source.show_source(asked.splits, asked.wanted, is_newer=asked.is_newer)
        is_shown = scored is not None and asked.shown == asked.wanted
        step = asked.shown.step if asked.shown is not None else asked.step
        parts.source.show_about(step or "", len(scored) if is_shown and scored is not None else None)
        waits = asked.wanted is not None and (asked.wanted != asked.shown or asked.is_newer)
        parts.source.show_progress(asked.progress, asked.seconds_left, is_asking=asked.is_asking, can_ask=waits)
        parts.source.all.hide()
        parts.export.setVisible(scored is not None)
        parts.part.setVisible(asked.is_part)
        parts.part.all.setEnabled(not asked.is_asking)
        self._veil.draw(scored is not None and asked.is_asking and asked.wanted != asked.shown)
        if scored is None:
            parts.head.say(tr("The model is answering the rows …") if asked.is_asking else "")
        elif scored is not self._drawn:
            self._draw(scored)

    def _draw(self, scored: ScoredRows) -> None:
        """Other answers."""
        parts, shown = self._parts, self._asked.shown
        assert shown is not None
        self._drawn = scored
        key = scored.leading
        known = self._figures[1] if self._figures is not None and self._figures[0] == shown else None
        parts.figures.show_scored(scored, known)
        value = parts.figures.value(key)
        parts.head.say(
            tr("{metric} {value} on {rows}.", metric=title_of(key), value=written(key, value),
               rows=rows_words(scored, shown.source)),
            ("ph.check-circle", "text3"),
        )  # fmt: skip
        parts.part.show_part(len(scored), scored.num_in_split)
        parts.rows.show_scored(scored)
        parts.groups.show_scored(scored)
        parts.histogram.show_scored(scored, parts.rows.scores)
        parts.left_out.show_scored(scored)
        if known is None:
            seed = self._asked.run.config.seed
            query = Query("text_figures", shown, scored.statistics, seed)
            self._asker.ask(
                query.success(lambda found: self._take_figures(shown, found)).failure(parts.banner.show_error)
            )

    def _take_figures(self, shown: Scored, figures: dict[str, Figure]) -> None:
        if self._asked.shown == shown and self._asked.scored is not None:
            self._figures = (shown, figures)
            self._parts.figures.show_scored(self._asked.scored, figures)

    def _show_group(self, one: TextSlice) -> None:
        self._parts.details.open("rows")
        self._parts.histogram.plot.mark(None)
        self._parts.rows.show_choice(one.places, words(one.title))

    def _show_bar(self, low: float, high: float) -> None:
        scored = self._asked.scored
        assert scored is not None
        key = scored.sort_by or scored.leading
        title = tr("{metric} from {low}", metric=title_of(key), low=written(key, low))
        if high != float("inf"):
            title = tr("{metric} {low} to {high}", metric=title_of(key), low=written(key, low), high=written(key, high))
        self._parts.details.open("rows")
        self._parts.histogram.plot.mark(low, high)
        self._parts.rows.show_range(low, high, title)

    # -- a file of the rows --------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        shown = self._asked.shown
        assert shown is not None
        name = str(shown.path / f"{shown.split}-answers.csv")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the rows"), name, "CSV (*.csv)")
        if chosen:
            self.save_rows(Path(chosen))

    def save_rows(self, path: Path) -> None:
        """All rows, not only those that are chosen or found."""
        query = Query("save_scored_rows", path, self._asked.scored, path)
        self._asker.ask(query.success(self._tell_saved).failure(self._parts.banner.show_error))

    def _tell_saved(self, path: Path) -> None:
        self._parts.notice.say(tr("The rows lie in {file}.", file=str(path)))

    # -- files and size ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        path = dragged_path(event.mimeData())
        if path is None or path.is_dir() or path.suffix.lower() in _SETTINGS or self._asked.step is None:
            event.ignore()  # a run, a model or settings: the window knows what to do with them
            return
        event.acceptProposedAction()
        self._cover.cover(self.rect())

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._cover.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._cover.hide()
        paths = dragged_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.measure_files(paths)

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.fit(self.width())
