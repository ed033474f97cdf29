"""METRICS: every metric of Attune, once: what it is called, which way is better, what it can be, how it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Literal

from engine.messages import Message, message

Bounds = tuple[float, float]
ANY_LABELS = frozenset(("one", "several"))
NUMBER = frozenset(("number",))


@dataclass(frozen=True)
class Metric:
    """One metric. Titles are for the middle of a sentence; whoever puts one at the head of a column capitalises it.

    `title` is the usual one, `heading` that of tables of figures and of cards, `long_title` that of reports and model
    cards, `symbol` what papers write (a column of the console; else the key). `help` says in a few words what it says.
    `is_share`: a share from 0 to 1 that every table writes in percent. `unit`: "%" where the log and live curves write
    a hundred times the value, as of shares, and of what is drawn on one axis with them.
    `bounds`: the least and the largest value that there can be. `decimals`: places after the point (of a share those
    of its percent), None for four significant digits. `targets`: the kinds of truth that it measures answers to; none
    where it measures texts.
    """

    key: str
    title: Message
    heading: Message
    long_title: Message
    symbol: str
    unit: Literal["%", ""]
    is_share: bool
    lower_is_better: bool
    bounds: Bounds
    decimals: int | None
    help: Message | None
    targets: frozenset[str]

    def written(self, value: float) -> str:
        """As tables and reports have it; "–" for none."""
        if math.isnan(value):
            return "–"
        if self.is_share:
            return f"{100 * value:.{self.decimals}f} %"
        return f"{value:.4g}" if self.decimals is None else f"{value:.{self.decimals}f}"

    def in_log(self, value: float) -> str:
        """As the log and live curves have it: in its unit."""
        return f"{100 * value:.1f} %" if self.unit == "%" else f"{value:.4g}"


def _metric(
    key: str,
    title: Message,
    targets: frozenset[str] = frozenset(),
    *,
    heading: Message | None = None,
    long_title: Message | None = None,
    symbol: str = "",
    unit: Literal["%", ""] = "",
    is_share: bool = False,
    lower_is_better: bool = False,
    bounds: Bounds = (0.0, math.inf),
    decimals: int | None = None,
    help: Message | None = None,
) -> Metric:
    return Metric(
        key=key,
        title=title,
        heading=heading or title,
        long_title=long_title or title,
        symbol=symbol or key,
        unit=unit,
        is_share=is_share,
        lower_is_better=lower_is_better,
        bounds=bounds,
        decimals=decimals,
        help=help,
        targets=targets,
    )


_share = partial(_metric, unit="%", is_share=True, bounds=(0.0, 1.0), decimals=1)
_bleu = partial(_metric, unit="%", bounds=(0.0, 1.0))
"""A plain number that is drawn beside shares."""


def _mean_of(base: Metric, mean: str, heading: Message, long_title: Message) -> Metric:
    title = message("{title}, {mean}", title=base.title, mean=heading)
    return _share(f"{base.key}_{mean}", title, base.targets, long_title=long_title)


_PRECISION = _share("precision", message("precision"), ANY_LABELS)
_RECALL = _share("recall", message("recall"), ANY_LABELS)
_F1 = _share("f1", message("F1"), ANY_LABELS, symbol="F1")
_MICRO, _MACRO, _WEIGHTED = message("micro"), message("macro"), message("weighted")

_OF_LABELS = (
    _share("accuracy", message("accuracy"), ANY_LABELS),
    _PRECISION,
    _RECALL,
    _F1,
    _mean_of(_PRECISION, "micro", _MICRO, message("precision, all labels pooled")),
    _mean_of(_RECALL, "micro", _MICRO, message("recall, all labels pooled")),
    _mean_of(_F1, "micro", _MICRO, message("F1, all labels pooled")),
    _mean_of(_PRECISION, "macro", _MACRO, message("precision, mean over labels")),
    _mean_of(_RECALL, "macro", _MACRO, message("recall, mean over labels")),
    _mean_of(_F1, "macro", _MACRO, message("F1, mean over labels")),
    _mean_of(_PRECISION, "weighted", _WEIGHTED, message("precision, labels weighed by rows")),
    _mean_of(_RECALL, "weighted", _WEIGHTED, message("recall, labels weighed by rows")),
    _mean_of(_F1, "weighted", _WEIGHTED, message("F1, labels weighed by rows")),
    _share(
        "auc",
        message("AUC"),
        ANY_LABELS,
        help=message("area under the ROC curve: how well the probability sorts the texts"),
    ),
    _share("average_precision", message("average precision"), ANY_LABELS),
    _share(
        "precision_at_recall",
        message("precision at the least recall"),
        frozenset(("one",)),
        help=message("at the threshold from which on the recall is at least the one that was asked for"),
    ),
    _metric("log_loss", message("log loss"), ANY_LABELS, decimals=4, lower_is_better=True),
    _metric("brier", message("Brier score"), ANY_LABELS, decimals=4, lower_is_better=True),
    _share(
        "ece",
        message("calibration error"),
        ANY_LABELS,
        long_title=message("expected calibration error"),
        lower_is_better=True,
    ),
    _share("hamming_loss", message("wrong answers among all labels"), frozenset(("several",)), lower_is_better=True),
    _share("probability", message("probability"), ANY_LABELS),
    _metric("loss", message("loss"), ANY_LABELS | NUMBER, lower_is_better=True),
)

_OF_NUMBERS = (
    _metric(
        "mae",
        message("mean error"),
        NUMBER,
        lower_is_better=True,
        long_title=message("mean absolute error"),
        symbol="MAE",
        help=message("how far off it is on average"),
    ),
    _metric(
        "rmse",
        message("root mean squared error"),
        NUMBER,
        lower_is_better=True,
        symbol="RMSE",
        help=message("large errors count more"),
    ),
    _metric(
        "mse",
        message("squared error"),
        NUMBER,
        lower_is_better=True,
        heading=message("mean squared error"),
        long_title=message("mean squared error"),
        symbol="MSE",
    ),
    _metric(
        "r2",
        message("explained share"),
        NUMBER,
        heading=message("R²"),
        long_title=message("share of variance explained (R²)"),
        symbol="R²",
        unit="%",
        bounds=(-math.inf, 1.0),
        decimals=3,
        help=message("the share of the differences between texts that it explains"),
    ),
    _metric(
        "spearman",
        message("rank correlation"),
        NUMBER,
        long_title=message("rank correlation (Spearman)"),
        bounds=(-1.0, 1.0),
        decimals=3,
    ),
    _metric(
        "bias",
        message("too high by"),
        NUMBER,
        lower_is_better=True,
        bounds=(-math.inf, math.inf),
        help=message("on average, over all texts"),
    ),
)


_BLEU = message("phrases that real texts have too")
_SELF_BLEU = message("how much its texts resemble each other")

_OF_INVENTED_TEXTS = (
    _bleu("bleu_2", message("BLEU-2"), help=_BLEU),
    _bleu("bleu_3", message("BLEU-3"), help=_BLEU),
    _bleu("bleu_4", message("BLEU-4"), help=_BLEU),
    _bleu("bleu_5", message("BLEU-5"), help=_BLEU),
    _bleu("self_bleu_2", message("self-BLEU-2"), lower_is_better=True, help=_SELF_BLEU),
    _bleu("self_bleu_3", message("self-BLEU-3"), lower_is_better=True, help=_SELF_BLEU),
    _bleu("self_bleu_4", message("self-BLEU-4"), lower_is_better=True, help=_SELF_BLEU),
    _bleu("self_bleu_5", message("self-BLEU-5"), lower_is_better=True, help=_SELF_BLEU),
    _share(
        "distinct_1",
        message("different words"),
        help=message("share of different words"),
    ),
    _share(
        "distinct_2",
        message("different word pairs"),
        heading=message("Distinct-2"),
        help=message("share of different word pairs"),
    ),
    _share(
        "distinct_3",
        message("different word triples"),
        help=message("share of different word triples"),
    ),
    _metric(
        "nll_gen",
        message("surprise at real text"),
        lower_is_better=True,
        heading=message("NLL gen"),
        help=message("how much real texts surprise it"),
    ),
    _metric(
        "nll_div",
        message("surprise at own text"),
        heading=message("NLL div"),
        help=message("how unforeseen its own texts are"),
    ),
    _share(
        "unique_share",
        message("texts unlike all others"),
        heading=message("different texts"),
        help=message("the rest are repetitions"),
    ),
    _share("copied_share", message("copied texts"), lower_is_better=True, help=message("stand in the training texts")),
    _metric(
        "reverse_perplexity",
        message("reverse perplexity"),
        lower_is_better=True,
        help=message("how well real texts follow from its own"),
    ),
    _share(
        "discriminator_accuracy",
        message("critic is right"),
        heading=message("critic's accuracy"),
        lower_is_better=True,
        help=message("how often the critic is right"),
    ),
    _share(
        "discriminator_precision",
        message("critic's precision"),
        lower_is_better=True,
        help=message("how much of what it takes for real is"),
    ),
    _share("discriminator_recall", message("critic's recall"), lower_is_better=True),
)

_of_hundred = partial(_metric, bounds=(0.0, 100.0), decimals=1)
"""As the field writes it: a number from 0 to 100 that is no share."""

_OF_ANSWERS_IN_WORDS = (
    _share("em", message("exact match"), symbol="EM", help=message("exactly the same answer")),
    _of_hundred("bleu", message("BLEU"), symbol="BLEU", help=message("runs of words shared with the right text")),
    _of_hundred("chrf", message("chrF"), symbol="chrF", help=message("runs of letters shared with the right text")),
    _share("rouge_1", message("ROUGE-1"), symbol="R-1", help=message("words shared with the right text")),
    _share("rouge_2", message("ROUGE-2"), symbol="R-2", help=message("word pairs shared with the right text")),
    _share("rouge_l", message("ROUGE-L"), symbol="R-L", help=message("the longest sequence of words in common")),
    _metric(
        "perplexity",
        message("perplexity"),
        lower_is_better=True,
        symbol="PPL",
        bounds=(1.0, math.inf),
        help=message("among so many equally likely words it hesitates at each step"),
    ),
    _metric(
        "bits_per_character",
        message("bits a character"),
        lower_is_better=True,
        symbol="BPC",
        decimals=3,
        help=message("how much each character surprises it"),
    ),
)

METRICS: dict[str, Metric] = {
    one.key: one for one in (*_OF_LABELS, *_OF_NUMBERS, *_OF_INVENTED_TEXTS, *_OF_ANSWERS_IN_WORDS)
}
"""By key, in the order in which they are shown."""
WRITER_METRICS: tuple[str, ...] = tuple(one.key for one in _OF_INVENTED_TEXTS)
"""Meters of texts that a writer invents."""
WORD_METRICS: tuple[str, ...] = tuple(one.key for one in _OF_ANSWERS_IN_WORDS)
"""Figures of answers in words."""


def metric_of(key: str) -> Metric:
    """The metric of a key. Of one that is not registered, as a run folder of another version may hold, its key is all
    that is known: it passes for a share."""
    return METRICS[key] if key in METRICS else _share(key, message("{name}", name=key))


def ends(key: str, value: float, half_width: float, *, is_difference: bool = False) -> Bounds | None:
    """(low, high) of `value` ± `half_width`, no farther than the metric, or a difference of two values of it, can be;
    None where there is no interval."""
    if not (math.isfinite(value) and math.isfinite(half_width)):
        return None
    least, most = metric_of(key).bounds
    if is_difference:
        least, most = least - most, most - least
    low, high = max(least, value - half_width), min(most, value + half_width)
    return min(low, value), max(high, value)
