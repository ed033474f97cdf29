"""trust: how far the attention shown for a text can be taken for the reason of the answer; every figure has a control.

Figures are those of `engine.records.Faithfulness`. Words are tokens here, special ones left out, and a word is taken
away by deleting it from the token ids. The attention is the one that a person sees: `AttentionRecord.received`.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from engine.errors import InputError
from engine.inspection.attribution.attribution_target import Answering, AttributionTarget, Ids, answer_under, ask
from engine.inspection.attribution.gradients import gradient_x_input
from engine.inspection.attribution.leave_one_out import groups_of
from engine.inspection.attribution.variants import probabilities
from engine.inspection.prediction.texts_with_evidence import Spans
from engine.inspection.subjects.loaded_models import Trained
from engine.metrics.rank_correlation import kendall_tau, ranks_anything, share_among_best
from engine.models.capture import read_attention
from engine.models.mechanisms import ABILITIES
from engine.records import UNCHANGED, Faithfulness, Switches, Trust

FRACTIONS = (0.01, 0.05, 0.1, 0.2, 0.5)
"""Of the words, taken away or left alone (DeYoung 2020, section 4); at least one word each."""

NUM_DRAWS = 5
"""Orders of random words; their mean is the control."""

STRONG_TAU, WEAK_TAU = 0.5, 0.2
"""Attention agrees well, or hardly, with what changes the answer. On IMDB Jain & Wallace 2019 found .34 to .44 for
attention and .52 for gradients: strong is what a gradient reaches."""

CLEARLY_ABOVE = 2.0
"""How many times as much as random words the words looked at most must matter, to count as clearly above."""


def trust(trained: Trained, text: str, evidence: Spans = (), switches: Switches = UNCHANGED) -> Answering[Faithfulness]:
    """The figures of one text; `evidence` are the characters that truly decide, where somebody knows them.

    A model without attention, one whose attention is alike for all words, and a text of one word have no figures of
    attention: what is left is how far gradients can be trusted. Raises InputError as `ask` does.
    """
    question = ask(trained, text, switches)
    record = read_attention(trained.model, trained.tokenizer, text, trained.max_length, switches)
    words = question.words
    gradient = yield from _gradient(question)
    attention = record.received()[words]
    groups = groups_of(words)
    orders = _orders(attention, text) if ranks_anything(attention) else []
    variants = [question.without(group) for group in groups]
    for order in orders:
        variants += _erasures(question, words[order])
    said = yield from probabilities(question, variants)
    changes = np.abs(question.probability - said[: len(groups)])
    figures = _taus(attention if orders else None, gradient, changes, groups_of(np.arange(len(words))))
    if orders:
        figures |= _erased(question, said[len(groups) :].reshape(len(orders), 2, len(FRACTIONS)))
        figures |= _under_uniform(question)
        if evidence:
            figures |= _evidence(question, attention, evidence)
    return Faithfulness(figures, trust_of(figures))


def trust_of(figures: dict[str, float]) -> Trust:
    """In one word. Of attention:

    strong: tau with leave-one-out at least .5, and taking away the words looked at most changes the answer at least
    twice as much as taking away random ones; weak: tau below .2, or no more than random ones; else fair. Without
    figures of attention the same taus decide for the gradient; where nothing could be measured, nothing is to be
    trusted: weak.
    """
    is_attention = "comprehensiveness" in figures
    tau = figures.get("tau_leave_one_out" if is_attention else "tau_gradient_leave_one_out", 0.0)
    gain, control = figures.get("comprehensiveness", 1.0), figures.get("comprehensiveness_random", 0.0)
    if tau < WEAK_TAU or gain <= control:
        return "weak"
    return "strong" if tau >= STRONG_TAU and gain >= CLEARLY_ABOVE * control else "fair"


def _gradient(question: AttributionTarget) -> Answering[np.ndarray | None]:
    """[words]; None for a model that takes no word vectors: it is judged without."""
    try:
        found = yield from gradient_x_input(question)
    except InputError:
        return None
    words: np.ndarray = found.scores[question.words]
    return words


def _orders(attention: np.ndarray, text: str) -> list[np.ndarray]:
    """Places among the words: those looked at most first; then random orders, the same ones for the same text."""
    chance = np.random.default_rng(zlib.crc32(text.encode("utf-8", errors="replace")))
    return [np.argsort(-attention, kind="stable"), *(chance.permutation(len(attention)) for _ in range(NUM_DRAWS))]


def _erasures(question: AttributionTarget, words: np.ndarray) -> list[Ids]:
    """The text without the first words of an order, then with them alone: [2 x fractions]."""
    counts = [max(1, round(fraction * len(words))) for fraction in FRACTIONS]
    return [question.without(words[:count]) for count in counts] + [question.without(words[count:]) for count in counts]


def _erased(question: AttributionTarget, said: np.ndarray) -> dict[str, float]:
    """From what was said of the erasures [orders, 2, fractions], the first order being that of attention."""
    drops = question.probability - said
    if question.is_number:  # a number may change in either direction
        drops = np.abs(drops)
    means = drops.mean(axis=2)
    (most, alone), (most_random, alone_random) = means[0], means[1:].mean(axis=0)
    return {
        "comprehensiveness": float(most),
        "comprehensiveness_random": float(most_random),
        "sufficiency": float(alone),
        "sufficiency_random": float(alone_random),
    }


def _taus(
    attention: np.ndarray | None, gradient: np.ndarray | None, changes: np.ndarray, groups: list[np.ndarray]
) -> dict[str, float]:
    """Of sizes without their signs, as Jain & Wallace 2019 compare them (algorithm 1): attention has no sign, their
    change of the answer is a distance, their gradient an absolute value. Groups of a long text are compared as such."""
    firsts = [int(group[0]) for group in groups]
    looks = None if attention is None else np.add.reduceat(attention, firsts)
    slopes = None if gradient is None else np.abs(np.add.reduceat(gradient, firsts))
    taus = {
        "tau_leave_one_out": _tau(looks, changes),
        "tau_gradient": _tau(looks, slopes),
        "tau_gradient_leave_one_out": _tau(slopes, changes),
    }
    return {name: tau for name, tau in taus.items() if tau is not None}


def _tau(one: np.ndarray | None, other: np.ndarray | None) -> float | None:
    return None if one is None or other is None else kendall_tau(one, other)


def _under_uniform(question: AttributionTarget) -> dict[str, float]:
    """What is lost when every token looks alike at all others (Wiegreffe & Pinter 2019, 3.2)."""
    if question.switches.uniform or "uniform" not in ABILITIES[question.trained.mechanism]:
        return {}
    likeliest, said = answer_under(question, replace(question.switches, uniform=True))
    drop = question.probability - said
    if question.is_number:
        return {"uniform_drop": abs(drop)}
    return {"uniform_drop": drop, "uniform_changed": float(likeliest != question.answer)}


def _evidence(question: AttributionTarget, attention: np.ndarray, evidence: Spans) -> dict[str, float]:
    """Nothing where the deciding words were cut off; random words hold as large a share as there are of them."""
    spans = [question.read.spans[place] for place in question.words]
    deciding = [
        place
        for place, (start, end) in enumerate(spans)
        if any(start < stop and begin < end for begin, stop in evidence)
    ]
    if not deciding:
        return {}
    return {
        "evidence": share_among_best(attention, deciding),
        "evidence_random": len(deciding) / len(attention),
    }
