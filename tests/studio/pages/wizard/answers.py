"""Answers of an engine that is not there: what the wizard's tests are told about their data."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.config.data import DataConfig
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import DataReport, Estimate, Finding, Preview, PreviewRows
from studio.tasks.registry import view_of

LABELS = {"Delivery": 50_492, "Billing": 43_279, "Faulty item": 34_262, "Question": 30_656, "Praise": 21_639}
MESSAGES = (
    ("The new phone screen cracked after two days and nobody answers my mails", "Faulty item"),
    ("Two weeks late and still no parcel. Where is it?", "Delivery"),
    ("You charged my card twice for order 5521, please refund one of them", "Billing"),
    ("Does the warranty cover water damage?", "Question"),
    ("Wonderful service, the courier even carried it upstairs!", "Praise"),
    ("Invoice shows the old address, can you send a corrected one?", "Billing"),
    ("Left earbud is silent out of the box.", "Faulty item"),
    ("包裹晚了两个星期，到底在哪里？", "Delivery"),
)


def paragraph(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> tuple[Message, ...]:
    """The run in sentences, as its task says it."""
    return view_of(config.task).wizard.paragraph(config, report, estimate)


def preview_of(data: DataConfig) -> Preview:
    """Four columns, two of them with a role; a file named “broken” cannot be read."""
    if "broken" in str(data.train):
        raise InputError(
            message("The file is empty."), str(data.train), message("Choose a file with at least one row.")
        )
    rows = tuple((str(118_204 + i), f"2024-05-{2 + i:02}", text, label) for i, (text, label) in enumerate(MESSAGES))
    return Preview(
        name=str(data.train).rsplit("/", 1)[-1],
        columns=("id", "created", "message", "team"),
        rows=rows,
        num_rows=184_120,
        num_bytes=41_733_325,
        roles={"text": "message", "label": "team", **data.columns},
        facts={"encoding": "utf-8", "delimiter": "comma"},
    )


def rows_of(rows: list[int], split: str = "train") -> PreviewRows:
    """Any row that is asked for."""
    cells = tuple((str(row), "2024-06-01", f"the text of row {row}", "Billing") for row in rows)
    return PreviewRows(("id", "created", "message", "team"), cells, tuple(rows), split)


def report_of(config: RunConfig, is_binary: bool = False) -> DataReport:
    """Four findings; what is in `data.mends` counts as mended."""
    mends, has_labels = config.data.mends, config.task.has_labels
    findings = (
        _finding(
            "blank_rows",
            "Empty texts",
            "nothing can be learned from them",
            412,
            (77, 1203, 9418),
            {"drop": "Drop them"},
        ),
        _finding(
            "duplicates", "Exact duplicates", "they count twice", 3380, (118, 342, 1907), {"drop": "Keep one of each"}
        ),
        _finding(
            "contradictions",
            "One text, two labels",
            "lowers the best precision that can be reached",
            96,
            (640, 15_872, 3310),
            {"drop": "Drop all of them", "majority": "Keep the more frequent label"},
        ),
        Finding(
            "too_long",
            "info",
            message("Longer than {limit} tokens", limit=config.data.max_length),
            message("their ends are cut off"),
            1263,
            (12, 75),
        ),
    )
    lengths = np.random.default_rng(0).lognormal(3.7, 0.65, 4000).astype(np.int64) + 1
    return DataReport(
        findings=tuple(_chosen(one, mends.get(one.kind, "keep")) for one in findings),
        balance={} if not has_labels else {"ham": 4825, "spam": 747} if is_binary else LABELS,
        lengths=lengths,
        max_length=config.data.max_length,
        num_rows={"train": 144_262, "validation": 18_033, "test": 18_033},
        positive_label="spam" if is_binary and has_labels else None,
        has_labels=has_labels,
    )


def estimate_of(config: RunConfig) -> Estimate:
    """A pretrained model by a name on the hub cannot be reached."""
    if isinstance(config.model, Pretrained) and not config.model.source.startswith("/"):
        raise InputError(message("The hub is out of reach."), config.model.source, message("Choose a folder instead."))
    size = {
        "recurrent": 2_612_482,
        "transformer": 2_877_954,
        "fusion": 3_261_442,
        "convolutional": 1_950_018,
        "word-counting": 1_055_880,
        "wide-and-deep": 4_612_482,
        "text-gan": 2_201_346,
        "pretrained": 22_713_986,
    }[config.model.name]
    return Estimate(
        num_parameters=size + config.data.max_length,
        memory_bytes=size * 180,
        seconds_per_step=0.04 * config.training.accumulation.first,
        steps_per_epoch=2254.0,
        total_seconds=0.045 * config.training.max_steps * config.training.accumulation.first,
        device="CPU",
    )


def reply(verb: str, question: Any, *more: Any, is_binary: bool = False) -> object:
    """What the engine says to a question of the wizard."""
    if verb == "preview_rows":
        return rows_of(*more)
    if verb == "first_lines":
        return PreviewRows(("line",), (("text;label",), ("",)), (1, 2))
    if verb == "preview":
        return preview_of(question)
    return report_of(question, is_binary) if verb == "diagnose" else estimate_of(question)


def _finding(kind: str, title: str, detail: str, count: int, rows: tuple[int, ...], mends: dict[str, str]) -> Finding:
    titles = {name: message("{title}", title=text) for name, text in mends.items()}
    return Finding(kind, "warning", message("{t}", t=title), message("{t}", t=detail), count, rows, mends=titles)


def _chosen(finding: Finding, chosen: str) -> Finding:
    return Finding(**{**finding.__dict__, "chosen": chosen})
