"""The campaign as a test: a few minutes of it, the same cases every time; `ATTUNE_CAMPAIGN_SECONDS` makes it longer,
`ATTUNE_CAMPAIGN_SEED` another one."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.campaign import mangling
from tests.campaign.disks import can_mount
from tests.campaign.run import KINDS, Fallen, run
from tests.campaign.world import Broken, Said, World

SECONDS = float(os.environ.get("ATTUNE_CAMPAIGN_SECONDS", "240"))
SEED = int(os.environ.get("ATTUNE_CAMPAIGN_SEED", "0"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield World(tmp_path_factory.mktemp("campaign"))


@pytest.mark.slow
@pytest.mark.timeout(max(300, int(2 * SECONDS)))
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_falls_through(kind: str, world: World) -> None:
    if kind == "disks" and not can_mount(world.folder):
        pytest.skip("this user may not mount a small disk")
    fallen = [told for told in run([kind], SEED, SECONDS / len(KINDS), world) if isinstance(told, Fallen)]
    assert not fallen, "\n\n".join(str(one) for one in fallen)


@pytest.mark.parametrize("kind", mangling.TEXT, ids=lambda kind: kind.__name__)
def test_a_seed_mangles_alike(kind: mangling.Mangle) -> None:
    content = b"text,label\n" + b"".join(b'"a film, %d",good\n' % row for row in range(9))
    assert kind(content, random.Random(3)) == kind(content, random.Random(3))
    assert kind(b"", random.Random(3)) is not None, "an empty file can be mangled too"
    assert any(kind(content, random.Random(seed)) != content for seed in range(5))


@pytest.mark.parametrize(
    ("code", "out", "err"),
    [
        (-11, "", ""),
        (1, "", "Traceback (most recent call last)\n"),
        (1, '{"error": {}}', "Something went wrong that should not: KeyError | x | This is a fault of Attune."),
        (2, "no JSON", "The file is empty."),
    ],
)
def test_what_breaks_a_rule(code: int, out: str, err: str) -> None:
    with pytest.raises(Broken):
        Said(("doctor", "x", "--json"), code, out, err).keeps_the_rules()
    Said(("doctor", "x", "--json"), 2, '{"error": {}}', "The file is empty.").keeps_the_rules()
