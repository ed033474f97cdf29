"""Every metric stands in the registry once, with what all rooms need of it."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import pytest

from engine.metrics.registry import METRICS, WORD_METRICS, WRITER_METRICS, Metric, metric_of

ROOT = Path(__file__).resolve().parents[3]
TITLES = {one.english() for metric in METRICS.values() for one in (metric.title, metric.heading, metric.long_title)}
KEYS = re.compile(f'"({"|".join(METRICS)})":')


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.key)
def test_a_metric_is_whole(metric: Metric) -> None:
    least, most = metric.bounds
    assert least < most and metric.targets <= {"one", "several", "number"}
    assert not metric.is_share or (metric.bounds == (0.0, 1.0) and metric.unit == "%" and metric.decimals is not None)
    assert bool(metric.targets) != (metric.key in (*WRITER_METRICS, *WORD_METRICS))


def test_titles_tell_metrics_apart() -> None:
    for titles in ([one.title for one in METRICS.values()], [one.long_title for one in METRICS.values()]):
        assert len({one.english() for one in titles}) == len(METRICS)


@pytest.mark.parametrize(
    ("key", "value", "table", "log"),
    [
        ("precision", 0.9137, "91.4 %", "91.4 %"),
        ("log_loss", 0.31411, "0.3141", "0.3141"),
        ("r2", 0.8123, "0.812", "81.2 %"),
        ("mae", 1234.56, "1235", "1235"),
        ("self_bleu_4", 0.5321, "0.5321", "53.2 %"),
        ("reverse_perplexity", 81.234, "81.23", "81.23"),
        ("ece", math.nan, "–", "nan %"),
    ],
)
def test_a_value_is_written_as_its_metric_is_read(key: str, value: float, table: str, log: str) -> None:
    assert METRICS[key].written(value) == table and METRICS[key].in_log(value) == log


def test_what_an_old_folder_holds_keeps_its_name() -> None:
    found = metric_of("of_another_version")
    assert found.title.english() == "of_another_version" and found.written(0.5) == "50.0 %"


def test_no_other_file_says_what_a_metric_is_called() -> None:
    """A dictionary from keys of metrics to words is a second registry."""
    second = []
    for path in sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "studio").rglob("*.py")]):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if KEYS.search(text) else ():
            if isinstance(node, ast.Dict) and _says_titles(node):
                second.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not second


def _says_titles(node: ast.Dict) -> bool:
    pairs = zip(node.keys, node.values, strict=True)
    named = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value in METRICS]
    parts = [part for value in named for part in (value.elts if isinstance(value, ast.Tuple) else [value])]
    return any(_is_title(part) for part in parts)


def _is_title(node: ast.expr) -> bool:
    """A literal, or `tr` or `message` of one."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "message"):
        node = node.args[0]
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and text[:1].lower() + text[1:] in TITLES | {one.lower() for one in TITLES}
