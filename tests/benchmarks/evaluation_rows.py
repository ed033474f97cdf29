"""Evaluation rows: what a new decision costs the table of texts under an evaluation of 25,000 rows.

    python -m tests.benchmarks.evaluation_rows

A threshold moves by a hundredth again and again. “called” is what a new decision costs whoever drags it, sixty times a
second; “judged” is the work behind it, which is done at most every 80 ms: judge every row, choose, order, show.
Aim: 4 ms.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from engine.records import Answers
from studio.app import make_app
from studio.pages.evaluation.details import Details
from studio.pages.evaluation.draft import Draft, Subject
from studio.workers.query import Asker
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet, worded
from tests.studio.desk import SyntheticWorker

AIM_MS = 4.0
_NUM_ROWS = 25_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=60, help="of the threshold")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    asked = parser.parse_args()
    app = make_app("light", "en")
    rows = []
    for num_labels in (2, 77):
        answers = _made(num_labels)
        for scope in ("errors", "all"):
            wait_until_quiet(asked.patience, 0.15)
            with OthersLoad() as load:
                found = _measure(app, answers, scope, asked.moves)
            others = round(load.cores, 2)
            for kind, times in found.items():
                tell(
                    labels=num_labels,
                    scope=scope,
                    kind=kind,
                    median_ms=round(float(np.median(times)), 2),
                    others=others,
                )
                rows.append((str(num_labels), scope, kind, worded(times, 2), str(others)))
    print_table(("labels", "rows shown", "what", "ms", "others' cores"), rows)


def _measure(app: QApplication, answers: Answers, scope: str, num_moves: int) -> dict[str, list[float]]:
    draft = Draft()
    details = Details(Asker(SyntheticWorker), draft)  # type: ignore[arg-type]
    details.resize(706, 600)
    details.show()
    draft.open(Subject(None, answers))
    details.texts.head.scope_chosen.emit(scope)
    app.processEvents()
    found: dict[str, list[float]] = {"called": [], "judged": []}
    for move in range(num_moves):
        threshold = 0.4 + 0.01 * (move % 55)
        found["called"].append(_timed(lambda to=threshold: draft.set_threshold(answers.labels[1], to)))
        found["judged"].append(_timed(details.texts._show_decided))
        app.processEvents()
        details.texts._pause.start()  # as long as painting takes here, the pause would be over
    details.close()
    return found


def _timed(call: Callable[[], object]) -> float:
    """The processor's milliseconds of this thread: what others do on the machine does not count."""
    began = time.thread_time()
    call()
    return 1e3 * (time.thread_time() - began)


def _made(num_labels: int) -> Answers:
    """About nine of ten are right."""
    rng = np.random.default_rng(0)
    truths = rng.integers(0, num_labels, _NUM_ROWS)
    logits = rng.normal(0, 1.5, (_NUM_ROWS, num_labels)).astype(np.float32)
    logits[np.arange(_NUM_ROWS), truths] += 3 if num_labels == 2 else 6
    return Answers(
        kind="one",
        labels=tuple(f"label {index}" for index in range(num_labels)),
        positive_label=None,
        loss="cross-entropy",
        logits=logits,
        truths=truths,
        rows=np.arange(1, _NUM_ROWS + 1),
        num_tokens=np.full(_NUM_ROWS, 200, dtype=np.int32),
        texts=[f"Text {index} " + "and some more words " * 50 for index in range(_NUM_ROWS)],
        split="test",
        source="",
        checkpoint="step-1",
    )


if __name__ == "__main__":
    main()
