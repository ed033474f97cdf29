"""WizardPage: leads from a goal to a config in five steps; holds the draft, asks the engine, tells what is lacking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.registry import TASK_TYPES, type_of
from engine.messages import Message, message
from studio.file_pairs import pair_of, source_of
from studio.pages.wizard.data import DataStep
from studio.pages.wizard.draft import (
    Draft,
    confirmed_config,
    draft_of,
    new_draft,
    with_answers,
    with_goal,
    with_source,
    with_values,
)
from studio.pages.wizard.draft_file import from_text, to_text
from studio.pages.wizard.foot_bar import FootBar
from studio.pages.wizard.goal import GoalStep
from studio.pages.wizard.inquiries import Inquiries
from studio.pages.wizard.model import ModelStep, configs_to_measure
from studio.pages.wizard.review import ReviewStep
from studio.pages.wizard.source_panel import shown_source
from studio.pages.wizard.step import Step
from studio.pages.wizard.step_validation import STEPS, consequence, lack
from studio.pages.wizard.steps_bar import StepsBar
from studio.pages.wizard.training import TrainingStep
from studio.preferences import Preferences
from studio.tasks.registry import FIRST_GOAL
from studio.translation import tr, words
from studio.widgets.keys import is_enter
from studio.widgets.tab_order import set_tab_order, tab_stops
from studio.workers.query import MakeWorker

Waiting = tuple[str, int]
"""What a draft is called (empty if it has no name yet), and its step from 0."""
DATA = STEPS.index("data")


class WizardPage(QWidget):
    """`confirmed(config, name)` when training shall start, `cancelled` when not.

    `ablation_wished(config, name, seconds)` wants many runs of it as one study; a run takes `seconds` (nan: unknown).
    `search_wished(config, name, seconds)` wants better settings for it, `best_wished` the best model for its texts.
    `make_worker(verb)` makes the workers that preview, diagnose and estimate; `close_workers` ends them.
    """

    confirmed = Signal(object, str)
    ablation_wished = Signal(object, str, float)
    search_wished = Signal(object, str, float)
    best_wished = Signal(object, str, float)
    cancelled = Signal()
    labelling_wished = Signal(object)

    def __init__(
        self,
        preferences: Preferences,
        make_worker: MakeWorker | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._preferences = preferences
        self._inquiries = Inquiries(make_worker, self)
        self._inquiries.news.connect(lambda: self._take(self._draft))
        self._draft = self._begun = self._fresh()
        self._index = 0
        titles = [tr("Goal"), tr("Data"), tr("Model"), tr("Training"), tr("Review")]
        self._steps_bar = StepsBar(titles)
        self._foot = FootBar()
        self._data, self._review = DataStep(), ReviewStep()
        self._steps: tuple[Step, ...] = (GoalStep(), self._data, ModelStep(), TrainingStep(), self._review)
        self._stack = QStackedWidget()
        self._stops: list[QWidget] = []
        self._lay_out()
        self._connect()
        self._show_step(0)

    def begin(self, config: RunConfig | None, file: Path | Sequence[Path] | None, goal: str = FIRST_GOAL) -> None:
        """Start anew: from a whole config (a recipe, an earlier run), from a file or several, or from a goal alone. Two
        files that belong together have a goal of their own."""
        files = (file,) if isinstance(file, Path) else tuple(file or ())
        if config is None and pair_of(files) is not None:
            goal = next(name for name, kind in TASK_TYPES.items() if kind.can("transform"))
        self._draft = draft_of(config) if config is not None else with_goal(self._fresh(), goal)
        self._begun = self._draft
        if files:
            source = source_of(files, takes_pairs=type_of(self._draft.config.task).can("transform"))
            self._draft = with_source(self._draft, "folder" if files[0].is_dir() else "file", source)
        self._inquiries.answers.forget()
        self._show_step(DATA if files or config is not None else 0)

    def show_step(self, name: str) -> None:
        """Go to "data", "model", "training" or "review" of what was begun."""
        self._show_step(STEPS.index(name))

    def state(self) -> dict[str, Any]:
        """All that must outlive a change of theme or language."""
        answers = self._inquiries.answers
        whole = {"draft": self._draft, "begun": self._begun, "step": self._index, "answers": answers}
        return {**whole, "waiting": self.waiting(), "kept": self.kept()}

    def kept(self) -> str:
        """The draft as a text that outlives the window; empty if nothing would be lost."""
        waiting = self.waiting()
        return to_text(self._draft, self._index, waiting[0]) if waiting is not None else ""

    def restore(self, state: dict[str, Any]) -> None:
        if "draft" not in state:
            self._reopen(state["kept"])
            return
        self._inquiries.answers = state["answers"]
        self._draft, self._begun = state["draft"], state.get("begun", self._begun)
        self._show_step(state["step"])

    def _reopen(self, kept: str) -> None:
        """A draft of an earlier session; one that cannot be understood any more is a fresh one."""
        found = from_text(kept)
        if found is not None:
            self._draft, step = found
            self._show_step(step)

    def draft(self) -> Draft:
        """What has been chosen so far."""
        return self._draft

    def waiting(self) -> Waiting | None:
        """What the person would lose if this began anew: None while nothing was chosen since it began."""
        if self._draft.config == self._begun.config and self._draft.name == self._begun.name:
            return None
        source = self._draft.config.data.train
        name = self._draft.name or (shown_source(source) if source not in ("", "builtin") else "")
        return name, self._index

    def settle(self) -> None:
        """What was drafted is a run now."""
        self._draft = self._begun = self._fresh()
        self._inquiries.answers.forget()
        self._index = 0

    def close_workers(self) -> None:
        """No more answers; those under way are dropped."""
        self._inquiries.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on where nothing has the keyboard; what is typed into keeps its own Return."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif is_enter(event):
            self._enter()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Nobody starts a training by accident: on the last step Return only leads to the button."""
        if self._index + 1 == len(STEPS):
            self._foot.take_focus()
        elif self.focusWidget() in (None, self) or not self.isAncestorOf(self.focusWidget()):
            self._foot.go()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take(self._draft)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._inquiries.measure([])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._steps_bar)
        column.addWidget(self._stack, 1)  # empty: what moves with all that is in it is styled anew
        for step in self._steps:
            self._stack.addWidget(step)
        column.addWidget(self._foot)

    def _connect(self) -> None:
        for step in self._steps:
            step.proposed.connect(self._take)
        self._data.source.folder = self._preferences.last_folder
        self._data.source.chosen.connect(self._remember_folder)
        self._steps_bar.chosen.connect(self._show_step)
        self._steps_bar.cancelled.connect(self.cancelled.emit)
        self._foot.back.connect(lambda: self._show_step(self._index - 1))
        self._foot.forward.connect(self._go_on)
        self._review.ablation_wished.connect(lambda: self._wish_many(self.ablation_wished))
        self._review.search_wished.connect(lambda: self._wish_many(self.search_wished))
        self._review.best_wished.connect(lambda: self._wish_many(self.best_wished))
        self._data.rows_wanted.connect(self._ask_rows)
        self._data.labelling_wished.connect(self.labelling_wished)

    def _take(self, draft: Draft) -> None:
        """Hold another draft: fill in what is known about it, ask for what is not, show it."""
        answers = self._inquiries.answers
        if draft.num_sources != self._draft.num_sources:
            answers.forget()
        self._draft = with_answers(draft, answers)
        self._ask()
        self._show()

    def _ask(self) -> None:
        """Only while somebody looks: a training that began meanwhile needs the machine for itself."""
        draft = self._draft
        if not draft.has_source or self._index < DATA or not self.isVisible():
            return
        self._inquiries.ask_preview(draft.config)
        if draft.preview is None and self._inquiries.answers.error(draft.config) is not None:
            self._inquiries.ask_lines(draft.config)
        if draft.preview is not None and draft.missing_role is None:
            self._inquiries.ask_report(draft.config)
        if draft.report is not None and self._index > DATA:
            self._inquiries.measure(configs_to_measure(draft))

    def _ask_rows(self, split: str, rows: Sequence[int]) -> None:
        self._inquiries.ask_rows(self._draft.config, split, rows)
        self._show()

    def _show(self) -> None:
        answers = self._inquiries.answers
        step = self._steps[self._index]
        step.show_draft(self._draft, answers)
        name = STEPS[self._index]
        missing = self._refused(step) or lack(self._draft, answers, name)
        leads_to = consequence(self._draft, answers, name)
        self._foot.show_sentence(words(leads_to) if leads_to else "", words(missing) if missing else "")
        self._order_tabs(step)

    def _order_tabs(self, step: Step) -> None:
        """The step, then the way on. Where everything is said the way on comes first: nobody tabs through a file."""
        is_last = self._index + 1 == len(STEPS)
        parts = [self._foot, step] if is_last else [step, self._foot]
        stops = [stop for part in (*parts, self._steps_bar) for stop in tab_stops(part)]
        if stops != self._stops:
            self._stops = stops
            set_tab_order(self, stops)

    def _refused(self, step: Step) -> Message | None:
        refusals = step.refusals()
        if not refusals:
            return None
        return message("One value does not fit yet. {reason}", reason=next(iter(refusals.values())))

    def _show_step(self, index: int) -> None:
        self._index = index
        self._steps_bar.show_step(index)
        self._foot.show_step(is_first=index == 0, is_last=index == len(STEPS) - 1)
        self._stack.setCurrentIndex(index)
        self.setFocus()
        self._take(self._draft)

    def _go_on(self) -> None:
        if self._index + 1 < len(STEPS):
            self._show_step(self._index + 1)
            return
        named = replace(self._draft, name=self._review.name())
        self.confirmed.emit(confirmed_config(named), named.name)

    def _wish_many(self, wished: SignalInstance) -> None:
        """Runs of what is drafted as one study, of either kind."""
        if self._foot.is_lacking():
            self._foot.go()
            return
        named = replace(self._draft, name=self._review.name())
        estimate = self._inquiries.answers.estimate(named.config)
        seconds = estimate.total_seconds if estimate else math.nan
        wished.emit(confirmed_config(named), named.name, seconds)

    def _fresh(self) -> Draft:
        draft = new_draft()
        training = draft.config.training.model_copy(update={"device": self._preferences.device})
        return with_values(draft, {"training": training})

    def _remember_folder(self, kind: str, source: str) -> None:
        if kind in ("file", "folder") and source:
            self._preferences.last_folder = self._data.source.folder
