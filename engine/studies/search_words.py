"""What a search says of itself in one sentence. “Wins” is said only of a trial that was repeated, measured beside the
person's own settings on the same rows, and is better by more than chance."""

from __future__ import annotations

import math

from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.records.search import AgainstStart, SearchOutcome, SearchRecord, Trial


def outcome_of(record: SearchRecord) -> SearchOutcome:
    """What is known of the winner against the person's own settings."""
    if record.phase != "over" or record.winner is None:
        return "open"
    if record.trial(record.winner).is_start:
        return "none"
    if record.against_start is None:
        return "open"
    return "better" if record.against_start.is_better else "noise"


def headline(record: SearchRecord) -> Message:
    """The state of the search, in the order of what a person wants to know first."""
    if record.phase == "over":
        return _ended(record)
    if record.best is None:
        return _nothing_yet(record)
    best = record.trial(record.best)
    values: dict[str, object] = {"name": name_of(best), "goal": record.goals[0].title, "value": _written(record, best)}
    if record.phase != "searching":
        return message(
            "{name} is ahead: {goal} {value}. The best are repeated with other seeds before a winner is named.",
            **values,
        )
    start = next((one for one in record.trials if one.is_start and one.state == "done"), None)
    if best.is_start:
        return message("Your own settings are ahead: {goal} {value}.", goal=values["goal"], value=values["value"])
    if start is None:
        return message("{name} is ahead: {goal} {value}.", **values)
    return message(
        "{name} is ahead: {goal} {value} against {start} of your settings.", **values, start=_written(record, start)
    )


def name_of(trial: Trial) -> Message:
    """As people know it."""
    if trial.is_start:
        return message("Your settings")
    return message("Trial {number}", number=trial.number)


def _nothing_yet(record: SearchRecord) -> Message:
    if record.trials:
        return message("The first trial is on its way: your own settings, which the others must beat.")
    return message("Not one trial has begun yet.")


def _ended(record: SearchRecord) -> Message:
    if record.best is None:
        return message("Not one trial came to its end: give the search more time, or trials that are shorter.")
    goal = record.goals[0].title
    if record.winner is None:
        best = record.trial(record.best)
        return message(
            "{name} was ahead with {goal} {value}, but there was no time to repeat it: that may be luck.",
            name=name_of(best),
            goal=goal,
            value=_written(record, best),
        )
    if record.outcome == "none":
        return message("Nothing better than your own settings was found; they stay the best by {goal}.", goal=goal)
    name, against = name_of(record.trial(record.winner)), record.against_start
    if against is None:
        mean = next(one.mean for one in record.repeats if one.trial == record.winner)
        return message(
            "{name} is the best over its seeds: {goal} {value} on validation. It could not be measured beside your "
            "settings.",
            name=name,
            goal=goal,
            value=metric_of(record.goals[0].key).written(mean),
        )
    values: dict[str, object] = {
        "name": name,
        "metric": against.title,
        "winner": _with_recall(against.metric, against.winner, against.recall_winner),
        "start": _with_recall(against.metric, against.start, against.recall_start),
        "change": change_in_words(against),
        "rows": _rows(against),
    }
    if record.outcome == "better":
        return message(
            "{name} wins: {metric} {winner} against {start} of your settings on {rows} ({change}).",
            **values,
        )
    return message(
        "No winner: {name} and your settings are within noise: {metric} {winner} against {start} on {rows} ({change}).",
        **values,
    )


def change_in_words(against: AgainstStart) -> Message:
    """By how much it is better (below 0: worse), with the interval's ends."""
    change, is_share = against.change, metric_of(against.metric).is_share
    scale, digits = (100.0, ".1f") if is_share else (1.0, ".3g")
    numbers = {
        name: f"{scale * value:+{digits}}".replace("-", "−")
        for name, value in (("value", change.value), ("low", change.low), ("high", change.high))
    }
    if math.isnan(change.low):
        return message("difference {value}", value=numbers["value"])
    return message("difference {value}, 95 % interval {low} to {high}", **numbers)


def _rows(against: AgainstStart) -> Message:
    if against.split == "test":
        return message("{count:plural:test row:test rows}", count=against.num_rows)
    return message("{count:plural:validation row:validation rows}", count=against.num_rows)


def _with_recall(key: str, value: float, recall: float) -> Message:
    """Precision never stands without its recall."""
    written = metric_of(key).written(value)
    if math.isnan(recall):
        return message("{value}", value=written)
    return message("{value} (recall {recall})", value=written, recall=metric_of("recall").written(recall))


def _written(record: SearchRecord, trial: Trial) -> str:
    return metric_of(record.goals[0].key).written(trial.value)
