"""What the page says of each target: no target without a view, and no view without its words."""

from __future__ import annotations

import numpy as np
import pytest

from engine.records import Decision, TargetKind
from engine.targets import TARGETS, Decided
from studio.pages.evaluation.target_view import VIEWS, view_of
from tests.engine.targets.answers import THREE, made_answers

pytestmark = pytest.mark.usefixtures("look")


def test_every_target_has_a_view() -> None:
    assert VIEWS.keys() == TARGETS.keys()


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("kind", TARGETS)
def test_every_target_is_put_into_words(kind: TargetKind, labelled: bool) -> None:
    answers = made_answers(THREE, 80, kind=kind, labelled=labelled, split="data", source="/mails.csv")
    decided, view = Decided(answers, Decision(thresholds={"billing": 0.9})), view_of(answers)
    assert "mails.csv" in view.headline(decided)
    assert set(view.figures) <= set(decided.figures) or not labelled
    orders, scopes = view.orders(has_truths=labelled), view.scopes(has_truths=labelled)
    assert view.unlabelled_order in orders and "all" in scopes and ("worst" in orders) is labelled
    for place in (0, 7, int(np.argmax(decided.doubts.badness))):
        assert view.said(decided, place) and view.sentence(decided, place)
        assert bool(view.truth(answers, place)) is labelled
        assert 0 <= view.share(decided, place) <= 1 and view.sure(decided, place)
        assert sum(bar.strong for bar in view.bars(decided, place)) <= len(THREE)


def test_what_is_missed_and_what_lands_elsewhere() -> None:
    several, three = (made_answers(THREE, kind=kind) for kind in ("several", "one"))
    assert "are missed" in view_of(several).headline(Decided(several))
    assert "land elsewhere" in view_of(three).headline(Decided(three))
    careful = Decided(three, Decision(thresholds={"billing": 0.9}))
    assert "are missed" in view_of(three).headline(careful) and "to a person" in view_of(three).headline(careful)
    number = made_answers(kind="number")
    assert "It is off by" in view_of(number).headline(Decided(number))
    bare = made_answers(THREE, labelled=False, split="data", source="/mails.csv")
    assert "has no labels" in view_of(bare).headline(Decided(bare))
