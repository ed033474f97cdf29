"""What was promised for the saved thresholds, precision against recall, and how far probabilities can be believed."""

from __future__ import annotations

from engine.inspection.reporting.contents import Contents
from engine.inspection.reporting.html import Html, element
from engine.inspection.reporting.plots import precision_plot, reliability_plot
from engine.inspection.reporting.words import Words
from engine.messages import Message, message
from engine.metrics.calibration import reliability
from engine.metrics.decision_rules import threshold_of
from engine.metrics.precision_curve import CurvePoint, PrecisionCurve
from engine.metrics.registry import metric_of
from engine.targets import probabilities_of

_HALF = 0.5


def promises(contents: Contents, words: Words) -> list[Html]:
    """Nothing where no decision was saved."""
    decision, answers, decided = contents.decision, contents.answers, contents.decided
    if not decided.target.is_categorical or not decision:
        return []
    told = [_threshold(contents, label) for label in decision.thresholds if label in answers.labels]
    told += [_promise(contents, place) for place in range(len(decision.promises))]
    if decided.target.is_exclusive and decision.thresholds:
        num_left = decided.num_rows - decided.num_answered
        told.append(message("{count:plural:text is:texts are} left to a person.", count=num_left))
    if decision.temperature != 1:
        told.append(message("Probabilities are divided by the temperature {value} first.", value=decision.temperature))
    return [element("ul", *(element("li", words.say(one)) for one in told))]


def precision(contents: Contents, words: Words) -> list[Html]:
    """Of two labels: the positive one's curve, its point at .5 and at the saved threshold."""
    answers, positive = contents.answers, contents.decided.positive
    if positive is None:
        return []
    label = answers.labels[positive]
    curve = _curve(contents, label)
    if not len(curve):
        return []
    marks = [(curve.at(_HALF), words.say(message("threshold {value}", value="0.50")))]
    threshold = threshold_of(contents.decision, label, answers.labels)
    if threshold is not None:
        marks.append((curve.at(threshold), words.say(message("threshold {value}", value=f"{threshold:.2f}"))))
    caption = message(
        "For “{label}”, at every threshold on its probability. The band is the 95 % interval of precision (Wilson), "
        "the dashed line the share of such texts.",
        label=label,
    )
    drawn = precision_plot(curve, marks, words.title("recall"), words.title("precision"))
    return [element("figure", drawn, element("figcaption", words.say(caption)))]


def probabilities(contents: Contents, words: Words) -> list[Html]:
    """The reliability of what is said, with the saved temperature and without it."""
    answers, temperature = contents.answers, contents.decision.temperature
    target = contents.decided.target
    if not target.is_categorical:
        return []
    plain = reliability(*target.confidences(probabilities_of(answers), contents.truths))
    drawn = [(plain, words.say(_off(message("as it was trained"), plain.error)), "first")]
    if temperature != 1:
        warmed = reliability(*target.confidences(contents.decided.probabilities, contents.truths))
        drawn.append((warmed, words.say(_off(message("with the saved temperature"), warmed.error)), "second"))
    caption = (
        message("Each label of each text is one question; bars are 95 % intervals (Wilson).")
        if target.may_have_several
        else message("The probability of the likeliest label, whichever it is; bars are 95 % intervals (Wilson).")
    )
    said, true = words.say(message("what it says")), words.say(message("what comes true"))
    return [element("figure", reliability_plot(drawn, said, true), element("figcaption", words.say(caption)))]


def _off(what: Message, error: float) -> Message:
    return message("{what}: {off} off in the mean", what=what, off=metric_of("ece").written(error))


def _threshold(contents: Contents, label: str) -> Message:
    """What the saved threshold of a label comes to on these rows."""
    threshold = contents.decision.thresholds[label]
    point = _curve(contents, label).at(threshold)
    return message(
        "“{label}” is said from a probability of {threshold} on. On these texts that is right {precision} of the time "
        "({low} to {high}) and finds {recall} of them.",
        label=label,
        threshold=f"{threshold:.3f}",
        **_written(point),
    )


def _promise(contents: Contents, place: int) -> Message:
    one = contents.decision.promises[place]
    told = {"label": one.label, "precision": metric_of("precision").written(one.precision)}
    told["confidence"] = metric_of("precision").written(one.confidence)
    if one.threshold is None:
        return message(
            "A precision of {precision} for “{label}” could not be promised with {confidence} confidence, by "
            "{count:plural:validation text:validation texts}.",
            **told,
            count=one.num_rows,
        )
    return message(
        "Promised for “{label}” with {confidence} confidence, by {count:plural:validation text:validation texts}: "
        "right at least {precision} of the time, on texts like those.",
        **told,
        count=one.num_rows,
    )


def _curve(contents: Contents, label: str) -> PrecisionCurve:
    found = contents.decided.curve(contents.answers.labels.index(label))
    assert found is not None, "asked of labelled rows of a classifier"
    return found


def _written(point: CurvePoint) -> dict[str, str]:
    values = {"precision": point.precision, "low": point.precision_low, "high": point.precision_high}
    return {name: metric_of("precision").written(value) for name, value in {**values, "recall": point.recall}.items()}
