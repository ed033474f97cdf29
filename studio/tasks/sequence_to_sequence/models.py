"""TranslatorsPanel: the encoder-decoders as cards."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from engine.config.optimizer import Adam, Noam, WarmupCosine
from engine.config.run import RunConfig
from engine.config.seq2seq import PretrainedSeq2Seq, RecurrentSeq2Seq, TransformerSeq2Seq
from studio.tasks.wizard_view import Costs, ModelsPanel
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.choice_card import CardGrid
from studio.widgets.model_card import ModelCard

Seq2Seq = RecurrentSeq2Seq | TransformerSeq2Seq | PretrainedSeq2Seq
_SMALL = {"cell": "gru", "embedding_size": 128, "hidden_size": 128}
OFFERED: dict[str, Seq2Seq] = {
    "bahdanau": RecurrentSeq2Seq(**_SMALL, attention="bahdanau"),
    "luong": RecurrentSeq2Seq(**_SMALL, attention="luong-dot"),
    "none": RecurrentSeq2Seq(**_SMALL, attention="none"),
    "pointer": RecurrentSeq2Seq(**_SMALL, attention="bahdanau", copying=True, coverage=True),
    "transformer": TransformerSeq2Seq(hidden_size=128, num_layers=2, num_heads=4, feed_forward_size=256),
    "pretrained": PretrainedSeq2Seq(),
}
_NOT_MEASURED = frozenset(("pretrained",))
"""Its folder may not be there yet."""


class TranslatorsPanel(ModelsPanel):
    """A new one brings the rate and the schedule that suit it, unless somebody chose their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        told = _told()
        self._cards = {name: ModelCard(f"translator-{name}", *told[name], time="whole") for name in OFFERED}
        self._group = QButtonGroup(self)
        for name, card in self._cards.items():
            self._group.addButton(card)
            card.clicked.connect(partial(self._choose, name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        grid = CardGrid(least_width=240)
        grid.show_cards(list(self._cards.values()))
        column.addWidget(grid)

    def show_config(self, config: RunConfig, costs: Costs) -> None:
        self._config = config
        chosen = kind_of(config.model)
        for name, card in self._cards.items():
            other = with_translator(config, name)
            is_measured = name not in _NOT_MEASURED or name == chosen
            card.show_cost(costs.estimate(other), costs.estimate_error(other), is_measured=is_measured)
            card.setChecked(name == chosen)
            card.show_changed(name == chosen and config.model != OFFERED[name])

    def _choose(self, name: str) -> None:
        assert self._config is not None
        other = with_translator(self._config, name)
        self.changed.emit({"model": other.model, "training": other.training})


def kind_of(model: object) -> str:
    """Which of the cards a model belongs to."""
    if isinstance(model, TransformerSeq2Seq):
        return "transformer"
    if isinstance(model, PretrainedSeq2Seq):
        return "pretrained"
    assert isinstance(model, RecurrentSeq2Seq)
    if model.copying or model.coverage:
        return "pointer"
    return model.attention if model.attention in OFFERED else "luong"


def with_translator(config: RunConfig, name: str) -> RunConfig:
    """Another model; the one that is chosen already stays as it is."""
    if kind_of(config.model) == name:
        return config
    training = config.training
    if (training.optimizer, training.schedule) == _usual(kind_of(config.model)):
        optimizer, schedule = _usual(name)
        training = training.model_copy(update={"optimizer": optimizer, "schedule": schedule})
    return config.model_copy(update={"model": OFFERED[name], "training": training})


def translators_to_measure(config: RunConfig) -> list[RunConfig]:
    """The chosen one first, then those that one click leads to."""
    others = [with_translator(config, name) for name in OFFERED if name not in _NOT_MEASURED]
    return [config, *(one for one in others if one != config)]


def _usual(name: str) -> tuple[Adam, Noam | WarmupCosine]:
    if name == "transformer":
        return Adam(learning_rate=1e-3, beta2=0.98, epsilon=1e-9), Noam(warmup_share=0.1)
    if name == "pretrained":
        return Adam(learning_rate=1e-4), WarmupCosine(warmup_share=0.05)
    return Adam(learning_rate=3e-3), WarmupCosine(warmup_share=0.05)


def _told() -> dict[str, tuple[str, str]]:
    return {
        "bahdanau": (
            tr("Attention before each word"),
            tr("A GRU reads in both directions; before each word the writer looks at all of it (Bahdanau)."),
        ),
        "luong": (
            tr("Attention after each word"),
            tr("The writer first takes in the last word, then looks (Luong). Quicker to learn."),
        ),
        "none": (
            tr("No attention"),
            tr("All that was read must fit into one state: the line that attention has to beat."),
        ),
        "pointer": (
            tr("Copying and coverage"),
            tr("Takes words from the text and remembers where it looked (pointer-generator). For summaries."),
        ),
        "transformer": (
            tr("Transformer"),
            tr("Reads and writes with attention alone. Needs more texts and more updates."),
        ),
        "pretrained": (
            tr("Pretrained (T5, BART, Marian)"),
            tr("Goes on from a model that has read much; whole, or small matrices beside it (LoRA)."),
        ),
    }
