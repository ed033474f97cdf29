"""Message: every sentence that the engine wants shown, as a template and its values, so that it can be translated."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


class _Sentence(string.Formatter):
    """`str.format` with grouped integers, `{n:plural:row:rows}` ("1 row", "1,200 rows"), short lists, and messages in
    messages, put into words by `inner`."""

    def __init__(self, inner: Callable[[Message], str], between: str) -> None:
        self._inner, self._between = inner, between

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return self._inner(value)
        if format_spec.startswith("plural:"):
            _, one, many = format_spec.split(":")
            return f"{value:,} {one if value == 1 else many}"
        if format_spec == "" and isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}"
        if format_spec == "" and isinstance(value, float):
            return f"{value:,.4g}"
        if isinstance(value, list | tuple):
            return self._between.join(self.format_field(item, format_spec) for item in value)
        return str(super().format_field(value, format_spec))


def fill(
    template: str, values: Mapping[str, Any], inner: Callable[[Message], str] | None = None, between: str = ", "
) -> str:
    """Put the values into a template of any language; `inner` puts messages among the values into that language, and
    `between` stands between the items of a list."""
    return _Sentence(inner or Message.english, between).vformat(template, (), values)


@dataclass(frozen=True)
class Message:
    """A sentence for a person.

    `id` is the English template itself (as gettext does it): a translation is looked up by it, and a journal whose
    template is no longer known still reads well. Values are plain JSON (numbers, strings, lists of them) or messages
    themselves.
    """

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def english(self) -> str:
        return fill(self.id, self.values)

    def __str__(self) -> str:
        return self.english()

    def to_json(self) -> dict[str, Any]:
        values = {key: value.to_json() if isinstance(value, Message) else value for key, value in self.values.items()}
        return {"id": self.id, "values": values}

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Message:
        values = {
            key: Message.from_json(value) if _is_message(value) else value for key, value in tree["values"].items()
        }
        return Message(tree["id"], values)


def _is_message(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"id", "values"}


def message(template: str, /, **values: Any) -> Message:
    """`message("{count:plural:row:rows} dropped", count=3)`: the usual way to make one; the template is a literal."""
    return Message(template, values)
