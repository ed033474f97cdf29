"""labelling_queue: which texts to label next, each with the reason why; every third one is a check text."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.inspection.labelling.desk import Desk, desk_of
from engine.inspection.labelling.text_model import TextModel
from engine.inspection.subjects.cooperative import beside
from engine.messages import message
from engine.metrics.label_selection import farthest_first, margins, most_uncertain
from engine.records import NextText, Order, Progress
from engine.records.labelling import Why
from engine.runs.labelling import CHECK_EVERY, Labelling, Labels

_BORDER = 0.7
"""Two labels that share so much of the probability are the ones that a text lies between."""
_NEW_EVERY = 10
"""One in so many of what teaches most is a text unlike the labelled ones: more of them cost more than they found where
there are many labels (BENCHMARKS.md), none at all cost it where one label is rare."""
_CANDIDATES = 400
_MARKED = 2


def labelling_queue(
    path: Path, order: Order = "teaching", num: int = 30, label: str | None = None, *, relearn: bool = True
) -> Generator[Progress, None, tuple[NextText, ...]]:
    """The next `num` texts of a project (fewer where fewer are left). `order` is what teaches most, by row, by chance,
    or what looks most like a `label`. The model learns from what is labelled now, unless (`relearn` is False) it
    learned before. Raises InputError for a label that no labelled text has."""
    project = Labelling.open(path)
    labels = project.journal().labels
    return (yield from beside(lambda: next_texts(desk_of(project), labels, order, num, label, relearn=relearn)))


def next_texts(
    desk: Desk,
    labels: Labels,
    order: Order = "teaching",
    num: int = 30,
    label: str | None = None,
    *,
    relearn: bool = True,
) -> tuple[NextText, ...]:
    """As `labelling_queue`, of a desk and what counts now."""
    model = desk.teach(labels.learned) if relearn or desk.model is None else desk.model
    if order == "like" and (model is None or label not in model.labels):
        raise InputError(
            message("No text that the model learned from is labelled “{label}”.", label=label or ""),
            str(desk.path),
            message("Label one yourself first."),
        )
    said = {*labels.given, *labels.unsure}
    check = [row for row in desk.check_order.tolist() if row not in said]
    rest = [row for row in desk.chance_order.tolist() if row not in said]
    check, rest = _skipped_last(check, labels), _skipped_last(rest, labels)
    slots = list(_slots(labels, num, len(check), len(rest)))
    num_check = sum(slots)
    checks = iter([NextText(row, desk.texts[desk.place(row)], "check") for row in check[:num_check]])
    fresh = [row for row in rest if row not in labels.skipped] or rest
    wanted = len(slots) - num_check
    others = iter(_ordered(desk, labels, model, order, label, fresh, wanted))
    found = [next(checks if is_check else others, None) for is_check in slots]
    return tuple(one for one in found if one is not None)


def _skipped_last(rows: list[int], labels: Labels) -> list[int]:
    return [row for row in rows if row not in labels.skipped] + [row for row in labels.skipped if row in set(rows)]


def _slots(labels: Labels, num: int, num_check: int, num_rest: int) -> Iterator[bool]:
    """Whether each of the next texts is a check text: so that a third of all labels are."""
    checked, total = len(labels.checks), len(labels.given)
    for _ in range(num):
        is_check = checked < (total + 1) // CHECK_EVERY
        if (is_check and num_check == 0) or (not is_check and num_rest == 0):
            is_check = not is_check
        if (num_check if is_check else num_rest) == 0:
            return
        yield is_check
        num_check, num_rest = num_check - is_check, num_rest - (not is_check)
        checked, total = checked + is_check, total + 1


def _ordered(
    desk: Desk, labels: Labels, model: TextModel | None, order: Order, label: str | None, rows: list[int], num: int
) -> list[NextText]:
    if order == "row":
        return _told(desk, model, [(row, "row") for row in sorted(rows)[:num]])
    if order == "chance" or model is None:
        return _told(desk, model, [(row, "chance") for row in rows[:num]])
    if order == "like":
        assert label is not None
        places = np.array(desk.places(rows))
        chances = model.probabilities(places.tolist())[:, model.labels.index(label)]
        best = places[most_uncertain(desk.counter.features[places], chances, num)]
        return _told(desk, model, [(int(desk.rows[place]), "like") for place in best], label)
    return _told(desk, model, teaching_rows(desk, labels.given, model, rows, num), labelled=labels.given)


def teaching_rows(
    desk: Desk, labelled: Iterable[int], model: TextModel, rows: list[int], num: int
) -> list[tuple[int, Why]]:
    """The `num` of these rows that teach most, with what for: mostly those near a border or unsure, no two nearly the
    same, and every tenth unlike all that is labelled, though like many others."""
    places = np.array(desk.places(rows))
    chances = model.probabilities(places.tolist())
    doubt = 1.0 - margins(chances)
    nearest = desk.nearest(labelled)[places]
    features = desk.counter.features[places]
    likely = np.argsort(-doubt, kind="stable")[: max(_CANDIDATES, 4 * num)]
    near = likely[nearest[likely] < 0.98]  # a text that is labelled already teaches nothing
    near = near if len(near) >= num else likely
    uncertain = near[most_uncertain(features[near], doubt[near], num)].tolist()
    typical = np.asarray(features @ np.asarray(features.mean(axis=0)).ravel(), dtype=np.float64)
    unlike = farthest_first(features, nearest, max(1, num // _NEW_EVERY) + 2, np.sqrt(typical))
    found: dict[int, Why] = {}
    for number in range(num):
        is_new = number % _NEW_EVERY == 1
        source, other = (unlike, uncertain) if is_new else (uncertain, unlike)
        chosen = source or other
        while chosen and chosen[0] in found:
            chosen.pop(0)
        if not chosen:
            chosen = [place for place in near.tolist() if place not in found]
            if not chosen:
                break
        place = chosen.pop(0)
        found[place] = "new" if chosen is unlike else _why(chances[place])
    return [(int(rows[place]), why) for place, why in found.items()]


def _why(chances: NDArray[np.float64]) -> Why:
    best = np.sort(chances)[::-1][:2]
    return "border" if best.sum() >= _BORDER else "unsure"


def _told(
    desk: Desk,
    model: TextModel | None,
    chosen: list[tuple[int, Why]],
    label: str | None = None,
    labelled: Iterable[int] = (),
) -> list[NextText]:
    """The texts with what the model says of each."""
    places = desk.places(row for row, _ in chosen)
    if model is None or not places:
        return [NextText(row, desk.texts[place], why) for (row, why), place in zip(chosen, places, strict=True)]
    known = desk.places(labelled)
    likeness = (desk.counter.features[places] @ desk.counter.features[known].T).tocsr() if known else None
    like = _LIKE if likeness is None else max(_LIKE, float(np.median(likeness.max(axis=1).toarray())))
    found = []
    for number, ((row, why), place, chances) in enumerate(
        zip(chosen, places, model.probabilities(places), strict=True)
    ):
        ranked = np.argsort(-chances, kind="stable")
        names = tuple(model.labels[one] for one in ranked[:_MARKED])
        share = float(chances[model.labels.index(label)] if label is not None else chances[ranked[0]])
        num_like = int((likeness[[number]].data >= like).sum()) if likeness is not None else 0
        by_label = {model.labels[one]: float(chances[one]) for one in ranked}
        text = desk.texts[place]
        marks = model.marks(place, text, names)
        found.append(NextText(row, text, why, names, share, num_like, by_label, marks))
    return found


_LIKE = 0.15
"""The least cosine at which two texts are called alike."""
