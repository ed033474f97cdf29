"""The models that can be trained."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.config.counting import WideAndDeep, WordCounting
from engine.config.gan import TextGanPair
from engine.config.language_models import NGram, PretrainedCausal, RecurrentLanguageModel, TransformerLanguageModel
from engine.config.pretrained import Pretrained
from engine.config.readers import BidafReader, PretrainedReader
from engine.config.seq2seq import PretrainedSeq2Seq, RecurrentSeq2Seq, TransformerSeq2Seq

Classifier = Recurrent | Transformer | Fusion | Convolutional | WordCounting | WideAndDeep | Pretrained
"""The models that sort texts."""

Model = Annotated[
    Recurrent
    | Transformer
    | Fusion
    | Convolutional
    | WordCounting
    | WideAndDeep
    | Pretrained
    | TextGanPair
    | BidafReader
    | PretrainedReader
    | RecurrentSeq2Seq
    | TransformerSeq2Seq
    | PretrainedSeq2Seq
    | NGram
    | RecurrentLanguageModel
    | TransformerLanguageModel
    | PretrainedCausal,
    Field(discriminator="name"),
]
