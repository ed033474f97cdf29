"""History: a run's events as curves. The same class is fed live and replayed from a journal."""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import events
from engine.errors import RunFailure
from engine.events import Event
from engine.messages import message
from engine.runs.answered_texts import AnsweredTexts
from engine.runs.event_text import LogLine, line_of
from engine.runs.files import write_atomic
from engine.runs.journal import JournalReader, parse

_CACHE_FROM = 1_000_000


class Curve:
    """Columns that double in place, so that appending is cheap and reading is a view. `steps` never fall."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._columns = np.empty((len(names), 64), dtype=np.float64)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def extend(self, *values: np.ndarray) -> None:
        count = len(values[0])
        while self._size + count > self._columns.shape[1]:
            self._columns = np.concatenate([self._columns, np.empty_like(self._columns)], axis=1)
        for row, value in enumerate(values):
            self._columns[row, self._size : self._size + count] = value
        self._size += count

    def column(self, name: str) -> np.ndarray:
        """[points]: a view; it is stale after the next `extend`."""
        view: np.ndarray = self._columns[self._names.index(name), : self._size]
        return view

    def table(self) -> np.ndarray:
        """[columns, points]: a view, as `column`."""
        view: np.ndarray = self._columns[:, : self._size]
        return view

    def cut_after(self, step: int) -> None:
        self._size = int(np.searchsorted(self._columns[0, : self._size], step, side="right"))


_STEP_COLUMNS = ("step", "loss", "learning_rate", "gradient_norm", "accumulation")
_METRIC_COLUMNS = ("step", "value")
_PACE_COLUMNS = ("step", "seconds")


@dataclass(frozen=True)
class Best:
    """The best checkpoint so far."""

    step: int
    metric: str
    value: float


class History:
    """All that a run's page shows. `append` events in order; read curves at any time.

    Players ("model") have step curves; splits have evaluation curves; `state` is the run's last known state.
    """

    def __init__(self) -> None:
        self.started: events.RunStarted | None = None
        self.progress: events.Progressed | None = None
        self.finished: events.RunFinished | None = None
        self.failure: events.RunFailed | None = None
        self.state = "new"
        self.best: Best | None = None
        self.baselines: dict[str, events.BaselineEvaluated] = {}
        self.evaluations: dict[str, list[events.Evaluated]] = defaultdict(list)
        self.captures: list[events.AttentionCaptured] = []
        self.references: dict[str, events.ReferenceMeasured] = {}
        self.samples: list[events.SamplesWritten] = []
        self.answered = AnsweredTexts()
        self.collapses: list[events.Collapsed] = []
        self.attacks: list[events.Attacked] = []
        self.checkpoints: list[events.CheckpointSaved] = []
        self.log: list[LogLine] = []
        self.num_events = 0
        self.num_damaged = 0
        self.most_memory = 0
        self._pace = Curve(_PACE_COLUMNS)
        self._players: dict[str, Curve] = {}
        self._metrics: dict[tuple[str, str], Curve] = {}
        self._gauges: dict[str, Curve] = {}

    @property
    def players(self) -> tuple[str, ...]:
        return tuple(self._players)

    @property
    def last_step(self) -> int:
        return max((int(curve.column("step")[-1]) for curve in self._players.values() if len(curve)), default=0)

    def steps(self, player: str = "model", column: str = "loss") -> tuple[np.ndarray, np.ndarray]:
        """(step numbers, values) of "loss", "learning_rate", "gradient_norm" or "accumulation"; views, both float64
        [points]."""
        curve = self._players.get(player)
        if curve is None:
            return np.empty(0), np.empty(0)
        return curve.column("step"), curve.column(column)

    def metric(self, name: str, split: str = "validation") -> tuple[np.ndarray, np.ndarray]:
        """(step numbers, values) of one metric; views, both float64 [points]. Evaluations that lack it are left out."""
        curve = self._metrics.get((split, name))
        if curve is None:
            return np.empty(0), np.empty(0)
        return curve.column("step"), curve.column("value")

    def pace(self) -> tuple[np.ndarray, np.ndarray]:
        """(step numbers, seconds of training until then, pauses left out); views, both float64 [points]."""
        return self._pace.column("step"), self._pace.column("seconds")

    @property
    def gauges(self) -> tuple[str, ...]:
        """The names of the numbers that were told with the steps."""
        return tuple(self._gauges)

    def gauge(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(step numbers, values) of a gauge ("temperature", "noise_scale", "adversary_loss"); views, both float64
        [points]."""
        curve = self._gauges.get(name)
        if curve is None:
            return np.empty(0), np.empty(0)
        return curve.column("step"), curve.column("value")

    def append(self, event: Event) -> None:
        self.num_events += 1
        self._take(event)
        line = line_of(event)
        if line is not None:
            self.log.append(line)

    def tell_damage(self, num_damaged: int) -> None:
        """How many lines of the journal were passed over by now; a line of the log says so when there are more."""
        if num_damaged > self.num_damaged:
            told = message(
                "{count:plural:line:lines} of the journal cannot be read and were passed over: curves and log lack "
                "what stood there.",
                count=num_damaged,
            )
            last = self.log[-1] if self.log else None
            self.log.append(LogLine(last.time if last else 0.0, last.step if last else 0, "warning", told))
        self.num_damaged = num_damaged

    def _take(self, event: Event) -> None:  # noqa: PLR0912 - the one place where events become state
        match event:
            case events.StepsTaken():
                self._take_steps(event)
            case events.RunStarted():
                self._cut_after(-1)  # a run that died before its first checkpoint begins anew
                self.started, self.state = event, "running"
                self.finished = self.failure = None
            case events.RunResumed():
                self._cut_after(event.step)
                self.state, self.finished, self.failure = "running", None, None
            case events.Progressed():
                self.progress = event
                self.most_memory = max(self.most_memory, event.memory_bytes)
                self._pace.extend(np.array([event.step]), np.array([event.seconds]))
            case events.Evaluated():
                self._take_evaluation(event)
            case events.BaselineEvaluated():
                self.baselines[event.split] = event
            case events.AttentionCaptured():
                self.captures.append(event)
            case events.ReferenceMeasured():
                self.references[event.name] = event
            case events.SamplesWritten():
                self.samples.append(event)
            case events.TextsAnswered():
                self.answered.append(event)
            case events.Collapsed():
                self.collapses.append(event)
            case events.Attacked():
                self.attacks.append(event)
            case events.CheckpointSaved():
                self.checkpoints.append(event)
                if event.is_best and event.value is not None:
                    self.best = Best(event.step, event.metric, event.value)
            case events.RunPaused():
                self.state = "paused"
            case events.RunFinished():
                self.finished, self.state = event, event.state
            case events.RunFailed():
                self.failure, self.state = event, "failed"
            case _:
                pass

    def _take_steps(self, event: events.StepsTaken) -> None:
        for player, losses in event.losses.items():
            curve = self._players.setdefault(player, Curve(_STEP_COLUMNS))
            empty = np.full(len(losses), math.nan)
            rates = event.learning_rates.get(player, empty)
            norms = event.gradient_norms.get(player, empty)
            curve.extend(event.steps, losses, rates, norms, event.accumulation)
        for name, values in event.gauges.items():
            self._gauges.setdefault(name, Curve(_METRIC_COLUMNS)).extend(event.steps, values)

    def _take_evaluation(self, event: events.Evaluated) -> None:
        self.evaluations[event.split].append(event)
        step = np.array([event.step], dtype=np.float64)
        for name, value in event.metrics.items():
            curve = self._metrics.setdefault((event.split, name), Curve(_METRIC_COLUMNS))
            curve.extend(step, np.array([value], dtype=np.float64))

    def _cut_after(self, step: int) -> None:
        for curve in (self._pace, *self._players.values(), *self._metrics.values(), *self._gauges.values()):
            curve.cut_after(step)
        for split, found in self.evaluations.items():
            self.evaluations[split] = [one for one in found if one.step <= step]
        self.captures = [one for one in self.captures if one.step <= step]
        self.samples = [one for one in self.samples if one.step <= step]
        self.answered.cut_after(step)
        self.collapses = [one for one in self.collapses if one.step <= step]
        self.attacks = []  # they are a run's last word, and it has not been said yet
        self.checkpoints = [one for one in self.checkpoints if one.step <= step]
        best = next((one for one in reversed(self.checkpoints) if one.is_best and one.value is not None), None)
        self.best = Best(best.step, best.metric, best.value) if best and best.value is not None else None


def open_history(journal: Path) -> tuple[History, JournalReader]:
    """A run's history so far, and the reader that goes on from there.

    A long journal leaves a column cache beside it, so that a million steps open at once; the cache is only a copy and
    is made anew when it does not fit its journal.
    """
    cache = journal.with_name("journal.cache.npz")
    history, offset = _from_cache(cache, journal)
    reader = JournalReader(journal, offset, history.num_damaged)
    for event in reader.read():
        history.append(event)
    history.tell_damage(reader.num_damaged)
    if reader.offset - offset > _CACHE_FROM:
        _to_cache(history, journal, reader.offset, cache)
    return history, reader


def _to_cache(history: History, journal: Path, offset: int, cache: Path) -> None:
    if history.num_damaged:
        return  # so that whoever opens it next counts them too
    others = [line for line in JournalReader(journal).read_lines() if not line.startswith(b'{"event":"StepsTaken"')]
    head = {"offset": offset, "num_events": history.num_events, "start": _fingerprint(journal)}
    arrays = {f"player:{player}": history._players[player].table() for player in history.players}
    arrays |= {f"gauge:{name}": history._gauges[name].table() for name in history.gauges}
    buffer = io.BytesIO()
    np.savez(
        buffer,
        head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
        others=np.frombuffer(b"\n".join(others), dtype=np.uint8),
        **arrays,  # type: ignore[arg-type]
    )
    try:
        write_atomic(cache, buffer.getvalue())
    except RunFailure:
        return  # a read-only folder still opens, only slower


def _from_cache(cache: Path, journal: Path) -> tuple[History, int]:
    history = History()
    try:
        with np.load(cache, allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            if head["start"] != _fingerprint(journal) or journal.stat().st_size < head["offset"]:
                return history, 0
            for line in stored["others"].tobytes().split(b"\n"):
                event = parse(line)
                if event is not None:
                    history.append(event)
            for name in stored.files:
                if name.startswith("player:"):
                    history._players[name.removeprefix("player:")] = _curve(_STEP_COLUMNS, stored[name])
                if name.startswith("gauge:"):
                    history._gauges[name.removeprefix("gauge:")] = _curve(_METRIC_COLUMNS, stored[name])
            history.num_events = head["num_events"]
            return history, int(head["offset"])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        IndexError,
        NotImplementedError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return History(), 0


def _curve(names: tuple[str, ...], columns: np.ndarray) -> Curve:
    curve = Curve(names)
    curve.extend(*columns)
    return curve


def _fingerprint(journal: Path) -> str:
    with journal.open("rb") as file:
        return file.read(256).hex()
