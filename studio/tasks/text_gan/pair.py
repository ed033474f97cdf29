"""PairPanel: the writer and the critic of a text GAN, three of each to choose from."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from engine.config.choice import Choice
from engine.config.classifiers import Convolutional, Recurrent, Transformer
from engine.config.gan import AttentionLSTM, RelationalMemory, TextGanPair, WritingTransformer
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.config.training import TrainingConfig
from studio.tasks.wizard_view import Costs, ModelsPanel
from studio.theme import GAP
from studio.translation import tr
from studio.widgets import Heading
from studio.widgets.choice_card import CardGrid
from studio.widgets.labels import label
from studio.widgets.model_card import ModelCard

WRITERS: dict[str, Choice] = {
    "relational-memory": RelationalMemory(),
    "attention-lstm": AttentionLSTM(),
    "transformer": WritingTransformer(),
}
CRITICS: dict[str, Choice] = {
    "convolutional": Convolutional(embedding_size=64, widths=(2, 3, 4, 5), num_filters=64, dropout=0.2),
    "recurrent": Recurrent(embedding_size=64, hidden_size=64, dropout=0.2),
    "transformer": Transformer(hidden_size=64, feed_forward_size=128, causal=True, pooling="last"),
}
_RATES = {"relational-memory": 3e-3, "attention-lstm": 3e-3, "transformer": 1e-3}
"""The rehearsal's learning rates that suit the writers."""


class PairPanel(ModelsPanel):
    """Three writers and three critics; a new one brings the rate of its rehearsal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config: RunConfig | None = None
        self._cards = {
            **{("generator", name): self._card("generator", name) for name in WRITERS},
            **{("discriminator", name): self._card("discriminator", name) for name in CRITICS},
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._groups = []
        for part, title, about in (
            ("generator", tr("The writer"), tr("invents the texts; its figures are those of both together")),
            ("discriminator", tr("The critic"), tr("tells invented texts from real ones; where it looks can be seen")),
        ):
            column.addWidget(Heading(title, "card"))
            column.addWidget(label(about, 12, "caption"))
            cards = [card for (whose, _), card in self._cards.items() if whose == part]
            group = QButtonGroup(self)
            for card in cards:
                group.addButton(card)
            self._groups.append(group)
            grid = CardGrid(least_width=240)
            grid.show_cards(list(cards))
            column.addWidget(grid)

    def show_config(self, config: RunConfig, costs: Costs) -> None:
        self._config = config
        pair = config.model
        assert isinstance(pair, TextGanPair)
        for (part, name), card in self._cards.items():
            chosen = getattr(pair, part)
            other = with_part_of_pair(config, part, name)
            card.show_cost(costs.estimate(other), costs.estimate_error(other), is_measured=True)
            if chosen.name == name:
                card.setChecked(True)
            card.show_changed(chosen.name == name and chosen != _offered(part)[name])
        if pair.discriminator.name not in CRITICS:  # one that only "All settings" offers
            self._groups[1].setExclusive(False)
            for (part, _), card in self._cards.items():
                if part == "discriminator":
                    card.setChecked(False)
            self._groups[1].setExclusive(True)

    def _card(self, part: str, name: str) -> ModelCard:
        title, text = _words_of(part, name)
        card = ModelCard(f"{part}-{name}", title, text, time="whole")
        card.clicked.connect(partial(self._choose, part, name))
        return card

    def _choose(self, part: str, name: str) -> None:
        assert self._config is not None
        other = with_part_of_pair(self._config, part, name)
        self.changed.emit({"model": other.model, "training": other.training})


def with_part_of_pair(config: RunConfig, part: str, name: str) -> RunConfig:
    """Another "generator" or "discriminator"; the one that is chosen already stays as it is."""
    pair = config.model
    assert isinstance(pair, TextGanPair)
    if getattr(pair, part).name == name:
        return config
    other = pair.model_copy(update={part: _offered(part)[name]})
    return config.model_copy(update={"model": other, "training": _training_for(config, other)})


def pairs_to_measure(config: RunConfig) -> list[RunConfig]:
    """The chosen pair first, then those that one click leads to."""
    others = [
        with_part_of_pair(config, part, name) for part in ("generator", "discriminator") for name in _offered(part)
    ]
    return [config, *(one for one in others if one != config)]


def _training_for(config: RunConfig, pair: TextGanPair) -> TrainingConfig:
    """The rehearsal's rate that suits the new writer, unless somebody chose one of their own."""
    training = config.training
    before, old = training.pretraining, config.model
    assert isinstance(old, TextGanPair)
    if not isinstance(before, LanguageModelPretraining):
        return training
    if before.optimizer.learning_rate != _RATES[old.generator.name]:
        return training
    optimizer = before.optimizer.model_copy(update={"learning_rate": _RATES[pair.generator.name]})
    return training.model_copy(update={"pretraining": before.model_copy(update={"optimizer": optimizer})})


def _offered(part: str) -> dict[str, Choice]:
    return WRITERS if part == "generator" else CRITICS


def _words_of(part: str, name: str) -> tuple[str, str]:
    told: dict[tuple[str, str], tuple[str, str]] = {
        ("generator", "relational-memory"): (
            tr("Relational memory"),
            tr("Slots of memory that look at each other at every word, as RelGAN's do."),
        ),
        ("generator", "attention-lstm"): (
            tr("LSTM with attention"),
            tr("Writes word by word and looks back at all that it has written. Learns quickly."),
        ),
        ("generator", "transformer"): (
            tr("Position-aware Transformer"),
            tr("Several heads that know where each word stands. Needs a longer rehearsal."),
        ),
        ("discriminator", "convolutional"): (
            tr("Convolutional network"),
            tr("Looks for telling runs of words. The fastest; it has no attention to show."),
        ),
        ("discriminator", "recurrent"): (
            tr("LSTM with attention, both ways"),
            tr("Reads in both directions and shows which words gave a text away."),
        ),
        ("discriminator", "transformer"): (
            tr("Transformer that looks back"),
            tr("Reads from left to right, each word looking at those before it (causal attention)."),
        ),
    }
    return told[part, name]
