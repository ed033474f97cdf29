"""Loads torch, the verbs and pyqtgraph in the background, once, so that the first question is answered at once."""

from __future__ import annotations

import threading


def warm_up() -> threading.Thread:
    """Start loading; returns the thread. Importing holds the interpreter for a moment, so call it when nobody moves."""
    thread = threading.Thread(target=_load, name="warm-up", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    import pyqtgraph  # noqa: F401 - half a second, which the first page with a chart would wait for

    import engine.verbs  # noqa: F401
