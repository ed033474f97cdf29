"""What the window's thread made in a circle ends in the window's thread, whoever allocates meanwhile."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app import make_app
from studio.garbage_collection import GarbageCollector


class _Ring:
    """An object that only a collector of cycles can end; it tells in which thread that was."""

    def __init__(self, ended: list[int]) -> None:
        self.me, self._ended = self, ended

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    collector = GarbageCollector()
    yield collector
    collector.deleteLater()


def _allocate(until: threading.Event) -> None:
    while not until.is_set():
        rings: list[list[object]] = [[] for _ in range(2000)]
        for ring in rings:
            ring.append(ring)


def test_cycles_end_in_the_threads_own_collector(collector: GarbageCollector, qtbot: QtBot) -> None:
    ended: list[int] = []
    enough = threading.Event()
    worker = threading.Thread(target=_allocate, args=(enough,))
    worker.start()
    try:
        for _ in range(200):
            _Ring(ended)
        qtbot.waitUntil(lambda: len(ended) == 200, timeout=20_000)
    finally:
        enough.set()
        worker.join()
    assert set(ended) == {threading.get_ident()}


def test_old_rings_end_too(collector: GarbageCollector) -> None:
    ended: list[int] = []
    ring = _Ring(ended)
    gc.collect()  # it grows old while somebody still has it
    del ring
    kept: list[list[object]] = []
    while not ended and len(kept) < 10**6:
        kept += [[] for _ in range(2000)]
        collector.collect()
    assert ended


def test_an_application_has_one(qapp: QApplication) -> None:
    assert make_app("light", "en") is make_app("light", "en")
    assert len(qapp.findChildren(GarbageCollector)) == 1 and not gc.isenabled()
