"""Step 4: how shall it learn: how long, in what batches, and which checkpoint counts as the best."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.config.combination import misfit
from engine.config.presets import Preset
from engine.messages import Message
from engine.records import Estimate
from studio.numbers import NOTHING, duration, file_size, number
from studio.pages.wizard.draft import Draft, with_length, with_values
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.step import Step
from studio.tasks.form_group import FormGroup
from studio.tasks.registry import VIEWS, view_of
from studio.tasks.run_words import batch_words, is_found, read_words
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Heading, SegmentedControl, StatTile
from studio.widgets.labels import label


class TrainingStep(Step):
    """Three lengths to choose from, what they come to, and the forms that suit the goal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("training", parent)
        self._draft: Draft | None = None
        self._lengths = SegmentedControl(
            [
                ("quick", tr("Quick look"), "ph.lightning"),
                ("balanced", tr("Balanced"), "ph.scales"),
                ("best", tr("Best"), "ph.star"),
                ("own", tr("My own"), "ph.pencil-simple"),
            ]
        )
        self._lengths.setAccessibleName(tr("Length of training"))
        self._lengths.changed.connect(self._choose_length)
        self._said = label("", 13, "second")
        self._time = StatTile(tr("Time in all"))
        self._updates = StatTile(tr("Updates"))
        self._batch = StatTile(tr("Effective batch"))
        self._memory = StatTile(tr("Memory needed"))
        self._lay_out()
        self._groups: dict[str, FormGroup] = {}

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        config = draft.config
        self._lengths.set_current(draft.preset or "own")
        self._said.setText(words(view_of(config.task).wizard.lengths[draft.preset or "own"]))
        self._show_figures(draft, answers.estimate(config))
        shown = self._group(draft.goal)
        for group in self._groups.values():
            group.setVisible(group is shown)
        shown.show_config(config, misfit(config.task, config.model, config.training, config.data), draft.report)

    def refusals(self) -> dict[str, Message]:
        shown = self._groups.get(self._draft.goal) if self._draft else None
        return shown.refusals() if shown else {}

    def _group(self, goal: str) -> FormGroup:
        """The forms of a goal, made when it is first aimed at."""
        if goal not in self._groups:
            made = VIEWS[goal].wizard.make_forms()
            made.changed.connect(self._change)
            made.refused.connect(lambda: self.proposed.emit(self._draft))  # what the foot bar says changes
            self._forms.addWidget(made)
            self._groups[goal] = made
        return self._groups[goal]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(Heading(tr("How shall it learn?"), "page"), 1)
        top.addWidget(self._lengths)
        self.column.addLayout(top)
        self.column.addWidget(self._said)
        tiles = QHBoxLayout()
        tiles.setSpacing(GAP)
        for tile in (self._time, self._updates, self._batch, self._memory):
            tiles.addWidget(tile, 1)
        self.column.addLayout(tiles)
        self._forms = QHBoxLayout()
        self.column.addLayout(self._forms)
        self.column.addStretch(1)

    def _change(self, update: dict[str, object]) -> None:
        assert self._draft is not None
        self.proposed.emit(with_values(self._draft, update))

    def _choose_length(self, key: Preset) -> None:
        assert self._draft is not None
        self.proposed.emit(with_length(self._draft, key) if key != "own" else self._draft)

    def _show_figures(self, draft: Draft, estimate: Estimate | None) -> None:
        training = draft.config.training
        measuring = tr("being measured…")
        if estimate is None:
            self._time.set_value(NOTHING, "", measuring)
            self._memory.set_value(NOTHING, "", measuring)
        else:
            on = {"device": estimate.device}
            told = tr("at least, on {device}", **on) if is_found(draft.config) else tr("on {device}", **on)
            self._time.set_value(duration(estimate.total_seconds), "", told)
            self._memory.set_value(*_figure_and_unit(file_size(estimate.memory_bytes)), tr("at its peak"))
        come_to = view_of(draft.config.task).wizard.updates(draft.config, draft.report)
        self._updates.set_value(number(training.max_steps), "", words(come_to) if come_to is not None else "")
        accumulation, size = training.accumulation, training.micro_batch_size
        if accumulation.name == "fixed":
            texts = tr("= {texts}", texts=words(read_words(draft.config.task, size * accumulation.steps)))
            self._batch.set_value(f"{size} × {accumulation.steps}", texts, tr("read at once × micro-batches"))
        else:
            span = f"{size} × {accumulation.first}–{accumulation.maximum}"
            self._batch.set_value(span, "", tr("= {texts}, found as it learns", texts=words(batch_words(draft.config))))


def _figure_and_unit(size: str) -> tuple[str, str]:
    figure, _, unit = size.partition(" ")
    return figure, unit
