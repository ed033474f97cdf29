"""What the search for the best model keeps, and what it says: which one to take, by how much, and what was left out.

best.json stands beside study.json: the minutes, the encoder, which candidates were left out and why, and the verdict,
which is None before all have been measured on the same rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.records import VariantResult
from engine.records.comparison import Change
from engine.records.studies import Sign
from engine.runs.checksums import Damage, changed, damaged_file, read_object, sealed
from engine.runs.files import write_atomic
from engine.runs.run_facts import how_to_go_on
from engine.runs.study import Study, refuse_other_kinds
from engine.studies.candidates import COUNTING

_FILE = "best.json"
_SPLITS = {"test": message("the test texts"), "validation": message("the validation texts")}


def begin_plan(study: Study, minutes: float, encoder: str | None) -> None:
    """Raises RunFailure when the disk refuses."""
    plan: dict[str, Any] = {"minutes": minutes, "encoder": encoder, "left_out": [], "verdict": None}
    write_atomic(study.path / _FILE, sealed(plan, indent=1))


def read_plan(study: Study) -> dict[str, Any]:
    """best.json. Raises InputError where it was spoilt or taken away, and for a study of another kind."""
    refuse_other_kinds(study, "best")
    try:
        found = read_object(study.path / _FILE)
    except (OSError, Damage) as error:
        raise damaged_file(study.path / _FILE, error, how_to_go_on(study.path)) from error
    return found


def keep_plan(study: Study, changes: Mapping[str, Any]) -> None:
    """Raises RunFailure when the disk refuses."""
    write_atomic(study.path / _FILE, changed(read_plan(study), dict(changes), indent=1))


def best_said(study: Study, rows: Sequence[VariantResult]) -> tuple[list[tuple[Sign, Message]], str]:
    """The findings, and the name of the run to take, "" before it is known."""
    return best_findings(study, rows), run_to_take(study) or ""


def best_findings(study: Study, rows: Sequence[VariantResult]) -> list[tuple[Sign, Message]]:
    """The advice, once all were compared, then what was left out or failed."""
    plan = read_plan(study)
    titles = {row.name: row.title for row in rows}
    told: list[tuple[Sign, Message]] = []
    if plan["verdict"] is not None:
        told.append(_advice(plan["verdict"], titles, rows))
    elif rows:
        told.append(("open", message("What to take is said when all have been trained and measured on the same rows.")))
    for one in plan["left_out"]:
        title, why = Message.from_json(one["title"]), Message.from_json(one["why"])
        told.append(("note", message("{title} was left out: {why}.", title=title, why=why)))
    failed = [row.title for row in rows if "failed" in row.states]
    if failed:
        told.append(("note", message("No figures, because the training failed: {titles}.", titles=failed)))
    return told


def _advice(
    verdict: Mapping[str, Any], titles: Mapping[str, Message], rows: Sequence[VariantResult]
) -> tuple[Sign, Message]:
    ahead = verdict["ahead"]
    if ahead is None:
        return "open", message("No candidate was trained to its end.")
    if "change" not in verdict:
        return "note", message("Take {title}: there is nothing to compare it with.", title=titles[ahead])
    metric, gain = metric_of(verdict["measured"]), _gain(verdict)
    values: dict[str, Any] = {
        "title": titles[ahead],
        "rival": titles[verdict["rival"]],
        "metric": metric.title,
        "value": metric.written(verdict["values"][0]),
        "other": metric.written(verdict["values"][1]),
        "change": _in_words(gain, is_share=metric.is_share),
        "count": verdict["num_rows"],
        "split": _SPLITS.get(verdict["split"], verdict["split"]),
    }
    if ahead == COUNTING:
        what = message(
            "Take word counting: no network did better here. Its {metric} is {value}, that of the nearest ({rival}) "
            "{other}, on {count:plural:row:rows} of {split} ({change}).",
            **values,
        )
        return "helped", what
    if name_to_take(verdict) == ahead:
        what = message(
            "Take {title}: its {metric} is {value}, that of word counting {other}, on {count:plural:row:rows} of "
            "{split} ({change}: more than chance).",
            **values,
        )
        return "helped", what
    if gain.value < 0 and gain.is_beyond_chance:
        what = message(
            "Take word counting: {title} was ahead on validation, but on {count:plural:row:rows} of {split} word "
            "counting is better, {metric} {other} against {value} ({change}: more than chance).",
            **values,
        )
        return "helped", what
    what = message(
        "No clear winner: {title} was ahead on validation, but on {count:plural:row:rows} of {split} it is no better "
        "than word counting beyond chance, {metric} {value} against {other} ({change}). Until more rows tell them "
        "apart, take word counting: it is ready in {seconds} s and tells which words speak for a label.",
        **values,
        seconds=f"{_seconds(rows):.0f}",
    )
    return "noise", what


def name_to_take(verdict: Mapping[str, Any]) -> str | None:
    """The candidate to take: the one that was ahead on validation, unless it is no better than word counting beyond
    chance. None before it is known."""
    ahead: str | None = verdict["ahead"]
    if verdict.get("rival") != COUNTING or "change" not in verdict:
        return ahead
    gain = _gain(verdict)
    return ahead if gain.value > 0 and gain.is_beyond_chance else COUNTING


def run_to_take(study: Study) -> str | None:
    """The name of its run's folder."""
    verdict = read_plan(study)["verdict"]
    name = None if verdict is None else name_to_take(verdict)
    return next((one.path.name for one in study.members if one.variant.name == name), None)


def _gain(verdict: Mapping[str, Any]) -> Change:
    """By how much the one that was ahead is better than its rival: above 0 is better, whatever the metric."""
    given = {key: math.nan if value is None else float(value) for key, value in verdict["change"].items()}
    change = Change(**given)
    if not metric_of(verdict["measured"]).lower_is_better:
        return change
    return Change(-change.value, change.half_width, -change.high, -change.low)


def _seconds(rows: Sequence[VariantResult]) -> float:
    counting = [row for row in rows if row.name == COUNTING and "seconds" in row.figures]
    return max([1.0, *(row.figures["seconds"].mean for row in counting)])


def _in_words(change: Change, *, is_share: bool) -> Message:
    scale, digits = (100.0, ".1f") if is_share else (1.0, ".3g")
    numbers = {
        name: f"{scale * value:+{digits}}".replace("-", "−")
        for name, value in (("value", change.value), ("low", change.low), ("high", change.high))
    }
    if is_share:
        return message("{value} points, 95 % interval {low} to {high}", **numbers)
    return message("better by {value}, 95 % interval {low} to {high}", **numbers)
