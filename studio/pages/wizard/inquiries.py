"""Inquiries: what the wizard asks the engine about a draft, each question once, estimates one after the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.errors import AttuneError
from engine.records import DataReport, Estimate, Preview, PreviewRows
from studio.pages.wizard.draft import estimate_key, preview_key, report_key
from studio.workers.latest_worker import Verb
from studio.workers.query import Asker, MakeWorker, Query


@dataclass
class Answers:
    """Everything that was answered, by question; it outlives the page when that is built anew."""

    known: dict[tuple[Verb, str], Any] = field(default_factory=dict)
    errors: dict[tuple[Verb, str], AttuneError] = field(default_factory=dict)

    def preview(self, config: RunConfig) -> Preview | None:
        return self.known.get(("preview", preview_key(config)))

    def report(self, config: RunConfig) -> DataReport | None:
        return self.known.get(("diagnose", report_key(config)))

    def estimate(self, config: RunConfig) -> Estimate | None:
        return self.known.get(("estimate", estimate_key(config)))

    def rows(self, config: RunConfig, split: str, rows: Sequence[int]) -> PreviewRows | None:
        """Rows that somebody asked for."""
        return self.known.get(("preview_rows", rows_key(config, split, rows)))

    def lines(self, config: RunConfig) -> PreviewRows | None:
        """The bare lines of a file that cannot be read."""
        return self.known.get(("first_lines", preview_key(config)))

    def error(self, config: RunConfig) -> AttuneError | None:
        """Why the data of this config cannot be read, if so."""
        return self.errors.get(("preview", preview_key(config))) or self.errors.get(("diagnose", report_key(config)))

    def forget(self) -> None:
        """Let everything be asked once more: a file chosen again may have been mended since."""
        self.known.clear()
        self.errors.clear()

    def estimate_error(self, config: RunConfig) -> AttuneError | None:
        return self.errors.get(("estimate", estimate_key(config)))


class Inquiries(QObject):
    """Asks what is not known yet; `news` says that some answer, or some error, has come in."""

    news = Signal()

    def __init__(self, make_worker: MakeWorker | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.answers = Answers()
        self._asker = Asker(make_worker, self, in_turns=False)
        self._queue: list[RunConfig] = []

    def ask_preview(self, config: RunConfig) -> None:
        self._ask("preview", preview_key(config), config.data, type_of(config.task).roles)

    def ask_report(self, config: RunConfig) -> None:
        self._ask("diagnose", report_key(config), config)

    def ask_rows(self, config: RunConfig, split: str, rows: Sequence[int]) -> None:
        self._ask("preview_rows", rows_key(config, split, rows), config.data, list(rows), split)

    def ask_lines(self, config: RunConfig) -> None:
        self._ask("first_lines", preview_key(config), config.data)

    def measure(self, configs: Sequence[RunConfig]) -> None:
        """Estimate these, the first one first; what was queued before and not begun is forgotten."""
        self._queue = [one for one in configs if not self._is_known("estimate", estimate_key(one))]
        if not self._asker.is_asking("estimate"):
            self._measure_next()

    def close(self) -> None:
        """No more answers."""
        self._queue.clear()
        self._asker.close()

    def _is_known(self, verb: Verb, key: str) -> bool:
        return (verb, key) in self.answers.known or (verb, key) in self.answers.errors

    def _ask(self, verb: Verb, key: str, *question: object) -> None:
        if not self._is_known(verb, key):
            query = Query(verb, key, *question)
            query.success(partial(self._take, verb, key)).failure(partial(self._take_error, verb, key))
            self._asker.ask(query)

    def _take(self, verb: Verb, key: str, answer: object) -> None:
        self.answers.known[verb, key] = answer
        self._go_on(verb)

    def _take_error(self, verb: Verb, key: str, error: AttuneError) -> None:
        self.answers.errors[verb, key] = error
        self._go_on(verb)

    def _go_on(self, verb: Verb) -> None:
        if verb == "estimate":
            self._measure_next()
        self.news.emit()

    def _measure_next(self) -> None:
        if self._queue:
            config = self._queue.pop(0)
            self._ask("estimate", estimate_key(config), config)


def rows_key(config: RunConfig, split: str, rows: Sequence[int]) -> str:
    """The same rows of the same files, read alike, are the same."""
    return json.dumps([report_key(config), split, list(rows)])
