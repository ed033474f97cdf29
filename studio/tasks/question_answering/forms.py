"""ReaderForms: how a reader learns, in cards."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.config.tasks.question_answering import QuestionAnswering
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.tasks.classification.forms import SortingForms
from studio.tasks.question_answering.paragraph import best_sentence
from studio.translation import tr
from studio.widgets.fold import carded


class ReaderForms(SortingForms):
    """Nothing comes before finding answers, and it has no adversary."""

    def best_words(self, config: RunConfig, num_labels: int | None) -> tuple[Message, ...]:
        return (best_sentence(config),)

    def lay_out(self) -> None:
        form = ChoiceForm(QuestionAnswering())
        of_task = self.joined(
            form,
            lambda config: config.task if isinstance(config.task, QuestionAnswering) else QuestionAnswering(),
            lambda task: {"task": task},
        )
        self.column.addWidget(carded(tr("How passages are read"), of_task))
        self.column.addWidget(self.fold())
