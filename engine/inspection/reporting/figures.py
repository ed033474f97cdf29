"""Tables of figures: each with its interval and what stands beside it, then those of every label."""

from __future__ import annotations

import math

from engine.inspection.reporting.contents import Contents
from engine.inspection.reporting.html import Html, element, table
from engine.inspection.reporting.words import Words, written
from engine.messages import Message, message
from engine.metrics.figures_with_intervals import LABEL_ORDER
from engine.records import Figure
from engine.targets import target_of

_PLAIN_PARTS = ("_micro", "_macro", "_weighted")
_METHODS: dict[str, Message] = {"wilson": message("Wilson"), "bootstrap": message("bootstrap"), "": message("–")}


def tables(contents: Contents, words: Words) -> list[Html]:
    """The main figures, those by other means over labels (folded), those of every label."""
    say, found = words.say, contents.measures.figures
    main = {name: one for name, one in found.items() if not name.endswith(_PLAIN_PARTS)}
    other = {name: one for name, one in found.items() if name.endswith(_PLAIN_PARTS)}
    parts = [_table(contents, words, main)]
    if other:
        summary = element("summary", say(message("Other means over the labels")))
        parts.append(element("details", summary, _table(contents, words, other)))
    if len(contents.answers.labels) > 1:
        summary = element("summary", say(message("Every label")))
        is_open = {"open": "open"} if len(contents.answers.labels) <= 10 else {}
        parts.append(element("details", summary, _by_label(contents, words), **is_open))
    return parts


def _table(contents: Contents, words: Words, figures: dict[str, Figure]) -> Html:
    say, measures = words.say, contents.measures
    is_categorical = target_of(contents.answers.kind).is_categorical
    simplest = message("most frequent label") if is_categorical else message("the mean number")
    heads = [message("figure"), message("value"), message("95 % interval"), message("found by")]
    rows = [
        [
            words.title(name),
            element("b", written(name, one.value)),
            words.range_of(name, one),
            say(_METHODS[one.method]),
            _beside(name, measures.counted),
            _beside(name, measures.majority),
        ]
        for name, one in figures.items()
    ]
    return table([*(say(head) for head in heads), say(message("word counting")), say(simplest)], rows)


def _beside(name: str, figures: dict[str, float]) -> str:
    return written(name, figures.get(name, math.nan))


def _by_label(contents: Contents, words: Words) -> Html:
    """Rows a label has, then each figure with its interval."""
    measures = contents.measures
    names = [name for name in LABEL_ORDER if any(name in figures for figures in measures.per_label.values())]
    heads = [words.say(message("label")), words.say(message("rows")), *(words.title(name) for name in names)]
    rows = [
        [label, f"{measures.support[label]:,}", *(_with_interval(name, figures, words) for name in names)]
        for label, figures in measures.per_label.items()
    ]
    return table(heads, rows)


def _with_interval(name: str, figures: dict[str, Figure], words: Words) -> Html:
    if name not in figures:
        return Html("–")
    value = element("b", written(name, figures[name].value))
    return element("span", value, element("small", words.range_of(name, figures[name])))
