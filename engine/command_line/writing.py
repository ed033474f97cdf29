"""The verbs of what writes: `generate`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.runs.run import Run


def add_writing_verbs(verbs: Any) -> None:
    generate = add_verb(verbs, "generate", _generate, "invent texts with a text-GAN run")
    generate.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    generate.add_argument("-n", type=int, default=10, metavar="N", help="how many texts (10)")
    generate.add_argument("--temperature", type=float, default=1.0, metavar="T", help="below 1: surer (1)")
    generate.add_argument("--seed", type=int, default=None, metavar="S", help="the same seed gives the same texts")
    generate.add_argument("--checkpoint", default="best", metavar="C", help="best, last or step-N (best)")


def _generate(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    found = answered(verbs.generate(run, asked.n, asked.temperature, asked.seed, asked.checkpoint, judged=False))
    texts = [sample.text for sample in found.invented]
    if asked.json:
        print_json({"texts": texts})
        return
    for text in texts:
        say(text)
