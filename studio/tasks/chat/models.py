"""LanguageModelsPanel: the language models that can learn to chat, as cards."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from engine.config.choice import Choice
from engine.config.language_models import PretrainedCausal, RecurrentLanguageModel, TransformerLanguageModel
from engine.config.run import RunConfig
from studio.tasks.wizard_view import Costs, ModelsPanel
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.choice_card import CardGrid
from studio.widgets.layouts import fill
from studio.widgets.model_card import ModelCard

MODELS: dict[str, Choice] = {
    "transformer-lm": TransformerLanguageModel(
        hidden_size=128, num_layers=3, num_heads=4, feed_forward_size=512, dropout=0.1
    ),
    "recurrent-lm": RecurrentLanguageModel(embedding_size=192, hidden_size=192, num_layers=2, dropout=0.2),
    "pretrained-causal": PretrainedCausal(),
}
_RATES = {"transformer-lm": 2e-3, "recurrent-lm": 4e-3, "pretrained-causal": 5e-4}
"""The learning rates that suit them."""


class LanguageModelsPanel(ModelsPanel):
    """Three cards; another model brings its learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        titles = {
            "transformer-lm": (
                tr("Transformer"),
                tr("Looks at every earlier token; what an answer leaned on can be seen turn by turn."),
            ),
            "recurrent-lm": (tr("LSTM"), tr("Keeps what it read in a memory of fixed size: small and quick.")),
            "pretrained-causal": (
                tr("Pretrained"),
                tr("Goes on from a model that has read much, such as GPT-2; small matrices learn (LoRA)."),
            ),
        }
        group = QButtonGroup(self)
        self._cards = {}
        for name, (title, text) in titles.items():
            card = ModelCard(f"model-{name}", title, text)
            card.clicked.connect(partial(self._choose, name))
            group.addButton(card)
            self._cards[name] = card
        grid = CardGrid(least_width=240)
        grid.show_cards(list(self._cards.values()))
        fill(QVBoxLayout(self), grid, gap=GAP)

    def show_config(self, config: RunConfig, costs: Costs) -> None:
        self._config = config
        for name, card in self._cards.items():
            other = with_model_named(config, name)
            card.show_cost(costs.estimate(other), costs.estimate_error(other), is_measured=not _asks_hub(other))
            card.setChecked(config.model.name == name)
            card.show_changed(config.model.name == name and config.model != MODELS[name])

    def _choose(self, name: str, _checked: bool = False) -> None:
        assert self._config is not None
        other = with_model_named(self._config, name)
        self.changed.emit({"model": other.model, "training": other.training})


def with_model_named(config: RunConfig, name: str) -> RunConfig:
    """The config itself for its own model; another one as it is offered, with its learning rate."""
    if config.model.name == name:
        return config
    optimizer = config.training.optimizer.model_copy(update={"learning_rate": _RATES[name]})
    training = config.training.model_copy(update={"optimizer": optimizer})
    return config.model_copy(update={"model": MODELS[name], "training": training})


def to_measure(config: RunConfig) -> list[RunConfig]:
    """The config, then those that one click leads to; none that the hub would have to be asked for."""
    others = [with_model_named(config, name) for name in MODELS if name != config.model.name]
    return [config, *(one for one in others if not _asks_hub(one))]


def _asks_hub(config: RunConfig) -> bool:
    return isinstance(config.model, PretrainedCausal) and not Path(config.model.source).expanduser().is_dir()
