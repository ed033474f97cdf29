"""Files that were dropped or chosen together, as one source: two that belong together line by line, or several of one
kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.config.roles import SOURCE, TARGET
from studio.translation import language

_TABLES = frozenset(
    (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".gz", ".zip", ".bz2", ".xz", ".zst", ".arrow")
)
_SETTINGS = frozenset((".yaml", ".yml"))
_NOT_LETTERS = re.compile(r"[^a-z一-鿿]+")


def named(paths: Sequence[Path]) -> str:
    """Of one file, or of the two of a pair, as a source is written."""
    return ",".join(str(path) for path in paths)


def source_of(paths: Sequence[Path], *, takes_pairs: bool, like: object = None) -> str | tuple[str, ...]:
    """One file or folder; of several files all of them, and two of lines as a pair where the task `takes_pairs`: there
    a file alone brings the one that belongs to it. Files that end as those of the pair `like` stand in its order."""
    if takes_pairs:
        pair = with_partner(paths[0], like) if len(paths) == 1 else pair_of(paths, like)
        if pair is not None:
            return named(pair)
    return str(paths[0]) if len(paths) == 1 else tuple(map(str, paths))


def pair_of(paths: Sequence[Path], like: object = None) -> tuple[Path, Path] | None:
    """Two files of lines, the one to read first; None where they are not two, or one of them is no such file."""
    if len(paths) != 2 or not all(map(_holds_lines, paths)):
        return None
    first, second = paths
    ends = tuple(path.suffix for path in parts_of(like) or ())
    is_turned = ends == (second.suffix, first.suffix) if set(ends) == {first.suffix, second.suffix} else _turned(*paths)
    return (second, first) if is_turned else (first, second)


def with_partner(path: Path, like: object = None) -> tuple[Path, ...]:
    """The file, and the only one beside it that is called like it but for its ending (“train.de”, “train.en”); files of
    tables need none. The one to read comes first."""
    if not path.suffix or not _holds_lines(path):
        return (path,)
    others = [other for other in sorted(path.parent.iterdir()) if other.stem == path.stem and other != path]
    found = [other for other in others if _holds_lines(other)]
    return pair_of((path, found[0]), like) or (path,) if len(found) == 1 else (path,)


def parts_of(source: object) -> tuple[Path, Path] | None:
    """The files of a source that names a pair; None for every other one."""
    if not isinstance(source, str) or "," not in source or Path(source).exists():
        return None
    for place, sign in enumerate(source):
        if sign == ",":
            first, second = Path(source[:place].strip()), Path(source[place + 1 :].strip())
            if first.is_file() and second.is_file():
                return first, second
    return None


def short_name(source: str) -> str:
    """What a file is called, or the two of a pair, without their folders."""
    return ",".join(path.name for path in parts_of(source) or (Path(source),))


def _holds_lines(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() not in _TABLES | _SETTINGS


def _turned(first: Path, second: Path) -> bool:
    """Whether the second is the one to read: as their names say (“train.src”), as a part of the path says (“de-en”), or
    because a person writes more often in the language of the window."""
    ranks = [_rank(path) for path in (first, second)]
    if ranks[0] != ranks[1]:
        return ranks[0] > ranks[1]
    one, other = (path.suffix.lstrip(".").lower() for path in (first, second))
    whole = str(first).lower()
    for before, after in ((one, other), (other, one)):
        if before and after and re.search(rf"(?<![a-z]){re.escape(before)}[-_]{re.escape(after)}(?![a-z])", whole):
            return before == other
    return one.startswith(language()) and not other.startswith(language())


def _rank(path: Path) -> int:
    """-1 for a name that speaks of texts to read, 1 for one of texts to write."""
    words = {word.removesuffix("s") for word in _NOT_LETTERS.split(path.name.lower())} - {"text", ""}
    reads, writes = (words & {name.removesuffix("s") for name in role.column_names} for role in (SOURCE, TARGET))
    return bool(writes) - bool(reads)
