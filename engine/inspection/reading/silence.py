"""promise_silence: from which chance of “no answer” on a reader stays silent, so that a promise holds.

“At most a share a of the questions without an answer get one, with confidence c”, over the draw of the validation
questions. An answer is given below a threshold t of the chance that there is none. Of n questions without an answer let
x(1) <= … <= x(n) be those chances. With t = x(k + 1), k of them get an answer, and the share of all such questions that
would is greater than a only if no more than k of n draws fell below the a-quantile: a chance of P(Bin(n, a) <= k). So k
is the greatest number for which that is at most 1 - c: an exact bound that asks nothing of how the chances are
distributed, with k chosen before anything is looked at.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
from scipy.special import bdtr

from engine.breath import telling
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.evaluation.precision_guarantee import refuse_no_share
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.models.question_reader import SILENCE
from engine.records import Progress, Silence
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import save_in_config
from engine.runs.run import Run
from engine.tasks.task import FindsAnswers, ScoresRows


def promise_silence(
    run: Run, most: float = 0.1, confidence: float = 0.95, checkpoint: str = "best", *, save: bool = True
) -> Generator[Progress, None, Silence]:
    """Made on the run's validation questions; saved in the checkpoint, whose answers obey it from then on. Raises
    InputError for shares that are none, for a run without questions that have no answer, and where there are too few of
    them for the promise."""
    refuse_no_share(most, "share")
    refuse_no_share(confidence, "confidence", least=0.5)
    yield Progress(0, 1)
    task = loaded_task(run, checkpoint)
    if not isinstance(task, ScoresRows) or not isinstance(task, FindsAnswers):
        raise InputError(message("This run finds no answers in passages."), str(run.path))
    rows = load_splits(run.config.data, run.config.task, run.config.seed).splits["validation"]
    found = yield from telling(task.score_rows(rows, "validation"), Progress(0, 1))
    chances = np.array([one.scores["no_answer"] for one in found.rows])
    is_silent = np.array([not one.wanted for one in found.rows], dtype=bool)
    made = promised_silence(chances[is_silent], chances[~is_silent], most, confidence)
    if save:
        save_in_config(checkpoint_path(run, checkpoint), SILENCE, made.to_json())
    return made


def promised_silence(silent: np.ndarray, answerable: np.ndarray, most: float, confidence: float) -> Silence:
    """Of the chances of “no answer” of questions without one [n] and of the others [m]. Raises InputError where the
    former are too few."""
    count = len(silent)
    needed = int(np.ceil(np.log(1 - confidence) / np.log(1 - most)))
    if count < needed:
        raise InputError(
            message(
                "Of the validation questions {count:plural:has:have} no answer; the promise needs {needed}.",
                count=count,
                needed=needed,
            ),
            "share",
            message("Ask for a larger share, or a lower confidence; or give more questions without an answer."),
        )
    allowed = np.arange(count)
    answered = int(allowed[bdtr(allowed, count, most) <= 1 - confidence].max())
    ordered = np.sort(silent)
    made = Silence(float(ordered[answered]), most, confidence, count, 0, len(answerable))
    given = int((silent < made.threshold).sum())
    price = float((answerable >= made.threshold).mean()) if len(answerable) else 0.0
    return replace(made, num_answered=given, price=price)
