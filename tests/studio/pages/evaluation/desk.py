"""Evaluation desk: an Evaluation page on the screen over made-up answers, before workers that answer when told to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.metrics.decision_rules import decided, label_scores
from engine.metrics.precision_curve import PrecisionCurve
from engine.records import (
    Answers,
    Calibration,
    CheckedPromise,
    Decision,
    Figure,
    Measures,
    Promise,
    Reliability,
)
from engine.runs.answers import answers_path, keep_answers
from engine.runs.checkpoints import sha256
from engine.runs.run import Run
from engine.targets import Decided, positive_of, probabilities_of
from studio.pages.evaluation import EvaluationPage
from studio.pages.evaluation.draft import Draft
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.widgets.card import Card
from studio.workers.query import Asker
from tests.engine.targets.answers import THREE, made_answers
from tests.run_folders import place_checkpoint
from tests.studio.desk import LARGE, Desk
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

__all__ = [
    "THREE",
    "EvaluationDesk",
    "StandInTexts",
    "made_answers",
    "made_calibration",
    "made_counted",
    "made_measures",
    "made_promise",
    "made_run",
    "refused_promise",
]


def made_run(folder: Path, answers: Answers | None, name: str = "tickets", step: int = 40) -> Run:
    """A run with one checkpoint, as far as evaluation needs it, and answers that are kept."""
    run = Run.create(RunConfig(), folder, name)
    checkpoint = place_checkpoint(run, step, config='{"model_type": "attune"}')
    sums = {"config.json": sha256(checkpoint / "config.json")}
    (checkpoint / "manifest.json").write_text(json.dumps({"sha256": sums}), encoding="utf-8")
    if answers is not None:
        keep_answers(answers_path(run, answers.source or None, answers.split, answers.checkpoint), answers)
    return run


class StandInTexts(Card):
    """Stands where the texts are shown, and keeps what it was told."""

    text_wanted = Signal(str)
    rerun_wanted = Signal(object)
    choice_dropped = Signal()

    def __init__(self, asker: Asker, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__("Texts", "", parent)
        self.draft = draft
        self.chosen: list[tuple[int | None, int | None]] = []
        self.num_clears = 0
        draft.opened.connect(self._count_clears)

    def _count_clears(self) -> None:
        self.num_clears += self.draft.subject is None

    def choose(self, truth: int | None, said: int | None) -> None:
        self.chosen.append((truth, said))

    def state(self) -> dict[str, Any]:
        return {"chosen": self.chosen[-1:]}

    def restore(self, state: dict[str, Any]) -> None:
        self.chosen += state["chosen"]


class EvaluationDesk(Desk[EvaluationPage]):
    """An Evaluation page; the engine's answers by question: `worker("promise").answer(checked)`."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        answers: Answers | None = None,
        *,
        run: Run | None = None,
        state: str = "finished",
        path: Path | None = None,
        size: tuple[int, int] = LARGE,
    ) -> None:
        super().__init__(qtbot)
        self.run = run or (None if path is not None else made_run(folder, answers))
        self.path = path or self.run.path  # type: ignore[union-attr]
        self.book = SyntheticBook(SyntheticEntry(self.path, synthetic_history(), state=state))
        self.new_page(size).show_run(self.path)

    def new_page(self, size: tuple[int, int] = LARGE) -> EvaluationPage:
        return self.put(EvaluationPage(self.book, self.make_worker, StandInTexts), size)  # type: ignore[arg-type]

    @property
    def texts(self) -> StandInTexts:
        return self.part(StandInTexts)

    @property
    def said(self) -> str:
        return self.says("evaluationSentence")

    @property
    def tried(self) -> Decision:
        """The decision that everything on the page goes by."""
        return self.texts.draft.now

    @property
    def decided(self) -> Decided:
        found = self.texts.draft.decided
        assert found is not None
        return found

    def drag(self, threshold: float) -> None:
        self.part(PrecisionPlot).moved.emit(threshold)


# -- what the engine would say -----------------------------------------------------------------------------------------


def made_measures(answers: Answers) -> Measures:
    """The right figures, with intervals of two points."""
    probabilities = probabilities_of(answers)
    said, truths = decided(probabilities, answers.labels), answers.truths
    assert truths is not None
    hits = [float(((said == one) & (truths == one)).sum()) for one in range(len(answers.labels))]
    num_said = [max(1.0, float((said == one).sum())) for one in range(len(answers.labels))]
    support = [max(1.0, float((truths == one).sum())) for one in range(len(answers.labels))]
    per_label = {
        label: {
            "precision": _figure(hits[one] / num_said[one]),
            "recall": _figure(hits[one] / support[one]),
            "f1": _figure(2 * hits[one] / (num_said[one] + support[one])),
            "auc": _figure(0.97),
            "average_precision": _figure(0.95),
        }
        for one, label in enumerate(answers.labels)
    }
    positive = positive_of(answers)
    figures = {"accuracy": _figure(float((said == truths).mean()), "wilson")}
    for name in ("precision", "recall", "f1"):
        values = [one[name].value for one in per_label.values()]
        value = values[positive] if positive is not None else float(np.mean(values))
        figures[name] = _figure(value, "bootstrap")
    rest = {"auc": _figure(0.97), "log_loss": Figure(0.21), "brier": Figure(0.08), "ece": Figure(0.023)}
    beside = {"accuracy": 0.88, "precision": 0.86, "recall": 0.84, "f1": 0.85}
    return Measures(
        figures={**figures, **rest},
        split=answers.split,
        num_rows=len(answers),
        per_label=per_label,
        support={label: int(support[one]) for one, label in enumerate(answers.labels)},
        majority={"accuracy": 0.5, "precision": 0.25, "recall": 0.5, "f1": 0.33},
        counted=beside,
    )


def _figure(value: float, method: str = "bootstrap") -> Figure:
    return Figure(value, max(0.0, value - 0.01), min(1.0, value + 0.01), method)  # type: ignore[arg-type]


def made_counted(answers: Answers) -> np.ndarray:
    """Word counting is worse."""
    chance = np.random.default_rng(5)
    worse = answers.logits * 0.4 + chance.normal(0, 1, answers.logits.shape)
    raised = np.exp(worse)
    found: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
    return found


def made_calibration(temperature: float = 1.4, gap: float = 0.05) -> Calibration:
    """Too sure by `gap` before, right after."""
    said = np.linspace(0.55, 0.97, 8)
    count = np.linspace(20, 200, 8).astype(np.int64)

    def reliability(off: float) -> Reliability:
        true = np.clip(said - off, 0, 1)
        return Reliability(said, true, np.clip(true - 0.03, 0, 1), np.clip(true + 0.03, 0, 1), count, abs(off))

    return Calibration(temperature, "test", 600, reliability(gap), reliability(0.004), (0.31, 0.27))


def made_promise(answers: Answers, label: str, precision: float = 0.9, confidence: float = 0.95) -> CheckedPromise:
    """A threshold at which the rows show the precision that is promised."""
    probabilities, place = probabilities_of(answers), answers.labels.index(label)
    truths = answers.truths
    assert truths is not None
    several = answers.kind == "several"
    right = truths[:, place] if several else truths == place
    curve = PrecisionCurve(label_scores(probabilities, place, several=several), right)
    threshold = curve.reaching(precision + 0.02)
    assert threshold is not None
    point = curve.at(threshold)
    promise = Promise(label, precision, confidence, threshold, 400, precision, point.precision, point.recall, 0.8)
    measured = Figure(point.precision, point.precision_low, point.precision_high, "wilson")
    return CheckedPromise(promise, "test", len(answers), measured, point.recall, 0.8)


def refused_promise(label: str, rows_needed: int | None = 2400) -> CheckedPromise:
    promise = Promise(label, 0.99, 0.95, None, 400, rows_needed=rows_needed)
    return CheckedPromise(promise, "test", 600, Figure(float("nan")), 0.0, 0.0)
