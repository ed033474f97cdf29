"""What a form needs to know about each field of a `Choice`: its kind, titles, members, whether it may be empty."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from engine.config.choice import Choice

EditorKind = Literal[
    "switch", "whole", "decimal", "text", "option", "numbers", "lines", "pairs", "source", "group", "family"
]


@dataclass(frozen=True)
class FormField:
    """One line of a form.

    `options` are a Literal's values with their English titles, or those that a setting has words for; `members` the
    classes of a nested `Choice` or of a union of them. Titles, help and options are English templates: the form
    translates them.
    """

    name: str
    kind: EditorKind
    title: str
    help: str
    may_be_empty: bool = False
    options: dict[str, str] = field(default_factory=dict)
    members: tuple[type[Choice], ...] = ()


def fields_of(model: type[Choice]) -> tuple[FormField, ...]:
    """The fields that a person can edit, in the order of the class; the tag of a union member is none of them.

    Raises TypeError for an annotation that no editor can show.
    """
    return tuple(_form_field(name, info) for name, info in model.model_fields.items() if not _is_tag(name, info))


def title_of(member: type[Choice]) -> str:
    """The English title of a `Choice` class, as a union's combo box shows it."""
    return member.model_config.get("title") or member.__name__


def summary_of(member: type[Choice]) -> str:
    """The first line of the class docstring: the help of a union member."""
    return (member.__doc__ or "").strip().splitlines()[0]


def _is_tag(name: str, info: FieldInfo) -> bool:
    return name == "name" and get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1


def _form_field(name: str, info: FieldInfo) -> FormField:
    alternatives = list(_alternatives(info.annotation))
    annotations = [inner for inner in alternatives if inner is not type(None)]
    may_be_empty = type(None) in alternatives
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    titles: Any = extra.get("words", {})
    values = get_args(annotations[0]) if get_origin(annotations[0]) is Literal else tuple(titles)
    return FormField(
        name=name,
        kind="option" if values else _kind(name, annotations),
        title=info.title or name,
        help=info.description or "",
        may_be_empty=may_be_empty,
        options={value: titles.get(value, str(value)) for value in values},
        members=tuple(one for one in annotations if isinstance(one, type) and issubclass(one, Choice)),
    )


def _alternatives(annotation: Any) -> Iterator[Any]:
    """The parts of a union, however deep `Annotated` and `|` are nested; one part if it is no union."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _alternatives(inner)
    else:
        yield annotation


_SIMPLE: dict[Any, EditorKind] = {
    bool: "switch",
    int: "whole",
    float: "decimal",
    str: "text",
    tuple[str, ...]: "lines",
    tuple[int, ...]: "numbers",
    dict[str, str]: "pairs",
}


def _kind(name: str, annotations: list[Any]) -> EditorKind:
    first = annotations[0]
    if annotations == [str, tuple[str, ...]]:
        return "source"
    if all(isinstance(one, type) and get_origin(one) is None and issubclass(one, Choice) for one in annotations):
        return "family" if len(annotations) > 1 else "group"
    if len(annotations) == 1 and get_origin(first) is Literal:
        return "option"
    if len(annotations) == 1 and first in _SIMPLE:
        return _SIMPLE[first]
    raise TypeError(f"no editor for the field {name}: {annotations}")
