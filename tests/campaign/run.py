"""run: cases of every kind until the time is over. A case is named by its kind, seed and number, and so repeated."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.campaign import disks, files, monkey, processes
from tests.campaign.world import Broken, Hang, World

KINDS: dict[str, Callable[[World, random.Random], str]] = {
    "run-files": files.mangled_run,
    "data-files": files.mangled_data,
    "kills": processes.killed,
    "signals": processes.signalled,
    "pipes": processes.unread,
    "disks": disks.full,
    "monkey": monkey.let_loose,
}


@dataclass(frozen=True)
class Fallen:
    """A case that fell through."""

    kind: str
    seed: int
    number: int
    told: str

    def __str__(self) -> str:
        again = f"python -m tests.campaign --only {self.kind} --seed {self.seed} --case {self.number}"
        return f"{self.kind}, case {self.number} of seed {self.seed}\nagain: {again}\n{self.told}"


def run(
    kinds: Sequence[str], seed: int, seconds: float, world: World, case: int | None = None
) -> Iterator[Fallen | str]:
    """What each case was, or how it fell through. Every kind gets its share of the time; `case` alone is repeated."""
    assert world.answers and world.weights and world.halfway, "made before the time runs"
    for kind in kinds:
        if kind == "disks" and not disks.can_mount(world.folder):
            yield "disks: left out, as nobody may mount one here"
            continue
        until = time.monotonic() + seconds / len(kinds)
        number = 0 if case is None else case
        while case is None or number == case:
            yield _one(kind, seed, number, world)
            number += 1
            if time.monotonic() > until:
                break


def _one(kind: str, seed: int, number: int, world: World) -> Fallen | str:
    try:
        return f"{kind} {number}: " + KINDS[kind](world, random.Random(f"{seed} {kind} {number}"))
    except (Broken, Hang) as error:
        return Fallen(kind, seed, number, str(error))
    except Exception as error:  # noqa: BLE001 - whatever the program lets through is what is looked for
        import traceback

        return Fallen(kind, seed, number, "".join(traceback.format_exception(error)))


def in_a_world(kinds: Sequence[str], seed: int, seconds: float, case: int | None = None) -> Iterator[Fallen | str]:
    with tempfile.TemporaryDirectory(prefix="attune-campaign-") as folder:
        yield from run(kinds, seed, seconds, World(Path(folder)), case)
