"""Wrong labels: errors planted in real data, how many of the first suspects are some, and how else they could be found.

    python -m tests.benchmarks.suspects                        sms_spam, banking77, built-in texts and IMDB, 2 % turned
    python -m tests.benchmarks.suspects --data sms --share .05

A BiLSTM with attention is trained on the planted data (`--steps 0` trains none and judges the training rows alone; in
built-in texts errors are planted in those alone). What the verb finds stands beside word counting that was trained on
other rows, the model's own answers, the mean of both, other rankings of the same probabilities, cleanlab's ranking and
filter (where it is installed), and chance. What real data were published with is taken for right, so a true error
counts as a false alarm: precision is a lower bound. One line of JSON a split.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import importlib.util
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.command_line.printing import answered
from engine.config.run import RunConfig
from engine.data.builtin.samples import builtin_texts
from engine.data.sources.tables import read_tables
from engine.data.splitting.splits import load_splits
from engine.inspection.labels.label_errors import out_of_sample, ranked_label_errors
from engine.metrics.label_errors import label_quality
from engine.records import Answers, Hunt
from engine.runs.run import Run
from engine.targets import probabilities_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = {
    "sms": ("sms_spam/SMSSpamCollection", None, "SMS", "Label"),
    "banking": ("banking77/train.csv", "banking77/test.csv", "text", "category"),
    "imdb": ("imdb/train.csv", "imdb/test.csv", "text", "label"),
}
BUILTIN = ("reviews", "messages")
MODEL: dict[str, object] = {
    "data.max_length": 128,
    "training.micro_batch_size": 64,
    "training.evaluate_every": 100,
    "training.baseline": False,
}
NUM_FIRST = 100
Planted = dict[str, set[int]]
"""Row numbers whose labels were turned, by given split."""


def planted_copy(path: Path, text: str, label: str, share: float, seed: int, out: Path) -> set[int]:
    """Write the file's rows with a share of their labels turned to another one; returns those rows' numbers."""
    table = read_tables(str(path), RunConfig().data.builtin)["train"].dataset
    labels = list(table[label])
    known = sorted(set(labels))
    generator = np.random.default_rng([seed, 3])
    wrong = generator.permutation(len(labels))[: round(share * len(labels))]
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        for place in wrong:
            labels[place] = generator.choice([one for one in known if one != labels[place]])
        writer.writerows(zip(table[text], labels, strict=True))
    return {int(place) + 1 for place in wrong}


def file_run(name: str, share: float, seed: int, steps: int, folder: Path) -> tuple[Run, Planted]:
    train, test, text, label = FILES[name]
    planted = {"train": planted_copy(SHARED / train, text, label, share, seed, folder / "train.csv")}
    changes: dict[str, object] = {**MODEL, "data.train": str(folder / "train.csv"), "training.max_steps": steps or 1}
    if test is not None:
        planted["test"] = planted_copy(SHARED / test, text, label, share, seed + 1, folder / "test.csv")
        changes["data.test"] = str(folder / "test.csv")
    else:
        changes |= {"data.validation_share": 0.25, "data.test_share": 0.25}
    run = verbs.create(verbs.load_config("attention", changes), folder, name)
    return run, {"train": planted["train"], "validation": planted["train"], **planted} | (
        {} if test is not None else {"test": planted["train"]}
    )


def whole_run(name: str, run: Run, folder: Path) -> Run:
    """As nearly all rows as can be are training rows: none is trained on them."""
    changes = {"data.validation_share": 0.01, "data.test": None, "data.test_share": 0.0}
    return verbs.create(run.config.with_values(changes), folder, f"{name} whole")


def builtin_run(topic: str, share: float, seed: int, folder: Path) -> tuple[Run, Planted]:
    """Noise is in the training rows alone."""
    changes: dict[str, object] = {**MODEL, "data.builtin.topic": topic, "data.builtin.label_noise": share, "seed": seed}
    run = verbs.create(verbs.load_config("attention", changes), folder, topic)
    config = run.config
    true = dict(zip(*(builtin_texts(config.data.builtin, seed)[name][:] for name in ("row", "label")), strict=True))
    train = load_splits(config.data, config.task, seed).splits["train"]
    wrong = {row for row, label in zip(train["row"], train["label"], strict=True) if true[row] != label}
    return run, {"train": wrong}


def figures(found: Hunt, rows: np.ndarray, planted: set[int]) -> dict[str, Any]:
    """Precision of the first 100 (or of all that are suspected), recall of as many as were planted and of twice as
    many."""
    is_wrong = np.isin(rows, list(planted))
    hits = np.array([one.row in planted for one in found.suspects])
    num = int(is_wrong.sum())
    return {
        "rows": len(rows),
        "planted": num,
        "expected": round(found.expected),
        "chance": round(float(is_wrong.mean()), 3),
        "suspected": len(hits),
        "first_100": round(float(hits[:NUM_FIRST].mean()), 3),
        "recall_at_planted": round(float(hits[:num].sum() / max(1, num)), 3),
        "recall_at_twice": round(float(hits[: 2 * num].sum() / max(1, num)), 3),
    }


def figures_of(answers: Answers, planted: set[int]) -> dict[str, Any]:
    return figures(ranked_label_errors(answers, len(answers)), answers.rows, planted)


def rankings(answers: Answers, planted: set[int]) -> dict[str, float]:
    """Precision of the first 100 by other scores of the same probabilities."""
    is_wrong = np.isin(answers.rows, list(planted))
    is_judged = np.isfinite(probabilities_of(answers)).all(axis=1)
    said, truths, is_wrong = probabilities_of(answers)[is_judged], answers.truths[is_judged], is_wrong[is_judged]
    given = said[np.arange(len(truths)), truths]
    others = said.copy()
    others[np.arange(len(truths)), truths] = -1.0
    scores = {"own": label_quality(said, truths), "self_confidence": given, "margin": given - others.max(axis=1)}
    if importlib.util.find_spec("cleanlab"):
        quality = importlib.import_module("cleanlab.rank").get_label_quality_scores
        for method in ("self_confidence", "normalized_margin"):
            scores[f"cleanlab {method}"] = quality(truths, said, method=method)
            scores[f"cleanlab {method} adjusted"] = quality(truths, said, method=method, adjust_pred_probs=True)
        find = importlib.import_module("cleanlab.filter").find_label_issues
        issues = find(truths, said, return_indices_ranked_by="self_confidence")
        scores["cleanlab find_label_issues"] = np.full(len(truths), np.inf)
        scores["cleanlab find_label_issues"][issues] = np.arange(len(issues))
    first = {name: np.argsort(score, kind="stable")[:NUM_FIRST] for name, score in scores.items()}
    return {name: round(float(is_wrong[places].mean()), 3) for name, places in first.items()}


def with_probabilities(answers: Answers, said: np.ndarray) -> Answers:
    return replace(answers, logits=np.log(np.clip(said, 1e-9, 1.0)).astype(np.float32), loss="cross-entropy")


def told(run: Run, planted: Planted, steps: int) -> Iterator[dict[str, Any]]:
    wrong = planted["train"]
    runs = [run] if run.config.data.train == "builtin" else [whole_run(run.name, run, run.path.parent), run]
    for one in runs:
        began = time.perf_counter()
        answers = answered(out_of_sample(one))
        seconds = round(time.perf_counter() - began, 1)
        yield {"split": "train", "by": "cross-fitted word counting", "seconds": seconds, **figures_of(answers, wrong)}
        yield {"split": "train", "rankings": rankings(answers, wrong)}
    if not steps:
        return
    for _ in verbs.train(run):
        pass
    found = answered(verbs.hunt(run, num=len(answers)))
    yield {"split": "train", "by": f"the verb: {found.judge}", **figures(found, answers.rows, wrong)}
    for split in ("train", *(name for name in ("validation", "test") if name in planted)):
        own = answered(verbs.examine(run, None, split))
        yield {"split": split, "by": "the model's own answers", **figures_of(own, planted[split])}
        if split == "train":
            mixed = (probabilities_of(own) + np.nan_to_num(probabilities_of(answers))) / 2
            yield {"split": split, "by": "mean of both", **figures_of(with_probabilities(own, mixed), wrong)}
            continue
        counted = answered(verbs.counted(run, None, split))
        mixed = (probabilities_of(own) + counted) / 2
        yield {"split": split, "by": "word counting", **figures_of(with_probabilities(own, counted), planted[split])}
        yield {"split": split, "by": "mean of both", **figures_of(with_probabilities(own, mixed), planted[split])}
        found = answered(verbs.hunt(run, split, num=len(own)))
        yield {"split": split, "by": f"the verb: {found.judge}", **figures(found, own.rows, planted[split])}
        yield {"split": split, "rankings": rankings(own, planted[split])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", choices=(*FILES, *BUILTIN), default=["sms", "banking", *BUILTIN, "imdb"])
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=300)
    asked = parser.parse_args()
    for name in asked.data:
        with tempfile.TemporaryDirectory() as folder:
            if name in FILES:
                run, planted = file_run(name, asked.share, asked.seed, asked.steps, Path(folder))
            else:
                run, planted = builtin_run(name, asked.share, asked.seed, Path(folder))
            for line in told(run, planted, asked.steps):
                print(json.dumps({"data": name, **line}), flush=True)


if __name__ == "__main__":
    main()
