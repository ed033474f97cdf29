"""SamplesPage: what does the writer write? Its texts step by step, judged, measured, and guessed at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.config.tasks.registry import type_of
from engine.errors import AttuneError, InputError
from engine.records import Progress, Sample, Samples, Sweep
from engine.runs.history import History
from studio.pages.page import LivePage
from studio.pages.samples.alarm import alarm_of
from studio.pages.samples.arrangement import repeated_openings
from studio.pages.samples.empty import Reason, empty_state, reason_of
from studio.pages.samples.export_dialog import ExportDialog, Wish
from studio.pages.samples.layout import Parts, lay_out
from studio.pages.samples.library import Library, read_sweep, write_texts
from studio.pages.samples.step_card import steps_of
from studio.pages.samples.variety import rehearsal_end, variety, verdict
from studio.translation import tr
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook, RunEntry

_NUM_DRAWN = 50


@dataclass
class Shown:
    """What is looked at: a run, one of its steps, and texts that were drawn just now (with their temperature)."""

    path: Path | None = None
    step: int | None = None
    texts: Samples | None = None
    drawn: Samples | None = None
    temperature: float = 1.0
    follows: bool = True
    sweeps: dict[Path, Sweep] = field(default_factory=dict)


class SamplesPage(LivePage):
    """Shows one run of the book. A new step is shown when the newest was.

    `commanded(command)` for the run that trains; `attention_wanted(text)` looks into the critic with a text;
    `training_requested(path)` where there is nothing to see yet.
    """

    commanded = Signal(object)
    attention_wanted = Signal(str)
    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("draw",))
        self._shown, self._library = Shown(), Library()
        self._news: tuple[object, ...] = ()
        self._empty_for: Reason | None = None
        self._parts = Parts()
        self._columns = lay_out(self, self._parts)
        self._listen()

    def _listen(self) -> None:
        parts = self._parts
        parts.head.export_wished.connect(self._export_or_stop)
        parts.head.critic_wished.connect(lambda: self.attention_wanted.emit(self._text_to_look_at()))
        parts.alarm.commanded.connect(self.commanded)
        parts.steps.chosen.connect(self._go_to)
        parts.texts.draw_wished.connect(self._draw)
        parts.texts.stop_wished.connect(self._stop_drawing)
        parts.texts.back_wished.connect(self._forget_drawn)
        parts.texts.read.connect(lambda: QTimer.singleShot(0, self, self._bring_reading))
        parts.texts.inside_wished.connect(self.attention_wanted)
        parts.sweep.measure_wished.connect(self._measure)
        parts.sweep.stop_wished.connect(self._stop_sweep)
        self._book.changed.connect(self.follow)

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        return self._shown.path

    def show_run(self, path: Path) -> None:
        """Show another run of the book. Raises InputError when the folder holds none."""
        _ = self._book.entry(path).config
        if path != self._shown.path:
            self._asker.stop("draw", "export")
            self._shown = Shown(path, sweeps=self._shown.sweeps)
            self._parts.banner.clear()
            self._show_idle()
        self._news = ()
        self.refresh_now()

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same; what was drawn or measured is not lost."""
        parts = self._parts
        return {
            "shown": self._shown,
            "order": parts.texts.chosen_order,
            "search": parts.texts.search.text(),
            "temperature": parts.texts.temperature.value(),
            "meters": sorted(parts.meters.chosen),
            "view": parts.measures.view.current(),
            "score": parts.game.score,
            "alarm": parts.alarm.put_aside,
        }

    def restore(self, state: dict[str, Any]) -> None:
        parts = self._parts
        self._shown = state.get("shown", self._shown)
        parts.texts.set_order(str(state.get("order", "surest")))
        parts.texts.search.setText(str(state.get("search", "")))
        parts.texts.temperature.setValue(float(state.get("temperature", 1.0)))
        parts.meters.choose_keys(state.get("meters", parts.meters.chosen))
        parts.measures.show_view(str(state.get("view", "meters")))
        parts.game.score = state.get("score", parts.game.score)
        parts.alarm.put_aside = state.get("alarm")
        if self._shown.path is not None:
            self.show_run(self._shown.path)

    def _redraw(self) -> None:
        """Take over what is new in the history."""
        entry = self._entry
        news = _news_of(entry.history, entry.state, self._book.active)
        if news != self._news:
            self._news = news
            self._show_news(entry)

    @property
    def _entry(self) -> RunEntry:
        assert self._shown.path is not None
        return self._book.entry(self._shown.path)

    def _show_news(self, entry: RunEntry) -> None:
        steps = steps_of(entry.history) if type_of(entry.config.task).can("generate") else []
        self._parts.head.show_actions(has_texts=bool(steps))
        if not steps:
            self._show_empty(entry)
            return
        self._parts.stack.setCurrentWidget(self._columns)
        if self._shown.follows or self._shown.step not in steps:
            self._shown.step = steps[-1]
        history, config = entry.history, entry.config
        total = history.started.total_steps if history.started else config.training.max_steps
        self._parts.steps.show_history(history, config, self._shown.step)
        self._parts.meters.show_history(history, total)
        is_live = self._book.active == self._shown.path and entry.state in ("running", "paused")
        self._parts.alarm.show_alarm(alarm_of(history), is_live=is_live)
        self._show_sweep()
        self._show_step()

    def _show_empty(self, entry: RunEntry) -> None:
        reason = reason_of(entry.config, entry.state)
        self._parts.alarm.show_alarm(None, is_live=False)
        self._parts.head.judge("waiting", "")
        if reason != self._empty_for:
            self._empty_for = reason
            if self._parts.empty is not None:
                self._parts.stack.removeWidget(self._parts.empty)
                self._parts.empty.deleteLater()
            self._parts.empty = empty_state(reason)
            self._parts.empty.acted.connect(lambda: self.training_requested.emit(self._shown.path))
            self._parts.stack.addWidget(self._parts.empty)
        self._parts.stack.setCurrentWidget(self._parts.empty)

    def _show_step(self) -> None:
        """Texts, meters and sentence at the step."""
        entry, step = self._entry, self._shown.step
        assert step is not None
        try:
            self._shown.texts = self._library.texts(entry.run, step)
        except InputError as error:
            self._shown.texts = None
            self._parts.banner.show_error(error)
        self._parts.steps.show_step(step)
        self._parts.meters.show_step(entry.history, step)
        found = variety(entry.history, step)
        self._parts.head.judge(
            found.kind, verdict(found, self._shown.texts, rehearsal_end(entry.history, entry.config))
        )
        if self._shown.texts is not None:
            self._parts.game.set_samples(self._shown.texts)
        self._show_texts()

    def _show_texts(self) -> None:
        """Those drawn just now, else those of the step."""
        shown, card = self._shown, self._parts.texts
        assert shown.step is not None
        if shown.drawn is not None:
            title = tr(
                "Drawn now at step {step}, T {temperature}",
                step=shown.drawn.step,
                temperature=f"{shown.temperature:.1f}",
            )
            card.show_texts(title, shown.drawn.invented, repeated_openings(shown.drawn))
            card.show_back(tr("Back to step {step}", step=shown.step))
            return
        texts = shown.texts
        title = tr("What it writes at step {step}", step=shown.step)
        card.show_texts(title, texts.invented if texts else (), repeated_openings(texts) if texts else ())
        card.show_back("")

    def _show_sweep(self) -> None:
        path = self._shown.path
        assert path is not None
        if path not in self._shown.sweeps:
            found = read_sweep(self._entry.run)
            if found is not None:
                self._shown.sweeps[path] = found
        self._parts.sweep.show_sweep(self._shown.sweeps.get(path))
        self._show_idle()

    # -- what the person does ------------------------------------------------------------------------------------------

    def _go_to(self, step: int) -> None:
        self._shown.step, self._shown.drawn = step, None
        self._shown.follows = step == steps_of(self._entry.history)[-1]
        self._parts.banner.clear()
        self._show_step()

    def _bring_reading(self) -> None:
        """In a low window what is read would lie under the edge."""
        self._parts.scroll.ensureWidgetVisible(self._parts.texts.reading, 0, 16)

    def _text_to_look_at(self) -> str:
        """The sample that is read, else the first in the list."""
        chosen = self._parts.texts.reading.sample
        samples = self._parts.texts.model.rows
        return chosen.text if chosen is not None else samples[0].text if samples else ""

    def _draw(self, temperature: float) -> None:
        self._parts.banner.clear()
        query = self._invent(_NUM_DRAWN, temperature).success(partial(self._take_drawn, temperature))
        self._follow_drawing(Progress(0, 1))
        self._asker.ask(query.progress(self._follow_drawing), "draw")

    def _invent(self, num: int, temperature: float) -> Query:
        """Texts of the model of the step that is shown, where it was kept."""
        run, checkpoint = self._entry.run, self._checkpoint()
        key = (run.path, checkpoint, num, temperature)
        query = Query("generate", key, run, num=num, temperature=temperature, checkpoint=checkpoint)
        return query.failure(partial(self._fail, run.path))

    def _checkpoint(self) -> str:
        named = self._entry.run.checkpoints
        kept = {named.get("best"), named.get("last"), *named.get("kept", [])}
        wanted = f"step-{self._shown.step}"
        return wanted if wanted in kept else "best"

    def _stop_drawing(self) -> None:
        self._asker.stop("draw")
        self._show_idle()

    def _forget_drawn(self) -> None:
        self._shown.drawn = None
        self._show_texts()

    def _measure(self) -> None:
        """The sweep through temperatures; texts that are drawn go first."""
        run = self._entry.run
        query = Query("sweep", run.path, run).success(partial(self._take_sweep, run.path))
        query.progress(partial(self._follow_sweep, run.path)).failure(partial(self._fail, run.path))
        self._follow_sweep(run.path, Progress(0, 1))
        self._asker.ask(query)

    def _stop_sweep(self) -> None:
        self._asker.stop("sweep")
        self._show_sweep()

    # -- taking texts away ---------------------------------------------------------------------------------------------

    def _export_or_stop(self) -> None:
        if self._asker.is_asking("export"):
            self._asker.stop("export")
            self._show_idle()
            return
        temperature = self._parts.texts.temperature.value()
        dialog = ExportDialog(self._parts.texts.model.rowCount(), temperature, self)
        dialog.wished.connect(self._ask_where)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_where(self, wish: Wish) -> None:
        name = f"{self._entry.name}-{tr('texts')}{wish.suffix}"
        kinds = f"{wish.suffix[1:].upper()} (*{wish.suffix})"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export texts"), name, kinds)
        if chosen:
            path = Path(chosen)
            self.export(path if path.suffix else path.with_suffix(wish.suffix), wish)

    def export(self, path: Path, wish: Wish) -> None:
        """Write the texts that are shown, in their order; new ones once they are invented."""
        if wish.num_new is None:
            self._write(path, self._parts.texts.model.rows)
            return
        query = self._invent(wish.num_new, wish.temperature).success(partial(self._take_export, path))
        self._follow_export(Progress(0, 1))
        self._asker.ask(query.progress(self._follow_export), "export")

    def _write(self, path: Path, samples: list[Sample]) -> None:
        try:
            write_texts(path, samples)
        except InputError as error:
            self._parts.banner.show_error(error)

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _take_drawn(self, temperature: float, drawn: Samples) -> None:
        self._shown.drawn, self._shown.temperature = drawn, temperature
        self._show_idle()
        self._show_texts()

    def _take_export(self, target: Path, drawn: Samples) -> None:
        self._show_idle()
        self._write(target, list(drawn.invented))

    def _take_sweep(self, run: Path, sweep: Sweep) -> None:
        self._shown.sweeps[run] = sweep
        self._show_sweep()

    def _follow_drawing(self, progress: Progress) -> None:
        self._parts.texts.show_drawing(progress.done / max(1, progress.total))

    def _follow_export(self, progress: Progress) -> None:
        self._parts.head.show_export(progress.done / max(1, progress.total))

    def _follow_sweep(self, run: Path, progress: Progress) -> None:
        if run == self._shown.path:
            self._parts.sweep.show_progress(progress)

    def _fail(self, run: Path, error: AttuneError) -> None:
        self._show_idle()
        if run == self._shown.path:
            self._parts.banner.show_error(error)

    def _show_idle(self) -> None:
        """No progress where nothing is asked."""
        if not self._asker.is_asking("draw"):
            self._parts.texts.show_drawing(None)
        if not self._asker.is_asking("export"):
            self._parts.head.show_export(None)
        if self._asker.asked("sweep") != self._shown.path:
            self._parts.sweep.show_progress(None)

    # -- when to draw --------------------------------------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._parts.steps.film.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.fit(self.width())


def _news_of(history: History, state: str, active: Path | None) -> tuple[object, ...]:
    """Changes when something other than steps was added."""
    counts = (len(history.samples), len(history.evaluations.get("validation", ())), len(history.checkpoints))
    last = history.samples[-1].time if history.samples else 0.0
    return (id(history), state, active, *counts, len(history.references), len(history.collapses), last)
