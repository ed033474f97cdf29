"""How fast runs that answer in words answer, in processor seconds on one thread.

    python -m tests.benchmarks.answers_pace RUN [RUN ...] --rows 1000 --texts 8

Of a run that translates: seconds for so many texts of its test split, greedy and with 5 beams, and from a keystroke to
the alignment of single texts, those nearest to 30 words. Of a reader: questions a second, reading included.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import torch
from datasets import Dataset

from engine import verbs
from engine.breath import drain
from engine.inspection.evaluation.score_rows import rows_of_split
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.records import Decoding
from engine.runs.run import Run
from engine.tasks.task import ScoresRows, WritesRows

_WORDS = 30
_WAYS = {"greedy": Decoding(), "5 beams": Decoding(num_beams=5)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--texts", type=int, default=8)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for path in asked.runs:
        run = Run.open(path)
        rows, split, _ = rows_of_split(run)
        some = rows.select(range(min(asked.rows, len(rows))))
        print(f"{run.path.name}, {len(some)} rows of {split}:", flush=True)
        if isinstance(loaded_task(run), WritesRows):
            _writing(run, some)
            _typing(run, rows, asked.texts)
        else:
            _scoring(run, some, str(split))


def _writing(run: Run, rows: Dataset) -> None:
    task = loaded_task(run)
    assert isinstance(task, WritesRows)
    for name, way in _WAYS.items():
        began = time.process_time()
        said = drain(task.write_rows(rows, way))
        seconds = time.process_time() - began
        words = sum(len(one.split()) for one in said)
        print(f"  {name}: {seconds:.1f} s, {words / seconds:.0f} words a second", flush=True)


def _typing(run: Run, rows: Dataset, num_texts: int) -> None:
    texts = sorted(rows["source"], key=lambda text: abs(len(text.split()) - _WORDS))[:num_texts]
    for name, way in _WAYS.items():
        drain(verbs.translate(run, texts[0], way))
        seconds = []
        for text in texts:
            began = time.process_time()
            drain(verbs.translate(run, text, way))
            seconds.append(1000 * (time.process_time() - began))
        lowest, middle, highest = min(seconds), statistics.median(seconds), max(seconds)
        print(f"  keystroke to alignment, {name}: {middle:.0f} ms ({lowest:.0f} to {highest:.0f})", flush=True)


def _scoring(run: Run, rows: Dataset, split: str) -> None:
    task = loaded_task(run)
    assert isinstance(task, ScoresRows)
    began = time.process_time()
    drain(task.score_rows(rows, split))
    print(f"  {len(rows) / (time.process_time() - began):.0f} rows a second", flush=True)


if __name__ == "__main__":
    main()
