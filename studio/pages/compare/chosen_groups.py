"""Chosen: the runs that stand beside each other, as groups with a colour each; the first one is the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.runs.run import Run
from engine.runs.seed_groups import RunGroup, grouped, members
from studio.theme import tokens
from studio.translation import words
from studio.workers.run_book import RunBook

MOST_RUNS = 60
_COLOURS = ("s1", "s2", "s3", "s4", "s5")


@dataclass(frozen=True)
class Ink:
    """How a group is drawn everywhere: five colours, then the same ones dashed."""

    color: str
    is_dashed: bool


@dataclass(frozen=True)
class ChosenGroup:
    """`number` is its place among the groups."""

    number: int
    title: str
    group: RunGroup

    @property
    def ink(self) -> Ink:
        return ink_of(self.number)

    @property
    def runs(self) -> tuple[Run, ...]:
        return self.group.runs

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(run.path for run in self.group.runs)


def ink_of(number: int) -> Ink:
    return Ink(getattr(tokens(), _COLOURS[number % len(_COLOURS)]), number // len(_COLOURS) % 2 == 1)


def runs_of(book: RunBook, paths: Sequence[Path]) -> list[Path]:
    """The runs behind paths of runs and studies, each once. Raises InputError for a folder that holds neither."""
    subjects = [entry.study or entry.run for entry in (book.entry(path) for path in paths)]
    return [run.path for run in members(subjects)]


def groups_of(book: RunBook, paths: Sequence[Path]) -> tuple[ChosenGroup, ...]:
    """Raises InputError for settings that cannot be read."""
    if not paths:
        return ()
    found = grouped([book.entry(path).run for path in paths])
    return tuple(ChosenGroup(number, words(group.title), group) for number, group in enumerate(found))
