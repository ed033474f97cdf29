"""The verbs of what writes: `generate`."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.messages import message
from engine.records import WritingSettings
from engine.runs.run import Run

_INVENTED = 10
_USUAL = WritingSettings()


def add_writing_verbs(verbs: Any) -> None:
    generate = add_verb(verbs, "generate", _generate, "invent texts, or write on behind a beginning")
    generate.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    generate.add_argument("--prompt", default=None, metavar="P", help="a language model writes on behind it")
    generate.add_argument("-n", type=int, default=None, metavar="N", help="how many texts (10; of a language model 1)")
    generate.add_argument("--temperature", type=float, default=None, metavar="T", help="below 1: surer (1)")
    generate.add_argument("--top-k", type=int, default=None, metavar="K", help="only the K likeliest tokens (all)")
    generate.add_argument("--top-p", type=float, default=None, metavar="P", help="only the first that reach P (1)")
    generate.add_argument("--max-tokens", type=int, default=None, metavar="M", help="at most so many tokens (90)")
    generate.add_argument("--seed", type=int, default=None, metavar="S", help="the same seed gives the same texts")
    generate.add_argument("--checkpoint", default="best", metavar="C", help="best, last or step-N (best)")


def _generate(asked: argparse.Namespace) -> None:
    run = Run.open(asked.run)
    texts = _written(run, asked) if type_of(run.config.task).can("write on") else _invented(run, asked)
    if asked.json:
        print_json({"texts": texts})
        return
    for text in texts:
        say(text)


def _invented(run: Run, asked: argparse.Namespace) -> list[str]:
    from engine import verbs

    own = {"--prompt": asked.prompt, "--top-k": asked.top_k, "--top-p": asked.top_p, "--max-tokens": asked.max_tokens}
    for word, value in own.items():
        if value is not None:
            raise InputError(
                message("This run invents whole texts; it does not write on."),
                word,
                message("Leave it out, or choose a run of a language model."),
            )
    count = _INVENTED if asked.n is None else asked.n
    temperature = 1.0 if asked.temperature is None else asked.temperature
    found = answered(verbs.generate(run, count, temperature, asked.seed, asked.checkpoint, judged=False))
    return [sample.text for sample in found.invented]


def _written(run: Run, asked: argparse.Namespace) -> list[str]:
    """Each with its beginning. What of the beginning is unknown is told on standard error."""
    from engine import verbs

    count = 1 if asked.n is None else asked.n
    if count < 1:
        raise InputError(message("Ask for at least one text."), "-n", message("As in -n 3."))
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    texts = []
    for number in range(count):
        settings = WritingSettings(
            temperature=1.0 if asked.temperature is None else asked.temperature,
            top_k=0 if asked.top_k is None else asked.top_k,
            top_p=1.0 if asked.top_p is None else asked.top_p,
            seed=seed + number,
            max_tokens=_USUAL.max_tokens if asked.max_tokens is None else asked.max_tokens,
        )
        found = answered(verbs.write(run, asked.prompt or "", settings, checkpoint=asked.checkpoint))
        if found.unknown and not number:
            words = ", ".join(found.unknown)
            say(f"not in the vocabulary, read as an unknown word: {words}", sys.stderr)
        texts.append((found.prompt + found.text).strip())
    return texts
