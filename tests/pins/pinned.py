"""The pinned files, and the environment in which arithmetic comes out the same on every machine of an architecture."""

from __future__ import annotations

import json
import math
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parent / "pinned"
REPOSITORY = Path(__file__).parents[2]
_LIST_OF_LEAVES = re.compile(r"\[\n[^\[\]{}]*\n *\]")

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # sums in one order
    "MKL_NUM_THREADS": "1",
    "ATEN_CPU_CAPABILITY": "default",  # torch's own kernels as every processor has them
    "MKL_CBWR": "COMPATIBLE",  # the same for matrix products
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Nehalem",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512_SKX",
    "PYTHONHASHSEED": "0",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "CUDA_VISIBLE_DEVICES": "",
}
"""Of a process that computes what is pinned: without it the same sum differs in its last bits from one processor to the
next, as they add several numbers at once, as many as they can."""


def pinned(name: str) -> Any:
    """What was pinned under a name."""
    return json.loads((PINNED / f"{name}.json").read_text(encoding="utf-8"))


def pin(name: str, tree: Any) -> None:
    """Pin a tree of plain JSON values; a line a leaf or a list of leaves, so that a difference can be read."""
    text = json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True)
    text = _LIST_OF_LEAVES.sub(lambda found: re.sub(r"\n *", " ", found[0]), text)
    (PINNED / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def as_json(tree: Any) -> Any:
    """The tree as it comes back from a file: lists for tuples, text for keys."""
    return json.loads(json.dumps(tree))


def in_child(module: str, folder: Path) -> None:
    """Run `python -m MODULE FOLDER` in `ENVIRONMENT`. Raises AssertionError with what it said where it failed."""
    words = [sys.executable, "-m", module, str(folder)]
    environment = {**os.environ, **ENVIRONMENT, "ATTUNE_CACHE": str(folder / "cache")}
    done = subprocess.run(words, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def machine() -> dict[str, str]:
    """What decides the last bits in `ENVIRONMENT`: the libraries that compute and the processor, as one of another kind
    was seen to round otherwise for all that."""
    names = {"amd64": "x86_64", "arm64": "aarch64"}
    architecture = platform.machine().lower()
    libraries = {name: version(name).partition("+")[0] for name in ("torch", "transformers", "tokenizers")}
    return {**libraries, "architecture": names.get(architecture, architecture), "processor": _processor()}


def _processor() -> str:
    """Maker, family and model, where the system says them."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8", errors="replace").splitlines() if known.exists() else []
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in reversed(lines))}
    found = [told[key] for key in ("vendor_id", "cpu family", "model") if key in told]
    return " ".join(found) or platform.processor()


def differences(held: Any, now: Any, path: str = "", near: float = 0.0) -> Iterator[str]:
    """A line for each leaf that differs; numbers may differ by a share `near` of the pinned one."""
    if isinstance(held, dict) and isinstance(now, dict):
        for key in sorted({*held, *now}):
            if key not in held or key not in now:
                yield f"{path}.{key}: {'new' if key in now else 'gone'}"
            else:
                yield from differences(held[key], now[key], f"{path}.{key}", near)
    elif isinstance(held, list) and isinstance(now, list) and len(held) == len(now):
        for place, (one, other) in enumerate(zip(held, now, strict=True)):
            yield from differences(one, other, f"{path}[{place}]", near)
    elif type(held) is not type(now) or not _is_near(held, now, near):
        yield f"{path}: pinned {str(held)[:200]}, now {str(now)[:200]}"


def _is_near(held: Any, now: Any, near: float) -> bool:
    if isinstance(held, float):
        return math.isclose(held, now, rel_tol=near, abs_tol=near * near)
    return bool(held == now)
