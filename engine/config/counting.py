"""Word counting: a linear model of the words and runs of words that a text holds."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.choice import Choice, setting
from engine.config.classifiers import Recurrent

Kind = Literal["words", "characters"]
Weighting = Literal["naive-bayes", "tf-idf", "presence"]


class WordCounting(Choice):
    """Weighs which words and short runs of words a text holds; fitted at once, hard to beat (Wang & Manning 2012)."""

    model_config = ConfigDict(title="Word counting")
    name: Literal["word-counting"] = "word-counting"
    ngrams: Literal["auto", "words", "characters"] = setting(
        "auto",
        title="What is counted",
        help="Words and runs of them, or runs of characters. Scripts without spaces are counted sign by sign.",
        words={"auto": "Choose for me", "words": "Words", "characters": "Characters"},
    )
    longest: int | None = setting(
        None, ge=1, le=6, title="Longest run", help="Words or characters of the longest run. Left empty: it is chosen."
    )
    weighting: Literal["auto", "naive-bayes", "tf-idf", "presence"] = setting(
        "auto",
        title="Weighting",
        help="What a run counts before the regression: by how unevenly the labels hold it (naive-Bayes ratio), by how "
        "rare it is (TF-IDF, texts of length 1), or every run alike.",
        words={
            "auto": "Choose for me",
            "naive-bayes": "Naive-Bayes ratio",
            "tf-idf": "TF-IDF",
            "presence": "All alike",
        },
    )
    regularisation: float | None = setting(
        None,
        gt=0.0,
        le=1e6,
        title="Regularisation",
        help="How strongly weights are held near 0 (1 / C of the logistic regression). Left empty: it is chosen.",
    )
    least_texts: int | None = setting(
        None,
        ge=1,
        le=1000,
        title="Least texts",
        help="A run that fewer training texts hold is not counted. Left empty: 2, and 1 where there are fewer than "
        "1,000 texts.",
    )
    most_ngrams: int = setting(
        1_000_000, ge=100, le=4_000_000, title="At most runs", help="Only the most frequent runs are kept."
    )
    seconds: int = setting(
        60,
        ge=0,
        le=3600,
        title="Time to choose",
        help="About how many processor seconds cross-validation may take to choose what is left open. Work is counted, "
        "so that the choice does not depend on the machine. 0: nothing is tried.",
    )


class WideAndDeep(Choice):
    """Word counting, and a recurrent network that learns what counting leaves (Cheng 2016)."""

    model_config = ConfigDict(title="Counting and network")
    name: Literal["wide-and-deep"] = "wide-and-deep"
    counting: WordCounting = setting(
        WordCounting(ngrams="words"),
        title="Word counting",
        help="Fitted first, at once. Its answer on the training texts is that of models that did not see them.",
    )
    network: Recurrent = setting(
        Recurrent(), title="Network", help="Begins with saying nothing, and learns what is to be added."
    )


def counting_of(model: Choice) -> WordCounting | None:
    """How a model counts words; None for one that does not. Then its words have weights of their own."""
    if isinstance(model, WideAndDeep):
        return model.counting
    return model if isinstance(model, WordCounting) else None
