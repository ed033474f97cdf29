"""TranslationForms: how a run that translates or summarises learns, in cards; the rest under a fold."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.config.tasks.task_type import Misfit
from engine.records import DataReport
from studio.forms.choice_form import ChoiceForm
from studio.tasks.form_group import FormGroup, best_of
from studio.tasks.run_words import extreme_kept
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets.fold import Fold, carded
from studio.widgets.labels import label

_SIZES = ("max_steps", "micro_batch_size", "accumulation")
_OWN = (
    *_SIZES,
    "best",
    "pretraining",
    "adversary",
    "baseline",
    "attacked_rows",
    "probes",
    "probe_tokens",
    "probe_megabytes",
)
_ANSWERS = ("max_target_length", "num_beams", "length_penalty", "validation_rows")
_LEARNING = ("label_smoothing", "scheduled_sampling")


class TranslationForms(FormGroup):
    """No adversary and nothing before it: this goal knows neither."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._best_said = label("", 13, "second")
        best = self.joined(
            ChoiceForm(
                self.config.training.best,
                without=("recall_floor",),
                options={"metric": SequenceToSequence().validated},
            ),
            best_of,
            lambda best: {"training": self.config.training.model_copy(update={"best": best})},
        )
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(carded(tr("Length and batch"), self.of_training(*_SIZES)), 0, 0)
        cards.addWidget(carded(tr("What counts as best"), self._best_said, best), 0, 1)
        cards.addWidget(carded(tr("What it writes"), self._of_task(*_ANSWERS)), 1, 0)
        cards.addWidget(carded(tr("How it learns words"), self._of_task(*_LEARNING)), 1, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        fold = Fold(tr("All settings"), tr("optimizer, schedule, clipping, checkpoints, device"))
        seed = ChoiceForm(self.config, only=("seed",))
        fold.inside.addWidget(self.of_training(without=_OWN))
        fold.inside.addWidget(self.joined(seed, lambda config: config, lambda config: {"seed": config.seed}))
        self.column.addWidget(fold)

    def show_config(self, config: RunConfig, fault: Misfit | None, report: DataReport | None = None) -> None:
        super().show_config(config, fault, report)
        self._best_said.setText(words(extreme_kept(judged_by(config.task, config.training.best))))

    def _of_task(self, *fields: str) -> ChoiceForm:
        form = ChoiceForm(SequenceToSequence(), only=fields)
        return self.joined(form, lambda config: config.task, lambda task: {"task": self._with(task, fields)})

    def _with(self, task: SequenceToSequence, fields: tuple[str, ...]) -> object:
        return self.config.task.model_copy(update={name: getattr(task, name) for name in fields})
