"""Labelling: accuracy by labels, texts chosen by the model against texts drawn by chance; labels come from the file.

    python -m tests.benchmarks.labelling                         sms_spam and banking77, 3 seeds
    python -m tests.benchmarks.labelling --sets sms_spam --seeds 5
    python -m tests.benchmarks.labelling --time                  counting and choosing among 25,000 reviews (imdb)

Both ways begin with the same 20 texts drawn by chance and learn by the model that the labelling page has, again after
every `step` labels. Measured on rows that are never offered: banking77's own test rows, 1,500 rows of sms_spam. What is
counted are texts that the model learns from; in a project a third more are labelled as check texts. Ways: "chosen" (as
the page does), "margin" (the least margin alone), "chance". One line of JSON a run, then a table.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine.breath import drain
from engine.config.data import DataConfig
from engine.inspection.labelling.beginning import begin_labelling
from engine.inspection.labelling.desk import Desk
from engine.inspection.labelling.queue import teaching_rows
from engine.metrics.label_selection import margins
from tests.benchmarks.figures import print_table, tell

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FIRST = 20
STEPS = {"sms_spam": (20, 200), "banking77": (60, 560)}
WAYS = ("chosen", "margin", "chance")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--time", action="store_true", help="how long counting and choosing take on 25,000 reviews")
    asked = parser.parse_args()
    if asked.time:
        measure_time()
        return
    for name in asked.sets:
        texts, labels, test = read(name)
        with tempfile.TemporaryDirectory() as folder:
            desk = desk_of_texts(texts, Path(folder))
        found = {
            way: [simulated(desk, labels, test, name, way, seed) for seed in range(asked.seeds)] for way in asked.ways
        }
        sizes = list(found[asked.ways[0]][0])
        rows = [
            [str(size), *(worded([run[size] for run in found[way]]) for way in asked.ways)]
            for size in sizes
        ]  # fmt: skip
        print_table((f"{name}: labels", *asked.ways), rows)


def read(name: str) -> tuple[list[str], list[str], np.ndarray]:
    """(different texts, their labels, places of the test rows [rows])."""
    if name == "sms_spam":
        lines = (SHARED / name / "SMSSpamCollection").read_text(encoding="utf-8").splitlines()[1:]
        pairs = {" ".join(text.split()): label for label, text in (line.split("\t", 1) for line in lines)}
        test = np.random.default_rng(0).permutation(len(pairs))[:1500]
        return list(pairs), list(pairs.values()), test
    parts = []
    for split in ("train", "test"):
        with (SHARED / name / f"{split}.csv").open(encoding="utf-8", newline="") as file:
            parts.append({" ".join(row["text"].split()): row["category"] for row in csv.DictReader(file)})
    train = {text: label for text, label in parts[0].items() if text not in parts[1]}
    whole = train | parts[1]
    return list(whole), list(whole.values()), np.arange(len(train), len(whole))


def desk_of_texts(texts: list[str], folder: Path) -> Desk:
    """Rows are places in `texts`, plus one."""
    file = folder / "texts.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["text"], *([text] for text in texts)])
    desk = Desk(drain(begin_labelling(DataConfig(train=str(file)), ["a", "b"], folder / "runs")))
    assert desk.texts == texts
    return desk


def simulated(desk: Desk, labels: list[str], test: np.ndarray, name: str, way: str, seed: int) -> dict[int, float]:
    """{labels learned from: accuracy on the test rows}."""
    began, (step, most) = time.perf_counter(), STEPS[name]
    pool = np.setdiff1d(np.arange(len(labels)), test)
    order = [int(place) + 1 for place in np.random.default_rng(seed).permutation(pool)]
    truths, found = np.array(labels)[test], {}
    learned = {row: labels[row - 1] for row in order[:FIRST]}
    while True:
        model = desk.teach(learned)
        said = np.array(model.labels)[model.probabilities(test.tolist()).argmax(axis=1)] if model else None
        found[len(learned)] = float((said == truths).mean()) if said is not None else float("nan")
        if len(learned) >= most:
            tell(set=name, way=way, seed=seed, accuracy=found, seconds=round(time.perf_counter() - began, 1))
            return found
        rest = [row for row in order if row not in learned]
        learned |= {row: labels[row - 1] for row in chosen(desk, learned, model, rest, way, step)}


def chosen(desk: Desk, learned: dict[int, str], model: Any, rest: list[int], way: str, num: int) -> list[int]:
    if way == "chance" or model is None:
        return rest[:num]
    if way == "margin":
        doubt = margins(model.probabilities(desk.places(rest)))
        return [rest[place] for place in np.argsort(doubt, kind="stable")[:num]]
    return [row for row, _ in teaching_rows(desk, learned, model, rest, num)]


def worded(values: list[float]) -> str:
    """Mean and spread over the seeds, in percent."""
    return f"{100 * np.mean(values):.1f} ± {100 * np.std(values, ddof=1) if len(values) > 1 else 0:.1f}"


def measure_time() -> None:
    """Processor seconds of a project of 25,000 reviews: counting once, then learning from 140 labels and choosing 30,
    the first time and after 20 more labels."""
    with tempfile.TemporaryDirectory() as folder:
        marks = [time.process_time()]

        def mark() -> None:
            marks.append(time.process_time())

        project = drain(begin_labelling(DataConfig(train=str(SHARED / "imdb" / "train.csv")), ["a", "b"], Path(folder)))
        mark()
        desk = Desk(project)
        mark()
        rows = desk.chance_order.tolist()
        for num in (140, 160):
            learned = {row: "ab"[place % 2] for place, row in enumerate(rows[:num])}
            model = desk.teach(learned)
            assert model is not None
            mark()
            teaching_rows(desk, learned, model, rows[num:], 30)
            mark()
    names = ("begin", "count", "learn", "choose", "learn again", "choose again")
    took = {name: round(later - sooner, 2) for name, sooner, later in zip(names, marks, marks[1:], strict=False)}
    tell(texts=len(desk.rows), processor_seconds=took)


if __name__ == "__main__":
    main()
