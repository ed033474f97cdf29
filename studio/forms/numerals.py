"""Numbers as a person types them: short decimal texts that read back as exactly the same value."""

from __future__ import annotations

from decimal import Decimal


def decimal_text(value: float) -> str:
    """The shortest text that reads back as `value`: 0.001, 2e-5, 1e-8, 10000. `float(decimal_text(x)) == x`."""
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    digits, _, exponent = format(Decimal(repr(value)).normalize(), "e").partition("e")
    return f"{digits}e{int(exponent)}"


def typed_number(text: str) -> str:
    """What was typed, without spaces and thousands commas, ready for pydantic to read."""
    return text.strip().replace(",", "").replace(" ", "").replace("\u00a0", "")
