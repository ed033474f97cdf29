"""model_card: README.md of an exported model, in words, with the front matter that the hub reads.

It is in English whatever the studio speaks: it is read by whoever gets the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import EvalResult, ModelCardData

from engine.config.data import DataConfig, Source
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.export.figures import CardFigures
from engine.export.languages import languages_of
from engine.export.leaving import Leaving
from engine.records import Decision, Exported, Figure, Promise

_SHOWN = {
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "auc": "AUC",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "ece": "expected calibration error",
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "mse": "mean squared error",
    "r2": "R²",
    "spearman": "rank correlation (Spearman)",
}
_ON_THE_HUB = ("accuracy", "precision", "recall", "f1", "mae", "mse", "r2")
_MOST_LABELS = 100
_SHARES = frozenset(("accuracy", "precision", "recall", "f1"))


@dataclass(frozen=True)
class About:
    """All that a card tells. `config` and `rows` ({split: rows}) are None and empty for a model that was not trained
    here, `figures` None where nothing could be measured."""

    name: str
    leaving: Leaving
    exported: Exported
    config: RunConfig | None
    rows: Mapping[str, int]
    figures: CardFigures | None


def model_card(about: About) -> str:
    """The whole file."""
    parts = [
        _front_matter(about),
        f"# {about.name}",
        _what(about),
        "## How to ask it",
        _how(about),
        "## What it learned from",
        _data(about),
        "## How good it is",
        _figures(about),
        "## When it leaves a text to a person",
        _decision(about.leaving),
        "## What it must not be used for",
        _misuse(about),
        "## Limits",
        _limits(about),
        "## Licence",
        "None is given yet. Whoever publishes this model chooses one and checks what the licences of its data"
        + (" and of the encoder that it goes on from" if _base(about) else "")
        + " allow; then writes it into `license:` at the top of this file.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# --- parts ------------------------------------------------------------------------------------------------------------


def _front_matter(about: About) -> str:
    base = _base(about)
    data = ModelCardData(
        language=list(_languages(about)) or None,
        library_name="transformers" if about.exported.format == "hf" else "onnx",
        pipeline_tag="text-classification",
        tags=["text-classification", "attune"],
        base_model=base if base and not Path(base).is_absolute() else None,
        model_name=about.name,
        eval_results=_results(about) or None,
    )
    return f"---\n{data.to_yaml()}\n---"


def _results(about: About) -> list[EvalResult]:
    if about.figures is None or about.config is None:
        return []
    task = "text-regression" if about.leaving.kind == "number" else "text-classification"
    return [
        EvalResult(
            task_type=task,
            dataset_type="private",
            dataset_name=_source(about.config.data.train, about.config.data),
            dataset_split=about.figures.measures.split,
            metric_type=name,
            metric_value=round(one.value, 4),
            metric_name=_SHOWN[name],
        )
        for name, one in about.figures.measures.figures.items()
        if name in _ON_THE_HUB
    ]


def _what(about: About) -> str:
    leaving = about.leaving
    if leaving.kind == "number":
        does = "This model reads a text and says a number."
    elif leaving.kind == "several":
        does = (
            f"This model gives a text any number of {len(leaving.labels)} labels, or none: {_listed(leaving.labels)}."
        )
    else:
        does = f"This model gives a text one of {len(leaving.labels)} labels: {_listed(leaving.labels)}."
    return f"{does} {_kind(about)} It was exported with Attune."


def _kind(about: About) -> str:
    num = sum(weight.numel() for weight in about.leaving.model.parameters())
    config, base = about.config, _base(about)
    if config is None:
        return f"It is a {type(about.leaving.model).__name__} with {num:,} weights; it was not trained with Attune."
    if base:
        return f"It goes on from the pretrained encoder `{Path(base).name if Path(base).is_absolute() else base}` ({num:,} weights)."
    title = str(type(config.model).model_config.get("title", config.model.name)).lower()
    return f"It is a {title} with {num:,} weights, trained from scratch."


def _how(about: About) -> str:
    text = f"```python\n{about.exported.snippet.strip()}\n```"
    if about.exported.format == "hf":
        note = (
            "The classes of this model come with Attune; without that import it cannot be opened, and no code of this "
        )
        note += "folder is run."
        return f"{text}\n\n{note}" if about.leaving.is_ours else text
    shell = '```sh\npython predict.py "A text to try."\n'
    shell += "python predict.py --csv texts.csv --column text --out answers.csv\n```"
    needs = "`predict.py` needs onnxruntime, tokenizers and numpy, and nothing else."
    return f"{shell}\n\nor, from Python:\n\n{text}\n\n{needs}"


def _data(about: About) -> str:
    config = about.config
    if config is None:
        return "It was not trained here; its makers know."
    data = config.data
    lines = [f"- Texts: {_source(data.train, data)}."]
    if about.rows:
        lines.append(f"- Rows: {', '.join(f'{count:,} for {name}' for name, count in about.rows.items())}.")
    lines.append(f"- {_division(data)}")
    if data.builtin.label_noise and data.train == "builtin":
        lines.append(f"- {_percent(data.builtin.label_noise)} of the training labels were turned round on purpose.")
    support = about.figures.measures.support if about.figures else {}
    if support and len(support) <= _MOST_LABELS:
        counts = ", ".join(f"{label} {count:,}" for label, count in support.items())
        lines.append(f"- Labels among the rows below: {_safe(counts)}.")
    return "\n".join(lines)


def _division(data: DataConfig) -> str:
    shares = []
    if data.validation is None:
        shares.append(f"{_percent(data.validation_share)} for validation")
    if data.test is None and data.test_share:
        shares.append(f"{_percent(data.test_share)} for test")
    own = [name for name, given in (("validation", data.validation), ("test", data.test)) if given is not None]
    held = (
        f"Held back from the training data by chance, the labels in proportion: {' and '.join(shares)}."
        if shares
        else ""
    )
    files = f"Files of their own: {' and '.join(own)}." if own else ""
    return " ".join(part for part in (held, files) if part)


def _figures(about: About) -> str:
    found = about.figures
    if found is None or not found.measures.figures:
        return "It was not measured: no labelled rows were at hand."
    measures = found.measures
    drawn = (
        f" ({measures.num_rows:,} of {found.num_rows:,}, drawn by chance)" if measures.num_rows < found.num_rows else ""
    )
    chosen = "" if measures.split == "test" else " The best checkpoint was chosen on these rows, so they flatter it."
    head = f"On {measures.num_rows:,} rows of {measures.split}{drawn} that it did not learn from.{chosen}"
    columns = ["", "this model", "95 % interval"]
    columns += ["word counting"] if measures.counted else []
    columns += (
        ["always the most frequent label" if measures.support else "always the mean"] if measures.majority else []
    )
    rows = [_figure_row(name, one, measures.counted, measures.majority) for name, one in measures.figures.items()]
    about_two = _positive_note(about)
    return "\n\n".join(
        part for part in (head, _table(columns, [row for row in rows if row]), about_two, _per_label(found)) if part
    )


def _figure_row(name: str, one: Figure, counted: Mapping[str, float], majority: Mapping[str, float]) -> list[str]:
    if name not in _SHOWN:
        return []
    between = "" if math.isnan(one.low) else f"{_number(name, one.low)} to {_number(name, one.high)}"
    beside = [_number(name, known[name]) if name in known else "" for known in (counted, majority) if known]
    return [_SHOWN[name], _number(name, one.value), between, *beside]


def _positive_note(about: About) -> str:
    labels = about.leaving.labels
    if about.leaving.kind != "one" or about.figures is None:
        return ""
    if len(labels) != 2:
        return "Precision, recall and F1 are means over the labels. “Word counting” is TF-IDF with logistic regression."
    return (
        f"Precision, recall and F1 are those of “{_safe(about.figures.positive or labels[1])}”. “Word counting” is "
        "TF-IDF with logistic regression on the same rows."
    )


def _per_label(found: CardFigures) -> str:
    per_label = found.measures.per_label
    if not 2 < len(per_label) <= _MOST_LABELS:
        return ""
    names = ("precision", "recall", "f1")
    rows = [
        [_safe(label), *(_number(name, one[name].value) if name in one else "" for name in names)]
        for label, one in per_label.items()
    ]
    return _table(["label", "precision", "recall", "F1"], rows)


def _decision(leaving: Leaving) -> str:
    decision = leaving.decision
    if leaving.kind == "number":
        return "Never: it says a number for every text."
    lines = []
    if decision.temperature != 1.0:
        where = "It is folded into the last layer" if leaving else ""
        lines.append(
            f"- Its logits are divided by {decision.temperature:.4g}, so that its probabilities can be believed. {where}."
        )
    lines += [_threshold(label, value, decision, leaving) for label, value in decision.thresholds.items()]
    if not decision.thresholds:
        lines.append("- Never: no threshold was saved, so it says the likeliest label at any probability.")
    return "\n".join(lines)


def _threshold(label: str, value: float, decision: Decision, leaving: Leaving) -> str:
    else_what = "it is not said" if leaving.kind == "several" else "the text is left to a person"
    said = f"- “{_safe(label)}” is said from a probability of {value:.4g} upwards; below, {else_what}."
    promise = next((one for one in decision.promises if one.label == label and one.threshold is not None), None)
    return f"{said} {_promised(promise)}" if promise else said


def _promised(promise: Promise) -> str:
    return (
        f"Then it is right in at least {_percent(promise.precision)} of its answers, with a confidence of "
        f"{_percent(promise.confidence)}: promised on {promise.num_rows:,} validation rows, of which "
        f"{_percent(promise.coverage)} get an answer, for texts like those."
    )


def _misuse(about: About) -> str:
    kind = about.leaving.kind
    lines = [
        "- Decisions about people (work, credit, care, punishment) that no person looks over.",
        "- Texts of another kind, source or time than those it learned from: its figures say nothing of them.",
    ]
    if kind != "number":
        lines.append(
            "- Texts that have none of its labels: it cannot say “something else”"
            + ("." if kind == "one" else " except by saying no label.")
        )
    lines.append("- Texts that somebody writes against it: misspellings and paraphrases can change its answer.")
    return "\n".join(lines)


def _limits(about: About) -> str:
    leaving, languages = about.leaving, _languages(about)
    names = {"en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean"}
    known = " and ".join(names[code] for code in languages)
    exported = about.exported
    same = f"On {exported.num_rows} texts ({exported.checked_on}) the files of this folder answered as the studio did; "
    return "\n".join(
        [
            f"- It reads the first {leaving.max_length:,} tokens of a text, special ones included; the rest is cut off.",
            f"- Languages of its texts: {known}." if known else "- Languages of its texts: please add them.",
            f"- {same}the largest difference of a probability was {exported.max_difference:.1g}.",
        ]
    )


# --- words ------------------------------------------------------------------------------------------------------------


def _base(about: About) -> str:
    """The pretrained encoder's hub name or path; "" where there is none."""
    config = about.config
    return config.model.source if config is not None and isinstance(config.model, Pretrained) else ""


def _languages(about: About) -> tuple[str, ...]:
    return languages_of(about.figures.texts) if about.figures else ()


def _source(source: Source, data: DataConfig) -> str:
    """Names only: where a person's files lie is nobody's business."""
    if source == "builtin":
        return f"invented {data.builtin.topic} that come with Attune"
    one = source[0] if isinstance(source, tuple) else source
    more = f" and {len(source) - 1} more" if isinstance(source, tuple) and len(source) > 1 else ""
    return _safe((Path(one).name if Path(one).is_absolute() else one) + more)


def _listed(labels: Iterable[str]) -> str:
    given = list(labels)
    more = f" and {len(given) - _MOST_LABELS} more" if len(given) > _MOST_LABELS else ""
    return ", ".join(f"“{_safe(label)}”" for label in given[:_MOST_LABELS]) + more


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---", *("---:" for _ in columns[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(name: str, value: float) -> str:
    return _percent(value) if name in _SHARES else f"{value:.3g}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def _safe(words: str) -> str:
    """Nothing of it is read as markup."""
    return "".join(f"\\{sign}" if sign in "|*_`<>[]\\#" else sign for sign in " ".join(words.split()))
