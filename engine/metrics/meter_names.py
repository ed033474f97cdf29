"""The meters of generated text as people read them: title, explanation, which way is better, how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.messages import Message, message

Better = Literal["higher", "lower", "real"]
"""Which values are better; "real": those close to real text's."""


@dataclass(frozen=True)
class Meter:
    """`written`: as a "percent" of a share, or as a "number"."""

    title: Message
    help: Message
    better: Better
    written: Literal["number", "percent"]


_BLEU = message(
    "How many of a text's word sequences stand in held-out texts. Far above real text's it is suspicious, not good."
)
_SELF_BLEU = message("How much the texts resemble each other. Far above real text's, the generator repeats itself.")
_DISTINCT_1 = message("Different words among all words of as many texts. Low: the same words again and again.")
_DISTINCT_2 = message("Different word pairs among all of as many texts. Low: the same phrases again and again.")
_DISTINCT_3 = message("Different word triples among all of as many texts. Low: the same phrases again and again.")

METERS: dict[str, Meter] = {
    "bleu_2": Meter(message("BLEU-2"), _BLEU, "real", "number"),
    "bleu_3": Meter(message("BLEU-3"), _BLEU, "real", "number"),
    "bleu_4": Meter(message("BLEU-4"), _BLEU, "real", "number"),
    "bleu_5": Meter(message("BLEU-5"), _BLEU, "real", "number"),
    "self_bleu_2": Meter(message("self-BLEU-2"), _SELF_BLEU, "real", "number"),
    "self_bleu_3": Meter(message("self-BLEU-3"), _SELF_BLEU, "real", "number"),
    "self_bleu_4": Meter(message("self-BLEU-4"), _SELF_BLEU, "real", "number"),
    "self_bleu_5": Meter(message("self-BLEU-5"), _SELF_BLEU, "real", "number"),
    "distinct_1": Meter(message("different words"), _DISTINCT_1, "real", "percent"),
    "distinct_2": Meter(message("different word pairs"), _DISTINCT_2, "real", "percent"),
    "distinct_3": Meter(message("different word triples"), _DISTINCT_3, "real", "percent"),
    "nll_gen": Meter(
        message("surprise at real text"),
        message("How unlikely the generator finds held-out texts, a token (NLL_gen). It rises when it forgets some."),
        "lower",
        "number",
    ),
    "nll_div": Meter(
        message("surprise at own text"),
        message("How unlikely the generator finds its own texts, a token (NLL_div). Near 0 it always writes the same."),
        "higher",
        "number",
    ),
    "unique_share": Meter(
        message("texts unlike all others"),
        message("How many of the invented texts are different from each other."),
        "real",
        "percent",
    ),
    "copied_share": Meter(
        message("copied texts"),
        message("How many stand word for word among the training texts: learned by heart, not invented."),
        "lower",
        "percent",
    ),
    "reverse_perplexity": Meter(
        message("real text out of reach"),
        message(
            "How surprised a word model that has read only the invented texts is by real ones (reverse perplexity). "
            "High: there is real text that the generator never comes near."
        ),
        "lower",
        "number",
    ),
    "discriminator_accuracy": Meter(
        message("critic is right"),
        message("How often the critic tells real from invented. At 50 % it only guesses."),
        "lower",
        "percent",
    ),
    "discriminator_precision": Meter(
        message("critic's precision"),
        message("How many of the texts that the critic takes for real are real. At 50 % it only guesses."),
        "lower",
        "percent",
    ),
}
"""By the meter's name, in the order in which they are shown."""
