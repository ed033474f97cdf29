"""ReaderPanel: the readers to choose from: with attention, without, and one that has read much already."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from engine.config.model import Model
from engine.config.pretrained import Pretrained
from engine.config.readers import BidafReader, PretrainedReader
from engine.config.run import RunConfig
from studio.recipes import recipe
from studio.tasks.wizard_view import Costs, ModelsPanel
from studio.translation import tr
from studio.widgets.choice_card import CardGrid
from studio.widgets.layouts import fill
from studio.widgets.model_card import ModelCard

KINDS = ("squad-reader", "squad-reader-no-attention", "squad-bert")
"""Recipes whose models are offered."""


class ReaderPanel(ModelsPanel):
    """One card a kind of reader; a new one brings the training that suits it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        self._cards = {key: self._card(key) for key in KINDS}
        self._group = QButtonGroup(self)
        for card in self._cards.values():
            self._group.addButton(card)
        grid = CardGrid(least_width=240)
        grid.show_cards(list(self._cards.values()))
        fill(QVBoxLayout(self), grid)

    def show_config(self, config: RunConfig, costs: Costs) -> None:
        self._config = config
        chosen = kind_of(config.model)
        for key, card in self._cards.items():
            other = with_kind(config, key)
            is_measured = key == chosen or not isinstance(other.model, Pretrained)
            card.show_cost(costs.estimate(other), costs.estimate_error(other), is_measured=is_measured)
            card.setChecked(key == chosen)
            card.show_changed(key == chosen and config.model != recipe(key).config.model)

    def _card(self, key: str) -> ModelCard:
        one = recipe(key)
        about = {
            "squad-reader": tr("Question and passage look at each other, word by word (BiDAF). Shows which meet."),
            "squad-reader-no-attention": tr("The same without attention: the question is one vector for all words."),
            "squad-bert": tr("A small BERT that has read much already: the best where questions are few."),
        }
        card = ModelCard(f"reader-{key}", one.title, about[key])
        card.clicked.connect(partial(self._choose, key))
        return card

    def _choose(self, key: str) -> None:
        assert self._config is not None
        other = with_kind(self._config, key)
        self.changed.emit({"model": other.model, "training": other.training})


def kind_of(model: Model) -> str:
    """Which of the cards a model belongs to."""
    if isinstance(model, PretrainedReader):
        return "squad-bert"
    return "squad-reader" if isinstance(model, BidafReader) and model.has_attention else "squad-reader-no-attention"


def with_kind(config: RunConfig, key: str) -> RunConfig:
    """Another kind of reader with its recipe's training; the one that is chosen already stays as it is."""
    if kind_of(config.model) == key:
        return config
    like = recipe(key).config
    return config.model_copy(update={"model": like.model, "training": like.training})


def to_measure(config: RunConfig) -> list[RunConfig]:
    """The chosen one first; one of the hub only where it is chosen."""
    others = [with_kind(config, key) for key in KINDS]
    return [config, *(one for one in others if one != config and not isinstance(one.model, Pretrained))]
