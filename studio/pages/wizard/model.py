"""Step 3: what shall learn, from small to large, with what each costs on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from engine.config.choice import Choice, setting
from engine.config.classifiers import Recurrent
from engine.config.combination import misfit
from engine.config.gan import TextGanPair
from engine.config.model import Classifier, Model
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.choice_card import CardGrid
from studio.pages.wizard.draft import Draft, with_model, with_recipe
from studio.pages.wizard.encoder import EncoderCard
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.model_card import ModelCard
from studio.pages.wizard.pair import PairPanel, pairs_to_measure
from studio.pages.wizard.step import Step
from studio.recipes import Recipe, recipe, recipes
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Button, Heading
from studio.widgets.fold import Fold
from studio.widgets.labels import label


class ClassifierPart(Choice):
    """What sorts texts."""

    model_config = ConfigDict(title="Model")
    model: Annotated[Classifier, Field(discriminator="name")] = setting(Recurrent(), title="Model", help="What learns.")


class ModelStep(Step):
    """Cards of models, or of a text GAN's writer and critic; all settings of the chosen ones under a fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("model", parent)
        self._draft: Draft | None = None
        self.column.addWidget(Heading(tr("What shall learn?"), "page"))
        self._note = label(" ", 13, "second")
        self.column.addWidget(self._note)
        self._sorting, self._pair = ClassifierPanel(), PairPanel()
        self._encoder = EncoderCard()
        self._encoder.hide()
        self._fold = Fold(tr("All settings"), tr("layers, sizes, attention, dropout"))
        self._reset = Button(tr("Back to the recipe's settings"), "link", "ph.arrow-counter-clockwise")
        self._reset.setObjectName("reset-model")
        self._form = ChoiceForm(ClassifierPart(), without=("model.source",))
        self._pair_form = ChoiceForm(TextGanPair())
        self._lay_out()
        self._connect()

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        model = draft.config.model
        is_gan = isinstance(model, TextGanPair)
        self._note.setText(_note(is_gan))
        self._reset.setVisible(model != recipe(draft.recipe).config.model)
        self._sorting.setVisible(not is_gan)
        self._pair.setVisible(is_gan)
        self._form.setVisible(not is_gan)
        self._pair_form.setVisible(is_gan)
        (self._pair if is_gan else self._sorting).show_draft(draft, answers)
        self._encoder.show_model(model, answers.estimate_error(draft.config))
        form = self._pair_form if is_gan else self._form
        shown = model if is_gan else ClassifierPart.model_construct(model=model)
        if form.model() != shown:
            form.show_model(shown)
        fault = misfit(draft.config.task, model, draft.config.training)
        self._form.show_misfit("model", fault.advice if fault is not None and fault.path == "model" else None)

    def refusals(self) -> dict[str, Message]:
        is_gan = self._draft is not None and isinstance(self._draft.config.model, TextGanPair)
        return (self._pair_form if is_gan else self._form).refusals()

    def _lay_out(self) -> None:
        self.column.addWidget(self._sorting)
        self.column.addWidget(self._pair)
        self.column.addWidget(self._encoder)
        for inside in (self._form, self._pair_form, self._reset):
            self._fold.inside.addWidget(inside)
        self.column.addWidget(self._fold)
        self.column.addStretch(1)

    def _connect(self) -> None:
        self._sorting.chosen.connect(self._choose)
        self._pair.proposed.connect(self.proposed)
        self._encoder.changed.connect(self._change_model)
        self._reset.clicked.connect(self._undo)
        self._form.changed.connect(lambda part: self._change_model(part.model))
        self._pair_form.changed.connect(self._change_model)
        for form in (self._form, self._pair_form):
            form.refused.connect(lambda path, reason: self.proposed.emit(self._draft))

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


class ClassifierPanel(QWidget):
    """One card a recipe's model; `chosen(key of the recipe)`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._cards = {one.key: self._card(one) for one in _sorting()}
        self._grid = CardGrid(least_width=200)
        self._grid.show_cards(list(self._cards.values()))
        beside = tr("Word counting (a bag of words) is trained beside it in seconds, as the line that it has to pass.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self._grid)
        column.addWidget(label(beside, 12, "caption"))

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._cards[draft.recipe].setChecked(True)
        shown = {self._cards[one.key] for one in _sorting() if one.is_model or one.key == draft.recipe}
        self._grid.show_only(lambda card: card in shown)
        is_changed = draft.config.model != recipe(draft.recipe).config.model
        for key, card in self._cards.items():
            config = config_for(draft, key)
            card.show_cost(answers.estimate(config), answers.estimate_error(config), _is_measured(draft, key))
            card.show_changed(is_changed and key == draft.recipe)

    def _card(self, one: Recipe) -> ModelCard:
        title, text = words(Message(one.config.title)), words(Message(one.config.description))  # words: a recipe's
        card = ModelCard(f"model-{one.key}", title, text)
        card.clicked.connect(lambda: self.chosen.emit(one.key))
        self._group.addButton(card)
        return card


def config_for(draft: Draft, key: str) -> RunConfig:
    """What choosing a card would lead to: the draft itself for the chosen one."""
    return draft.config if key == draft.recipe else with_recipe(draft, recipe(key)).config


def configs_to_measure(draft: Draft) -> list[RunConfig]:
    """The chosen model's config first, then the others, small to large; none whose parts do not go together.

    What the hub may have to be asked for comes last, so that nothing waits for it, and only when it is chosen.
    """
    if isinstance(draft.config.model, TextGanPair):
        configs = pairs_to_measure(draft)
    else:
        keys = [draft.recipe, *(one.key for one in _sorting() if one.is_model and one.key != draft.recipe)]
        configs = [config_for(draft, key) for key in keys if _is_measured(draft, key)]
    whole = [one for one in configs if misfit(one.task, one.model, one.training) is None]
    return sorted(whole, key=_is_of_the_hub)


def _sorting() -> list[Recipe]:
    """The recipes that sort texts."""
    return [one for one in recipes() if one.config.task.has_labels]


def _note(is_gan: bool) -> str:
    if is_gan:
        return tr("Two models play against each other. Every writer can play against every critic.")
    return tr(
        "From small to large, each measured on this machine with your texts. "
        "Choosing one also sets a training that suits it."
    )


def _is_measured(draft: Draft, key: str) -> bool:
    return key == draft.recipe or not _is_of_the_hub(config_for(draft, key))


def _is_of_the_hub(config: RunConfig) -> bool:
    model = config.model
    return isinstance(model, Pretrained) and not Path(model.source).expanduser().is_dir()
