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
from engine.config.model import Classifier, Model
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.draft import Draft, with_model, with_recipe, with_values
from studio.pages.wizard.encoder import EncoderCard
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.step import Step
from studio.recipes import Recipe, recipe, recipes
from studio.tasks.registry import view_of
from studio.tasks.wizard_view import ModelsPanel, OwnModels
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Button, Heading
from studio.widgets.choice_card import CardGrid
from studio.widgets.fold import Fold
from studio.widgets.labels import label
from studio.widgets.layouts import fill
from studio.widgets.model_card import ModelCard


class ClassifierPart(Choice):
    """What sorts texts."""

    model_config = ConfigDict(title="Model")
    model: Annotated[Classifier, Field(discriminator="name")] = setting(Recurrent(), title="Model", help="What learns.")


class ModelStep(Step):
    """Cards of the recipes' models, or of those that the goal takes alone; all their settings under a fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("model", parent)
        self._draft: Draft | None = None
        self.column.addWidget(Heading(tr("What shall learn?"), "page"))
        self._note = label(" ", 13, "second")
        self.column.addWidget(self._note)
        self._classifiers = ClassifierPanel()
        self._encoder = EncoderCard()
        self._encoder.hide()
        self._fold = Fold(tr("All settings"), tr("layers, sizes, attention, dropout"))
        self._reset = Button(tr("Back to the recipe's settings"), "link", "ph.arrow-counter-clockwise")
        self._reset.setObjectName("reset-model")
        self._form = ChoiceForm(ClassifierPart(), without=("model.source",))
        self._own: dict[str, tuple[ModelsPanel, ChoiceForm]] = {}
        self._lay_out()
        self._connect()

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        model, own = draft.config.model, view_of(draft.config.task).wizard.models
        self._note.setText(_note() if own is None else words(own.note))
        self._reset.setVisible(model != recipe(draft.recipe).config.model)
        if own is None:
            self._show_alone(self._classifiers, self._form)
            self._classifiers.show_draft(draft, answers)
        else:
            panel, form = self._own_parts(draft.goal, own)
            self._show_alone(panel, form)
            panel.show_config(draft.config, answers)
        self._encoder.show_model(model, answers.estimate_error(draft.config))
        form = self._shown_form()
        shown = ClassifierPart.model_construct(model=model) if form is self._form else model
        if form.model() != shown:
            form.show_model(shown)
        fault = misfit(draft.config.task, model, draft.config.training)
        self._form.show_misfit("model", fault.advice if fault is not None and fault.path == "model" else None)

    def refusals(self) -> dict[str, Message]:
        return self._shown_form().refusals()

    def _shown_form(self) -> ChoiceForm:
        """All settings of the chosen model, or what the models of recipes have."""
        return self._own[self._draft.goal][1] if self._draft and self._draft.goal in self._own else self._form

    def _own_parts(self, goal: str, own: OwnModels) -> tuple[ModelsPanel, ChoiceForm]:
        """The cards of a goal's own models and their form, made when it is first aimed at."""
        if goal not in self._own:
            panel, form = own.make_panel(), own.make_form()
            panel.changed.connect(self._change)
            form.changed.connect(self._change_model)
            form.refused.connect(lambda path, reason: self.proposed.emit(self._draft))
            self.column.insertWidget(self.column.indexOf(self._encoder), panel)
            self._fold.inside.insertWidget(self._fold.inside.indexOf(self._reset), form)
            self._own[goal] = panel, form
        return self._own[goal]

    def _show_alone(self, panel: QWidget, form: ChoiceForm) -> None:
        for one, its_form in ((self._classifiers, self._form), *self._own.values()):
            one.setVisible(one is panel)
            its_form.setVisible(its_form is form)

    def _lay_out(self) -> None:
        self.column.addWidget(self._classifiers)
        self.column.addWidget(self._encoder)
        for inside in (self._form, self._reset):
            self._fold.inside.addWidget(inside)
        self.column.addWidget(self._fold)
        self.column.addStretch(1)

    def _connect(self) -> None:
        self._classifiers.chosen.connect(self._choose)
        self._encoder.changed.connect(self._change_model)
        self._reset.clicked.connect(self._undo)
        self._form.changed.connect(lambda part: self._change_model(part.model))
        self._form.refused.connect(lambda path, reason: self.proposed.emit(self._draft))

    def _choose(self, key: str) -> None:
        assert self._draft is not None
        self.proposed.emit(with_recipe(self._draft, recipe(key)))
        QTimer.singleShot(0, self, self._show_encoder)

    def _show_encoder(self) -> None:
        """In a low window the encoder's card would stand out of sight."""
        if self._encoder.isVisible():
            self.ensureWidgetVisible(self._encoder)

    def _change(self, update: dict[str, object]) -> None:
        assert self._draft is not None
        self.proposed.emit(with_values(self._draft, update))

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
        fill(QVBoxLayout(self), self._grid, label(beside, 12, "caption"), gap=GAP)

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
    own = view_of(draft.config.task).wizard.models
    if own is not None:
        configs = own.to_measure(draft.config)
    else:
        keys = [draft.recipe, *(one.key for one in _sorting() if one.is_model and one.key != draft.recipe)]
        configs = [config_for(draft, key) for key in keys if _is_measured(draft, key)]
    whole = [one for one in configs if misfit(one.task, one.model, one.training) is None]
    return sorted(whole, key=_is_of_the_hub)


def _sorting() -> list[Recipe]:
    """The recipes whose models are offered one by one."""
    return [one for one in recipes() if view_of(one.config.task).wizard.models is None]


def _note() -> str:
    return tr(
        "From small to large, each measured on this machine with your texts. "
        "Choosing one also sets a training that suits it."
    )


def _is_measured(draft: Draft, key: str) -> bool:
    return key == draft.recipe or not _is_of_the_hub(config_for(draft, key))


def _is_of_the_hub(config: RunConfig) -> bool:
    model = config.model
    return isinstance(model, Pretrained) and not Path(model.source).expanduser().is_dir()
