"""page: the report as one HTML file that needs nothing else: styles and plots are in it, and there is no script."""

from __future__ import annotations

import time
from collections.abc import Sequence

from engine.inspection.reporting import believing, figures, mistakes, origins
from engine.inspection.reporting.contents import Contents
from engine.inspection.reporting.html import Html, element
from engine.inspection.reporting.words import Words
from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.resources import resource
from engine.targets import positive_of, target_of

_STYLE = resource("report", "report.css")


def page(contents: Contents, words: Words) -> str:
    """The whole file."""
    say = words.say
    title = say(message("How good is {name}?", name=contents.run.name))
    style = element("style", Html(_STYLE.read_text(encoding="utf-8")))
    marks = Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">')
    beside = word_counting(contents, words)
    told = [_when(contents)] if beside is None else [beside, _when(contents)]
    top = element(
        "header",
        element("h1", title),
        element("p", say(lead(contents)), class_="lead"),
        *(element("p", say(one)) for one in told),
    )
    plots = [
        _section(say(message("Precision against recall")), believing.precision(contents, words)),
        _section(say(message("Can its probabilities be believed?")), believing.probabilities(contents, words)),
        _section(say(message("Where it mixes up")), mistakes.mixed_up(contents, words)),
    ]
    sections = [
        _section(say(message("What was not measured, or counts as wrong")), origins.left_out(contents, words)),
        _section(say(message("The figures")), figures.tables(contents, words)),
        _section(say(message("What it promises")), believing.promises(contents, words)),
        element("div", *plots, class_="plots"),
        _section(say(message("Where it does worse")), mistakes.slice_table(contents, words)),
        _section(say(message("The worst errors")), mistakes.error_table(contents, words)),
        _section(say(message("What it was made from")), origins.facts(contents, words)),
        _section(say(message("How to read this")), origins.reading(contents, words)),
    ]
    head = element("head", marks, element("title", title), style)
    body = element("body", element("main", top, *sections))
    return f"<!doctype html>\n{element('html', head, body, lang=words.language)}\n"


def lead(contents: Contents) -> Message:
    """The answer to the page's question in one sentence."""
    answers, found = contents.answers, contents.measures.figures
    rows = {"count": len(answers), "split": origins.split_name(contents)}
    target, positive = target_of(answers.kind), positive_of(answers)
    metric = target.headline_metric(has_positive=positive is not None)
    one = found[metric]
    written = metric_of(metric).written
    told = {"value": written(one.value), "low": written(one.low), "high": written(one.high)}
    recall = "" if positive is None else metric_of("recall").written(found["recall"].value)
    return target.headline({**told, **rows}, None if positive is None else answers.labels[positive], recall)


def word_counting(contents: Contents, words: Words) -> Message | None:
    """How word counting does on the same texts; None where it was not asked."""
    metric = target_of(contents.answers.kind).leading_metric
    if metric not in contents.measures.counted:
        return None
    return message(
        "Word counting alone on the same texts: {metric} {counted}, against {value} of this model.",
        metric=words.title(metric),
        counted=metric_of(metric).written(contents.measures.counted[metric]),
        value=metric_of(metric).written(contents.measures.figures[metric].value),
    )


def _when(contents: Contents) -> Message:
    return message(
        "Written on {day} by Attune. Checkpoint: {checkpoint}.",
        day=time.strftime("%Y-%m-%d"),
        checkpoint=contents.answers.checkpoint,
    )


def _section(title: str, content: Sequence[str]) -> Html:
    """Nothing where there is nothing to tell."""
    return element("section", element("h2", title), *content) if content else Html("")
