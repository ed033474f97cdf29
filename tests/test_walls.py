"""The walls of the house hold, and what must load without torch does."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIGHT = (
    "engine.config.run",
    "engine.errors",
    "engine.messages",
    "engine.records",
    "engine.events",
    "engine.commands",
    "engine.metrics.confidence_intervals",
    "engine.metrics.registry",
    "engine.metrics.variety",
    "engine.runs.history",
    "engine.runs.run",
    "studio.app",
    "studio.main_window",
    "studio.workers.run_book",
)


def test_import_contracts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", LIGHT)
def test_loads_without_torch(module: str) -> None:
    heavy = "{name for name in ('torch', 'transformers', 'datasets', 'sklearn', 'statsmodels') if name in sys.modules}"
    code = f"import sys, {module}; found = {heavy}; sys.exit(', '.join(found) if found else 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


LIBRARIES = {"_replace", "_fields", "_asdict", "_exit", "_attn_implementation", "_forward_hooks"}
"""What the standard library, torch and transformers themselves let others read."""
PRIVATE_READS = {
    "tests/benchmarks/evaluation_page.py": 1,
    "tests/benchmarks/evaluation_rows.py": 3,
    "tests/end_to_end/test_text_gan.py": 1,
    "tests/engine/command_line/test_ending.py": 3,
    "tests/engine/command_line/test_studying.py": 1,
    "tests/engine/export/test_predict_script.py": 5,
    "tests/engine/inspection/attention/test_head_importance.py": 2,
    "tests/engine/models/test_normalized.py": 3,
    "tests/engine/models/test_word_guessing.py": 8,
    "tests/engine/tasks/test_semi_supervised.py": 2,
    "tests/studio/pages/evaluation/test_rows_real.py": 1,
    "tests/studio/plots/charts/test_evaluation_plots.py": 2,
    "tests/studio/plots/charts/test_explorer.py": 10,
    "tests/studio/plots/charts/test_learning_curve.py": 4,
    "tests/studio/plots/timeline/test_film_strip.py": 2,
    "tests/studio/test_theme.py": 1,
    "tests/studio/widgets/test_token_chips.py": 1,
    "tests/studio/workers/test_turns.py": 1,
}
"""How many private attributes of the product a file reads: only ever fewer. A test looks at what the window shows
(`tests.studio.desk`), at results and at files."""


def _private_reads(file: Path) -> int:
    reads = [one for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(one, ast.Attribute)]
    own = {"self", "cls", "super()"}
    return sum(
        one.attr.startswith("_")
        and not one.attr.startswith("__")
        and one.attr not in LIBRARIES
        and ast.unparse(one.value) not in own
        for one in reads
    )


def test_tests_look_at_what_is_shown() -> None:
    found = {file.relative_to(ROOT).as_posix(): _private_reads(file) for file in (ROOT / "tests").rglob("*.py")}
    more = {name: count for name, count in found.items() if count > PRIVATE_READS.get(name, 0)}
    assert not more, "look at what the window shows, or at public results, instead"
