"""BuiltinCard: which kind of invented texts to learn from, as far as it suits the task, and their settings."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.config.data import BuiltinTexts
from engine.config.tasks.registry import Task
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.draft import topics
from studio.translation import tr
from studio.widgets import Card, SegmentedControl


class BuiltinCard(Card):
    """`changed(builtin)` when another kind was chosen or a setting typed."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Built-in texts"), " ", parent)
        self._builtin = BuiltinTexts()
        self._topics: tuple[str, ...] = ()
        self._control: SegmentedControl | None = None
        self._line = QHBoxLayout()
        self.header.addLayout(self._line)
        self._forms = {
            True: ChoiceForm(BuiltinTexts(), without=("topic",)),
            False: ChoiceForm(BuiltinTexts(), without=("topic", "label_noise")),
        }
        for form in self._forms.values():
            form.changed.connect(self.changed.emit)
            self.body.addWidget(form)
        self._form = self._forms[True]

    def show_builtin(self, builtin: BuiltinTexts, task: Task) -> None:
        """The settings as they are; only kinds with labels where labels are needed."""
        self._builtin = builtin
        self._form = self._forms[task.has_labels]
        self._forms[not task.has_labels].hide()
        self._form.show()
        if self._form.model() != builtin:
            self._form.show_model(builtin)
        self.caption.setText(_caption(builtin.topic))
        self._show_topics(topics(task, builtin.topic))

    def refusals(self) -> dict[str, Message]:
        """What stands refused in the form that is shown."""
        return self._form.refusals()

    def _show_topics(self, offered: tuple[str, ...]) -> None:
        if offered != self._topics:
            self._topics = offered
            if self._control is not None:
                self._line.removeWidget(self._control)
                self._control.deleteLater()
            self._control = SegmentedControl([(topic, *_words(topic)) for topic in offered])
            self._control.setAccessibleName(tr("Kind of built-in texts"))
            self._control.changed.connect(self._choose)
            self._line.addWidget(self._control)  # shown before it has a parent, it would be a window
            self._control.setVisible(len(offered) > 1)
        if self._control is not None:
            self._control.set_current(self._builtin.topic)

    def _choose(self, topic: Any) -> None:
        self.changed.emit(self._builtin.model_copy(update={"topic": topic}))


def _words(topic: str) -> tuple[str, str]:
    """Name and icon of a kind."""
    return {
        "reviews": (tr("Reviews"), "ph.star"),
        "messages": (tr("Messages"), "ph.chat-text"),
        "aspects": (tr("What is judged"), "ph.list-bullets"),
        "stars": (tr("Stars"), "ph.star-half"),
        "captions": (tr("Captions"), "ph.image"),
        "manuals": (tr("Manuals"), "ph.book-open"),
        "dates": (tr("Dates"), "ph.calendar"),
        "stories": (tr("Stories"), "ph.book-bookmark"),
        "dialogues": (tr("Dialogues"), "ph.chats"),
    }[topic]


def _caption(topic: str) -> str:
    return {
        "reviews": tr("praise and blame, invented by Attune, which knows the words that decide"),
        "messages": tr("honest and fraudulent ones, invented by Attune, which knows the words that decide"),
        "aspects": tr("reviews of hotels; each thing that is judged is a label, a text may have several or none"),
        "stars": tr("reviews with one to five stars: a number that follows from their words"),
        "stories": tr(
            "a few sentences each, invented by Attune; who and what they are about stays the same to the end"
        ),
        "captions": tr("short descriptions of pictures, invented by Attune; they have no labels"),
        "manuals": tr("pages of manuals and questions about them, every fourth without an answer"),
        "dates": tr("dates in words and in figures; it is known which word each figure comes from"),
        "dialogues": tr("riders ask the help desk of a bike hire; answers go back to what was said in earlier turns"),
    }[topic]
