"""figures_section: how good the model is, each figure with its interval and what is simpler beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.export.card_facts import CardFacts
from engine.export.figures import CardFigures
from engine.export.markdown import plain, table
from engine.metrics.registry import metric_of
from engine.records import Figure, Measures

_SHOWN = (
    "accuracy",
    "precision",
    "recall",
    "f1",
    "precision_micro",
    "recall_micro",
    "f1_micro",
    "auc",
    "average_precision",
    "log_loss",
    "ece",
    "mae",
    "rmse",
    "mse",
    "r2",
    "spearman",
)
MOST_LABELS = 100


def figures_section(about: CardFacts) -> str:
    """A sentence on the rows, a table, what it is about; with more than two labels a table of those."""
    found = about.figures
    if found is None or not found.measures.figures:
        return "It was not measured: no labelled rows were at hand."
    parts = [_rows(found), _main_table(found), _about_labels(about, found), _label_table(found.measures)]
    return "\n\n".join(part for part in parts if part)


def _rows(found: CardFigures) -> str:
    measures = found.measures
    is_part = measures.num_rows < found.num_rows
    drawn = f", drawn by chance out of {found.num_rows:,}," if is_part else ""
    said = f"On {measures.num_rows:,} rows of {measures.split}{drawn} that it did not learn from."
    if measures.split != "validation":
        return said
    return f"{said} The best checkpoint was chosen on these rows, so they flatter it a little."


def _main_table(found: CardFigures) -> str:
    measures = found.measures
    is_part = measures.num_rows < found.num_rows
    counting = f"word counting (all {found.num_rows:,})" if is_part else "word counting"
    usual = "always the mean" if "mae" in measures.figures else "always the most frequent label"
    beside = {counting: measures.counted, usual: measures.majority}
    known = {title: values for title, values in beside.items() if values}
    shown = [name for name in _SHOWN if name in measures.figures and not _is_told_already(name, measures)]
    rows = [_row(name, measures.figures[name], known) for name in shown]
    return table(["", "this model", "95 % interval", *known], rows)


def _is_told_already(name: str, measures: Measures) -> bool:
    """Of one label a text the pooled figures are all the accuracy."""
    return name.endswith("_micro") and bool(measures.confusion or "accuracy" not in measures.figures)


def _row(name: str, one: Figure, beside: Mapping[str, Mapping[str, float]]) -> list[str]:
    between = (
        "" if math.isnan(one.low) else f"{metric_of(name).written(one.low)} to {metric_of(name).written(one.high)}"
    )
    others = [metric_of(name).written(values[name]) if name in values else "" for values in beside.values()]
    return [metric_of(name).long_title.english(), metric_of(name).written(one.value), between, *others]


def _about_labels(about: CardFacts, found: CardFigures) -> str:
    labels = about.leaving.labels
    counting = " “Word counting” is TF-IDF with a linear model." if found.measures.counted else ""
    target = about.leaving.target
    if not target.is_categorical:
        return counting.strip()
    if target.may_have_several or len(labels) != 2:
        return f"Precision, recall and F1 are means over the labels.{counting}"
    return f"Precision, recall and F1 are those of “{plain(found.positive or labels[1])}”.{counting}"


def _label_table(measures: Measures) -> str:
    if not 2 < len(measures.per_label) <= MOST_LABELS:
        return ""
    names = ("precision", "recall", "f1")
    rows = [
        [
            plain(label),
            f"{measures.support.get(label, 0):,}",
            *(metric_of(name).written(one[name].value) for name in names),
        ]
        for label, one in measures.per_label.items()
        if all(name in one for name in names)
    ]
    return table(["label", "rows", *(metric_of(name).title.english() for name in names)], rows)
