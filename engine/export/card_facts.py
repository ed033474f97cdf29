"""About: all that a model card tells, and how it is named there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.config.data import DataConfig, Source
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.export.figures import CardFigures
from engine.export.language_detection import languages_of
from engine.export.model_loading import ModelToExport
from engine.records import Exported


@dataclass(frozen=True)
class CardFacts:
    """`config` is None and `rows` ({split: rows}) empty for a model that was not trained here, `figures` None where
    nothing could be measured."""

    name: str
    leaving: ModelToExport
    exported: Exported
    config: RunConfig | None = None
    rows: Mapping[str, int] | None = None
    figures: CardFigures | None = None

    @property
    def encoder(self) -> str:
        """The pretrained encoder that it goes on from: its name on the hub, or that of its folder; "" for none."""
        config = self.config
        return named(config.model.source) if config is not None and isinstance(config.model, Pretrained) else ""

    @property
    def hub_encoder(self) -> str:
        """The same where it has a name on the hub, else ""."""
        config = self.config
        is_on_hub = config is not None and isinstance(config.model, Pretrained) and self.encoder == config.model.source
        return self.encoder if is_on_hub else ""

    @property
    def languages(self) -> tuple[str, ...]:
        return languages_of(self.figures.texts) if self.figures else ()

    @property
    def data(self) -> str:
        """What it learned from, by name."""
        assert self.config is not None
        return sources_in_words(self.config.data)


def named(place: str) -> str:
    """A name as it is, a path by its last part: where a person's files lie is nobody's business."""
    path = Path(place).expanduser()
    return path.name if path.is_absolute() or path.exists() else place


def sources_in_words(data: DataConfig) -> str:
    """What was learned from, by name."""
    source: Source = data.train
    if source == "builtin":
        return f"invented {data.builtin.topic} that come with Attune"
    if isinstance(source, str):
        return named(source)
    more = f" and {len(source) - 1} more" if len(source) > 1 else ""
    return named(source[0]) + more
