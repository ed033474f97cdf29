"""Plots of a report as inline SVG, coloured by the page's own style: no script, no file beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.inspection.reporting.html import Html, element, joined
from engine.metrics.precision_curve import CurvePoint, PrecisionCurve
from engine.records import Reliability

_WIDTH, _HEIGHT = 460, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 12, 44
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_MOST_POINTS = 400
_CELL = 74


def confusion_plot(counts: Sequence[Sequence[int]], labels: Sequence[str], true_title: str, said_title: str) -> Html:
    """`counts[truth][said]`, each cell with its share of the truth's rows; right answers blue, wrong ones orange."""
    left, top, size = 150, 58, len(labels)
    parts = [
        _text(left + size * _CELL / 2, 16, said_title, "caption", "middle"),
        _text(left - 12, top - 12, true_title, "caption", "end"),
    ]
    for place, label in enumerate(labels):
        parts.append(_text(left + (place + 0.5) * _CELL, top - 12, _short(label, 11), "name", "middle", full=label))
        parts.append(_text(left - 12, top + (place + 0.5) * _CELL + 4, _short(label, 20), "name", "end", full=label))
    for truth, row in enumerate(counts):
        for said, count in enumerate(row):
            share = count / max(1, sum(row))
            parts.append(_cell(left + said * _CELL, top + truth * _CELL, count, share, is_right=truth == said))
    return _svg(left + size * _CELL + 4, top + size * _CELL + 4, parts, f"{true_title} / {said_title}")


def precision_plot(curve: PrecisionCurve, marks: Sequence[tuple[CurvePoint, str]], recall: str, precision: str) -> Html:
    """Precision over recall with its 95 % band; `marks` are points with words beside them."""
    step = max(1, len(curve) // _MOST_POINTS)
    places = np.unique(np.append(np.arange(0, len(curve), step), max(0, len(curve) - 1)))
    x = [_x(value) for value in curve.recall[places]]
    upper, line, lower = ([_y(value) for value in one[places]] for one in (curve.high, curve.precision, curve.low))
    band = [*zip(x, upper, strict=True), *reversed(list(zip(x, lower, strict=True)))]
    base = curve.num_positive / max(1, curve.num_rows)
    parts = [
        *_frame(recall, precision),
        element("polygon", points=_points(band), class_="band"),
        _line(_x(0), _y(base), _x(1), _y(base), "chance"),
        element("polyline", points=_points(list(zip(x, line, strict=True))), class_="curve"),
    ]
    for point, words in marks:
        parts.append(element("circle", cx=_x(point.recall), cy=_y(point.precision), r=5, class_="mark"))
        anchor, shift = ("end", -9) if point.recall > 0.5 else ("start", 9)
        parts.append(_text(_x(point.recall) + shift, _y(point.precision) + 18, words, "name", anchor))
    return _svg(_WIDTH, _HEIGHT, parts, f"{precision} / {recall}")


def reliability_plot(drawn: Sequence[tuple[Reliability, str, str]], said: str, true: str) -> Html:
    """Each with its words and its series ("first" or "second"); on the dashed line what is said comes true."""
    parts = [*_frame(said, true), _line(_x(0), _y(0), _x(1), _y(1), "chance")]
    for number, (one, words, series) in enumerate(drawn):
        x, y = [_x(value) for value in one.said], [_y(value) for value in one.true]
        parts.append(element("polyline", points=_points(list(zip(x, y, strict=True))), class_=f"curve {series}"))
        for place, (low, high) in enumerate(zip(one.low, one.high, strict=True)):
            parts.append(_line(x[place], _y(low), x[place], _y(high), f"whisker {series}"))
            parts.append(element("circle", cx=_number(x[place]), cy=_number(y[place]), r=4, class_=f"dot {series}"))
        parts.append(_text(_x(0) + 10, _TOP + 16 + 18 * number, words, f"name {series}", "start"))
    return _svg(_WIDTH, _HEIGHT, parts, f"{true} / {said}")


def _cell(x: float, y: float, count: int, share: float, *, is_right: bool) -> Html:
    kind = "right" if is_right else "wrong"
    opacity = f"{0.06 + 0.8 * share:.3f}" if count else "0.03"
    box = element("rect", x=x + 1, y=y + 1, width=_CELL - 2, height=_CELL - 2, rx=5, class_=kind, fill_opacity=opacity)
    tone = "bold strong" if share > 0.6 else "bold"
    number = _text(x + _CELL / 2, y + _CELL / 2 - 1, f"{count:,}", tone, "middle")
    percent = _text(x + _CELL / 2, y + _CELL / 2 + 16, f"{100 * share:.1f} %", tone.replace("bold", "tick"), "middle")
    return joined(box, number, percent)


def _frame(x_title: str, y_title: str) -> list[Html]:
    parts = []
    for tick in _TICKS:
        parts += [_line(_x(0), _y(tick), _x(1), _y(tick), "grid")]
        parts += [_text(_x(0) - 8, _y(tick) + 4, f"{tick:.0%}", "tick", "end")]
        parts += [_text(_x(tick), _HEIGHT - _BOTTOM + 18, f"{tick:.0%}", "tick", "middle")]
    parts.append(_text((_x(0) + _x(1)) / 2, _HEIGHT - 6, x_title, "caption", "middle"))
    middle = (_y(0) + _y(1)) / 2
    turned = element(
        "text", y_title, class_="caption", text_anchor="middle", transform=f"translate(12 {middle}) rotate(-90)"
    )
    return [*parts, turned]


def _svg(width: float, height: float, parts: Sequence[str], title: str) -> Html:
    box = f"0 0 {_number(width)} {_number(height)}"
    return element(
        "svg",
        element("title", title),
        *parts,
        viewBox=box,
        role="img",
        style=f"max-width:{_number(width)}px",
    )


def _text(x: float, y: float, words: str, kind: str, anchor: str, full: str = "") -> Html:
    hint = [element("title", full)] if full and full != words else []
    return element("text", words, *hint, x=_number(x), y=_number(y), class_=kind, text_anchor=anchor)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    return element("line", x1=_number(x1), y1=_number(y1), x2=_number(x2), y2=_number(y2), class_=kind)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _x(share: float) -> float:
    return _LEFT + float(share) * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - float(share)) * (_HEIGHT - _TOP - _BOTTOM)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
