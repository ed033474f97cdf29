"""Full disks: every size at which something else does not fit any more."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from engine.runs.run import Run
from tests.campaign.world import Broken, World, ask, no_litter, weights_of


def can_mount(folder: Path) -> bool:
    """Whether this user may mount a disk of a few kilobytes."""
    if not sys.platform.startswith("linux"):
        return False
    probe = folder / "probe"
    probe.mkdir(exist_ok=True)
    if _mounted(probe, 64):
        _unmount(probe)
        return True
    return False


def full(world: World, chance: random.Random) -> str:
    """A training, an export, answers and a table on a disk that is too small; with more space all goes on."""
    folder = world.empty()
    disk = folder / "disk"
    disk.mkdir()
    kilobytes = chance.randrange(4, 1500)
    what = chance.choice((_training, _exporting, _answering))
    about = f"{what.__name__[1:]} on a disk of {kilobytes} kB"
    if not _mounted(disk, kilobytes):
        raise Broken("no disk can be mounted")
    try:
        what(world, disk)
    except Broken as error:
        raise Broken(f"{about}\n{error}") from error
    finally:
        _unmount(disk)
    world.forget(folder)
    return about


def _training(world: World, disk: Path) -> None:
    said = ask("train", "quick-look", "--runs", str(disk), "--name", "one", "--json", "--set", *world.settings)
    _tells_of_the_disk(said.code, said.err)
    no_litter(disk)
    if said.code == 0 or not (disk / "one" / "config.yaml").exists() or not (disk / "one" / "run.json").exists():
        return
    _more_space(disk)
    said = ask("resume", str(disk / "one"), "--json")
    if said.code or weights_of(Run.open(disk / "one")) != world.weights:
        raise Broken(f"what was gone on with is not the same\n{said.err}")


def _exporting(world: World, disk: Path) -> None:
    for format in ("hf", "onnx"):
        out = disk / format
        said = ask("export", str(world.finished.path), "--format", format, "--out", str(out), "--json")
        _tells_of_the_disk(said.code, said.err)
        no_litter(disk)
        if said.code and out.exists():
            raise Broken(f"a half of an export is left: {sorted(out.iterdir())}")


def _answering(world: World, disk: Path) -> None:
    out = disk / "out.csv"
    said = ask("predict", str(world.finished.path), "--data", str(world.data), "--out", str(out), "--json")
    _tells_of_the_disk(said.code, said.err)
    if said.code and out.exists():
        raise Broken("a half of the answers is left")
    no_litter(disk)
    run = world.copied(world.finished, world.empty())
    (run.path / "answers").symlink_to(disk, target_is_directory=True) if not (run.path / "answers").exists() else None
    said = ask("evaluate", str(run.path), "--json")
    if said.code:
        raise Broken(f"nothing is measured because answers cannot be kept: {said.err}")
    world.forget(run.path.parent)


def _tells_of_the_disk(code: int, err: str) -> None:
    if code not in (0, 1, 2) or (code and "disk" not in err):
        raise Broken(f"exit {code}, and no word of the disk: {err}")


def _mounted(disk: Path, kilobytes: int) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _more_space(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], capture_output=True, check=True)


def _unmount(disk: Path) -> None:
    subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=True)
