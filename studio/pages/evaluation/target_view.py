"""What the Evaluation page shows and says of each target: the one place of the window that knows which there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers, TargetKind
from engine.targets import Decided, target_of
from studio.numbers import NOTHING, figure, number, percent
from studio.pages.evaluation.sentences import about, rows_words, sure_share, to_a_person
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar
from studio.widgets.label_names import quoted

Scope = Literal["errors", "abstained", "all", "cell", "slice"]
Order = Literal["worst", "surest", "least-sure", "row"]
_MOST_BARS = 6


class TargetView(ABC):
    """Stateless; `view_of` gives the one object of each target. `place` is a row's place in the answers."""

    figures: ClassVar[tuple[str, ...]]
    """The four that stand first."""
    has_scatter: ClassVar[bool] = False
    """What is said and what is true are numbers of one scale, drawn against each other."""
    unlabelled_order: ClassVar[Order] = "row"
    """How rows stand where there is no telling right from wrong."""

    def headline(self, decided: Decided) -> str:
        """The sentence under the page's title."""
        rows = rows_words(decided.answers)
        if not decided.has_truths:
            return tr(
                "The file has no labels, so nothing can be measured; these are the answers to its {rows}.", rows=rows
            )
        return self.how_good(decided, rows)

    @abstractmethod
    def how_good(self, decided: Decided, rows: str) -> str:
        """On labelled rows, `rows` in words."""

    def about(self, name: str, decided: Decided) -> str:
        """What a figure is about, for tooltips."""
        del decided
        return about(name)

    # rows

    def scopes(self, *, has_truths: bool) -> dict[Scope, str]:
        """Which rows can be chosen, in words."""
        del has_truths
        return {"all": tr("all texts")}

    @abstractmethod
    def orders(self, *, has_truths: bool) -> dict[Order, str]:
        """In which orders rows can stand, in words."""

    def silent_title(self) -> str:
        """Over rows of which no label is said."""
        return tr("Left to a person")

    def all_title(self, *, has_truths: bool) -> str:
        """Over all rows."""
        return tr("All texts") if has_truths else tr("What it answered")

    def sure_title(self) -> str:
        """Over the column of `sure`."""
        return tr("How sure")

    @abstractmethod
    def truth(self, answers: Answers, place: int) -> str:
        """The row's own label; "" in a file without labels."""

    @abstractmethod
    def said(self, decided: Decided, place: int) -> str: ...

    @abstractmethod
    def sure(self, decided: Decided, place: int) -> str: ...

    def share(self, decided: Decided, place: int) -> float:
        """How long the bar of `sure` is, 0 to 1."""
        return float(decided.doubts.sure[place])

    @abstractmethod
    def sentence(self, decided: Decided, place: int) -> str:
        """What it said, against the row's own label."""

    def bars(self, decided: Decided, place: int) -> list[Bar]:
        """What was said, bar by bar; [] where there are no probabilities."""
        del decided, place
        return []

    @abstractmethod
    def asked(self, decided: Decided, place: int) -> tuple[str | None, bool]:
        """(the label for which a row's words count, None: the answer; whether what pushed away from it counts)."""


class _LabelsView(TargetView):
    figures = ("accuracy", "precision", "recall", "f1")
    unlabelled_order = "least-sure"

    def how_good(self, decided: Decided, rows: str) -> str:
        shares = {name: percent(decided.figures[name].value) for name in ("precision", "recall")}
        said = tr("Precision {precision}, recall {recall} on {rows}.", **shares, rows=rows)
        return " ".join(part for part in (said, self.weak_spot(decided), to_a_person(decided)) if part)

    def weak_spot(self, decided: Decided) -> str:
        """The label of which most are missed; "" where none is."""
        weakest = decided.weakest
        if weakest is None:
            return ""
        share = percent(1 - float(decided.by_label.recall[weakest]))
        values = {"label": quoted(decided.answers.labels[weakest]), "share": share}
        if self._may_say_none(decided):
            return tr("{label} is its weak spot: {share} of them are missed.", **values)
        return tr("{label} is its weak spot: {share} of them land elsewhere.", **values)

    def _may_say_none(self, decided: Decided) -> bool:
        return decided.num_answered < decided.num_rows

    def about(self, name: str, decided: Decided) -> str:
        if name not in ("precision", "recall", "f1"):
            return super().about(name, decided)
        if decided.positive is not None:
            return tr("of the label “{label}”", label=decided.answers.labels[decided.positive])
        return tr("mean over the labels that occur")

    def scopes(self, *, has_truths: bool) -> dict[Scope, str]:
        errors: dict[Scope, str] = {"errors": tr("errors")} if has_truths else {}
        return {**errors, "abstained": self._silent(), **super().scopes(has_truths=has_truths)}

    def _silent(self) -> str:
        return tr("left to a person")

    def orders(self, *, has_truths: bool) -> dict[Order, str]:
        first: dict[Order, str] = {"worst": tr("worst first")} if has_truths else {}
        return {
            **first, "surest": tr("surest first"), "least-sure": tr("least sure first"), "row": tr("as in the file"),
        }  # fmt: skip

    def sure(self, decided: Decided, place: int) -> str:
        return sure_share(float(decided.doubts.sure[place]))

    def truth(self, answers: Answers, place: int) -> str:
        return ", ".join(target_of(answers.kind).true_labels(answers, place))

    def sentence(self, decided: Decided, place: int) -> str:
        said, truth = self.said(decided, place), self.truth(decided.answers, place)
        if not truth:
            return tr("It said “{said}”", said=said)
        if not decided.doubts.wrong[place]:
            return tr("Right: both say “{truth}”.", truth=truth)
        return tr("You said “{truth}”, it said “{said}”", truth=truth, said=said)

    def bars(self, decided: Decided, place: int) -> list[Bar]:
        """The likeliest labels and the row's own; the rest in one line."""
        answers, given = decided.answers, decided.probabilities[place]
        own = set() if answers.truths is None else {*decided.target.label_ids(answers.truths[place])}
        order = np.argsort(-given, kind="stable")
        shown = [int(label) for label in order if label in own or label in order[:_MOST_BARS]]
        bars = [_bar(answers.labels[label], float(given[label]), label in own) for label in shown]
        rest = [int(label) for label in order if int(label) not in shown]
        return [*bars, self._rest(given[rest])] if rest else bars

    def _rest(self, probabilities: np.ndarray) -> Bar:
        """One bar for the labels [R] that have none."""
        share = float(probabilities.sum())
        return Bar(_more(len(probabilities)), share, percent(share), "", tokens().text3)


class OneLabelView(_LabelsView):
    def about(self, name: str, decided: Decided) -> str:
        return tr("of the texts that it answers") if name == "accuracy" else super().about(name, decided)

    def said(self, decided: Decided, place: int) -> str:
        said = int(decided.said[place])
        return tr("left to a person") if said == ABSTAINED else decided.answers.labels[said]

    def sentence(self, decided: Decided, place: int) -> str:
        if decided.said[place] != ABSTAINED:
            return super().sentence(decided, place)
        truth = self.truth(decided.answers, place)
        told = tr(
            "It left this text to a person: “{label}” at {share} is not sure enough.",
            label=decided.answers.labels[int(decided.doubts.question[place])],
            share=percent(float(decided.doubts.sure[place])),
        )
        return f"{told} {tr('You said “{truth}”', truth=truth)}" if truth else told

    def asked(self, decided: Decided, place: int) -> tuple[str | None, bool]:
        return decided.answers.labels[int(decided.doubts.question[place])], False


class SeveralLabelsView(_LabelsView):
    def about(self, name: str, decided: Decided) -> str:
        return tr("the share of texts with all labels right") if name == "accuracy" else super().about(name, decided)

    def _may_say_none(self, decided: Decided) -> bool:
        return True

    def _silent(self) -> str:
        return tr("without any label")

    def silent_title(self) -> str:
        return tr("Without any label")

    def truth(self, answers: Answers, place: int) -> str:
        return "" if answers.truths is None else super().truth(answers, place) or tr("none")

    def said(self, decided: Decided, place: int) -> str:
        names = [decided.answers.labels[label] for label in decided.target.label_ids(decided.said[place])]
        return ", ".join(names) if names else tr("none")

    def asked(self, decided: Decided, place: int) -> tuple[str | None, bool]:
        question = int(decided.doubts.question[place])
        return decided.answers.labels[question], not decided.said[place, question]

    def _rest(self, probabilities: np.ndarray) -> Bar:
        share = float(probabilities.max())
        return Bar(_more(len(probabilities)), share, percent(share), tr("at most"), tokens().text3)


class NumberView(TargetView):
    figures = ("mae", "rmse", "r2", "bias")
    has_scatter = True

    def how_good(self, decided: Decided, rows: str) -> str:
        figures = decided.figures
        return tr(
            "It is off by {mae} on average (R² {r2}) on {rows}.",
            mae=number(figures["mae"].value),
            r2=f"{figures['r2'].value:.2f}",
            rows=rows,
        )

    def orders(self, *, has_truths: bool) -> dict[Order, str]:
        first: dict[Order, str] = {"worst": tr("farthest off first")} if has_truths else {}
        return {**first, "row": tr("as in the file")}

    def all_title(self, *, has_truths: bool) -> str:
        return tr("Farthest off") if has_truths else super().all_title(has_truths=has_truths)

    def sure_title(self) -> str:
        return tr("Off by")

    def truth(self, answers: Answers, place: int) -> str:
        return "" if answers.truths is None else figure(float(answers.truths[place]))

    def said(self, decided: Decided, place: int) -> str:
        return figure(float(decided.said[place]))

    def sure(self, decided: Decided, place: int) -> str:
        return figure(float(decided.doubts.sure[place])) if decided.has_truths else NOTHING

    def share(self, decided: Decided, place: int) -> float:
        """Of the largest distance."""
        return float(decided.doubts.sure[place]) / max(decided.doubts.largest, 1e-12)

    def sentence(self, decided: Decided, place: int) -> str:
        said, truths = float(decided.said[place]), decided.answers.truths
        if truths is None:
            return tr("It said {said}.", said=figure(said))
        truth = float(truths[place])
        values = {"truth": figure(truth), "said": figure(said), "off": figure(abs(said - truth))}
        if said > truth:
            return tr("You said {truth}, it said {said}: {off} too much.", **values)
        return tr("You said {truth}, it said {said}: {off} too little.", **values)

    def asked(self, decided: Decided, place: int) -> tuple[str | None, bool]:
        truths = decided.answers.truths
        return None, truths is not None and bool(decided.said[place] < truths[place])


VIEWS: Mapping[TargetKind, TargetView] = {"one": OneLabelView(), "several": SeveralLabelsView(), "number": NumberView()}


def view_of(answers: Answers) -> TargetView:
    return VIEWS[answers.kind]


def _bar(label: str, share: float, is_own: bool) -> Bar:
    note = tr("yours") if is_own else ""
    return Bar(label, share, percent(share), note, "" if is_own else tokens().s2, strong=is_own)


def _more(count: int) -> str:
    return tr("{count:plural:more label:more labels}", count=count)
