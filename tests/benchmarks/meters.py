"""Meters: what measuring 1,000 invented texts takes, beside nltk on the same texts.

    python -m pip install -e ".[test]"
    OMP_NUM_THREADS=1 python -m tests.benchmarks.meters --rounds 3

Captions (coco_captions): 1,000 of the test file stand for samples, 1,000 others are held out, the 9,999 of the training
file are trained on. nltk's `sentence_bleu` scores the same samples against the same references with the same smoothing,
all four orders in one call. It counts all references anew for each sample, so it scores only as many samples as are
asked for, drawn at random, and its time is multiplied. Aims: all meters under 1 s, the caller never kept waiting longer
than 50 ms, 200 nearest texts under .3 s.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from engine.metrics.bleu import ORDERS, OwnWords, References
from engine.metrics.diversity import openings
from engine.metrics.nearest import NearestText
from engine.metrics.text_meters import TextMeters
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet, worded
from tests.engine.metrics.captions import read_captions
from tests.engine.metrics.generators import finished

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_NUM = 1000
_NUM_NEAREST = 200
_WEIGHTS = [(1 / order,) * order for order in ORDERS]

Texts = Sequence[Sequence[str]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scored", type=int, default=50, help="samples that nltk scores")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    asked = parser.parse_args()
    train, test = read_captions(DATA, "train"), read_captions(DATA)
    samples, held_out = test[:_NUM], test[_NUM : 2 * _NUM]
    found: dict[str, list[float]] = {}
    for turn in range(asked.rounds):
        wait_until_quiet(asked.patience, 0.15)
        with OthersLoad() as load:
            measured = {**_ours(train, held_out, samples), **_against_nltk(held_out, samples, asked.scored)}
        for name, value in measured.items():
            found.setdefault(name, []).append(value)
        tell(
            round=turn, **{name: float(f"{value:.4g}") for name, value in measured.items()}, others=round(load.cores, 2)
        )
    print_table(("figure", "median (least to greatest)"), [(name, worded(values, 4)) for name, values in found.items()])
    _print_figures(train, held_out, samples)


def _ours(train: Texts, held_out: Texts, samples: Texts) -> dict[str, float]:
    preparing, meters = _timed(lambda: TextMeters(train, held_out, seed=0))
    moments = [time.perf_counter()]
    for _ in meters.measure(samples):
        moments.append(time.perf_counter())
    moments.append(time.perf_counter())
    real, _ = _timed(lambda: finished(meters.real_text(len(samples))))
    indexing, nearest = _timed(lambda: NearestText(train))
    finding, _ = _timed(lambda: [nearest.find(sample) for sample in samples[:_NUM_NEAREST]])
    indexing_ten, nearest_of_ten = _timed(lambda: NearestText([*train] * 10))
    finding_ten, _ = _timed(lambda: [nearest_of_ten.find(sample) for sample in samples[:_NUM_NEAREST]])
    opening, _ = _timed(lambda: openings(samples, train))
    return {
        "prepared, s": preparing,
        "all meters, s": moments[-1] - moments[0],
        "longest wait of the caller, ms": 1000 * max(after - before for before, after in pairwise(moments)),
        "real text's line, s": real,
        "openings, s": opening,
        "nearest texts indexed, 10,000, s": indexing,
        "200 nearest found of 10,000, s": finding,
        "nearest texts indexed, 100,000, s": indexing_ten,
        "200 nearest found of 100,000, s": finding_ten,
    }


def _against_nltk(held_out: Texts, samples: Texts, num_scored: int) -> dict[str, float]:
    places = random.Random(0).sample(range(len(samples)), num_scored)
    ours, bleu = _timed(lambda: finished(References(held_out).bleu(samples)))
    ours_self, self_bleu = _timed(lambda: finished(OwnWords(samples).self_bleu()))
    theirs, expected = _timed(lambda: [_theirs(held_out, samples[place]) for place in places])
    theirs_self, expected_self = _timed(
        lambda: [_theirs([*samples[:place], *samples[place + 1 :]], samples[place]) for place in places]
    )
    a_sample = len(samples) / num_scored
    difference = max(np.abs(bleu[places] - expected).max(), np.abs(self_bleu[places] - expected_self).max())
    return {
        "BLEU-2 to 5, references counted anew, s": ours,
        "nltk's, s": theirs * a_sample,
        "BLEU, nltk / ours": theirs * a_sample / ours,
        "self-BLEU-2 to 5, s": ours_self,
        "nltk's self-BLEU, s": theirs_self * a_sample,
        "self-BLEU, nltk / ours": theirs_self * a_sample / ours_self,
        "greatest difference of a score, 1e-12": 1e12 * float(difference),
    }


def _theirs(references: Texts, sample: Sequence[str]) -> Any:
    return sentence_bleu(references, sample, _WEIGHTS, SmoothingFunction().method1)


def _print_figures(train: Texts, held_out: Texts, samples: Texts) -> None:
    """What the meters say of real texts: as samples, and as the line beside samples."""
    meters = TextMeters(train, held_out, seed=0)
    found, line = finished(meters.measure(samples)), finished(meters.real_text(len(samples)))
    print_table(
        ("meter", "1,000 test captions as samples", "real text's line"),
        [(name, f"{value:.3f}", f"{line[name]:.3f}") for name, value in found.items()],
    )


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


if __name__ == "__main__":
    sys.exit(main())
