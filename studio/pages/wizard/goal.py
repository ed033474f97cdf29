"""Step 1: what shall it learn to do, and from which recipe."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QWidget

from engine.config.run import RunConfig
from engine.messages import Message
from studio.forms.fields import title_of
from studio.pages.wizard.choice_card import CardGrid, ChoiceCard
from studio.pages.wizard.draft import Draft, with_recipe
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.labels import label
from studio.pages.wizard.step import Step
from studio.recipes import recipe, recipes
from studio.theme import icon, tokens
from studio.translation import tr, words
from studio.widgets import Heading


class GoalStep(Step):
    """The goal's card, and the recipes as cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("goal", parent)
        self._draft: Draft | None = None
        self.column.addWidget(Heading(tr("What shall it learn to do?"), "page"))
        self.column.addWidget(_goal_card())
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
        grid = CardGrid(least_width=200)
        grid.show_cards(list(self._cards.values()))
        self.column.addWidget(grid)
        self.column.addStretch(1)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        self._cards[draft.recipe].setChecked(True)

    def _recipe_card(self, key: str) -> ChoiceCard:
        config = recipe(key).config
        title, text = words(Message(config.title)), words(Message(config.description))  # words: a recipe's
        card = ChoiceCard(f"recipe-{key}", title, text, _facts(config))
        card.clicked.connect(lambda: self._choose(key))
        self._group.addButton(card)
        return card

    def _choose(self, key: str) -> None:
        assert self._draft is not None
        self.proposed.emit(with_recipe(self._draft, recipe(key)))


def _facts(config: RunConfig) -> str:
    """“Recurrent network · 1,200 updates”."""
    model = words(Message(title_of(type(config.model))))  # words: a class's title
    return f"{model} · {tr('{count:plural:update:updates}', count=config.training.max_steps)}"


def _goal_card() -> ChoiceCard:
    card = ChoiceCard(
        "goal-classification",
        tr("Sort texts"),
        tr(
            "Give every text one of your labels: a topic, a mood, a department, spam or not. "
            "Shows precision and recall, and which words decide."
        ),
    )
    card.setChecked(True)
    card.clicked.connect(lambda: card.setChecked(True))
    line = QHBoxLayout()
    line.setContentsMargins(0, 6, 0, 0)
    for text, result in _examples():
        line.addWidget(_Example(text, result))
    line.addStretch(1)
    card.column.addLayout(line)
    return card


def _examples() -> list[tuple[str, str]]:
    return [
        (tr("“My parcel is two weeks late”"), tr("Delivery")),
        (tr("“You charged my card twice”"), tr("Billing")),
    ]


class _Example(QFrame):
    """A text, an arrow, and the label that it gets."""

    def __init__(self, text: str, result: str) -> None:
        super().__init__()
        colors = tokens()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setStyleSheet(f"QFrame {{ background: {colors.card}; border-radius: 6px; }}")
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 10, 6)
        line.setSpacing(14)
        line.addWidget(label(text, 12, "second", wraps=False))
        arrow = QLabel()
        arrow.setPixmap(icon("ph.arrow-right", colors.text3).pixmap(QSize(14, 14)))
        line.addWidget(arrow)
        line.addWidget(label(result, 12, "", 600, wraps=False))
