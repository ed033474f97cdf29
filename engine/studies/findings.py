"""What a study's table says in words: what helped, what is within noise, what it cost, and what was held equal.

Two variants are compared seed by seed, as runs of one seed share their split, their order of batches and much of their
luck: the mean of the differences with its 95 % interval of Student's t. Less than three seeds claim nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from engine.config.accumulation import FixedAccumulation
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.metrics.confidence_intervals import mean_half_width
from engine.records import VariantResult
from engine.records.studies import Sign

LEAST_SEEDS = 3
_SAME = 1e-12
"""Differences that are nothing but rounding."""


@dataclass(frozen=True)
class Shift:
    """By how much one variant's figure differs from another's: the mean over `num_seeds` pairs, and the half-width of
    its 95 % interval (nan for one pair)."""

    mean: float
    half_width: float
    num_seeds: int

    @property
    def is_beyond_chance(self) -> bool:
        """Never for less than three seeds: two agree by luck too often to tell."""
        return self.num_seeds >= LEAST_SEEDS and abs(self.mean) > max(self.half_width, _SAME)

    def in_words(self) -> Message:
        """In points of a percent."""
        change = f"{100 * self.mean:+.1f}".replace("-", "−")
        width = f"{100 * self.half_width:.1f}"
        if self.is_beyond_chance:
            return message("{change} points (± {width}, more than chance)", change=change, width=width)
        return message("{change} points (± {width})", change=change, width=width)


def shift(before: Sequence[float], after: Sequence[float]) -> Shift:
    """`after` against `before`, which are values of the same seeds in one order; at least one pair."""
    differences = [late - early for early, late in zip(before, after, strict=True)]
    mean, count = statistics.fmean(differences), len(differences)
    return Shift(mean, float(mean_half_width(differences)), count)


def compared(plain: VariantResult, other: VariantResult, figure: str) -> Shift | None:
    """The shift of a figure over the seeds that both variants finished; None without any."""
    seeds = [seed for seed in plain.seeds if seed in other.seeds]
    if not seeds or figure not in plain.figures or figure not in other.figures:
        return None
    return shift(_values(plain, figure, seeds), _values(other, figure, seeds))


def findings(base: RunConfig, rows: Sequence[VariantResult]) -> list[tuple[Sign, Message]]:
    """Sentences about an ablation: its first row is the plain variant, its last one has all parts. Before there are
    three seeds of it, a variant is not judged."""
    plain, *others = rows
    verdicts = [_verdict(plain, one) for one in others]
    together = _against_best_part(others)
    notes = [*_costs(plain, others), *_failures(rows), *_held_equal(base)]
    return [
        *_open(rows, [one for one, verdict in zip(others, verdicts, strict=True) if verdict is None]),
        *(one for one in verdicts if one is not None),
        *([] if together is None else [together]),
        *(("note", note) for note in notes),
    ]


def _open(rows: Sequence[VariantResult], unjudged: Sequence[VariantResult]) -> list[tuple[Sign, Message]]:
    if not unjudged:
        return []
    num_wanted = min(len(row.runs) for row in rows)
    if num_wanted == 1:
        return [("open", message("One seed says nothing about luck: run three."))]
    if num_wanted < LEAST_SEEDS:
        return [("open", message("Two seeds cannot tell skill from luck: run three."))]
    titles = [one.title for one in unjudged]
    return [("open", message("Not judged yet, for want of three finished seeds: {titles}.", titles=titles))]


def _verdict(plain: VariantResult, other: VariantResult) -> tuple[Sign, Message] | None:
    """Judged by F1, which precision alone cannot win by saying little."""
    shifts = {name: compared(plain, other, name) for name in ("precision", "recall", "f1")}
    f1 = shifts["f1"]
    if f1 is None or f1.num_seeds < LEAST_SEEDS:
        return None
    values: dict[str, Message] = {"title": other.title}
    values |= {name: one.in_words() for name, one in shifts.items() if one is not None}
    if f1.is_beyond_chance and f1.mean > 0:
        return "helped", message("{title} helped: precision {precision}, recall {recall}, F1 {f1}.", **values)
    if f1.is_beyond_chance:
        return "harmed", message("{title} harmed: precision {precision}, recall {recall}, F1 {f1}.", **values)
    return "noise", message("{title}: within noise; precision {precision}, recall {recall}, F1 {f1}.", **values)


def _against_best_part(others: Sequence[VariantResult]) -> tuple[Sign, Message] | None:
    """Whether all parts together are more than the best of them alone."""
    *parts, together = others
    if any("f1" not in one.figures or len(one.seeds) < LEAST_SEEDS for one in parts):
        return None
    best = max(parts, key=lambda one: one.figures["f1"].mean)
    found = compared(best, together, "f1")
    if found is None or found.num_seeds < LEAST_SEEDS:
        return None
    values = {"best": best.title, "f1": found.in_words()}
    if not found.is_beyond_chance:
        return "noise", message("All three against the best part alone ({best}): within noise; F1 {f1}.", **values)
    if found.mean > 0:
        return "helped", message("All three are better than the best part alone ({best}): F1 {f1}.", **values)
    return "harmed", message("All three are worse than the best part alone ({best}): F1 {f1}.", **values)


def _costs(plain: VariantResult, others: Sequence[VariantResult]) -> list[Message]:
    times = [_times_as_long(plain, one) for one in others]
    if any(one is None for one in times):
        return []
    return [message("Training time, the plain network being 1: {times}.", times=[one for one in times if one])]


def _times_as_long(plain: VariantResult, other: VariantResult) -> Message | None:
    seeds = [seed for seed in plain.seeds if seed in other.seeds]
    if not seeds or "seconds" not in plain.figures or "seconds" not in other.figures:
        return None
    before, after = (statistics.fmean(_values(one, "seconds", seeds)) for one in (plain, other))
    if before <= 0:
        return None
    return message("{title} {factor}", title=other.title, factor=f"{after / before:.2f}")


def _failures(rows: Sequence[VariantResult]) -> list[Message]:
    failed = [run for row in rows for run, state in zip(row.runs, row.states, strict=True) if state == "failed"]
    if not failed:
        return []
    return [message("{count:plural:run:runs} failed and left no figures: {names}.", count=len(failed), names=failed)]


def _held_equal(base: RunConfig) -> list[Message]:
    told = []
    if isinstance(base.training.accumulation, FixedAccumulation):
        told.append(
            message(
                "All variants may read the same number of texts: with accumulation an update takes more of them, so "
                "there are fewer updates. The learning rate is the same everywhere."
            )
        )
    else:
        told.append(
            message(
                "All variants make the same number of updates; those with accumulation read more texts. The learning "
                "rate is the same everywhere."
            )
        )
    if isinstance(base.training.pretraining, LanguageModelPretraining):
        told.append(message("No variant was pre-trained on unlabelled text: it is none of the three parts."))
    return told


def _values(row: VariantResult, figure: str, seeds: Sequence[int]) -> list[float]:
    by_seed = dict(zip(row.seeds, row.figures[figure].values, strict=True))
    return [by_seed[seed] for seed in seeds]
