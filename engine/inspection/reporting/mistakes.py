"""Where it is wrong: which labels it takes for which, on what part of the texts, and the worst single errors."""

from __future__ import annotations

import numpy as np

from engine.inspection.reporting.contents import Contents, worst_errors
from engine.inspection.reporting.html import Html, element, table
from engine.inspection.reporting.plots import confusion_plot
from engine.inspection.reporting.words import Words, written
from engine.messages import message
from engine.records import Slice
from engine.targets import target_of

_MOST_LABELS = 10
"""Above, a matrix would not fit a page."""

_NUM_PAIRS, _NUM_SLICES, _NUM_ERRORS = 20, 20, 20
_LONGEST_TEXT = 500


def mixed_up(contents: Contents, words: Words) -> list[Html]:
    """The confusion matrix; of many labels the pairs that are mixed up most often."""
    say, labels, counts = words.say, contents.answers.labels, contents.measures.confusion
    if not counts:
        return []
    if len(labels) <= _MOST_LABELS:
        plot = confusion_plot(counts, labels, say(message("your label")), say(message("its answer")))
        caption = message("Texts by your label (row) and its answer (column), and their share of the row.")
        return [element("figure", plot, element("figcaption", say(caption)))]
    cells = np.array(counts)
    np.fill_diagonal(cells, 0)
    order = np.argsort(-cells.ravel(), kind="stable")[:_NUM_PAIRS]
    pairs = [divmod(int(place), len(labels)) for place in order]
    rows = [
        [
            labels[true],
            labels[said],
            f"{cells[true, said]:,}",
            written("precision", cells[true, said] / sum(counts[true])),
        ]
        for true, said in pairs
        if cells[true, said]
    ]
    heads = [message("your label"), message("its answer"), message("texts"), message("share of the label")]
    return [table([say(head) for head in heads], rows, num_texts=2)]


def slice_table(contents: Contents, words: Words) -> list[Html]:
    """Parts in which it is surely worse, then those that look worst."""
    say = words.say
    ordered = sorted(contents.slices, key=lambda one: (not one.is_worse, one.p_value))[:_NUM_SLICES]
    if not ordered:
        return []
    num_worse = sum(one.is_worse for one in contents.slices)
    told = (
        message("On {count:plural:part:parts} of the texts it is surely worse than on the others.", count=num_worse)
        if num_worse
        else message("No part of the texts was found on which it is surely worse than on the others.")
    )
    heads = [
        message("part"),
        message("texts"),
        message("figure"),
        message("there"),
        message("95 % interval"),
        message("elsewhere"),
        message("p, corrected"),
    ]
    rows = [_slice_row(one, words) for one in ordered]
    return [element("p", say(told)), table([say(head) for head in heads], rows)]


def error_table(contents: Contents, words: Words) -> list[Html]:
    """The most certain wrong answers."""
    say, answers = words.say, contents.answers
    errors = worst_errors(contents, _NUM_ERRORS)
    if not errors:
        return [element("p", say(message("It made no error on these texts.")))]
    target = target_of(answers.kind)
    heads = [message("text"), message("your label"), message("its answer"), message("how sure"), message("row")]
    rows = [
        [
            _cut(answers.texts[one.place]),
            target.truth_in_words(answers, one.place) or say(message("none")),
            one.said or say(message("none")),
            written("precision", one.probability) if target.is_categorical else "–",
            f"{int(answers.rows[one.place]):,}",
        ]
        for one in errors
    ]
    told = message("All predictions are in {file}, beside this page.", file=contents.table)
    return [table([say(head) for head in heads], rows, num_texts=3), element("p", say(told))]


def _slice_row(one: Slice, words: Words) -> list[str]:
    mark = element("span", words.say(message("worse")), class_="bad")
    title = words.say(one.title)
    return [
        element("span", title, " ", mark) if one.is_worse else title,
        f"{len(one.places):,}",
        words.title(one.metric),
        element("b", written(one.metric, one.figure.value)),
        words.range_of(one.metric, one.figure),
        written(one.metric, one.rest.value),
        f"{one.p_value:.2g}",
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT].rstrip()} …"
