"""Draft: the decision that the person works on, the one that is saved in the model, and the way back."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.records import UNDECIDED, Answers, Decision, Promise
from engine.runs.decision import read_decision, save_decision

_HAIR = 1e-9


class Draft(QObject):
    """`changed`: another decision is tried; `saved_anew`: the model has another one. `now` is tried, `saved` is in the
    checkpoint. A model that was not trained here has no folder that may be written: nothing is saved there."""

    changed = Signal()
    saved_anew = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = self.saved = UNDECIDED
        self._folder: Path | None = None
        self._before: list[tuple[Decision, Decision]] = []

    def open(self, folder: Path | None, *, is_ours: bool) -> None:
        """Begin with what is saved in a checkpoint."""
        if folder == self._folder and folder is not None:
            return
        self.now = self.saved = UNDECIDED if folder is None else read_decision(folder)
        self._folder = folder if is_ours else None
        self._before = []
        self.changed.emit()

    @property
    def can_save(self) -> bool:
        return self._folder is not None and self.now != self.saved

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def is_ours(self) -> bool:
        """Whether anything may be saved into the model."""
        return self._folder is not None

    def promise_of(self, label: str) -> Promise | None:
        """What was promised for the label's threshold as it is now, alone or for whichever label is said (its label is
        then empty); None for one that was set by hand."""
        threshold = self.now.thresholds.get(label)
        told = (one for one in self.now.promises if one.label in (label, "") and one.threshold == threshold)
        return next(told, None) if threshold is not None else None

    def set_threshold(
        self, label: str, threshold: float | None, promise: Promise | None = None, *, is_pair: bool = False
    ) -> None:
        """None: the label is said when it is the likeliest again. The other labels' thresholds stay; of a pair of
        labels both are at least one half (`engine.metrics.decision_rules`), so one set by hand stops there, and
        a promise for less makes the other one's go."""
        rest = {name: value for name, value in self.now.thresholds.items() if name != label}
        if threshold is not None and is_pair and rest:
            if promise is None:
                threshold = max(threshold, 0.5)
            rest = {name: value for name, value in rest.items() if min(threshold, value) >= 0.5}
        promises = tuple(one for one in self.now.promises if one.label in rest)
        self._try(
            replace(
                self.now,
                thresholds=rest if threshold is None else {**rest, label: threshold},
                promises=promises if promise is None or threshold is None else (*promises, promise),
            )
        )

    def state(self) -> dict[str, object]:
        """For a page built anew."""
        return {"now": self.now, "before": self._before}

    def restore(self, state: dict[str, Any]) -> None:
        """Once the same checkpoint is open."""
        self._before = list(state["before"])
        self._try(state["now"])

    def save(self) -> None:
        """Into the model. Raises InputError or RunFailure, and then nothing is changed."""
        self._save(self.now)

    def correct(self, temperature: float, answers: Answers) -> None:
        """Save a temperature; thresholds move along, or go where they cannot. Raises as `save` does."""
        before = self.now
        self._save(warmed(self.saved, temperature, answers))
        self._try(warmed(before, temperature, answers))

    def undo(self) -> None:
        """What was saved, and what was tried, before the last save. Raises as `save` does."""
        saved, tried = self._before[-1]
        self._write(saved)
        self._before.pop()
        self.saved = saved
        self.saved_anew.emit()
        self._try(tried)

    def _try(self, decision: Decision) -> None:
        if decision != self.now:
            self.now = decision
            self.changed.emit()

    def _save(self, decision: Decision) -> None:
        self._write(decision)
        self._before.append((self.saved, self.now))
        self.saved = decision
        self.saved_anew.emit()

    def _write(self, decision: Decision) -> None:
        assert self._folder is not None, "nothing is saved into a model that was not trained here"
        save_decision(self._folder, decision)


def warmed(decision: Decision, temperature: float, answers: Answers) -> Decision:
    """The decision at another temperature. Where a label's probability follows from one difference of scores alone (two
    labels with softmax, several labels with a sigmoid each) a threshold moves to where the same texts reach it, and so
    its promise holds; elsewhere thresholds go."""
    by_sigmoid = answers.kind == "several" or (len(answers.labels) == 2 and answers.loss != "binary-cross-entropy")
    if not by_sigmoid:
        return Decision(temperature=temperature)
    ratio = decision.temperature / temperature
    moved = {label: _moved(value, ratio) for label, value in decision.thresholds.items()}
    promises = tuple(
        replace(one, threshold=moved[one.label])
        for one in decision.promises
        if one.threshold is not None and decision.thresholds.get(one.label) == one.threshold
    )
    return Decision(temperature, moved, promises)


def _moved(threshold: float, ratio: float) -> float:
    """The sigmoid's value where its argument is `ratio` times as large, less a hair: a text that just reached the
    threshold still does."""
    if not 0.0 < threshold < 1.0:
        return threshold
    return (1.0 - _HAIR) / (1.0 + math.exp(-ratio * math.log(threshold / (1.0 - threshold))))
