"""The verb `export`: a model as a folder that works elsewhere. RUN may be any model's folder or hub name too."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.runs.model_folder import open_subject


def add_exporting_verb(verbs: Any) -> None:
    """Put the verb into the parser."""
    parser = add_verb(verbs, "export", _export, "take a model out of the house, compared with the studio's answers")
    parser.add_argument("run", type=Path, metavar="RUN", help="a run's folder, a model's folder or a hub name")
    parser.add_argument("--format", required=True, choices=("hf", "onnx"), help="for transformers, or for onnxruntime")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--checkpoint", default="best", metavar="C", help="best, last or step-N of a run (best)")


def _export(asked: argparse.Namespace) -> None:
    from engine import verbs

    found = answered(verbs.export(open_subject(asked.run), asked.format, asked.out, asked.checkpoint))
    if asked.json:
        print_json(found.to_json())
        return
    say(f"{found.folder}: {', '.join(found.files)}")
    say(
        f"It answers as the studio does: on {found.num_rows:,} texts ({found.checked_on}) the largest difference is "
        f"{found.max_difference:.1g}."
    )
    for line in ("", *found.snippet.splitlines()):
        say(line)
