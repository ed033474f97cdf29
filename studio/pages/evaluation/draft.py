"""Draft: the decision that the person works on, the one that is saved in the model, and the way back. Subject: the
answers that it is tried on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.records import UNDECIDED, Answers, Decision, Promise
from engine.runs.decision import read_decision, save_decision
from engine.runs.run import Run
from engine.targets import Decided


@dataclass(frozen=True, eq=False)
class Subject:
    """The run and the answers that are looked over, and what every verb needs to hear about them. Equal only to itself:
    other answers are another subject. `run` is None where a foreign model answered."""

    run: Run | None
    answers: Answers

    @property
    def checkpoint(self) -> str:
        return self.answers.checkpoint or "best"

    @property
    def rows(self) -> dict[str, Any]:
        """The rows that were answered, as options of a verb."""
        if self.answers.split == "data":
            return {"source": self.answers.source, "checkpoint": self.checkpoint}
        return {"split": self.answers.split, "checkpoint": self.checkpoint}


class Draft(QObject):
    """`opened`: other answers are looked over, or none; `changed`, after that too: another decision is tried;
    `saved_anew`: the model has another one. `now` is tried, `saved` is in the checkpoint, and `decided` is what `now`
    makes of the answers of `subject`: all parts of the page read it. A model that was not trained here has no folder
    that may be written: nothing is saved there."""

    opened = Signal()
    changed = Signal()
    saved_anew = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = self.saved = UNDECIDED
        self.subject: Subject | None = None
        self.decided: Decided | None = None
        self._folder: Path | None = None
        self._before: list[tuple[Decision, Decision]] = []

    def open(self, subject: Subject | None, folder: Path | None = None) -> None:
        """Begin with what is saved in the folder of the checkpoint that answered; on other answers of the same one with
        what is tried."""
        if folder is None or folder != self._folder:
            self.now = self.saved = UNDECIDED if folder is None else read_decision(folder)
            self._folder = folder if subject is not None and subject.run is not None else None
            self._before = []
        self.subject = subject
        self.decided = None if subject is None else Decided(subject.answers, self.now)
        self.opened.emit()
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

    def set_threshold(self, label: str, threshold: float | None, promise: Promise | None = None) -> None:
        """None: the label is said when it is the likeliest again. The other labels' thresholds stay; of a pair of
        labels both are at least one half (`engine.metrics.decision_rules`), so one set by hand stops there, and
        a promise for less makes the other one's go."""
        rest = {name: value for name, value in self.now.thresholds.items() if name != label}
        is_pair = self.decided is not None and self.decided.positive is not None
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

    def correct(self, temperature: float) -> None:
        """Save a temperature; thresholds move along, or go where they cannot. Raises as `save` does."""
        assert self.decided is not None
        target, answers, before = self.decided.target, self.decided.answers, self.now
        self._save(target.warmed(self.saved, temperature, answers.labels, answers.loss))
        self._try(target.warmed(before, temperature, answers.labels, answers.loss))

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
            self.decided = None if self.decided is None else self.decided.under(decision)
            self.changed.emit()

    def _save(self, decision: Decision) -> None:
        self._write(decision)
        self._before.append((self.saved, self.now))
        self.saved = decision
        self.saved_anew.emit()

    def _write(self, decision: Decision) -> None:
        assert self._folder is not None, "nothing is saved into a model that was not trained here"
        save_decision(self._folder, decision)
