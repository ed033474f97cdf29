"""differing_settings: in which settings configs are not the same, with the settings' titles and values in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config.choice import Choice
from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records.comparison import Setting

_LEFT_OUT = ("title", "description")
_NOTHING = Message("–")  # words: a sign
_FILES = ("data.train", "data.validation", "data.test", "data.unlabelled", "data.corrections", "model.source")


@dataclass(frozen=True)
class _Leaf:
    title: Message
    part: Message
    """The title of what it is a setting of."""
    value: Any
    words: Message


def differing_settings(configs: Sequence[RunConfig]) -> tuple[tuple[Setting, ...], int]:
    """(settings that differ, how many do not). Where configs chose different specs (an LSTM and a transformer) the
    choice is told, and of their own settings those that both have. The name of a run is none of its settings."""
    flat = [dict(_leaves(config, "", Message("Run"))) for config in configs]  # words: a title
    shared = [path for path in flat[0] if all(path in one for one in flat)]
    differing = [path for path in shared if any(one[path].value != flat[0][path].value for one in flat)]
    titles = Counter(flat[0][path].title.id for path in differing)
    settings = tuple(_setting(path, [one[path] for one in flat], titles) for path in differing)
    return settings, len(shared) - len(differing)


def _setting(path: str, leaves: Sequence[_Leaf], titles: Mapping[str, int]) -> Setting:
    title = leaves[0].title
    if titles[title.id] > 1:
        title = message("{part}: {setting}", part=leaves[0].part, setting=title)
    values = [leaf.words for leaf in leaves]
    if path in _FILES and len({one.english() for one in values}) < len({str(leaf.value) for leaf in leaves}):
        values = [_plain(leaf.value) for leaf in leaves]  # files of one name in different folders
    return Setting(path, title, tuple(values))


def _leaves(choice: Choice, prefix: str, part: Message) -> Iterator[tuple[str, _Leaf]]:
    """Every setting under its dotted path; a spec stands for its own name, before its settings."""
    for name, info in type(choice).model_fields.items():
        value, path = getattr(choice, name), prefix + name
        if name == "name" or path in _LEFT_OUT:
            continue
        title = Message(info.title or name)  # words: a setting's
        if not isinstance(value, Choice):
            yield path, _Leaf(title, part, value, _in_words(value, info.json_schema_extra, path))
            continue
        if "name" in type(value).model_fields:
            chosen = Message(str(value.model_config.get("title")))  # words: a choice's
            yield path, _Leaf(title, part, getattr(value, "name"), chosen)  # noqa: B009 - not every choice has one
        yield from _leaves(value, f"{path}.", title)


def _in_words(value: Any, extra: Any, path: str) -> Message:
    words = (extra or {}).get("words") if isinstance(extra, Mapping) else None
    if words and value in words:
        return Message(words[value])  # words: a setting's
    if isinstance(value, bool):
        return message("on") if value else message("off")
    if path in _FILES and value:
        names = [Path(one).name or one for one in ([value] if isinstance(value, str) else value)]
        return _plain(names)
    return _plain(value)


def _plain(value: Any) -> Message:
    if value is None or value in ("", (), {}):
        return _NOTHING
    if isinstance(value, Mapping):
        value = [f"{key}: {one}" for key, one in value.items()]
    return message("{value}", value=list(value) if isinstance(value, tuple) else value)
