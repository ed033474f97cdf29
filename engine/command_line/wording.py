"""What was found by looking inside, as JSON trees and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from engine.command_line.printing import bar
from engine.records import (
    AttentionMap,
    AttentionRecord,
    Attribution,
    BatchPredicted,
    Faithfulness,
    HeadTable,
    Prediction,
    Trust,
)

_NUM_SHOWN = 3
"""Keys that are printed for each query of a head."""

_TRUST: dict[Trust, str] = {
    "strong": "agrees well with",
    "fair": "agrees in part with",
    "weak": "agrees weakly with",
}
_FIGURES = (
    ("comprehensiveness", "words looked at most taken away", "comprehensiveness_random", "random words"),
    ("sufficiency", "those words alone", "sufficiency_random", "random words"),
    ("tau_leave_one_out", "attention and leave-one-out", "tau_gradient_leave_one_out", "gradient and leave-one-out"),
    ("tau_gradient", "attention and gradient", "", ""),
    ("uniform_drop", "attention made uniform", "", ""),
    ("uniform_changed", "answers that change then", "", ""),
    ("evidence", "deciding words among those looked at most", "evidence_random", "random words"),
)
"""Figure, what it is about, its control, what that is about."""


def prediction_lines(found: Prediction) -> Iterator[str]:
    """The answer, or that it is left to a person, then every label's probability."""
    if found.abstains:
        share = 100 * found.probabilities[found.label]
        least = 100 * (found.threshold or 0.0)
        yield f"left to a person: “{found.label}” is likeliest, but {share:.1f} % is less than {least:.1f} %"
    elif found.labels is not None:
        yield found.label or "none of the labels"
    else:
        yield found.label or "This model says nothing, it only looks."
    for label, probability in sorted(found.probabilities.items(), key=lambda item: -item[1]):
        yield f"  {label:20} {100 * probability:5.1f} %"


def batch_lines(found: BatchPredicted) -> Iterator[str]:
    """Where the answers are, and how often each was given."""
    yield f"{found.num_rows:,} rows in {found.seconds:.1f} s ({found.rows_per_second:,.0f} a second): {found.path}"
    for label, count in sorted(found.counts.items(), key=lambda item: -item[1]):
        yield f"  {label:20} {count:,}"
    if found.num_abstained:
        yield f"  {'left to a person':20} {found.num_abstained:,}"
    if found.num_blank:
        yield f"  {'without a text':20} {found.num_blank:,}"


def attend_tree(record: AttentionRecord, attribution: Attribution | None) -> dict[str, Any]:
    """The record with what was asked for beside it."""
    heads = [{"map": name, "layer": layer, "head": head} for name, layer, head in sorted(record.switches.muted)]
    tree = {
        **record.to_json(),
        "tokens": list(record.tokens),
        "switches": {"heads": heads, "uniform": record.switches.uniform},
        "facts": [_facts_tree(one) for one in record.maps if one.facts is not None],
    }
    return tree if attribution is None else {**tree, "attribution": attribution.to_json()}


def attend_lines(record: AttentionRecord, attribution: Attribution | None) -> Iterator[str]:
    """The answer, then each token with its weight or score; what speaks against the answer has a minus."""
    yield from [record.prediction.label] if record.has_answer else []
    if attribution is not None:
        yield from _scores(record.tokens, attribution.scores)
    elif record.maps:
        yield from _scores(record.tokens, record.received())
    else:
        yield "This model has no attention."


def head_lines(record: AttentionRecord) -> Iterator[str]:
    """The answer, then where each query of the one map that was chosen looks most (mean over what is left of it)."""
    yield from [record.prediction.label] if record.has_answer else []
    (one,) = record.maps
    rows = one.weights.mean(axis=(0, 1))
    if len(rows) == 1:
        yield from _scores(one.keys, rows[0])
        return
    for query, row in zip(one.queries, rows, strict=True):
        best = np.argsort(-row, kind="stable")[:_NUM_SHOWN]
        yield f"  {query:20} " + "  ".join(f"{one.keys[place]} {row[place]:.3f}" for place in best)


def faithfulness_lines(found: Faithfulness) -> Iterator[str]:
    """A sentence, then each figure beside its control."""
    has_attention = "comprehensiveness" in found.figures
    what = "Attention" if has_attention else "There is no attention to judge. The gradient"
    yield f"{what} {_TRUST[found.trust]} what changes the decision here ({found.num_rows:,} rows)."
    for name, about, control, about_control in _FIGURES:
        if name in found.figures:
            beside = f"   {about_control}: {_figure(found, control)}" if control in found.figures else ""
            yield f"  {about:42} {_figure(found, name)}{beside}"
    if not has_attention and "tau_gradient_leave_one_out" in found.figures:
        yield f"  {'gradient and leave-one-out':42} {_figure(found, 'tau_gradient_leave_one_out')}"


def table_lines(found: HeadTable) -> Iterator[str]:
    """What the metrics are, then what each head's loss changes about them, the dearest first."""
    metrics = "  ".join(f"{name} {value:.3f}" for name, value in found.before.items())
    yield f"{found.num_rows:,} rows of {found.split}: {metrics}"
    for one in found.effects:
        heads = ", ".join(f"{name} {layer}.{head}" for name, layer, head in sorted(one.switches.muted))
        changes = "  ".join(f"{name} {value:+.3f}" for name, value in one.change.items())
        yield f"  {heads:28} {changes}"


def _facts_tree(one: AttentionMap) -> dict[str, Any]:
    assert one.facts is not None
    measured = {"entropy": one.facts.entropy, "distance": one.facts.distance, "share": one.facts.share}
    rounded = {name: values.astype(np.float64).round(6).tolist() for name, values in measured.items()}
    return {"name": one.name, **rounded, "pattern": [list(layer) for layer in one.facts.pattern]}


def _scores(tokens: Iterable[str], scores: np.ndarray) -> Iterator[str]:
    largest = max(float(np.abs(scores).max()), 1e-12) if np.any(scores < 0) or np.abs(scores).max() > 1 else 1.0
    for token, score in zip(tokens, scores, strict=True):
        yield f"  {token:20} {score:6.3f} {bar(abs(float(score)) / largest)}".rstrip()


def _figure(found: Faithfulness, name: str) -> str:
    width = found.intervals.get(name)
    return f"{found.figures[name]:6.3f}" + ("" if width is None else f" ± {width:.3f}")
