"""What ends processes: kills, signals, pipes that are closed."""

from __future__ import annotations

import random
import signal
import time

from engine.runs.run import Run
from tests.campaign.world import Broken, World, ask, finish, no_litter, start, weights_of

_LONGEST_START = 120.0
_LONGEST_LOADING = 1.5
"""Seconds until Python has come to the program's first line, on a loaded machine."""


def killed(world: World, chance: random.Random) -> str:
    """A training is killed at a random moment after its first checkpoint; what goes on ends bit-equal."""
    folder = world.empty()
    words = ("train", "quick-look", "--runs", str(folder), "--name", "one", "--json", "--set", *world.settings)
    child = start(*words)
    wait = chance.random() * 0.8
    after = chance.choice(("RunStarted", "CheckpointSaved", "Reading"))
    _until_said(child, after)
    time.sleep(wait)
    child.kill()
    child.communicate()
    about = f"killed {wait:.2f} s after {after}"
    said = ask("resume", str(folder / "one"), "--json")
    if said.code or weights_of(Run.open(folder / "one")) != world.weights:
        raise Broken(f"{about}: what was gone on with is not the same\n{said.err}\n{said.out[-2000:]}")
    no_litter(folder)
    world.forget(folder)
    return about


def _until_said(child: object, what: str) -> None:
    ended = time.monotonic() + _LONGEST_START
    for line in child.stdout:  # type: ignore[attr-defined]
        if what in line or time.monotonic() > ended:
            return


def signalled(world: World, chance: random.Random) -> str:
    """A verb is told to end at a random moment, once or twice."""
    folder = world.empty()
    run, out = str(world.finished.path), folder / "out"
    verbs: list[tuple[str, ...]] = [
        ("train", "quick-look", "--runs", str(folder), "--name", "one", "--set", *world.settings),
        ("evaluate", run),
        ("predict", run, "--data", str(world.data), "--out", str(folder / "out.csv")),
        ("doctor", str(world.data)),
        ("export", run, "--format", "hf", "--out", str(out)),
        ("attack", run, "-n", "20"),
        ("compare", run, run),
        ("suspects", run),
    ]
    words = chance.choice(verbs)
    child = start(*words)
    number = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    wait = 0.3 + chance.random() * 8
    time.sleep(wait)
    child.send_signal(number)
    is_twice = chance.random() < 0.3
    if is_twice:
        time.sleep(chance.random() * 0.3)
        child.send_signal(number)
    about = f"{words[0]}: {number.name}{' twice' if is_twice else ''} after {wait:.1f} s"
    try:
        said = finish(child, words)
        is_ours = "engine/" in said.err or said.out
        if said.code == -number and wait < _LONGEST_LOADING and not is_ours:
            return f"{about}: before the program began"
        said.keeps_the_rules()
        if not is_twice:
            no_litter(folder)
            if words[0] == "export" and out.exists() and said.code:
                raise Broken("an export that was stopped is left behind")
    except Broken as error:
        raise Broken(f"{about}\n{error}") from error
    world.forget(folder)
    return about


def unread(world: World, chance: random.Random) -> str:
    """Nobody reads what is printed: a training ends well, other verbs end quietly."""
    folder = world.empty()
    train = ("train", "quick-look", "--runs", str(folder), "--name", "one", "--set", *world.settings)
    words = chance.choice([train, ("evaluate", str(world.finished.path)), ("recipes",)])
    num_lines = chance.randrange(3)
    child = start(*words)
    assert child.stdout is not None
    for _ in range(num_lines):
        child.stdout.readline()
    child.stdout.close()
    child.stdout = None
    about = f"{words[0]}: nobody reads after {num_lines} lines"
    said = finish(child, words)
    if said.code not in (0, 1) or "Traceback" in said.err or "BrokenPipe" in said.err:
        raise Broken(f"{about}\nexit {said.code}\n{said.err}")
    if words[0] == "train" and Run.open(folder / "one").state != "finished":
        raise Broken(f"{about}: the training ended with its console\n{said.err}")
    world.forget(folder)
    return about
