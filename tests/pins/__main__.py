"""`python -m tests.pins --write [NAME ...]` makes pinned files anew; without --write it says what they are.

When one may do that: when a feature changes what a person sees or a number comes out better **on purpose**, in the
commit that does so, whose message says which pins changed and why. Never to get a rebuilding green: a pin that differs
after files were moved and names were changed is a fault of the move.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.pins.pinned import PINNED, pin
from tests.pins.test_builtin_texts import LARGE, SIZES, all_noise_now, all_texts_now
from tests.pins.test_losses import losses_now
from tests.pins.test_old_runs import all_answers_now
from tests.pins.test_recipe_files import choices_now, recipes_now
from tests.pins.test_verbs import verbs_now

PINS: dict[str, Callable[[], Any]] = {
    "builtin_texts": lambda: all_texts_now((*SIZES, LARGE)),
    "label_noise": all_noise_now,
    "recipe_files": recipes_now,
    "choices": choices_now,
    "losses": lambda: _in_a_folder(losses_now),
    "verbs": lambda: _in_a_folder(verbs_now),
    "old_runs": lambda: _in_a_folder(all_answers_now),
}


def _in_a_folder(made: Callable[[Path], Any]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        return made(Path(folder))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pins", description=__doc__)
    parser.add_argument("--write", action="store_true", help="make them anew; read first when one may do that")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(PINS)} (all)")
    asked = parser.parse_args(arguments)
    for name in asked.names or PINS:
        if name not in PINS:
            parser.error(f"there is no pin “{name}”")
        if asked.write:
            pin(name, PINS[name]())
        sys.stdout.write(f"{PINNED / name}.json\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
