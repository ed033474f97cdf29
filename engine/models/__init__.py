"""Models: every one a transformers `PreTrainedModel` that returns loss, logits and attentions.

Importing this package makes them known to `AutoConfig`, `AutoModelForSequenceClassification`, (the readers)
`AutoModelForQuestionAnswering`, `AutoModelForSeq2SeqLM` and (what writes) `AutoModelForCausalLM`, so that
`from_pretrained` and `transformers.pipeline("text-classification", model=folder)` open a saved one.
"""

from __future__ import annotations

from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoModelForSequenceClassification

from engine.models.classifier import ClassifierConfig, ClassifierOutput, TextClassifier
from engine.models.convolutional import ConvolutionalClassifier, ConvolutionalConfig
from engine.models.counting.classifier import WordCountingClassifier, WordCountingConfig
from engine.models.counting.wide_and_deep import WideAndDeepClassifier, WideAndDeepConfig
from engine.models.fusion import FusionClassifier, FusionConfig
from engine.models.generators import GENERATORS, GeneratorConfig, TextGenerator
from engine.models.language_models import LANGUAGE_MODELS
from engine.models.reader import BidafModel, ReaderConfig
from engine.models.recurrent import RecurrentClassifier, RecurrentConfig
from engine.models.seq2seq import SEQ2SEQ, Seq2SeqConfig, Seq2SeqModel
from engine.models.transformer import TransformerClassifier, TransformerConfig

__all__ = [
    "CLASSIFIERS",
    "GENERATORS",
    "LANGUAGE_MODELS",
    "SEQ2SEQ",
    "ClassifierConfig",
    "ClassifierOutput",
    "GeneratorConfig",
    "Seq2SeqConfig",
    "Seq2SeqModel",
    "TextClassifier",
    "TextGenerator",
]

CLASSIFIERS: dict[str, tuple[type[ClassifierConfig], type[TextClassifier]]] = {
    "recurrent": (RecurrentConfig, RecurrentClassifier),
    "transformer": (TransformerConfig, TransformerClassifier),
    "fusion": (FusionConfig, FusionClassifier),
    "convolutional": (ConvolutionalConfig, ConvolutionalClassifier),
    "word-counting": (WordCountingConfig, WordCountingClassifier),
    "wide-and-deep": (WideAndDeepConfig, WideAndDeepClassifier),
}
"""The config and model class of each model spec, by the spec's name."""

for _config, _model in CLASSIFIERS.values():
    AutoConfig.register(_config.model_type, _config, exist_ok=True)
    AutoModelForSequenceClassification.register(_config, _model, exist_ok=True)

AutoConfig.register(ReaderConfig.model_type, ReaderConfig, exist_ok=True)
AutoModelForQuestionAnswering.register(ReaderConfig, BidafModel, exist_ok=True)
