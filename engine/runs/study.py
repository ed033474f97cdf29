"""Study: the folder of several runs that answer one question together.

study.json          kind, title, base config, variants with their configs, seeds, state
report.json         the table so far, for people and lists; it is made anew from the journals whenever it is asked for
VARIANT-seedN/      its runs, each an ordinary run's folder

A search (kind "search") gets a variant with each trial; what else lies in its folder: `engine.runs.search_folder`.
Where the best model is looked for (kind "best"), variants are candidates, which come when their updates are planned.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import InputError
from engine.events import Event
from engine.messages import Message, message
from engine.records import StudyReport
from engine.runs.checksums import Damage, changed, read_object, sealed
from engine.runs.damaged_run import DamagedRun, opened_or_damaged
from engine.runs.files import disk_errors, write_atomic
from engine.runs.lock import held, is_held
from engine.runs.names import free_name, plain_text, safe_name
from engine.runs.run import Run, folders_in
from engine.runs.run_facts import FORMAT, STUDY_FILE, read_study

if TYPE_CHECKING:  # a list of studies opens without the choices and locks, which are slow to load
    from engine.config.run import RunConfig

StudyKind = Literal["ablation", "search", "best"]
_KINDS: Mapping[str, tuple[Message, str]] = {
    "ablation": (message("This study takes a recipe apart."), "ablate"),
    "search": (message("This study searches for better settings."), "search"),
    "best": (message("This study looks for the best model."), "best"),
}
"""What each kind is, and the verb that goes on with it."""

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
        chosen = safe_name(name) if name else free_name(folder, f"{base.title or base.model.name} {kind}")
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
            "title": plain_text(name or chosen),
            "created": time.time(),
            "state": "new",
            "seeds": list(seeds),
            "base": base.to_tree(),
            "variants": [_variant_json(one) for one in variants],
        }
        _write(path, about)
        return Study(path)

    @staticmethod
    def open(path: Path) -> Study:
        """Raises InputError when the folder holds no study, one of another version, or one whose study.json is
        damaged."""
        path = path.resolve()
        read_study(path)
        return Study(path)

    @property
    def about(self) -> dict[str, Any]:
        """study.json. Raises InputError where it was spoilt or taken away meanwhile."""
        return read_study(self.path)

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
        comparison is whole, only uncertain, after the first few. Of a search those that have begun: it trains few
        trials with all seeds."""
        found = (
            Member(self.path / f"{variant.name}-seed{seed}", variant, seed)
            for seed in self.seeds
            for variant in self.variants
        )
        return tuple(one for one in found if self.kind != "search" or one.run is not None)

    def add(self, variant: Variant) -> None:
        """One row more, in the file: whoever opens the study from now on knows of it. Raises RunFailure when the disk
        refuses."""
        about = self.about
        variants = [*about["variants"], _variant_json(variant)]
        write_atomic(self.path / STUDY_FILE, changed(about, {"variants": variants}, indent=1))

    @property
    def num_runs(self) -> int:
        about = self.about
        if about["kind"] == "search":
            return len(self.members)
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
        write_atomic(self.path / STUDY_FILE, changed(self.about, {"state": state}, indent=1))

    @property
    def last_table(self) -> dict[str, Any]:
        """report.json: the last `StudyReport` as JSON; empty before the first one, and where the file is damaged: it is
        made anew. Lists read it, not 15 journals."""
        try:
            tree = read_object(self.path / "report.json")
        except (OSError, Damage):
            return {}
        return tree if _is_report(tree) else {}

    def keep(self, report: StudyReport) -> None:
        """Write the table down. Raises RunFailure when the disk refuses."""
        write_atomic(self.path / "report.json", sealed(report.to_json(), indent=1))

    @property
    def is_locked(self) -> bool:
        """Whether some process runs this study now."""
        return is_held(self.path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the study for running it. Raises InputError when another process does."""
        with held(self.path, message("The study is being run already.")):
            yield


def refuse_other_kinds(study: Study, kind: StudyKind) -> None:
    """Raises InputError, with the verb that goes on with it, for a study of another kind."""
    if study.kind != kind:
        what, verb = _KINDS[study.kind]
        raise InputError(what, str(study.path), message("Go on with it by “{verb}”.", verb=verb))


def is_study(path: Path) -> bool:
    """Whether a folder seems to hold a study."""
    return (path / STUDY_FILE).is_file()


def studies_in(folder: Path) -> list[Study | DamagedRun]:
    """Every study of a folder, newest first; those that cannot be opened with the reason. Their runs are none of the
    folder's own (`run.runs_in`)."""
    found: list[tuple[float, Study | DamagedRun]] = []
    for path in folders_in(folder):
        one = opened_or_damaged(path.absolute(), Study.open, STUDY_FILE)
        if isinstance(one, DamagedRun):
            found.append((one.created, one))
        elif one is not None:
            with contextlib.suppress(InputError):  # taken away meanwhile
                found.append((float(one.about.get("created", 0.0)), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _is_report(tree: dict[str, Any]) -> bool:
    """Whether it has the parts that lists read."""
    rows = tree.get("table", [])
    return isinstance(rows, list) and all(
        isinstance(row, dict)
        and isinstance(row.get("states"), list)
        and isinstance(row.get("seeds"), list)
        and isinstance(row.get("figures"), dict)
        and isinstance(row["figures"].get("f1", {"values": []}).get("values"), list)
        for row in rows
    )


def _variant_json(one: Variant) -> dict[str, Any]:
    return {"name": one.name, "title": one.title.to_json(), "config": one.config.to_tree()}


def _write(path: Path, about: dict[str, Any]) -> None:
    write_atomic(path / STUDY_FILE, sealed(about, indent=1))
