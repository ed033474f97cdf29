"""Why a typed value does not fit, in words for a person: pydantic's errors as messages with the mend in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.messages import Message, message


def refusal(error: Mapping[str, Any]) -> Message:
    """One of `ValidationError.errors()` in plain words: what is wrong with the value and what would fit."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            return message("{value} is too small. At least {limit}.", value=_shown(error), limit=limits["ge"])
        case "greater_than":
            return message(
                "{value} is too small. It must be more than {limit}.", value=_shown(error), limit=limits["gt"]
            )
        case "less_than_equal":
            return message("{value} is too large. At most {limit}.", value=_shown(error), limit=limits["le"])
        case "less_than":
            return message(
                "{value} is too large. It must be less than {limit}.", value=_shown(error), limit=limits["lt"]
            )
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return _no_number(error, message("Please give a whole number, such as 32."))
        case "float_parsing" | "float_type" | "finite_number":
            return _no_number(error, message("Please give a number, such as 0.1 or 3e-4."))
        case "string_too_long":
            return message("This is too long. At most {limit:plural:character:characters}.", limit=limits["max_length"])
        case "too_long":
            return message("These are too many. At most {limit:plural:line:lines}.", limit=limits["max_length"])
        case "heads_divide_width":
            return message("The width ({width}) must be a multiple of the heads ({num_heads}).", **limits)
        case "rotary_needs_even_width":
            return message("Rotary positions need an even width a head, not {width}. Change one of them.", **limits)
        case _:
            return _rarer(error, limits)


def _rarer(error: Mapping[str, Any], limits: Mapping[str, Any]) -> Message:
    match error["type"]:
        case "filter_width":
            return message("A filter sees 1 to 32 words.")
        case "too_short":
            return message("At least one is needed.")
        case "parts_fit":
            advice: Message = limits["advice"]
            return advice
        case _:
            return message("{value} does not fit here.", value=_shown(error))


def _no_number(error: Mapping[str, Any], mend: Message) -> Message:
    if str(error["input"] or "").strip() == "":
        return message("Nothing is typed here. {mend}", mend=mend)
    return message("“{typed}” is no such number. {mend}", typed=_shown(error), mend=mend)


def _shown(error: Mapping[str, Any]) -> str:
    text = str(error["input"])
    return text if len(text) <= 40 else text[:39] + "…"
