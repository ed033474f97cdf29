"""Loads torch and the verbs in the background, once, so that the first question is answered at once."""

from __future__ import annotations

import threading


def warm_up() -> threading.Thread:
    """Start loading; returns the thread. Importing holds the interpreter for a moment, so call it when nobody moves."""
    thread = threading.Thread(target=_load, name="warm-up", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    import engine.verbs  # noqa: F401
