"""The verb that shows which words speak for a label: words."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import print_json
from engine.runs.model_folder import open_subject

_SHOWN = 20


def add_words_verb(verbs: Any) -> None:
    """Put `words` into the parser."""
    words = add_verb(verbs, "words", _words, "the words that speak for a label, in a run that counts words")
    words.add_argument("run", type=Path, metavar="RUN", help="a run's folder or a model's folder")
    words.add_argument("--checkpoint", default="best", metavar="NAME", help="best, last or step-N of a run (best)")
    words.add_argument("--label", default=None, help="which label (the last one)")
    words.add_argument("--search", default="", metavar="WORDS", help="only runs that hold these words")
    words.add_argument("--against", action="store_true", help="those that speak against it")
    words.add_argument("--most", type=int, default=_SHOWN, metavar="N", help=f"how many at most ({_SHOWN})")


def _words(asked: argparse.Namespace) -> None:
    from engine import verbs

    found = verbs.speaking_words(
        open_subject(asked.run), asked.label, asked.search, asked.against, max(0, asked.most), asked.checkpoint
    )
    if asked.json:
        print_json(found.to_json())
        return
    for one in found.runs:
        say(f"{one.weight:+9.4f}  {one.num_texts:>8,}  {one.text}")
    say(f"{len(found.runs)} of {found.num_matching:,} runs that count so; {found.num_all:,} are known in all.")
