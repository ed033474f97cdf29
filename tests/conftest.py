"""Fixtures that every room's tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny models: threads would only wait for each other
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

gc.disable()
"""Cycles are collected between tests: as in the window, never in a thread that happens to allocate while Qt works (see
`studio.garbage_collection`), and not while half a million objects are imported that stay."""


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tables that tests read are kept beside the tests' files, never in the person's own cache."""
    folder = tmp_path_factory.mktemp("attune-cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTUNE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def files_are_not_forced_to_the_disk() -> Iterator[None]:
    """No test outlives a power cut, and each wait for a disk is some milliseconds. What a disk refuses, tests patch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


def pytest_collection_finish() -> None:
    """What the libraries and the tests' modules are made of stays: no collection needs to go through it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    count = gc.get_count()
    if count[0] > gc.get_threshold()[0]:
        gc.collect(2 if count[2] > _FULL_COLLECTION else 1)


_FULL_COLLECTION = 10
"""Collections of the younger generations, one a test, between two of the oldest: the widgets of pages that are gone
must not be styled with those of the next."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on real data can be chosen (`-m real_data`): they skip where the data are not."""
    for item in items:
        if {"shared_data", "shared_trials"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("real_data")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; a user's machine has none."""
    return _shared("data", "the real data sets")


@pytest.fixture(scope="session")
def shared_trials() -> Path:
    """The folder of files as people really have them, beside the checkout."""
    return _shared("trials", "the files that people really have")


def _shared(name: str, what: str) -> Path:
    folder = Path(__file__).resolve().parents[2] / "shared" / name
    if not folder.is_dir():
        pytest.skip(f"{what} (../shared/{name}) are not on this machine")
    return folder
