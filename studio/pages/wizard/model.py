"""Step 3: what shall learn, from small to large, with what each costs on this machine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QWidget

from engine.config.model import Model
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.errors import AttuneError
from engine.messages import Message
from engine.records import Estimate
from studio.forms.choice_form import ChoiceForm
from studio.numbers import duration, file_size, short_number
from studio.pages.wizard.choice_card import CardGrid, ChoiceCard
from studio.pages.wizard.draft import Draft, with_model, with_recipe
from studio.pages.wizard.encoder import EncoderCard
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.labels import change, label
from studio.pages.wizard.step import Fold, Step
from studio.recipes import recipe, recipes
from studio.translation import tr, words
from studio.widgets import Button, Heading


class ModelStep(Step):
    """One card a recipe's model; all settings of the chosen one under a fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("model", parent)
        self._draft: Draft | None = None
        self.column.addWidget(Heading(tr("What shall learn?"), "page"))
        note = tr(
            "From small to large, each measured on this machine with your texts. "
            "Choosing one also sets a training that suits it."
        )
        self.column.addWidget(label(note, 13, "second"))
        self._group = QButtonGroup(self)
        self._cards = {one.key: self._card(one.key) for one in recipes()}
        grid = CardGrid(least_width=200)
        grid.show_cards(list(self._cards.values()))
        self.column.addWidget(grid)
        beside = tr("Word counting (a bag of words) is trained beside it in seconds, as the line that it has to pass.")
        self.column.addWidget(label(beside, 12, "caption"))
        self._encoder = EncoderCard()
        self._encoder.changed.connect(self._change_model)
        self._encoder.hide()
        self.column.addWidget(self._encoder)
        self._fold = Fold(tr("All settings"), tr("layers, sizes, attention, dropout"))
        self._reset = Button(tr("Back to the recipe's settings"), "link", "ph.arrow-counter-clockwise")
        self._reset.setObjectName("reset-model")
        self._reset.clicked.connect(self._undo)
        self._form = ChoiceForm(RunConfig(), only=("model",), without=("model.source",))
        self._form.changed.connect(lambda config: self._change_model(config.model))
        self._form.refused.connect(lambda path, reason: self.proposed.emit(self._draft))
        self._fold.inside.addWidget(self._form)
        self._fold.inside.addWidget(self._reset)
        self.column.addWidget(self._fold)
        self.column.addStretch(1)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        self._cards[draft.recipe].setChecked(True)
        is_changed = draft.config.model != recipe(draft.recipe).config.model
        self._reset.setVisible(is_changed)
        for key, card in self._cards.items():
            config = config_for(draft, key)
            card.show_cost(answers.estimate(config), answers.estimate_error(config), _is_measured(draft, key))
            card.show_changed(is_changed and key == draft.recipe)
        self._encoder.show_model(draft.config.model, answers.estimate_error(draft.config))
        if self._form.model() != draft.config:
            self._form.show_model(draft.config)

    def refusals(self) -> dict[str, Message]:
        return self._form.refusals()

    def _card(self, key: str) -> ModelCard:
        card = ModelCard(key)
        card.clicked.connect(lambda: self._choose(key))
        self._group.addButton(card)
        return card

    def _choose(self, key: str) -> None:
        assert self._draft is not None
        self.proposed.emit(with_recipe(self._draft, recipe(key)))
        QTimer.singleShot(0, self, self._show_encoder)

    def _show_encoder(self) -> None:
        """In a low window the encoder's card would stand out of sight."""
        if self._encoder.isVisible():
            self.ensureWidgetVisible(self._encoder)

    def _change_model(self, model: Model) -> None:
        assert self._draft is not None
        self.proposed.emit(with_model(self._draft, model))

    def _undo(self) -> None:
        assert self._draft is not None
        self._change_model(recipe(self._draft.recipe).config.model)


class ModelCard(ChoiceCard):
    """A recipe's model with its parameters, memory and time an epoch."""

    def __init__(self, key: str) -> None:
        config = recipe(key).config
        super().__init__(
            f"model-{key}", words(Message(config.title)), words(Message(config.description))
        )  # words: a recipe's
        self._changed = label(tr("with your changes"), 12, "warn", 500)
        self._changed.hide()
        self.column.insertWidget(1, self._changed)
        self._figures: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setVerticalSpacing(3)
        titles = {"parameters": tr("Parameters"), "memory": tr("Memory needed"), "epoch": tr("All texts once")}
        for row, (name, title) in enumerate(titles.items()):
            grid.addWidget(label(title, 12, "caption", wraps=False), row, 0)
            self._figures[name] = label("…", 12, "", 500, wraps=False)
            grid.addWidget(self._figures[name], row, 1)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self._said = label("", 12, "caption")
        self._said.hide()
        self.column.addWidget(self._said)

    def show_cost(self, estimate: Estimate | None, error: AttuneError | None, is_measured: bool) -> None:
        """Figures, dots while they are measured; dashes and why where there are none."""
        self._explain(error, is_measured)
        shown = ("…", "…", "…") if error is None and is_measured else ("–", "–", "–")
        if estimate is not None:
            epoch = estimate.seconds_per_step * estimate.steps_per_epoch
            shown = short_number(estimate.num_parameters), file_size(estimate.memory_bytes), duration(epoch)
        for figure, text in zip(self._figures.values(), shown, strict=True):
            figure.setText(text)

    def _explain(self, error: AttuneError | None, is_measured: bool) -> None:
        if error is not None:
            change(self._said, words(error.what), "bad")
        else:
            change(self._said, tr("Measured when you choose it: it is downloaded then."), "caption")
        self._said.setVisible(error is not None or not is_measured)

    def show_changed(self, is_changed: bool) -> None:
        self._changed.setVisible(is_changed)


def config_for(draft: Draft, key: str) -> RunConfig:
    """What choosing a card would lead to: the draft itself for the chosen one."""
    return draft.config if key == draft.recipe else with_recipe(draft, recipe(key)).config


def configs_to_measure(draft: Draft) -> list[RunConfig]:
    """The chosen model's config first, then the others, small to large.

    What the hub may have to be asked for comes last, so that nothing waits for it, and only when it is chosen.
    """
    keys = [draft.recipe, *(one.key for one in recipes() if one.key != draft.recipe)]
    configs = [config_for(draft, key) for key in keys if _is_measured(draft, key)]
    return sorted(configs, key=_is_of_the_hub)


def _is_measured(draft: Draft, key: str) -> bool:
    return key == draft.recipe or not _is_of_the_hub(config_for(draft, key))


def _is_of_the_hub(config: RunConfig) -> bool:
    model = config.model
    return isinstance(model, Pretrained) and not Path(model.source).expanduser().is_dir()
