"""Study: the folder of several runs that answer one question together.

study.json          kind, title, base config, variants with their configs, seeds, state
report.json         the table so far, for people and lists; it is made anew from the journals whenever it is asked for
VARIANT-seedN/      its runs, each an ordinary run's folder
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import InputError
from engine.events import Event
from engine.messages import Message, message
from engine.records import StudyReport
from engine.runs.files import disk_errors, write_atomic
from engine.runs.lock import held, is_held
from engine.runs.run import Run, safe_name

if TYPE_CHECKING:  # a list of studies opens without the choices and locks, which are slow to load
    from engine.config.run import RunConfig

FORMAT = 1
StudyKind = Literal["ablation"]
StudyState = Literal["new", "running", "stopped", "finished", "interrupted"]


@dataclass(frozen=True)
class Variant:
    """One row of a study: a config under a short name, and that name in words."""

    name: str
    title: Message
    config: RunConfig


@dataclass(frozen=True)
class Member:
    """One run of a study, whether it has begun or not; `path` is where it lies, or will lie."""

    path: Path
    variant: Variant
    seed: int

    @property
    def run(self) -> Run | None:
        """None before it has begun."""
        return Run(self.path) if (self.path / "run.json").is_file() else None

    def made(self) -> Run:
        """The run, its folder made where there is none yet. Raises RunFailure when the disk refuses."""
        config = self.variant.config.model_copy(update={"seed": self.seed})
        return self.run or Run.create(config, self.path.parent, self.path.name)


@dataclass(frozen=True)
class RunNews:
    """What a run of a study tells while it trains."""

    run: Path
    event: Event


@dataclass(frozen=True)
class Study:
    """A study on disk; `path` is absolute. Cheap to make: everything is read when asked for."""

    path: Path

    @staticmethod
    def create(
        kind: StudyKind,
        base: RunConfig,
        variants: Sequence[Variant],
        seeds: Sequence[int],
        folder: Path,
        name: str | None = None,
    ) -> Study:
        """Make `folder/name` (a free name is found when none is given). Raises InputError when it exists already."""
        chosen = safe_name(name) if name else _free_name(folder, f"{base.title or base.model.name} {kind}")
        path = (folder / chosen).resolve()
        if path.exists() and any(path.iterdir()):
            raise InputError(
                message("There is a study or a run of this name already."), str(path), message("Choose another name.")
            )
        with disk_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        about = {
            "format": FORMAT,
            "kind": kind,
            "title": name or chosen,
            "created": time.time(),
            "state": "new",
            "seeds": list(seeds),
            "base": base.to_tree(),
            "variants": [
                {"name": one.name, "title": one.title.to_json(), "config": one.config.to_tree()} for one in variants
            ],
        }
        _write(path, about)
        return Study(path)

    @staticmethod
    def open(path: Path) -> Study:
        """Raises InputError when the folder holds no study, or one of another version."""
        path = path.resolve()
        try:
            about = json.loads((path / "study.json").read_text(encoding="utf-8"))
            found = int(about["format"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                message("This folder holds no study."), str(path), message("A study's folder contains study.json.")
            ) from error
        if found != FORMAT:
            raise InputError(
                message(
                    "The study was written by another version (format {found}, this one reads {known}).",
                    found=found,
                    known=FORMAT,
                ),
                str(path),
                message("Open it with the version of Attune that wrote it."),
            )
        return Study(path)

    @property
    def about(self) -> dict[str, Any]:
        tree: dict[str, Any] = json.loads((self.path / "study.json").read_text(encoding="utf-8"))
        return tree

    @property
    def name(self) -> str:
        return str(self.about.get("title", self.path.name))

    @property
    def kind(self) -> str:
        return str(self.about["kind"])

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(self.about["seeds"])

    @cached_property
    def base(self) -> RunConfig:
        """What the variants were made from."""
        from engine.config.run import from_tree

        return from_tree(self.about["base"], where=str(self.path / "study.json"))

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        from engine.config.run import from_tree

        where = str(self.path / "study.json")
        return tuple(
            Variant(one["name"], Message.from_json(one["title"]), from_tree(one["config"], where=where))
            for one in self.about["variants"]
        )

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Its runs in the order in which they train: all variants with one seed, then all with the next. So the
        comparison is whole, only uncertain, after the first few."""
        return tuple(
            Member(self.path / f"{variant.name}-seed{seed}", variant, seed)
            for seed in self.seeds
            for variant in self.variants
        )

    @property
    def num_runs(self) -> int:
        about = self.about
        return len(about["seeds"]) * len(about["variants"])

    @property
    def state(self) -> StudyState:
        """What was written last; a study that nobody runs though it did not end was interrupted."""
        found: StudyState = self.about["state"]
        if found == "running" and not self.is_locked:
            return "interrupted"
        return found

    def become(self, state: StudyState) -> None:
        """Write another state down. Raises RunFailure when the disk refuses."""
        _write(self.path, {**self.about, "state": state})

    @property
    def last_table(self) -> dict[str, Any]:
        """report.json: the last `StudyReport` as JSON; empty before the first one. Lists read it, not 15 journals."""
        try:
            tree: dict[str, Any] = json.loads((self.path / "report.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return tree

    def keep(self, report: StudyReport) -> None:
        """Write the table down. Raises RunFailure when the disk refuses."""
        write_atomic(self.path / "report.json", json.dumps(report.to_json(), ensure_ascii=False, indent=1))

    @property
    def is_locked(self) -> bool:
        """Whether some process runs this study now."""
        return is_held(self.path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the study for running it. Raises InputError when another process does."""
        with held(self.path, message("The study is being run already.")):
            yield


def is_study(path: Path) -> bool:
    """Whether a folder seems to hold a study."""
    return (path / "study.json").is_file()


def studies_in(folder: Path) -> list[Study]:
    """Every readable study of a folder, newest first. Their runs are none of the folder's own (`run.runs_in`)."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(InputError):
            found.append(Study.open(path))
    return sorted(found, key=lambda study: study.about.get("created", 0.0), reverse=True)


def _write(path: Path, about: dict[str, Any]) -> None:
    write_atomic(path / "study.json", json.dumps(about, ensure_ascii=False, indent=1))


def _free_name(folder: Path, wanted: str) -> str:
    stem = safe_name(wanted)
    number = 1
    while (folder / (stem if number == 1 else f"{stem} {number}")).exists():
        number += 1
    return stem if number == 1 else f"{stem} {number}"
