"""The texts under the figures: made when the page is, from the one place that knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from engine.records import Answers, Decision
from engine.runs.run import Run
from studio.pages.evaluation.inquiries import Worker
from studio.workers.latest_worker import Verb


class Texts(Protocol):
    """What the page asks of the part that shows texts."""

    text_wanted: SignalInstance

    def show_answers(self, run: Run | None, answers: Answers, decision: Decision) -> None: ...
    def choose(self, truth: int | None, said: int | None) -> None: ...
    def clear(self) -> None: ...
    def state(self) -> Any: ...
    def restore(self, state: Any) -> None: ...
    def close_workers(self) -> None: ...


MakeTexts = Callable[[Callable[[Verb], Worker]], QWidget]


def details(worker_for: Callable[[Verb], Worker]) -> QWidget:
    """The real one."""
    from studio.pages.evaluation.details import Details

    return Details(worker_for)
