"""model_card: README.md of an exported model, in words, with the front matter that the hub reads.

It is in English whatever the studio speaks: it is read by whoever gets the model.
"""

from __future__ import annotations

from huggingface_hub import EvalResult, ModelCardData

from engine.export.card_facts import CardFacts
from engine.export.card_figures import figures_section
from engine.export.card_sections import (
    data_section,
    decision_section,
    how_section,
    limits_section,
    misuse_section,
    what,
)
from engine.export.markdown import plain
from engine.metrics.registry import metric_of

_ON_THE_HUB = frozenset(("accuracy", "precision", "recall", "f1", "mae", "mse", "r2"))
"""Those that `evaluate`'s own names stand for."""


def model_card(about: CardFacts) -> str:
    """The whole file."""
    sections = {
        "How to ask it": how_section(about),
        "What it learned from": data_section(about),
        "How good it is": figures_section(about),
        "When it leaves a text to a person": decision_section(about),
        "What it must not be used for": misuse_section(about),
        "Limits": limits_section(about),
        "Licence": _licence(about),
    }
    parts = [_front_matter(about), f"# {plain(about.name)}", what(about)]
    parts += [f"## {title}\n\n{text}" for title, text in sections.items()]
    return "\n\n".join(parts) + "\n"


def _front_matter(about: CardFacts) -> str:
    data = ModelCardData(
        language=list(about.languages) or None,
        library_name="transformers" if about.exported.format == "hf" else "onnx",
        pipeline_tag="text-classification",
        tags=["text-classification", "attune"],
        base_model=about.hub_encoder or None,
        model_name=about.name,
        eval_results=_results(about) or None,
    )
    return f"---\n{data.to_yaml()}\n---"


def _results(about: CardFacts) -> list[EvalResult]:
    if about.figures is None or about.config is None:
        return []
    return [
        EvalResult(
            task_type=about.leaving.target.hub_task,
            dataset_type="private",
            dataset_name=about.data,
            dataset_split=about.figures.measures.split,
            metric_type=name,
            metric_value=round(one.value, 4),
            metric_name=metric_of(name).long_title.english(),
        )
        for name, one in about.figures.measures.figures.items()
        if name in _ON_THE_HUB
    ]


def _licence(about: CardFacts) -> str:
    encoder = " and of the encoder that it goes on from" if about.encoder else ""
    return (
        f"None is given yet. Whoever publishes this model chooses one, checks what the licences of its data{encoder} "
        "allow, and writes it into the head of this file as `license:`."
    )
