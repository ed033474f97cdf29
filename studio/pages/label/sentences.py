"""What the label page says in words."""

from __future__ import annotations

from engine.records import LabelsLearned, NextText
from engine.runs.labelling import LEARN_EVERY, Said
from studio.numbers import percent
from studio.pages.label.session import Session
from studio.translation import tr, words

LEAST_SHOWN = 20
_FEW_SHARE = 0.5


def sentence(session: Session) -> tuple[str, tuple[str, str] | None]:
    """The page's answer, and its sign."""
    assert session.project is not None
    total, done = session.project.num_texts, session.num_labels
    measured = session.measured
    if done == 0:
        return (
            tr(
                "Nothing is labelled yet. The first {count} texts are drawn by chance; then the model learns which "
                "ones teach it most.",
                count=LEARN_EVERY,
            ),
            ("ph.tag", "accent_text"),
        )
    began = tr("{done} of {total:plural:text is:texts are} labelled", done=done, total=total)
    if measured is None:
        return tr("{began}; the model learns from them.", began=began), ("ph.tag", "accent_text")
    if measured.accuracy is None:
        return tr("{began}; the model has too few of two labels to learn from yet.", began=began), (
            "ph.tag",
            "accent_text",
        )
    figure = measured.accuracy
    told = tr(
        "{began}, and the model is right on {right} of {checked:plural:check text:check texts}: {share} "
        "({low} to {high}).",
        began=began,
        right=measured.right,
        checked=measured.checked,
        share=percent(figure.value, 0),
        low=percent(figure.low, 0),
        high=percent(figure.high, 0),
    )
    parts = [told, _against_chance(measured), _to_go(measured, done)]
    return " ".join(part for part in parts if part), ("ph.trend-up", "ok")


def _against_chance(measured: LabelsLearned) -> str:
    gain = measured.advantage
    if gain is None:
        return ""
    return tr(
        "With {count} labels it was {chosen}; as many drawn by chance gave {chance}.",
        count=gain.num_labels,
        chosen=percent(gain.chosen, 0),
        chance=percent(gain.chance, 0),
    )


def _to_go(measured: LabelsLearned, done: int) -> str:
    ahead = measured.projection
    if ahead is None or ahead.labels is None or ahead.labels <= done:
        return ""
    return tr("{more} more should do for {target}.", more=ahead.labels - done, target=percent(ahead.target, 0))


def verdict(measured: LabelsLearned | None) -> str:
    """“Does choosing help?” in one sentence, with the interval of the difference."""
    gain = measured.advantage if measured is not None else None
    if gain is None:
        return tr("Said once there are 20 check texts and some chosen ones.")
    points = round(100 * gain.gain.value)
    between = {"low": round(100 * gain.gain.low), "high": round(100 * gain.gain.high)}
    if points <= 0:
        return tr("Not so far: chosen texts taught no more than as many by chance ({low} to {high} points).", **between)
    if gain.gain.low > 0:
        return tr("Yes: {points:plural:point:points} ahead of chance ({low} to {high}).", points=points, **between)
    return tr(
        "Probably: {points:plural:point:points} ahead, but within the interval ({low} to {high}).",
        points=points,
        **between,
    )


def target_words(measured: LabelsLearned | None) -> tuple[str, str]:
    """(what the target needs, under it how sure that is); the first is empty where it cannot be said."""
    ahead = measured.projection if measured is not None else None
    if ahead is None:
        return "", tr("How many labels it takes is said once the curve shows it.")
    target = percent(ahead.target, 0)
    if ahead.labels is None:
        assert ahead.why_not is not None
        return "", words(ahead.why_not)
    told = tr("{target} right needs about {labels:plural:label:labels}", target=target, labels=ahead.labels)
    return told, tr("{low} to {high}, if the curve goes on as it did", low=ahead.low, high=ahead.high)


def reason(one: NextText) -> tuple[str, str]:
    """(the chip, what follows it)."""
    if one.why == "border":
        return tr("near the border"), ", ".join(one.labels)
    if one.why == "unsure":
        return tr("unsure"), tr("surest answer {share}", share=percent(one.share, 0))
    if one.why == "new":
        like = tr("like only {count:plural:labelled text:labelled texts}", count=one.num_like)
        return tr("new kind"), like if one.num_like else tr("unlike the labelled texts")
    if one.why == "check":
        return tr("check text"), tr("drawn by chance")
    if one.why == "like":
        return tr("looks like it"), percent(one.share, 0)
    return (tr("by chance"), "") if one.why == "chance" else (tr("by row"), "")


def rare_label(counts: dict[str, int]) -> tuple[str, int] | None:
    """The label of which there are few: less than half its even share, once some texts are labelled."""
    total = sum(counts.values())
    if total < LEAST_SHOWN or len(counts) < 2:
        return None
    label = min(counts, key=lambda name: counts[name])
    return (label, counts[label]) if counts[label] < _FEW_SHARE * total / len(counts) else None


def last_words(last: Said | None, text: str) -> str:
    """What was done last."""
    if last is None:
        return ""
    told = {"label": tr("Last: “{text}”", text=text), "unsure": tr("Not sure: “{text}”", text=text)}
    return told.get(last.act, tr("Skipped: “{text}”", text=text))
