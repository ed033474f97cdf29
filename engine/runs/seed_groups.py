"""grouped: runs that repeat each other but for the seed, as one; so that luck can be told from skill."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.messages import Message, message
from engine.runs.run import Run
from engine.runs.study import Study, is_study

if TYPE_CHECKING:  # a list of runs opens without the choices, which are slow to load
    from engine.config.run import RunConfig

_NO_SETTINGS = ("title", "description", "seed")


@dataclass(frozen=True)
class RunGroup:
    """`runs` whose settings differ in the seed alone, in the order in which they were given; `config` is the first
    one's."""

    title: Message
    runs: tuple[Run, ...]
    config: RunConfig

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(run.config.seed for run in self.runs)


def members(subjects: Sequence[Run | Study]) -> list[Run]:
    """The runs themselves; for a study those of its runs that have a checkpoint."""
    found: list[Run] = []
    for subject in subjects:
        if isinstance(subject, Run):
            found.append(subject)
            continue
        begun = [member.run for member in _by_variant(subject)]
        found += [run for run in begun if run is not None and run.checkpoints]
    return list(dict.fromkeys(found))


def grouped(runs: Sequence[Run]) -> tuple[RunGroup, ...]:
    """In the order in which they were given. Runs of one seed never come together: the same run twice says nothing
    about luck. Runs that are all alike stand each for itself, as there is nothing else to compare. Raises InputError
    for settings that cannot be read."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        key, copies = _key(run.config), 0
        while any(other.config.seed == run.config.seed for other in found.get(f"{key} {copies}", ())):
            copies += 1
        found.setdefault(f"{key} {copies}", []).append(run)
    lots = list(found.values()) if len(found) > 1 else [[run] for run in runs]
    groups = [RunGroup(_title(lot, runs), tuple(lot), lot[0].config) for lot in lots]
    return tuple(_told_apart(groups))


def _by_variant(study: Study) -> list[Any]:
    order = {variant.name: place for place, variant in enumerate(study.variants)}
    return sorted(study.members, key=lambda member: order[member.variant.name])


def _key(config: RunConfig) -> str:
    tree = {name: value for name, value in config.to_tree().items() if name not in _NO_SETTINGS}
    return json.dumps(tree, sort_keys=True)


def _title(lot: Sequence[Run], runs: Sequence[Run]) -> Message:
    """A variant's title in its study; with runs from elsewhere beside them the study's name before it."""
    first = lot[0]
    folder = first.path.parent
    if not is_study(folder):
        return message("{name}", name=first.name)
    study = Study.open(folder)
    name = first.path.name.rpartition("-seed")[0]
    variant = next((one.title for one in study.variants if one.name == name), message("{name}", name=first.name))
    if len(lot) == 1 and sum(run.path.name.rpartition("-seed")[0] == name for run in runs) > 1:
        variant = message("{variant}, seed {seed}", variant=variant, seed=str(first.config.seed))
    if all(run.path.parent == folder for run in runs):
        return variant
    return message("{study} · {variant}", study=study.name, variant=variant)


def _told_apart(groups: Sequence[RunGroup]) -> list[RunGroup]:
    """Numbers behind titles that stand there twice."""
    often = Counter(group.title.english() for group in groups)
    seen: Counter[str] = Counter()
    found = []
    for group in groups:
        title = group.title.english()
        seen[title] += 1
        if often[title] > 1 and seen[title] > 1:
            found.append(replace(group, title=message("{name} ({number})", name=group.title, number=seen[title])))
        else:
            found.append(group)
    return found
