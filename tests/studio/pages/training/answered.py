"""Made-up answers in words, as a translator's training would tell them."""

from __future__ import annotations

from engine import events
from engine.config.run import RunConfig
from engine.config.tasks.registry import TASK_TYPES, type_of
from engine.runs.history import History

ROWS = (
    ("Ein Mann fährt mit einem roten Fahrrad die Straße hinunter .", "A man rides a red bicycle down the street ."),
    ("Zwei Hunde spielen im Schnee .", "Two dogs play in the snow ."),
    ("Eine Frau liest ihrem Kind ein Buch vor .", "A woman is reading a book to her child ."),
    ("Das Kind schläft .", "The child sleeps ."),
)
SAID = {
    40: ("A man is a .", "A man .", "A woman is a a a .", "A man ."),
    200: (
        "A man rides a bicycle .",
        "Two dogs play in the grass .",
        "A woman is reading a book .",
        "The child sleeps .",
    ),
    400: (
        "A man rides a red bike down the street .",
        "Two dogs play in the snow .",
        "A woman reads a book to her child .",
        "",
    ),
}


def answered(step: int) -> events.TextsAnswered:
    rows = [
        {"read": [read], "wanted": wanted, "said": said, "score": len(set(said.split()) & set(wanted.split())) / 10}
        for (read, wanted), said in zip(ROWS, SAID[step], strict=True)
    ]
    return events.TextsAnswered(step=step, rows=rows)


def answering_history(history: History) -> History:
    history.captures.clear()
    for step in SAID:
        history.append(answered(step))
    return history


def of_a_task_in_words(monkeypatch: object, config: RunConfig) -> None:
    """The config's task then answers in words."""
    kind = type_of(config.task)
    changed = type(kind)(kind.spec, frozenset(("transform",)), kind.misfit, kind.roles, kind.model_names)
    monkeypatch.setitem(TASK_TYPES, kind.name, changed)  # type: ignore[attr-defined]
