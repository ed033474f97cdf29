"""Readers: models that find the answer to a question in a passage."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.choice import Choice, setting
from engine.config.pretrained import Pretrained


class BidafReader(Choice):
    """Reads question and passage word by word; the words of each look at those of the other (BiDAF, Seo 2017)."""

    model_config = ConfigDict(title="BiDAF reader")
    name: Literal["bidaf"] = "bidaf"
    embedding_size: int = setting(128, ge=2, le=4096, title="Word vector", help="Numbers that stand for one token.")
    hidden_size: int = setting(
        64, ge=2, le=4096, title="Memory", help="Numbers that each LSTM remembers, in each direction."
    )
    context_to_query: bool = setting(
        True,
        title="Passage looks at question",
        help="Each word of the passage looks at the question's words. Off: it gets their mean.",
    )
    query_to_context: bool = setting(
        True,
        title="Question looks at passage",
        help="The passage's words that some word of the question is nearest to are summed up and told to all others.",
    )
    word_match: bool = setting(
        True,
        title="Words of the question are marked",
        help="Each word of the passage is told whether it stands in the question (Chen 2017): worth much where "
        "questions are few.",
    )
    num_layers: int = setting(
        1,
        ge=1,
        le=4,
        title="Layers after it",
        help="Recurrent layers that read what the attention has brought together.",
    )
    dropout: float = setting(
        0.2, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @property
    def has_attention(self) -> bool:
        """Without any, the question is one vector for the whole passage."""
        return self.context_to_query or self.query_to_context


class PretrainedReader(Pretrained):
    """Goes on from a model that has read much already, with two outputs: where an answer begins and where it ends."""

    model_config = ConfigDict(title="Pretrained reader")
    name: Literal["pretrained-reader"] = "pretrained-reader"  # type: ignore[assignment]
