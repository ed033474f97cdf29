"""The sections of a model card that are sentences: what it does, its data, its decision, misuse, limits."""

from __future__ import annotations

from collections.abc import Mapping

from engine.config.data import DataConfig
from engine.export.card_facts import CardFacts
from engine.export.card_figures import MOST_LABELS
from engine.export.markdown import listed, percent, plain
from engine.records import Promise

LANGUAGES = {"en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean"}


def what(about: CardFacts) -> str:
    """Two sentences."""
    leaving, count = about.leaving, len(about.leaving.labels)
    return f"{leaving.target.card(count, listed(leaving.labels, MOST_LABELS))} {_kind(about)}"


def how_section(about: CardFacts) -> str:
    """The snippet, and what must be installed."""
    python = f"```python\n{about.exported.snippet.strip()}\n```"
    if about.exported.format == "onnx":
        shell = 'python predict.py "A text to try."\npython predict.py --csv texts.csv --column text --out answers.csv'
        needs = (
            "`predict.py` needs Python 3.10 or later with onnxruntime, tokenizers and numpy alone. It reads CSV, TSV, "
            "JSON and JSON Lines, keeps all columns, and writes no cell that a spreadsheet would compute."
        )
        return f"```sh\n{shell}\n```\n\nor, from Python:\n\n{python}\n\n{needs}"
    if not about.leaving.is_ours:
        return f"{python}\n\nIt needs torch and transformers (5 or later), and nothing of Attune."
    return (
        f"{python}\n\nThe classes of this model come with Attune, and the first line makes them known: it needs "
        "`pip install attune-studio` (the package “attune” is another program). Without Attune nothing opens this "
        "folder; for whoever has none, export the model as ONNX, which needs onnxruntime, tokenizers and numpy alone."
    )


def data_section(about: CardFacts) -> str:
    """Names, counts, how it was divided; never a text."""
    if about.config is None:
        return "It was not trained with Attune; its makers know."
    data = about.config.data
    lines = data_lines(data, about.rows or {}, about.data, "labels in proportion")
    if data.train == "builtin" and data.builtin.label_noise:
        lines.append(f"{percent(data.builtin.label_noise)} of the training labels were turned round on purpose.")
    support = about.figures.measures.support if about.figures else {}
    if 0 < len(support) <= MOST_LABELS:
        counts = ", ".join(f"{plain(label)} {count:,}" for label, count in support.items())
        lines.append(f"Labels among the rows that it was measured on: {counts}.")
    return bullets(lines)


def data_lines(data: DataConfig, rows: Mapping[str, int], name: str, how: str = "") -> list[str]:
    """What was learned from, how many rows, how they were divided."""
    lines = [f"Texts: {plain(name)}."]
    if rows:
        lines.append(f"Rows: {', '.join(f'{count:,} for {split}' for split, count in rows.items())}.")
    return lines + _division(data, f", {how}" if how else "")


def decision_section(about: CardFacts) -> str:
    """Temperature, thresholds and promises."""
    target, decision = about.leaving.target, about.leaving.decision
    if not target.is_categorical:
        return "Never: it says a number for every text."
    lines = [_threshold(about, label, value) for label, value in decision.thresholds.items()]
    if not lines:
        lines.append(f"Never: no threshold was saved, so it says {target.undecided}.")
    if decision.thresholds and about.exported.format == "hf":
        lines.append("A pipeline does not leave anything out by itself: compare its scores with these thresholds.")
    if decision.temperature != 1.0:
        where = "folded into its last layer" if about.exported.format == "hf" else "part of the graph"
        lines.append(f"Its logits are divided by a temperature of {decision.temperature:.4g}, which is {where}.")
    return bullets(lines)


def misuse_section(about: CardFacts) -> str:
    """What no figure of this card speaks for."""
    lines = [
        "Decisions about people (work, credit, care, punishment) that no person looks over.",
        "Texts of another kind, source or time than those it learned from: its figures say nothing of them.",
        "Texts that somebody writes against it: misspellings and other wordings can change its answer.",
    ]
    misuse = about.leaving.target.misuse
    return bullets([*lines, misuse] if misuse else lines)


def limits_section(about: CardFacts) -> str:
    """Length, languages, and how the files were checked."""
    exported, names = about.exported, [LANGUAGES[code] for code in about.languages]
    known = f"Languages of its texts: {' and '.join(names)}." if names else "Languages of its texts: please add them."
    return bullets(
        [
            f"It reads the first {about.leaving.max_length:,} tokens of a text; the rest is cut off.",
            known,
            f"These files were compared with the model that they were made from on {exported.num_rows:,} texts "
            f"({exported.checked_on}): the largest difference was {exported.max_difference:.1g}.",
        ]
    )


def _kind(about: CardFacts) -> str:
    model, config = about.leaving.model, about.config
    count = f"{sum(weight.numel() for weight in model.parameters()):,} weights"
    if config is None:
        return f"It is a {type(model).__name__} with {count}."
    if about.encoder:
        return f"It was trained with Attune, going on from the pretrained encoder {plain(about.encoder)} ({count})."
    title = str(type(config.model).model_config.get("title", config.model.name)).lower()
    return f"It was trained with Attune, from scratch: a {title} with {count}."


def _division(data: DataConfig, how: str) -> list[str]:
    given = {"validation": data.validation, "test": data.test}
    shares = {"validation": data.validation_share, "test": data.test_share}
    held = [f"{percent(shares[name])} for {name}" for name, source in given.items() if source is None and shares[name]]
    own = [name for name, source in given.items() if source is not None]
    lines = [f"Held back from the training data by chance{how}: {' and '.join(held)}."] if held else []
    return [*lines, f"Data of its own for {' and '.join(own)}."] if own else lines


def _threshold(about: CardFacts, label: str, value: float) -> str:
    below = about.leaving.target.below_threshold
    said = f"“{plain(label)}” is said from a probability of {value:.4g} upwards; below, {below}."
    promises = [one for one in about.leaving.decision.promises if one.label == label and one.threshold is not None]
    return " ".join([said, *(_promised(one) for one in promises[:1])])


def _promised(promise: Promise) -> str:
    return (
        f"It is then right at least {percent(promise.precision)} of the time: promised with a confidence of "
        f"{percent(promise.confidence)} on {promise.num_rows:,} validation rows, for texts like those, of which "
        f"{percent(promise.coverage)} get an answer."
    )


def bullets(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
