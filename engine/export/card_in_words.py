"""card_in_words: README.md of an exported run that answers in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from huggingface_hub import EvalResult, ModelCardData

from engine.config.pretrained import Pretrained
from engine.config.tasks.registry import type_of
from engine.export.card_facts import named, sources_in_words
from engine.export.card_sections import LANGUAGES, bullets, data_lines
from engine.export.in_words import LeavingInWords
from engine.export.language_detection import languages_of
from engine.export.markdown import plain, table
from engine.metrics.registry import metric_of
from engine.metrics.summed_figures import figures
from engine.records import Exported, Figure, ScoredRows

_ON_THE_HUB = ("em", "f1", "bleu", "chrf", "perplexity")
"""Figures that the hub knows, all but the first by the same name."""
_EXACT_MATCH = "exact_match"


@dataclass(frozen=True)
class FactsInWords:
    """`rows` are {split: rows}; `scored` None where nothing could be measured."""

    leaving: LeavingInWords
    exported: Exported
    rows: dict[str, int]
    scored: ScoredRows | None

    @property
    def figures(self) -> dict[str, Figure]:
        return {} if self.scored is None else figures(self.scored.statistics, self.leaving.run.config.seed)

    @property
    def texts(self) -> Sequence[str]:
        found = () if self.scored is None else self.scored.rows
        return tuple(text for one in found for text in (*one.read, *one.wanted[:1]))

    @property
    def pretrained(self) -> str:
        model = self.leaving.run.config.model
        return named(model.source) if isinstance(model, Pretrained) else ""


def card_in_words(about: FactsInWords) -> str:
    """The whole file."""
    leaving = about.leaving
    sections = {
        "How to ask it": _how(about),
        "What it learned from": _data(about),
        "How good it is": _good(about),
        "What it must not be used for": _misuse(),
        "Limits": _limits(about),
        "Licence": (
            "None is given yet. Whoever publishes this model chooses one, checks what the licences of its data"
            f"{' and of the model that it goes on from' if about.pretrained else ''} allow, and writes it into the "
            "head of this file as `license:`."
        ),
    }
    parts = [_front_matter(about), f"# {plain(leaving.run.name)}", _what(about)]
    parts += [f"## {title}\n\n{text}" for title, text in sections.items()]
    return "\n\n".join(parts) + "\n"


def _front_matter(about: FactsInWords) -> str:
    config, task = about.leaving.run.config, about.leaving.kind.hub_task
    results = [
        EvalResult(
            task_type=task,
            dataset_type="private",
            dataset_name=sources_in_words(config.data),
            dataset_split=about.scored.split,
            metric_type=_EXACT_MATCH if key == _ON_THE_HUB[0] else key,
            metric_value=round(one.value, 4),
            metric_name=metric_of(key).long_title.english(),
        )
        for key, one in about.figures.items()
        if about.scored is not None and key in _ON_THE_HUB and math.isfinite(one.value)
    ]
    source = config.model.source if isinstance(config.model, Pretrained) else ""
    data = ModelCardData(
        language=list(languages_of(about.texts)) or None,
        library_name="onnx" if about.exported.format == "onnx" else "transformers",
        pipeline_tag=task,
        tags=[task, "attune"],
        base_model=about.pretrained if about.pretrained and about.pretrained == source else None,
        model_name=about.leaving.run.name,
        eval_results=results or None,
    )
    return f"---\n{data.to_yaml()}\n---"


def _what(about: FactsInWords) -> str:
    config, model = about.leaving.run.config, about.leaving.model
    count = f"{sum(weight.numel() for weight in model.parameters()):,} weights"
    said = f"{type_of(config.task).title}: {' and '.join(about.leaving.roles)} in, words out."
    if about.pretrained:
        return f"{said} It was trained with Attune, going on from {plain(about.pretrained)} ({count})."
    title = str(type(config.model).model_config.get("title", config.model.name)).lower()
    return f"{said} It was trained with Attune, from scratch: a {title} with {count}."


def _how(about: FactsInWords) -> str:
    leaving = about.leaving
    options = " ".join(f'--{role} "A text to try."' for role in leaving.roles)
    shell = f"python ask.py {options}\npython ask.py --data rows.csv --out answers.csv"
    asked = [f"```sh\n{shell}\n```", f"or, from Python:\n\n```python\n{about.exported.snippet.strip()}\n```"]
    if about.exported.format == "onnx":
        return "\n\n".join([*asked, *_how_of_graph(leaving)])
    ours = (
        "The classes of this model come with Attune: it needs `pip install attune-studio` (the package “attune” is "
        "another program) beside torch and transformers. Without Attune nothing opens this folder."
        if leaving.is_ours
        else "It needs torch and transformers (5.24 or later), and nothing of Attune."
    )
    first = "import engine.models  # Attune's own classes\n" if leaving.is_ours else ""
    pipelines = {
        "text-generation": "The pipeline “text-generation” of transformers opens it too, with its own way of choosing "
        "words."
    }.get(leaving.kind.hub_task, "Transformers has no pipeline for this any more.")
    return "\n\n".join(
        [
            *asked,
            f"`ask.py` opens the folder with `{leaving.class_name}`; what makes an answer of what the model says "
            f"stands in `answering.py`, to be taken along. {pipelines} The model alone:",
            f"```python\n{first}from transformers import {leaving.class_name}, AutoTokenizer\n\n"
            f'model = {leaving.class_name}.from_pretrained(".")\n'
            'tokenizer = AutoTokenizer.from_pretrained(".")\n```',
            ours,
        ]
    )


def _how_of_graph(leaving: LeavingInWords) -> list[str]:
    sides = ", token_type_ids" if leaving.has_sides else ""
    told = leaving.about()
    return [
        "`ask.py` needs Python 3.10 or later with onnxruntime, tokenizers and numpy alone: neither torch nor "
        "transformers nor Attune.",
        f"`model.onnx` takes input_ids, attention_mask{sides} (int64, batch and length open: [CLS] question [SEP] "
        "passage [SEP]) and gives start_logits and end_logits (float32, the same shape). What makes an answer of them "
        f"stands in `answering.py`, what it must know in `asking.json`: at most {told['max_length']:,} tokens at once, "
        f"pieces of a longer passage share {told['stride']:,}, an answer has at most {told['longest']:,}.",
    ]


def _data(about: FactsInWords) -> str:
    config = about.leaving.run.config
    return bullets(data_lines(config.data, about.rows, sources_in_words(config.data)))


def _good(about: FactsInWords) -> str:
    scored = about.scored
    if scored is None or not len(scored):
        return "It was not measured: its rows are not at hand any more."
    beside = {}
    if scored.baseline:
        told = scored.baseline_name.english() if scored.baseline_name is not None else "the simplest answer"
        beside[told] = scored.baseline
    if scored.ceiling:
        beside["what could be reached"] = scored.ceiling
    rows = [
        [
            metric_of(key).long_title.english(),
            metric_of(key).written(one.value),
            "" if math.isnan(one.low) else f"{metric_of(key).written(one.low)} to {metric_of(key).written(one.high)}",
            *(metric_of(key).written(values[key]) if key in values else "" for values in beside.values()),
        ]
        for key, one in about.figures.items()
    ]
    said = f"On {len(scored):,} rows of {scored.split} that it did not learn from."
    if scored.split == "validation":
        said += " The best checkpoint was chosen on these rows, so they flatter it a little."
    parts = [said, table(["", "this model", "95 % interval", *beside], rows)]
    if scored.signature:
        parts.append(f"Counted as {plain(scored.signature)}.")
    return "\n\n".join([*parts, *(note.english() for note in scored.notes)])


def _misuse() -> str:
    return bullets(
        [
            "Decisions about people (work, credit, care, punishment) that no person looks over.",
            "Texts of another kind, source or time than those it learned from: its figures say nothing of them.",
            "As a source of facts: what it writes can be fluent and wrong, and it does not know when it is.",
        ]
    )


def _limits(about: FactsInWords) -> str:
    names = [LANGUAGES[code] for code in languages_of(about.texts)]
    known = f"Languages of its texts: {' and '.join(names)}." if names else "Languages of its texts: please add them."
    found = about.exported
    return bullets(
        [
            f"It reads at most {about.leaving.about()['max_length']:,} tokens at once.",
            known,
            f"These files were asked in a process of their own for {found.num_rows:,} rows ({found.checked_on}): every "
            "answer was the one that the studio gives.",
        ]
    )
