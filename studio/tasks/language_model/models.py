"""LanguageModelPanel: what can learn to write, from counting to a pretrained model."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from engine.config.language_models import (
    LanguageModel,
    NGram,
    PretrainedCausal,
    RecurrentLanguageModel,
    TransformerLanguageModel,
)
from engine.config.run import RunConfig
from engine.config.training import TrainingConfig
from studio.tasks.wizard_view import Costs, ModelsPanel
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.choice_card import CardGrid
from studio.widgets.layouts import fill
from studio.widgets.model_card import ModelCard

MODELS: dict[str, LanguageModel] = {
    "n-gram": NGram(),
    "recurrent-lm": RecurrentLanguageModel(embedding_size=192, hidden_size=192, dropout=0.1),
    "transformer-lm": TransformerLanguageModel(hidden_size=128, num_heads=4, feed_forward_size=512),
    "pretrained-causal": PretrainedCausal(),
}
_RATES = {"n-gram": 1e-3, "recurrent-lm": 5e-3, "transformer-lm": 2e-3, "pretrained-causal": 1e-3}
"""Learning rates that suit them."""


class LanguageModelPanel(ModelsPanel):
    """One card a model; a new one brings the rate that suits it, unless somebody chose one of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        self._cards = {name: self._card(name) for name in MODELS}
        self._group = QButtonGroup(self)
        for card in self._cards.values():
            self._group.addButton(card)
        grid = CardGrid(least_width=240)
        grid.show_cards(list(self._cards.values()))
        fill(QVBoxLayout(self), grid, gap=GAP)

    def show_config(self, config: RunConfig, costs: Costs) -> None:
        self._config = config
        for name, card in self._cards.items():
            other = with_language_model(config, name)
            is_measured = name != "pretrained-causal" or config.model.name == name
            card.show_cost(costs.estimate(other), costs.estimate_error(other), is_measured=is_measured)
            card.setChecked(config.model.name == name)
            card.show_changed(config.model.name == name and config.model != MODELS[name])

    def _card(self, name: str) -> ModelCard:
        title, text = _words_of(name)
        card = ModelCard(f"model-{name}", title, text, time="whole")
        card.clicked.connect(partial(self._choose, name))
        return card

    def _choose(self, name: str) -> None:
        assert self._config is not None
        other = with_language_model(self._config, name)
        self.changed.emit({"model": other.model, "training": other.training})


def with_language_model(config: RunConfig, name: str) -> RunConfig:
    """Another model; the one that is chosen already stays as it is."""
    if config.model.name == name:
        return config
    return config.model_copy(update={"model": MODELS[name], "training": _training_for(config, name)})


def models_to_measure(config: RunConfig) -> list[RunConfig]:
    """The chosen one first, then those that one click leads to; what must be fetched first is measured when chosen."""
    others = [with_language_model(config, name) for name in MODELS if name != "pretrained-causal"]
    return [config, *(one for one in others if one.model.name != config.model.name)]


def _training_for(config: RunConfig, name: str) -> TrainingConfig:
    training = config.training
    if training.optimizer.learning_rate != _RATES.get(config.model.name):
        return training
    optimizer = training.optimizer.model_copy(update={"learning_rate": _RATES[name]})
    return training.model_copy(update={"optimizer": optimizer})


def _words_of(name: str) -> tuple[str, str]:
    told: dict[str, tuple[str, str]] = {
        "n-gram": (
            tr("n-gram"),
            tr("Counts which words follow which, in seconds. The line that every other one must pass."),
        ),
        "recurrent-lm": (
            tr("Recurrent (LSTM)"),
            tr("Reads word by word and remembers. Small and quick to write."),
        ),
        "transformer-lm": (
            tr("Transformer"),
            tr("Every word looks back at all before it, and you see where. Remembers best."),
        ),
        "pretrained-causal": (
            tr("Pretrained"),
            tr("Goes on from a model that has read much, such as GPT-2, with LoRA. It must be downloaded, or yours."),
        ),
    }
    return told[name]
