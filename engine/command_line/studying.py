"""The verbs that run many runs as one table: ablate, best. Ctrl+C stops and keeps; the study's folder goes on later."""

from __future__ import annotations

import argparse
import math
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine import events
from engine.command_line.console import say
from engine.command_line.ending import stopping
from engine.command_line.outlets import without_console
from engine.command_line.parser import add_verb
from engine.command_line.printing import print_json
from engine.commands import Command, Stop
from engine.errors import AttuneError
from engine.events import Event, RunPaused
from engine.metrics.registry import metric_of
from engine.records import Progress, Spread, StudyReport, VariantResult
from engine.records.studies import QUALITIES
from engine.runs.event_text import line_of
from engine.runs.study import RunNews, Study, StudyKind, is_study, refuse_other_kinds

_WAIT = 0.2
_COSTS = {"seconds": "time", "memory_bytes": "memory"}
_GAP = 3

Settings = Callable[[Sequence[str]], dict[str, object]]


def add_studying_verbs(verbs: Any, settings: Settings) -> None:
    """Put the verbs of this file into the parser; `settings` reads `path=value` pairs."""
    ablate = add_verb(verbs, "ablate", _ablate, "what each part of a recipe is worth: many runs as one study")
    ablate.add_argument("config", metavar="RECIPE_OR_YAML_OR_STUDY_FOLDER")
    ablate.add_argument("--seeds", type=int, default=3, metavar="N", help="runs of each variant (3)")
    ablate.add_argument("--set", nargs="+", action="extend", default=[], metavar="path=value", help="change settings")
    ablate.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="DIR", help="where studies are kept (./runs)"
    )
    ablate.add_argument("--name", default=None, help="the study's name")
    ablate.set_defaults(settings=settings)
    best = add_verb(
        verbs, "best", _best, "the best model for your texts: word counting, networks, an encoder, compared"
    )
    best.add_argument("data", metavar="FILE_OR_STUDY_FOLDER", help="texts with labels, or a study to go on with")
    best.add_argument("--minutes", type=float, default=10.0, metavar="M", help="time for all of it (10)")
    best.add_argument(
        "--encoder", default=None, metavar="FOLDER_OR_NAME", help="a pretrained encoder that is tried too"
    )
    best.add_argument("--set", nargs="+", action="extend", default=[], metavar="path=value", help="change settings")
    best.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR", help="where studies are kept (./runs)")
    best.add_argument("--name", default=None, help="the study's name")
    best.set_defaults(settings=settings)


def _ablate(asked: argparse.Namespace) -> int:
    from engine import verbs

    if is_study(Path(asked.config)):
        return _go_on(Path(asked.config), "ablation", asked.json)
    config = verbs.load_config(asked.config, asked.settings(asked.set))
    study = verbs.create_ablation(config, asked.runs, asked.seeds, asked.name)
    return _begin(study, asked.json)


def _best(asked: argparse.Namespace) -> int:
    from engine import verbs

    if is_study(Path(asked.data)):
        return _go_on(Path(asked.data), "best", asked.json)
    changes = {"data.train": asked.data, **asked.settings(asked.set)}
    config = verbs.with_guessed_target(verbs.load_config("attention", changes))
    return _begin(verbs.create_best(config, asked.runs, asked.minutes, asked.encoder, asked.name), asked.json)


def _go_on(path: Path, kind: StudyKind, as_json: bool) -> int:
    study = Study.open(path)
    refuse_other_kinds(study, kind)
    return _follow(study, as_json)


def _begin(study: Study, as_json: bool) -> int:
    try:
        return _follow(study, as_json)
    except AttuneError:
        _forget_unstarted(study)
        raise


def _follow(study: Study, as_json: bool) -> int:
    """Print what its runs tell until the end, then the table."""
    from engine import verbs

    running = verbs.go_on(study)
    wishes: list[Command] = []
    with stopping(lambda: wishes.append(Stop())), without_console():
        command: Command | None = None
        is_paused = False
        while True:
            try:
                progress = running.send(command)
            except StopIteration as end:
                return _finish(study, end.value, as_json)
            command = wishes.pop() if wishes else None
            if isinstance(progress.partial, RunNews):
                is_paused = isinstance(progress.partial.event, RunPaused)
                _show(progress, progress.partial, as_json)
            elif is_paused:
                time.sleep(_WAIT)


def _show(progress: Progress, news: RunNews, as_json: bool) -> None:
    share = progress.done / progress.total
    if as_json:
        told: Event = news.event
        print_json({"run": news.run.name, "share": round(share, 4), **events.to_json(told)})
        return
    line = line_of(news.event)
    if line is not None:
        clock = time.strftime("%H:%M:%S", time.localtime(line.time))
        say(f"{clock}  {100 * share:3.0f} %  {news.run.name:20} {line.message}")


def _finish(study: Study, report: StudyReport, as_json: bool) -> int:
    """Exit code 1 where a run failed."""
    if as_json:
        tree = report.to_json()
        best = {} if report.take is None else {"best": str(study.path / report.take) if report.take else None}
        told = {key: value for key, value in tree.items() if key != "kind"}
        print_json({"study": str(study.path), **best, **told})
    else:
        for line in report_lines(report):
            say(line)
        say(study.path)
    return int(any(state == "failed" for row in report.rows for state in row.states))


def report_lines(report: StudyReport) -> Iterator[str]:
    """The table, aligned, then the sentences."""
    names = (*QUALITIES, *_COSTS)
    heads = ["", "runs", *(metric_of(name).symbol for name in QUALITIES), *_COSTS.values()]
    cells = [[row.title.english(), _runs(row), *(_cell(row, name) for name in names)] for row in report.rows]
    widths = [max(len(line[place]) for line in [heads, *cells]) for place in range(len(heads))]
    seeds = "1 seed" if len(report.seeds) == 1 else f"{len(report.seeds)} seeds"
    about = "± is the 95 % interval over the texts" if len(report.seeds) == 1 else "mean ± standard deviation"
    yield f"{seeds}, measured on {report.split}; {about}"
    for first, *rest in [heads, *cells]:
        numbers = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield (" " * _GAP).join([first.ljust(widths[0]), *numbers])
    yield ""
    yield from (one.english() for one in report.findings)


def _runs(row: VariantResult) -> str:
    return f"{len(row.seeds)} of {len(row.runs)}"


def _cell(row: VariantResult, name: str) -> str:
    if name not in row.figures:
        return "–"
    spread: Spread = row.figures[name]
    if name == "seconds":
        return f"{spread.mean:.1f} s"
    if name == "memory_bytes":
        return f"{spread.mean / 2**20:,.0f} MB"
    if len(spread.values) > 1:
        return f"{100 * spread.mean:.1f} ± {100 * spread.deviation:.1f} %"
    width = "" if math.isnan(spread.half_width) else f" ± {100 * spread.half_width:.1f}"
    return f"{100 * spread.mean:.1f}{width} %"


def _forget_unstarted(study: Study) -> None:
    """A study that wrong input kept from its first step leaves nothing behind."""
    journals = [member.path / "journal.jsonl" for member in study.members]
    if not any(one.exists() and b'"event":"RunStarted"' in one.read_bytes() for one in journals):
        shutil.rmtree(study.path, ignore_errors=True)
