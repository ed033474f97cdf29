"""Fixtures of the data room's tests: an own cache, and a quick way to write a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.data import DataConfig
from engine.config.tasks.classification import Classification
from engine.data.splitting.splits import Splits, load_splits

Write = Callable[..., str]
Load = Callable[..., Splits]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("ATTUNE_CACHE", str(folder))
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write("a.csv", "text,label\\n...", encoding="utf-16")` gives the path."""

    def _write(name: str, content: str | bytes, encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return str(path)

    return _write


@pytest.fixture
def load() -> Load:
    """`load(train=..., mends=...)`: the splits of such a DataConfig."""

    def _load(task: Classification | None = None, seed: int = 0, **settings: object) -> Splits:
        return load_splits(DataConfig.model_validate(settings), task or Classification(), seed)

    return _load
