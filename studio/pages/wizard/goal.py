"""Step 1: what shall it learn to do, and from which recipe."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.messages import Message
from studio.forms.fields import title_of
from studio.pages.wizard.draft import Draft, takes_models_of, with_goal, with_recipe
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.step import Step
from studio.recipes import recipe, recipes
from studio.tasks.registry import VIEWS
from studio.tasks.task_view import GoalCard
from studio.theme import icon, tokens
from studio.translation import tr, words
from studio.widgets import Heading
from studio.widgets.choice_card import CardGrid, ChoiceCard
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.labels import label


class GoalStep(Step):
    """The goals as cards, and those recipes as cards that suit the goal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("goal", parent)
        self._draft: Draft | None = None
        self.column.addWidget(Heading(tr("What shall it learn to do?"), "page"))
        self._goal_group = QButtonGroup(self)
        self._goals: dict[str, ChoiceCard] = {name: self._goal_card(name, view.goal) for name, view in VIEWS.items()}
        goals = CardGrid(least_width=270)
        goals.show_cards(list(self._goals.values()))
        self.column.addWidget(goals)
        self.column.addSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(Heading(tr("Start from a recipe"), "card"))
        line.addWidget(
            label(tr("a model and a training that suit each other; all of it can be changed later"), 12, "caption"), 1
        )
        self.column.addLayout(line)
        self._group = QButtonGroup(self)
        self._cards = {one.key: self._recipe_card(one.key) for one in recipes()}
        self._grid = CardGrid(least_width=200)
        self._grid.show_cards(list(self._cards.values()))
        self.column.addWidget(self._grid)
        self.column.addStretch(1)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        self._goals[draft.goal].setChecked(True)
        fitting = {self._cards[one.key] for one in recipes() if takes_models_of(draft.config.task, one.config.task)}
        self._grid.show_only(lambda card: card in fitting)
        self._cards[draft.recipe].setChecked(True)

    def _goal_card(self, name: str, goal: GoalCard) -> ChoiceCard:
        card = ChoiceCard(f"goal-{name}", words(goal.title), words(goal.purpose))
        card.clicked.connect(lambda: self._aim(name))
        line = QHBoxLayout()
        line.setContentsMargins(0, 6, 0, 0)
        line.addWidget(_Example(*map(words, goal.example)))
        card.column.addLayout(line)
        self._goal_group.addButton(card)
        return card

    def _recipe_card(self, key: str) -> ChoiceCard:
        config = recipe(key).config
        title, text = words(Message(config.title)), words(Message(config.description))  # words: a recipe's
        card = ChoiceCard(f"recipe-{key}", title, text, _facts(config))
        card.clicked.connect(lambda: self._choose(key))
        self._group.addButton(card)
        return card

    def _aim(self, goal: str) -> None:
        assert self._draft is not None
        self.proposed.emit(with_goal(self._draft, goal))

    def _choose(self, key: str) -> None:
        assert self._draft is not None
        self.proposed.emit(with_recipe(self._draft, recipe(key)))


def _facts(config: RunConfig) -> str:
    """“Recurrent network · 1,200 updates”."""
    updates = tr("{count:plural:update:updates}", count=config.training.max_steps)
    if type_of(config.task).model_names:  # there is little to choose from
        return updates
    return f"{words(Message(title_of(type(config.model))))} · {updates}"  # words: a class's title


class _Example(QFrame):
    """A text, an arrow, and the label that it gets: in the next line where the card is narrow."""

    def __init__(self, text: str, result: str) -> None:
        super().__init__()
        colors = tokens()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setStyleSheet(f"QFrame {{ background: {colors.bg}; border-radius: 6px; }}")
        around, gives, flow = QHBoxLayout(self), QWidget(), FlowLayout(spacing=4)
        around.setContentsMargins(10, 6, 10, 6)
        around.addLayout(flow)
        line = QHBoxLayout(gives)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        flow.addWidget(label(text, 12, "second", wraps=False))
        arrow = QLabel()
        arrow.setPixmap(icon("ph.arrow-right", colors.text3).pixmap(QSize(14, 14)))
        line.addWidget(arrow)
        line.addWidget(label(result, 12, "", 600, wraps=False))
        flow.addWidget(gives)
