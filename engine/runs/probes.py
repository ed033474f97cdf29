"""Captures of a run's probe texts: one file for each evaluation, read one text at a time, and never more than fit.

probes/step-N.npz   "INDEX:MAP"  float16 [layer, head, query, key], uncompressed, so that one text is read alone
                    "about"      JSON as bytes: for each text what its record holds besides the weights
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InputError
from engine.messages import message
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction
from engine.runs.early_probes import early_about
from engine.runs.files import disk_errors, write_atomic
from engine.runs.run import Run

_FORMAT = 2
_SPOILT = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    RuntimeError,  # a part that is said to be encrypted, or packed in an unknown way; JSON nested too deeply
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a spoilt file may raise; every part of it has a sum of its own."""

_NAME = re.compile(r"step-(\d+)\.npz")


def captured_steps(run: Run) -> tuple[int, ...]:
    """The steps whose captures are kept, rising; 0 is the model before its first update."""
    return tuple(sorted(_files(run)))


def read_probe(run: Run, step: int, index: int) -> AttentionRecord:
    """Where the model looked in probe text number `index` after `step`; reads this text's maps alone.

    Rows were rounded to float16 and sum to 1 again. Raises InputError for a capture that is missing or damaged, and for
    a text that it does not hold.
    """
    path = run.path / "probes" / f"step-{step}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            texts = _texts_of(stored) if "about" in stored.files else early_about(run, step, stored)
            if not 0 <= index < len(texts):
                raise InputError(
                    message("The capture of step {step} does not hold this probe text.", step=step),
                    str(path),
                    message("Choose another text, or give the captures more room when you train."),
                )
            about = texts[index]
            return _record(about, [stored[f"{index}:{name}"] for name in about["maps"]])
    except FileNotFoundError as error:
        raise InputError(
            message("There is no capture of step {step}.", step=step),
            str(path),
            message("Choose one of: {steps}.", steps=list(captured_steps(run))),
        ) from error
    except _SPOILT as error:
        raise InputError(
            message("The capture of step {step} is damaged.", step=step),
            str(path),
            message("Choose another step; the run itself is not touched."),
        ) from error


def read_texts(run: Run, step: int) -> int:
    """How many texts a capture holds, each of them read whole. Raises InputError as `read_probe` does."""
    path = run.path / "probes" / f"step-{step}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            count = len(_texts_of(stored) if "about" in stored.files else early_about(run, step, stored))
    except _SPOILT as error:
        raise InputError(
            message("The capture of step {step} is damaged.", step=step),
            str(path),
            message("Choose another step; the run itself is not touched."),
        ) from error
    for index in range(count):
        read_probe(run, step, index)
    return count


def write_probes(run: Run, step: int, records: Sequence[AttentionRecord], *, room: int, best: int | None) -> Path:
    """Write the capture of `step`, and drop older ones until all of them take at most `room` bytes; texts at the end
    that do not fit alone are left out. Raises RunFailure when the disk refuses."""
    path = run.path / "probes" / f"step-{step}.npz"
    count = len(records)
    content = _packed(records)
    while len(content) > room and count > 0:
        count -= 1
        content = _packed(records[:count])
    with disk_errors(path):
        path.parent.mkdir(exist_ok=True)
    make_room(run, room - len(content), newest=step, best=best)
    write_atomic(path, content)
    return path


def make_room(run: Run, room: int, *, newest: int, best: int | None) -> None:
    """Drop captures until those but the newest take at most `room` bytes: every second one in turn, then the best's,
    the first at last."""
    files = {step: path for step, path in _files(run).items() if step != newest}
    sizes = {step: path.stat().st_size for step, path in files.items()}
    while files and sum(sizes[step] for step in files) > room:
        for step in _dropped(sorted(files), best):
            files.pop(step).unlink(missing_ok=True)


def drop_captures_after(run: Run, step: int) -> None:
    """What a resume undoes was never captured; -1 drops all."""
    for captured, path in _files(run).items():
        if captured > step:
            path.unlink(missing_ok=True)


def _dropped(steps: list[int], best: int | None) -> list[int]:
    between = [step for step in steps[1:] if step != best]
    return between[::2] or steps[1:] or steps


def _files(run: Run) -> dict[int, Path]:
    folder = run.path / "probes"
    found = ((_NAME.fullmatch(path.name), path) for path in (folder.iterdir() if folder.is_dir() else ()))
    return {int(name[1]): path for name, path in found if name}


def _packed(records: Iterable[AttentionRecord]) -> bytes:
    arrays: dict[str, Any] = {}
    texts = []
    for index, record in enumerate(records):
        texts.append(_about(record))
        arrays |= {f"{index}:{one.name}": one.weights.astype(np.float16) for one in record.maps}
    about = json.dumps({"format": _FORMAT, "texts": texts}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    buffer = io.BytesIO()
    np.savez(buffer, about=np.frombuffer(about, dtype=np.uint8), **arrays)
    return buffer.getvalue()


def _about(record: AttentionRecord) -> dict[str, Any]:
    return {
        "text": record.text,
        "tokens": record.tokens,
        "spans": record.spans,
        "special": record.special,
        "prediction": record.prediction.to_json(),
        "truncated": record.truncated,
        "unknown": record.unknown,
        "mask_token": record.mask_token,
        "maps": {one.name: one.bin_size for one in record.maps},
    }


def _record(about: dict[str, Any], weights: list[np.ndarray]) -> AttentionRecord:
    tokens = tuple(about["tokens"])
    maps = [_map(*given, tokens) for given in zip(about["maps"].items(), weights, strict=True)]
    return AttentionRecord(
        text=about["text"],
        tokens=tokens,
        spans=tuple((start, end) for start, end in about["spans"]),
        special=tuple(about["special"]),
        maps=tuple(maps),
        prediction=Prediction(about["prediction"]["label"], about["prediction"]["probabilities"]),
        truncated=about["truncated"],
        unknown=about["unknown"],
        mask_token=about["mask_token"],
    )


def _map(named: tuple[str, int], stored: np.ndarray, tokens: tuple[str, ...]) -> AttentionMap:
    name, bin_size = named
    weights = stored.astype(np.float32)
    sums = weights.sum(axis=-1, keepdims=True)
    np.divide(weights, sums, out=weights, where=sums > 0)
    keys = tokens[::bin_size]
    is_pooling = weights.shape[2] == 1 and len(tokens) > 1
    return AttentionMap(name, weights, (WHOLE_TEXT,) if is_pooling else keys, keys, bin_size)


def probe_texts(run: Run) -> tuple[str, ...]:
    """The texts of the newest capture, in its order; none where nothing was captured, or the capture is damaged."""
    steps = captured_steps(run)
    if not steps:
        return ()
    try:
        with np.load(run.path / "probes" / f"step-{steps[-1]}.npz", allow_pickle=False) as stored:
            about = _texts_of(stored) if "about" in stored.files else early_about(run, steps[-1], stored)
            return tuple(str(one["text"]) for one in about)
    except _SPOILT:
        return ()


def _texts_of(stored: Any) -> list[dict[str, Any]]:
    texts: list[dict[str, Any]] = json.loads(stored["about"].tobytes())["texts"]
    return texts
