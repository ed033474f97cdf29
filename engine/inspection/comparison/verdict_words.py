"""What is said about two sides: which one is better, whether it can be luck, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from engine.messages import Message, message
from engine.metrics.significance import LEVEL, Difference
from engine.records import Change, Outcome


@dataclass(frozen=True)
class Side:
    """A group as it is compared: the numbers of its runs in the `ComparedRows`, and their seeds."""

    title: Message
    runs: tuple[int, ...]
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Finding:
    """What was measured about two sides, before it is corrected for the number of comparisons."""

    change: dict[str, Change]
    only_a: int
    only_b: int
    num_rows: int
    p_rows: float
    exact_p: float | None
    seeds: Difference | None
    """None where only models are compared."""

    @property
    def p_value(self) -> float:
        return self.p_rows if self.seeds is None else max(self.p_rows, self.seeds.p_value)


def verdict_words(
    a: Side, b: Side, finding: Finding, outcome: Outcome, corrected: float, needed: int | None
) -> Message:
    """Which one is better, and what that rests on; `corrected` is the p-value, `needed` how many texts would tell."""
    values = {
        "a": a.title,
        "b": b.title,
        "p": p_words(corrected),
        "rows": finding.num_rows,
        "only_a": finding.only_a,
        "only_b": finding.only_b,
    }
    if outcome == "open":
        return _open(values, finding, corrected, needed)
    if outcome == "worse":
        values |= {"a": b.title, "b": a.title, "only_a": finding.only_b, "only_b": finding.only_a}
    if finding.exact_p is None:
        return message(
            "{b} is better than {a}: nearer to the truth on {only_b} of {rows:plural:text:texts}, farther off on "
            "{only_a} (p {p}).",
            **values,
        )
    if finding.seeds is None:
        return message(
            "{b} is better than {a}: of {rows:plural:text:texts} it alone is right on {only_b}, the other one alone on "
            "{only_a} (p {p}).",
            **values,
        )
    return message(
        "{b} is better than {a}: {points} points of accuracy (± {width}), more than the luck of seeds and texts "
        "(p {p}).",
        **values,
        **_points(finding, outcome),
    )


def _open(values: dict[str, object], finding: Finding, corrected: float, needed: int | None) -> Message:
    if corrected < LEVEL:
        if finding.only_b > finding.only_a:
            return message("{b} is more often right than {a}, but its F1 is lower: neither is simply better.", **values)
        return message("{a} is more often right than {b}, but its F1 is lower: neither is simply better.", **values)
    if finding.exact_p is None:
        return message(
            "Can't tell with {rows:plural:text:texts}: {a} is nearer to the truth on {only_a}, {b} on {only_b} "
            "(p {p}).",
            **values,
        )
    if finding.seeds is not None and finding.p_rows < finding.seeds.p_value:
        return message(
            "Can't tell {a} and {b} apart: {points} points of accuracy (± {width}) can be the luck of the seeds "
            "(p {p}). More seeds may tell.",
            **values,
            **_points(finding, "better"),
        )
    if needed is None:
        return message(
            "Can't tell {a} and {b} apart with {rows:plural:text:texts}: {a} alone is right on {only_a}, {b} alone on "
            "{only_b} (p {p}).",
            **values,
        )
    return message(
        "Can't tell {a} and {b} apart with {rows:plural:text:texts}: {a} alone is right on {only_a}, {b} alone on "
        "{only_b} (p {p}). It would take about {needed} texts if the difference is what it seems.",
        **values,
        needed=_rounded(needed),
    )


def _points(finding: Finding, outcome: Outcome) -> dict[str, str]:
    """Of the better one's advantage."""
    change = finding.change["accuracy"]
    value = -change.value if outcome == "worse" else change.value
    return {"points": f"{100 * value:+.1f}".replace("-", "−"), "width": f"{100 * change.half_width:.1f}"}


def scope_words(a: Side, b: Side, *, is_about_recipes: bool) -> Message:
    if is_about_recipes:
        return message("This is about the settings: each has three seeds or more.")
    if len(a.runs) == 1 and len(b.runs) == 1:
        return message(
            "One seed each: this is about these two models, not about their settings. Three seeds of each would tell "
            "about those."
        )
    return message("Less than three seeds: this is about these very models, not about their settings.")


def p_words(p_value: float) -> str:
    """As it stands in a bracket: “= 0.032”, “< 0.001”."""
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"


def _rounded(count: int) -> int:
    """Two figures: more would pretend to know."""
    power = 10 ** max(0, len(str(count)) - 2)
    return int(-(-count // power) * power)
