"""What happens to files: cut, flipped, swapped, doubled, spliced, in another encoding. Seeded: the same again."""

from __future__ import annotations

import random
from collections.abc import Callable

Mangle = Callable[[bytes, random.Random], bytes]


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def beheaded(content: bytes, chance: random.Random) -> bytes:
    return content[chance.randrange(len(content) + 1) :]


def emptied(content: bytes, chance: random.Random) -> bytes:
    return b""


def flipped(content: bytes, chance: random.Random) -> bytes:
    """One bit."""
    changed = bytearray(content)
    if changed:
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def zeroed(content: bytes, chance: random.Random) -> bytes:
    """A block of zeros, as a crash of the system leaves it."""
    start = chance.randrange(len(content) + 1)
    return content[:start] + bytes(min(512, len(content) - start)) + content[start + 512 :]


def swapped(content: bytes, chance: random.Random) -> bytes:
    """Two lines change places."""
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        first, second = chance.sample(range(len(lines)), 2)
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def doubled(content: bytes, chance: random.Random) -> bytes:
    """A part of it twice, or all of it."""
    start = chance.randrange(len(content) + 1) if chance.random() < 0.5 else 0
    return content + content[start:]


def without_a_line(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def spliced(content: bytes, chance: random.Random) -> bytes:
    """A piece of it somewhere else in it."""
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.randrange(1, 200)]
    place = chance.randrange(len(content) + 1)
    return content[:place] + piece + content[place:]


def noisy(content: bytes, chance: random.Random) -> bytes:
    """Bytes that nobody wrote."""
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.randbytes(chance.randrange(1, 40)) + content[place:]


_SIGNS = [b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\x00", b"\\", b"{", b"}", b"[", b"]", b"\xef\xbb\xbf", b"\xff"]
_WORDS = [b"null", b"NaN", b"-1", b"1e999", b"[]", b"{}", b'""', b"true", b"99999999999999999999", b"\xe4\xb8\xad"]


def with_a_sign(content: bytes, chance: random.Random) -> bytes:
    """A quotation mark, a bracket, a separator, a zero … too many."""
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(_SIGNS) + content[place:]


def with_another_value(content: bytes, chance: random.Random) -> bytes:
    """Where a value stands in JSON, YAML or CSV, another one."""
    places = [place + 1 for place, sign in enumerate(content) if sign in b":,"]
    if not places:
        return content
    place = chance.choice(places)
    end = next((at for at in range(place, len(content)) if content[at] in b",}]\n"), len(content))
    return content[:place] + chance.choice(_WORDS) + content[end:]


def in_another_encoding(content: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(
        ["utf-16", "utf-16-le", "utf-32", "cp1252", "gb18030", "latin-1", "utf-8-sig", "shift-jis"]
    )
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def with_other_line_ends(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xe2\x80\xa8"]))


BINARY: tuple[Mangle, ...] = (cut, beheaded, emptied, flipped, zeroed, doubled, spliced, noisy)
TEXT: tuple[Mangle, ...] = (
    *BINARY,
    swapped,
    without_a_line,
    with_a_sign,
    with_another_value,
    in_another_encoding,
    with_other_line_ends,
)


def mangled(content: bytes, chance: random.Random, kinds: tuple[Mangle, ...] = TEXT) -> tuple[bytes, str]:
    """The content after one to three of the kinds, and which ones they were."""
    names = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        kind = chance.choice(kinds)
        names.append(kind.__name__)
        content = kind(content, chance)
    return content, " + ".join(names)
