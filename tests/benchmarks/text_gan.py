"""Text GANs on coco_captions: every writer against every critic, REINFORCE and the collapse, beside real text and
maximum likelihood, with the spread over seeds.

    python -m tests.benchmarks.text_gan --runs DIR [--rows 4000] [--rehearsal 300] [--game 120] [--seeds 3]

Runs that are finished in DIR already are read, not trained again, so a stopped table goes on. Every run rehearses anew;
its maximum-likelihood model (the checkpoint at which the rehearsal ended) is measured beside the last one of the game,
never the best one, which would flatter the game. Held-out captions come from the same file (`train.txt`): the published
test file is of another kind. BLEU is against all held-out captions and grows with their number.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.events import Progressed
from engine.runs.history import History, open_history
from engine.runs.run import Run

CAPTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "coco_captions" / "train.txt"
METERS = (
    "bleu_2", "bleu_3", "bleu_4", "bleu_5", "self_bleu_2", "self_bleu_3", "self_bleu_4", "self_bleu_5", "distinct_1",
    "distinct_2", "distinct_3", "nll_gen", "nll_div", "reverse_perplexity", "unique_share", "copied_share",
    "discriminator_accuracy", "discriminator_precision", "discriminator_recall",
)  # fmt: skip
WRITERS: dict[str, dict[str, Any]] = {
    "LSTM": {"name": "attention-lstm", "embedding_size": 128, "hidden_size": 128},
    "Transformer": {"name": "transformer", "hidden_size": 128, "num_layers": 2, "num_heads": 4},
    "memory": {"name": "relational-memory", "embedding_size": 128, "head_size": 64},
}
CRITICS: dict[str, dict[str, Any]] = {
    "attention BiLSTM": {"name": "recurrent", "embedding_size": 64, "hidden_size": 64, "pooling": {"name": "additive"}},
    "BiLSTM, no attention": {"name": "recurrent", "embedding_size": 64, "hidden_size": 64, "pooling": {"name": "last"}},
    "causal attention": {
        "name": "transformer",
        "hidden_size": 64,
        "num_heads": 4,
        "feed_forward_size": 128,
        "causal": True,
        "pooling": "last",
    },
    "CNN": {"name": "convolutional", "embedding_size": 64, "num_filters": 64},
}
SOFT = {"task.estimator": {"name": "gumbel-softmax", "annealing": "none"}, "task.discriminator_steps": 1}


def plans(names: list[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """{what: (recipe, changes)}."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for writer, generator in WRITERS.items():
        for critic, discriminator in CRITICS.items():
            changes = {"model.generator": generator, "model.discriminator": discriminator}
            found[f"{writer} | {critic}"] = ("text-gan", changes)
    found["LSTM | attention BiLSTM, REINFORCE"] = (
        "text-gan",
        {"task.estimator": {"name": "reinforce"}, "task.loss": {"name": "standard"}},
    )
    collapse = {**SOFT, "training.optimizer.learning_rate": 1e-3}
    for critic in ("attention BiLSTM", "BiLSTM, no attention"):
        found[f"collapse | {critic}"] = ("text-gan", {**collapse, "model.discriminator": CRITICS[critic]})
    return {name: plan for name, plan in found.items() if not names or name in names}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--rehearsal", type=int, default=300)
    parser.add_argument("--game", type=int, default=120)
    parser.add_argument("--every", type=int, default=40)
    parser.add_argument("--turns", type=int, default=3, help="the critic's turns a step")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    table: dict[str, list[dict[str, float]]] = defaultdict(list)
    began = time.perf_counter()
    for seed in range(asked.seeds):
        for name, (recipe, changes) in plans(asked.only).items():
            history = _history(asked, name, seed, recipe, changes)
            writer = name.split(" | ")[0]
            rehearsed = "LSTM" if writer == "collapse" else writer
            table["real text"].append(dict(history.references["real_text"].metrics))
            table[f"{rehearsed} | maximum likelihood"].append(dict(history.references["maximum_likelihood"].metrics))
            last = {**history.evaluations["validation"][-1].metrics, "minutes": _minutes(history)}
            table[name].append(last)
            print(f"seed {seed}  {name}: {_figures(last)}", flush=True)
    print(f"\n{(time.perf_counter() - began) / 60:.0f} minutes in this call\n")
    _print(table)


def _history(asked: argparse.Namespace, name: str, seed: int, recipe: str, changes: dict[str, Any]) -> History:
    folder = f"{name} {seed}".replace("|", "-").replace(" ", "_").replace(",", "")
    if (asked.runs / folder / "journal.jsonl").exists():
        history, _ = open_history(asked.runs / folder / "journal.jsonl")
        if history.state == "finished":
            return history
        for _ in verbs.resume(Run.open(asked.runs / folder)):
            pass
        return open_history(asked.runs / folder / "journal.jsonl")[0]
    config = verbs.load_config(
        recipe,
        {
            "data.train": str(CAPTIONS),
            "data.max_rows": asked.rows,
            "data.test_share": 0.0,
            "task.discriminator_steps": asked.turns,
            "task.num_samples": asked.samples,
            "task.guard.action": "tell",
            "training.max_steps": asked.rehearsal + asked.game,
            "training.pretraining.steps": asked.rehearsal,
            "training.evaluate_every": asked.every,
            "seed": seed,
            **changes,
        },
    )
    run = verbs.create(config, asked.runs, folder)
    for _ in verbs.train(run):
        pass
    return open_history(run.journal)[0]


def _minutes(history: History) -> float:
    told: Progressed | None = history.progress
    return 0.0 if told is None else told.seconds / 60


def _figures(metrics: dict[str, float]) -> str:
    shown = ("bleu_4", "self_bleu_4", "distinct_2", "nll_gen", "reverse_perplexity", "minutes")
    return "  ".join(f"{name} {metrics[name]:.3f}" for name in shown)


def _print(table: dict[str, list[dict[str, float]]]) -> None:
    columns = (*METERS, "minutes")
    print("| what | " + " | ".join(columns) + " |")
    print("|" + "---|" * (len(columns) + 1))
    for name, rows in table.items():
        cells = [_spread([row[column] for row in rows if column in row]) for column in columns]
        print(f"| {name.replace(' | ', ' / ')} | " + " | ".join(cells) + " |")


def _spread(values: list[float]) -> str:
    if not values:
        return ""
    digits = 1 if np.mean(values) >= 20 else 3
    deviation = np.std(values, ddof=1) if len(values) > 1 else 0.0
    return f"{np.mean(values):.{digits}f} ± {deviation:.{digits}f}"


if __name__ == "__main__":
    main()
