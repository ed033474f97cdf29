"""The campaign by hand: `python -m tests.campaign --seconds 3600 --seed 7 [--only KIND …] [--case N]`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter

from tests.campaign.run import KINDS, Fallen, in_a_world


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign", description="Faults, seeded, until the time is over."
    )
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--case", type=int, default=None, help="this one alone, of one kind")
    parser.add_argument("--quiet", action="store_true", help="only what falls through")
    asked = parser.parse_args()
    for name, value in (("OMP_NUM_THREADS", "1"), ("HF_HUB_OFFLINE", "1"), ("TOKENIZERS_PARALLELISM", "false")):
        os.environ.setdefault(name, value)
    os.environ["ATTUNE_CACHE"] = tempfile.mkdtemp(prefix="attune-campaign-cache-")
    counts: Counter[str] = Counter()
    fallen = 0
    for told in in_a_world(asked.only, asked.seed, asked.seconds, asked.case):
        is_fallen = isinstance(told, Fallen)
        counts[told.kind if isinstance(told, Fallen) else told.split()[0]] += 1
        fallen += is_fallen
        if is_fallen or not asked.quiet:
            sys.stdout.write(("FALLEN " if is_fallen else "") + f"{told}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{sum(counts.values())} cases ({dict(counts)}), {fallen} fell through\n")
    return int(fallen > 0)


if __name__ == "__main__":
    sys.exit(main())
