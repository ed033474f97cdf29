"""What a run learns from, as a few sums: a resume must see the same, and says what is other where it does not."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from datasets import Dataset

from engine.config.roles import ROLES
from engine.data.tokens.encoding import Encoded
from engine.messages import Message, message

_ROWS = 1000
_MOST_NAMES = 200
_SHOWN = 6
_VERSION = 2
_UNLABELLED = "unlabelled"
_WRAP = 2**64


def fingerprint_of(
    splits: Mapping[str, Dataset], encoded: Mapping[str, Encoded], labels: Sequence[str], positive: str | None
) -> dict[str, Any]:
    """Plain JSON: of every split its number of rows, its texts whatever their order, its texts in their order, its
    labels in their order, and its tokens; the labels' names; which of two is the positive one."""
    return {
        "version": _VERSION,
        "names": list(labels) if len(labels) <= _MOST_NAMES else _digest([list(labels)]),
        "positive": positive,
        "splits": {name: {**_of_rows(rows), "tokens": _of_tokens(encoded.get(name))} for name, rows in splits.items()},
    }


def differences(before: Any, now: Mapping[str, Any]) -> list[Message]:
    """What is other than it was, in words; nothing where all is the same. `before` is what a file says."""
    if not isinstance(before, Mapping) or not isinstance(before.get("splits"), Mapping):
        return [message("what was kept of the data when the run began cannot be read")]
    found = [*_other_names(before.get("names"), now["names"]), *_in_whole(before["splits"], now["splits"])]
    if not found:  # the same rows, yet not the same to learn from
        for name in dict.fromkeys((*before["splits"], *now["splits"])):
            found += _in_split(name, before["splits"].get(name), now["splits"].get(name))
    if not found and before.get("positive") != now["positive"]:
        told = {"now": _label(now["positive"]), "before": _label(before.get("positive"))}
        found.append(message("the positive label is {now}, it was {before}", **told))
    return found


def other_names(before: Sequence[str], now: Sequence[str]) -> list[Message]:
    """Of a run of which only the labels' names are known."""
    return _other_names(list(before), list(now))


def _in_whole(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Message]:
    """What is other about the labelled rows, to whichever split they go: other labels divide them in another way."""
    try:
        was, are = _summed(before), _summed(now)
    except (TypeError, KeyError, ValueError):
        return [message("what was kept of the data when the run began cannot be read")]
    if was[0] != are[0]:
        return [message("there are {now} rows, there were {before}", now=are[0], before=was[0])]
    if was[1] != are[1]:
        return [message("some texts are others")]
    return [message("some rows have other labels")] if was[2] != are[2] else []


def _summed(splits: Mapping[str, Any]) -> tuple[int, int, int]:
    """(rows, their texts, their texts with their labels) over all splits, whatever their order."""
    known = [one for name, one in splits.items() if name != _UNLABELLED]
    sums = [(int(one["rows"]), int(one["texts"], 16), int(one["pairs"], 16)) for one in known]
    rows, texts, pairs = (sum(column) for column in zip(*sums, strict=True)) if sums else (0, 0, 0)
    return rows, texts % _WRAP, pairs % _WRAP


def _in_split(name: str, before: Any, now: Any) -> list[Message]:
    split = _SPLITS.get(name, message("{name}", name=name))
    if not isinstance(before, Mapping):
        return [message("the {split} rows are new", split=split)]
    if not isinstance(now, Mapping):
        return [message("the {split} rows are gone", split=split)]
    if before.get("rows") != now["rows"]:
        told = {"now": now["rows"], "before": before.get("rows", 0)}
        return [message("there are {now} {split} rows, there were {before}", split=split, **told)]
    if before.get("texts") != now["texts"]:
        return [message("some {split} texts are others", split=split)]
    if any(before.get(key) != now[key] for key in ("order", "labels")):
        return [message("the {split} rows stand in another order", split=split)]
    if before.get("tokens") != now["tokens"]:
        return [message("the {split} texts are cut into tokens in another way", split=split)]
    return []


def _other_names(before: Any, now: Any) -> list[Message]:
    if before == now:
        return []
    if not isinstance(before, list) or not isinstance(now, list):
        return [message("the labels have other names")]
    return [message("the labels are {now}; they were {before}", now=_shown(now), before=_shown(before))]


def _shown(names: Sequence[Any]) -> list[str]:
    return [str(one) for one in names[:_SHOWN]] + (["…"] if len(names) > _SHOWN else [])


def _label(name: Any) -> str:
    return "–" if name is None else str(name)


def _of_rows(rows: Dataset) -> dict[str, Any]:
    ordered, labels = hashlib.sha256(), hashlib.sha256()
    texts = pairs = 0
    columns = [name for name in ROLES if name in rows.column_names]
    for chunk in rows.select_columns(columns).iter(_ROWS):
        held = _texts_of(chunk)
        given = chunk.get("label") or [None] * len(held)
        for text, label in zip(held, given, strict=True):
            own = zlib.crc32(str(text).encode("utf-8", "surrogatepass"))
            texts += own
            pairs += zlib.crc32(json.dumps(label).encode(), own)
        ordered.update(json.dumps(held).encode())
        labels.update(json.dumps(given).encode())
    sums = {"texts": f"{texts % _WRAP:016x}", "pairs": f"{pairs % _WRAP:016x}"}
    return {"rows": len(rows), **sums, "order": ordered.hexdigest(), "labels": labels.hexdigest()}


def _texts_of(chunk: Mapping[str, list[str]]) -> list[Any]:
    """What is read of each row: a text, or of several roles a list of them."""
    columns = [cells for name, cells in chunk.items() if ROLES[name].is_text]
    return columns[0] if len(columns) == 1 else [list(row) for row in zip(*columns, strict=True)]


def _of_tokens(encoded: Encoded | None) -> int | None:
    if encoded is None:
        return None
    return zlib.crc32(encoded.tokens.values.tobytes(), zlib.crc32(encoded.tokens.offsets.tobytes()))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


_SPLITS = {
    "train": message("training"),
    "validation": message("validation"),
    "test": message("test"),
    _UNLABELLED: message("unlabelled"),
}
