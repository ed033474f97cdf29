"""Range: what a search tries of a setting. Limits: what a setting can be, from the fields themselves."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from engine.config.choice import Choice, setting
from engine.config.run import RunConfig
from engine.errors import InputError
from engine.messages import Message, message

Value = bool | int | float | str
"""A value of a setting that can be searched."""

_NEVER = (
    *("title", "description", "seed", "task.", "model.name"),
    *(f"training.{one}" for one in ("device", "precision", "best.", "evaluate_every", "checkpoint_every", "keep_")),
    *(f"training.{one}" for one in ("baseline", "attacked_rows", "probe")),
)
"""What decides no quality, or what the goal is measured on and by; with another task or model it is another search."""
_ALWAYS = ("task.loss.", "task.estimator.", "task.discriminator_", "data.max_length", "data.tokenizer.vocabulary_size")


class Range(Choice):
    """What a setting may be: from `low` to `high` (on a log scale, or in steps from `low`), or one of `choices`."""

    model_config = ConfigDict(title="Range")
    path: str = setting(title="Setting", help="The dotted path of the setting.")
    low: int | float | None = setting(None, title="From", help="The least value that is tried.")
    high: int | float | None = setting(None, title="To", help="The largest value that is tried.")
    log: bool = setting(False, title="Log scale", help="Tries as many values from 1 to 10 as from 10 to 100.")
    step: int | float | None = setting(None, gt=0, title="Steps of", help="Only values so far apart are tried.")
    choices: tuple[Value, ...] = setting((), max_length=50, title="Values", help="The values that are tried.")

    @property
    def is_fixed(self) -> bool:
        """A single choice leaves nothing to try: every trial has this value."""
        return len(self.choices) == 1

    def holds(self, value: Any) -> bool:
        """Whether the value lies in it, on a step where there are steps."""
        if self.choices:
            return value in self.choices
        if isinstance(value, bool) or not isinstance(value, int | float) or self.low is None or self.high is None:
            return False
        if not self.low <= value <= self.high:
            return False
        steps = (value - self.low) / self.step if self.step else 0.0
        return abs(steps - round(steps)) < 1e-9


@dataclass(frozen=True)
class Limits:
    """What the setting at `path` can be: numbers from `low` to `high` (an end may be excluded, or None), or `choices`.
    `value` is the config's own; `part` is the title of what it is a setting of."""

    path: str
    title: Message
    part: Message
    value: Any
    is_integer: bool = False
    low: int | float | None = None
    high: int | float | None = None
    is_low_excluded: bool = False
    is_high_excluded: bool = False
    choices: tuple[Value, ...] = ()
    words: tuple[Message, ...] = ()
    """Of `choices`, where they have words."""

    def admits(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.is_integer and value != int(value):
            return False
        above = self.low is None or (value > self.low if self.is_low_excluded else value >= self.low)
        below = self.high is None or (value < self.high if self.is_high_excluded else value <= self.high)
        return above and below

    def in_words(self) -> Message:
        if self.choices:
            return message("one of {known}", known=[str(one) for one in self.choices])
        kind = message("a whole number") if self.is_integer else message("a number")
        parts = [
            *_bound(self.low, message("above {value}"), message("at least {value}"), self.is_low_excluded),
            *_bound(self.high, message("below {value}"), message("at most {value}"), self.is_high_excluded),
        ]
        return message("{kind}, {limits}", kind=kind, limits=parts) if parts else kind


def _bound(value: float | None, excluded: Message, included: Message, is_excluded: bool) -> list[Message]:
    if value is None:
        return []
    return [Message((excluded if is_excluded else included).id, {"value": f"{value:g}"})]  # words: one of the two


def limits_of(config: RunConfig, path: str) -> Limits:
    """Raises InputError for a setting that is unknown, is of something that is not chosen, or has no range."""
    found = next((one for one in _settings(config, "", Message("Run")) if one[0] == path), None)  # words: a title
    if found is None:
        config.with_values({path: None})  # an unknown one, and one of another choice, is said there
    limits = None if found is None or not _is_searched(path) else _limits(*found)
    if limits is None:
        raise InputError(
            message("“{path}” is no setting that could be searched: it has neither numbers nor values.", path=path),
            path,
            message("Choose settings such as {known}.", known=[one.path for one in searchable(config)][:6]),
        )
    return limits


def searchable(config: RunConfig) -> tuple[Limits, ...]:
    """The settings of what is chosen that a search can try; not those that decide no quality."""
    found = (_limits(*one) for one in _settings(config, "", Message("Run")))  # words: a title
    return tuple(one for one in found if one is not None and _is_searched(one.path))


def _is_searched(path: str) -> bool:
    return path.startswith(_ALWAYS) or not path.startswith((*_NEVER, "data."))


def _settings(choice: BaseModel, prefix: str, part: Message) -> Iterator[tuple[str, FieldInfo, Any, Message]]:
    """(path, field, value, title of what it is a setting of). A choice between several stands for its own name."""
    for name, info in type(choice).model_fields.items():
        value, path = getattr(choice, name), prefix + name
        if name == "name" and prefix:
            continue
        if not isinstance(value, BaseModel):
            yield path, info, value, part
            continue
        if "name" in type(value).model_fields and len(list(_members(info.annotation))) > 1:
            yield f"{path}.name", info, getattr(value, "name"), part  # noqa: B009 - not every choice has one
        yield from _settings(value, f"{path}.", Message(str(value.model_config.get("title"))))  # words: a choice's


def _limits(path: str, info: FieldInfo, value: Any, part: Message) -> Limits | None:
    """None for what has no range: texts, lists, files."""
    title = Message(info.title or path)  # words: a setting's
    members = list(_members(info.annotation))
    if members:
        names = tuple(str(one.model_fields["name"].default) for one in members)
        words = tuple(Message(str(one.model_config.get("title"))) for one in members)  # words: a choice's
        return Limits(path, title, part, value, choices=names, words=words)
    kinds = [one for one in _kinds(info.annotation) if one is not type(None)]
    literals = [value for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)]
    if literals:
        extra = info.json_schema_extra
        told = extra.get("words", {}) if isinstance(extra, dict) else {}
        words = tuple(Message(str(told.get(one, one))) for one in literals) if isinstance(told, dict) else ()  # words
        return Limits(path, title, part, value, choices=tuple(literals), words=words)
    if kinds == [bool]:
        return Limits(path, title, part, value, choices=(False, True))
    if kinds not in ([int], [float]):
        return None
    bounds = _bounds(info)
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    return Limits(
        path,
        title,
        part,
        value,
        is_integer=kinds == [int],
        low=low,
        high=high,
        is_low_excluded="gt" in bounds,
        is_high_excluded="lt" in bounds,
    )


def _kinds(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _kinds(one)
    else:
        yield annotation


def _members(annotation: Any) -> Iterator[type[BaseModel]]:
    for one in _kinds(annotation):
        if isinstance(one, type) and issubclass(one, BaseModel) and "name" in one.model_fields:
            yield one


def _bounds(info: FieldInfo) -> dict[str, Any]:
    return {
        name: getattr(one, name) for one in info.metadata for name in ("ge", "gt", "le", "lt") if hasattr(one, name)
    }


# --- the ranges of a search that nobody set any for -----------------------------------------------------------------

_MOST_LAYERS = 4


def usual_ranges(config: RunConfig) -> tuple[Range, ...]:
    """Around the config's own values, within the fields' limits: the learning rate a tenth to ten times (log), sizes a
    half to twice, layers 1 to 4, shares that are dropped 0 to .6, the batch a half to twice."""
    found = [_usual(one) for one in searchable(config)]
    return tuple(one for one in found if one is not None)


def _usual(limits: Limits) -> Range | None:
    name, value = limits.path.rpartition(".")[2], limits.value
    if limits.choices or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if limits.path == "training.optimizer.learning_rate":
        return Range(path=limits.path, low=_rounded(value / 10), high=_rounded(_most(limits, value * 10)), log=True)
    if limits.path == "training.micro_batch_size":
        return Range(path=limits.path, low=max(1, value // 2), high=_most(limits, max(2, 2 * value)), log=True)
    if not limits.path.startswith("model."):
        return None
    if name.endswith("dropout"):
        return Range(path=limits.path, low=0.0, high=max(0.6, min(0.9, value)))
    if name in ("num_layers", "num_blocks"):
        return Range(path=limits.path, low=1, high=_most(limits, max(_MOST_LAYERS, value)))
    if name.endswith("_size") or name == "num_filters":
        step = max(1, value // 4)
        low = value - 2 * step if value - 2 * step >= (limits.low or 1) else value
        return Range(path=limits.path, low=low, high=_most(limits, value + 4 * step), step=step)
    return None


def _most(limits: Limits, value: int | float) -> int | float:
    return value if limits.high is None else min(value, limits.high)


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
