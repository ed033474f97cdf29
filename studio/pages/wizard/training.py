"""Step 4: how shall it learn: how long, in what batches, and which checkpoint counts as the best."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from engine.config.presets import Preset
from engine.config.run import RunConfig
from engine.messages import Message
from engine.records import Estimate
from studio.forms.choice_form import ChoiceForm
from studio.numbers import NOTHING, duration, file_size, number
from studio.pages.wizard.draft import Draft, with_length, with_values
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.labels import label
from studio.pages.wizard.paragraph import batch_size, best_sentence, passes, reading
from studio.pages.wizard.step import Fold, Step
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Card, Heading, SegmentedControl, StatTile

SIZE_FIELDS = ("max_steps", "micro_batch_size")
OWN_FIELDS = (*SIZE_FIELDS, "accumulation", "best")


class TrainingStep(Step):
    """Three lengths to choose from, what they come to, the best checkpoint in words, the rest under a fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("training", parent)
        self._draft: Draft | None = None
        config = RunConfig()
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
        self._size = ChoiceForm(config.training, only=SIZE_FIELDS)
        self._accumulation = ChoiceForm(config.training.accumulation)
        self._best = ChoiceForm(config.training.best)
        self._rest = ChoiceForm(config.training, without=OWN_FIELDS)
        self._task = ChoiceForm(config.task, without=("positive_label",))
        self._seed = ChoiceForm(config, only=("seed",))
        self._best_said = label("", 13, "second")
        self._lay_out()
        self._connect()

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        self._lengths.set_current(draft.preset or "own")
        self._said.setText(_length_words()[draft.preset or "own"])
        self._show_figures(draft, answers.estimate(draft.config))
        self._best_said.setText(words(best_sentence(draft.config.training.best)))
        training = draft.config.training
        for form, model in (
            (self._size, training),
            (self._accumulation, training.accumulation),
            (self._best, training.best),
            (self._rest, training),
            (self._task, draft.config.task),
            (self._seed, draft.config),
        ):
            if form.model() != model:
                form.show_model(model)

    def refusals(self) -> dict[str, Message]:
        found: dict[str, Message] = {}
        for form in self._forms():
            found |= form.refusals()
        return found

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
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(_card(tr("Length and batch"), self._size, self._accumulation), 0, 0)
        cards.addWidget(_card(tr("What counts as best"), self._best_said, self._best), 0, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        fold = Fold(tr("All settings"), tr("optimizer, schedule, clipping, loss, checkpoints, device"))
        for form in (self._task, self._rest, self._seed):
            fold.inside.addWidget(form)
        self.column.addWidget(fold)
        self.column.addStretch(1)

    def _connect(self) -> None:
        for form in (self._size, self._rest):
            form.changed.connect(lambda training: self._change({"training": training}))
        for name, part in (("accumulation", self._accumulation), ("best", self._best)):
            part.changed.connect(lambda value, name=name: self._change_training({name: value}))
        self._task.changed.connect(lambda task: self._change({"task": task}))
        self._seed.changed.connect(lambda config: self._change({"seed": config.seed}))
        for form in self._forms():
            form.refused.connect(self._stay)

    def _known(self) -> Draft:
        assert self._draft is not None
        return self._draft

    def _propose(self, draft: Draft) -> None:
        self.proposed.emit(draft)

    def _stay(self) -> None:
        """A refused value changes nothing but what the foot bar says."""
        self._propose(self._known())

    def _forms(self) -> tuple[ChoiceForm, ...]:
        return self._size, self._accumulation, self._best, self._rest, self._task, self._seed

    def _change(self, update: dict[str, object]) -> None:
        self._propose(with_values(self._known(), update))

    def _change_training(self, update: dict[str, object]) -> None:
        self._change({"training": self._known().config.training.model_copy(update=update)})

    def _choose_length(self, key: Preset) -> None:
        self._propose(with_length(self._known(), key) if key != "own" else self._known())

    def _show_figures(self, draft: Draft, estimate: Estimate | None) -> None:
        training = draft.config.training
        measuring = tr("being measured…")
        if estimate is None:
            self._time.set_value(NOTHING, "", measuring)
            self._memory.set_value(NOTHING, "", measuring)
        else:
            self._time.set_value(duration(estimate.total_seconds), "", tr("on {device}", device=estimate.device))
            self._memory.set_value(*_figure_and_unit(file_size(estimate.memory_bytes)), tr("at its peak"))
        times = passes(draft.config, draft.report)
        caption = words(reading(times)) if times else ""
        self._updates.set_value(number(training.max_steps), "", caption)
        product = f"{training.micro_batch_size} × {training.accumulation.first}"
        texts = tr("= {count:plural:text:texts}", count=batch_size(draft.config))
        self._batch.set_value(product, texts, tr("read at once × micro-batches"))


def _length_words() -> dict[str, str]:
    return {
        "quick": tr("A quarter of the usual length: enough to see whether it learns at all."),
        "balanced": tr("The recipe's own length. It ends early when nothing gets better."),
        "best": tr("Two and a half times the usual length, and more patience before it ends early."),
        "own": tr("The length was typed by hand."),
    }


def _figure_and_unit(size: str) -> tuple[str, str]:
    figure, _, unit = size.partition(" ")
    return figure, unit


def _card(title: str, *parts: QWidget) -> Card:
    card = Card(title)
    for part in parts:
        card.body.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
    card.body.addStretch(1)
    return card
