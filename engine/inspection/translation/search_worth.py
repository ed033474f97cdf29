"""search_worth: what searching with more beams brings in BLEU, and what it costs in seconds."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from engine.errors import InputError
from engine.inspection.evaluation.score_rows import rows_of_split
from engine.inspection.translation.translate import transforming
from engine.messages import message
from engine.metrics.summed_figures import VALUE_OF, figures
from engine.metrics.translation import bleu_statistics, chrf_statistics, tokenization_of
from engine.records import Decoding, Progress, SearchCost, SearchWorth
from engine.runs.run import Run
from engine.tasks.task import WritesRows

WAYS = (Decoding(), Decoding(num_beams=5), Decoding(num_beams=10))
MOST_ROWS = 1000


def search_worth(
    run: Run, checkpoint: str = "best", most: int = MOST_ROWS, length_penalty: float = 1.0
) -> Generator[Progress, None, SearchWorth]:
    """Greedy, 5 and 10 beams over the same texts of the test split (validation where there is none), evenly drawn.
    Raises InputError."""
    task = transforming(run, checkpoint)
    if not isinstance(task, WritesRows):
        raise InputError(
            message("This run writes no text for another."), str(run.path), message("Choose one that translates.")
        )
    rows, _, _ = rows_of_split(run)
    rows = rows.select(range(0, len(rows), -(-len(rows) // most)))
    wanted = list(rows["target"])
    tokenization = tokenization_of(wanted)
    ways = [Decoding(one.num_beams, length_penalty) for one in WAYS]
    costs, chrf, done = [], [], 0
    for way in ways:
        began = time.perf_counter()
        writing = task.write_rows(rows, way)
        said: list[str] = []
        while True:
            try:
                done += next(writing)
            except StopIteration as end:
                said = end.value
                break
            yield Progress(done, len(ways) * len(rows))
        seconds = (time.perf_counter() - began) / len(rows)
        bleu = figures({"bleu": bleu_statistics(said, wanted, tokenization)}, run.config.seed)["bleu"]
        costs.append(SearchCost(way, bleu, seconds))
        chrf.append(VALUE_OF["chrf"](chrf_statistics(said, wanted)))
    better = np.sign(np.round(chrf[1] - chrf[0], 9))
    return SearchWorth(tuple(costs), len(rows), int((better > 0).sum()), int((better < 0).sum()))
