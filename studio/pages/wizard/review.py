"""Step 5: the run in plain words, its name, and the file that says the same."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from engine.config.tasks.registry import type_of
from engine.messages import Message
from studio.pages.wizard.draft import Draft, confirmed_config, suggested_name
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.step import Step
from studio.pages.wizard.step_validation import lack
from studio.recipes import recipe
from studio.tasks.registry import view_of
from studio.theme import font
from studio.translation import language, tr, words
from studio.widgets import Button, Card, Heading
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.labels import label

NAME_LENGTH = 80


class ReviewStep(Step):
    """Everything in one look before it starts. `ablation_wished`: many runs of it instead, to see what helps;
    `search_wished`: many runs with other settings, to find better ones; `best_wished`: other models on the same texts,
    to find the best one."""

    ablation_wished = Signal()
    search_wished = Signal()
    best_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("review", parent)
        self._draft: Draft | None = None
        self.column.addWidget(Heading(tr("Is this what you want?"), "page"))
        said = Card(tr("What will happen"))
        self._paragraph = label("", 14)
        self._paragraph.setObjectName("paragraph")
        said.body.addWidget(self._paragraph)
        self.best = Button(tr("Find the best model"), "plain", "ph.trophy", "small")
        self.best.setObjectName("find_best")
        self.best.setToolTip(tr("Word counting, networks and an encoder on your texts, compared"))
        self.best.clicked.connect(self.best_wished)
        self.ablate = Button(tr("Ablation: what helped?"), "plain", "ph.flask", "small")
        self.ablate.setObjectName("ablate")
        self.ablate.clicked.connect(self.ablation_wished)
        self.search = Button(tr("Search for better settings"), "plain", "ph.sliders-horizontal", "small")
        self.search.setObjectName("search_settings")
        self.search.clicked.connect(self.search_wished)
        many = FlowLayout()
        for button in (self.best, self.search, self.ablate):
            many.addWidget(button)
        said.body.addLayout(many)
        self.column.addWidget(said)
        named = Card(tr("Name"), tr("what the run is called in lists; it can stay empty"))
        self._name = QLineEdit()
        self._name.setObjectName("run-name")
        self._name.setAccessibleName(tr("Name of the run"))
        self._name.setMaxLength(NAME_LENGTH)
        self._name.textEdited.connect(self._rename)
        named.body.addWidget(self._name)
        self.column.addWidget(named)
        self.column.addWidget(self._file_card(), 1)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._draft = draft
        config = draft.config
        self.ablate.setVisible(type_of(config.task).can("ablate"))
        self.best.setVisible(type_of(config.task).can("label lists"))
        missing = lack(draft, answers, "data") if draft.report is None else None
        told = view_of(config.task).wizard.paragraph(config, draft.report, answers.estimate(config))
        sentences = told if missing is None else (missing,)  # nobody knows yet how many rows there are
        self._paragraph.setText(joined([words(one) for one in sentences]))
        title = words(Message(recipe(draft.recipe).config.title))  # words: a recipe's
        self._name.setPlaceholderText(suggested_name(draft, title))
        if self._name.text() != draft.name:
            self._name.setText(draft.name)
        text = confirmed_config(draft).to_yaml()
        if self._yaml.toPlainText() != text:
            self._yaml.setPlainText(text)

    def name(self) -> str:
        """The typed name, or the one that is suggested."""
        return self._name.text().strip() or self._name.placeholderText()

    def _rename(self, name: str) -> None:
        assert self._draft is not None
        self.proposed.emit(replace(self._draft, name=name))

    def _file_card(self) -> Card:
        card = Card(tr("The same as a file"), tr("YAML: the command line takes it, and it lies in the run's folder"))
        copy = Button(tr("Copy"), "plain", "ph.copy", "small")
        copy.setObjectName("copy-yaml")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._yaml.toPlainText()))
        card.header.addWidget(copy)
        self._yaml = QPlainTextEdit()
        self._yaml.setObjectName("yaml")
        self._yaml.setAccessibleName(tr("The settings as YAML"))
        self._yaml.setReadOnly(True)
        self._yaml.setTabChangesFocus(True)
        self._yaml.setFont(font(12, mono=True))
        self._yaml.setMinimumHeight(260)
        card.body.addWidget(self._yaml)
        return card


def joined(sentences: list[str]) -> str:
    """Sentences as one paragraph; Chinese sets no space between them."""
    return ("" if language() == "zh" else " ").join(sentences)
