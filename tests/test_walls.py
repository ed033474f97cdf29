"""The walls of the house hold, and what must load without torch does."""

from __future__ import annotations

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
