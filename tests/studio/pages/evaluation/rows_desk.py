"""Made answers of every kind, and the lower part of the Evaluation page on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.messages import message
from engine.records import UNDECIDED, Answers, Attribution, Decision, Figure, Similar, Slice, Speed, Suspect, TargetKind
from engine.runs.run import Run
from studio.pages.evaluation.details import Details
from studio.pages.evaluation.draft import Draft, Subject
from studio.workers.query import Asker
from tests.studio.desk import Desk

TEXTS = ("win a free prize now", "see you at lunch", "free entry, call now", "are you home", "call me", "prize inside")
TRUTHS = (1, 0, 1, 0, 0, 1)
SPAM = (0.98, 0.02, 0.10, 0.91, 0.60, 0.30)
"""The probability of “spam”, row by row: rows 3, 4, 5 and 6 are wrong at .5."""


def logits_of(shares: tuple[float, ...]) -> np.ndarray:
    """Of two labels, so that the second one's probability is as given."""
    odds = np.log(np.array(shares) / (1 - np.array(shares)))
    return np.stack([np.zeros(len(odds)), odds], axis=1).astype(np.float32)


def made_answers(kind: TargetKind = "one", *, has_truths: bool = True, split: str = "test") -> Answers:
    """Six rows, whose numbers in the file are 11 to 16. Several labels: “urgent”, “offer”, “chat”; a number: stars."""
    if kind == "one":
        labels, logits, truths = ("ham", "spam"), logits_of(SPAM), np.array(TRUTHS)
    elif kind == "several":
        labels = ("urgent", "offer", "chat")
        shares = np.array([[0.9, 0.2, 0.1], [0.1, 0.1, 0.8], [0.7, 0.4, 0.1], [0.3, 0.1, 0.1], [0.1] * 3, [0.2] * 3])
        logits = np.log(shares / (1 - shares)).astype(np.float32)
        truths = np.array([[1, 0, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]], dtype=bool)
    else:
        labels, logits = ("number",), np.array([[4.0], [3.0], [1.0], [2.5], [5.0], [3.0]], dtype=np.float32)
        truths = np.array([4.5, 3.0, 4.0, 2.0, 5.0, 1.0])
    return Answers(
        kind=kind,
        labels=labels,
        positive_label="spam" if kind == "one" else None,
        loss="cross-entropy" if kind == "one" else "binary-cross-entropy",
        logits=logits,
        truths=truths if has_truths else None,
        rows=np.arange(11, 17),
        num_tokens=np.full(6, 4, dtype=np.int32),
        texts=list(TEXTS),
        split=split,
        source="" if split != "data" else "/data/new.csv",
        checkpoint="step-20",
    )


def attribution(
    text: str, scores: dict[str, float], probability: float = 0.9, method: Any = "leave-one-out"
) -> Attribution:
    """Words of a text, those named with a score."""
    tokens = ("[CLS]", *text.replace(",", " ,").split())
    values = np.array([scores.get(token, 0.0) for token in tokens], dtype=np.float32)
    special = tuple(token == "[CLS]" for token in tokens)
    return Attribution(method, "spam", probability, tokens, special, values)


def suspects() -> tuple[Suspect, ...]:
    return tuple(
        Suspect(
            place, place + 11, TEXTS[place], ("ham", "spam")[TRUTHS[place]], ("spam", "ham")[TRUTHS[place]], 0.04, 0.96
        )
        for place in range(4)
    )


def slices() -> tuple[Slice, ...]:
    def one(title: str, places: list[int], figure: Figure, p_value: float, is_worse: bool) -> Slice:
        return Slice(
            "word",
            message("{title}", title=title),
            np.array(places),
            "precision",
            figure,
            Figure(0.9),
            p_value,
            is_worse,
        )

    return (
        one("short", [0, 3, 4], Figure(0.5, 0.3, 0.7, "wilson"), 0.01, True),
        one("long", [1, 2], Figure(0.93, 0.85, 0.97, "wilson"), 0.6, False),
        one("free", [0, 2], Figure(0.99, 0.95, 1.0, "wilson"), 0.02, False),
    )


SIMILAR = (Similar(70, "win a free prize today", "ham", 0.75),)
SPEED = Speed(2500.0, 0.004, 0.012, 512, "CPU")


class Rows(Desk[QScrollArea]):
    """`Details` in a page that scrolls."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot)
        self.run = Run.create(RunConfig(), folder, "run")
        self.draft = Draft()
        self.details = Details(Asker(self.make_worker), self.draft)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.details)
        self.put(area, (1000, 700))

    def show(self, answers: Answers | None = None, decision: Decision = UNDECIDED) -> Answers:
        """The same answers again: another decision is tried."""
        answers = made_answers() if answers is None else answers
        if self.draft.subject is None or self.draft.subject.answers is not answers:
            self.draft.open(Subject(self.run, answers))
        self.draft.restore({"now": decision, "before": []})
        return answers

    def shown_rows(self) -> list[int]:
        """Row numbers in the table of texts, from top to bottom."""
        model = self.details.texts.model
        return [int(place) + 11 for place in model.places]
