"""refuse_hostile_tokenizer: a tokenizer.json that would take for ever, or grow a text without end, is refused unread.

Patterns run on an engine that tries all ways: a repetition within a repetition takes time that doubles with a letter.
Replacements one after the other multiply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Regex, pre_tokenizers

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.plain_json import read_json

_MOST_BYTES = 2**28
_LONGEST_PATTERN, _MOST_REPETITIONS = 20_000, 6
_MOST_GROWTH, _MOST_AROUND, _LONGEST_WORD = 256, 256, 2**14

_SIGN = re.compile(
    r"\\p\{[^}]*\}|\\P\{[^}]*\}|\\.|\[(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?[^:)=!<>]*:|\(\?<?[=!]|\(\?>|.", re.DOTALL
)
_REPEATS = re.compile(r"[*+?]|\{(\d*),?(\d*)\}")
_BACKWARDS = re.compile(r"\\[1-9k]")


def refuse_hostile_tokenizer(folder: Path, source: str) -> None:
    """Raises InputError; says nothing where there is no tokenizer.json."""
    if not (folder / "tokenizer.json").exists():
        return
    try:
        tree = read_json(folder / "tokenizer.json", _MOST_BYTES)
        fault = _fault(tree)
    except (OSError, ValueError, RecursionError, TypeError, AttributeError, KeyError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(
            message("The model's tokenizer cannot be read: {reason}", reason=reason),
            source,
            message("Download or save the model anew, with its tokenizer.json."),
        ) from error
    if fault is not None:
        raise InputError(fault, source, message("Get the model's own tokenizer.json; this one was damaged or made up."))


def _fault(tree: dict[str, Any]) -> Message | None:
    for pattern in _patterns([tree.get("normalizer"), tree.get("pre_tokenizer")]):
        if explodes(pattern):
            return message("A pattern of the tokenizer could take for ever on a text: {pattern}", pattern=pattern[:60])
    if _growth(tree.get("normalizer")) > _MOST_GROWTH:
        return message(
            "The tokenizer's replacements would make a text more than {times} times as long.", times=_MOST_GROWTH
        )
    around = (tree.get("post_processor") or {}).get("single") or []
    if isinstance(around, list) and len(around) > _MOST_AROUND:
        return message("The tokenizer puts {count} tokens around every text.", count=len(around))
    if ((tree["model"] or {}).get("max_input_chars_per_word") or 0) > _LONGEST_WORD:
        return message("The tokenizer would take for ever on a text without spaces.")
    return None


def _patterns(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(tree.get("Regex"), str):
            yield tree["Regex"]
        for value in tree.values():
            yield from _patterns(value)
    elif isinstance(tree, list):
        for one in tree:
            yield from _patterns(one)


def _growth(normalizer: Any) -> float:
    """How many times as long a text can get at most."""
    if not isinstance(normalizer, dict):
        return 1.0
    if normalizer.get("type") == "Sequence":
        grown = 1.0
        for one in normalizer.get("normalizers") or ():
            grown *= _growth(one)
        return grown
    if normalizer.get("type") == "Replace":
        pattern = normalizer.get("pattern") or {}
        replaced = max(1, len(pattern.get("String") or " "))
        return max(1.0, len(normalizer.get("content") or "") / replaced)
    return 1.0


def explodes(pattern: str) -> bool:
    """Whether a search may take time that grows faster than a small power of a text's length: a repeated group with a
    repetition or a choice inside, a reference backwards, or many repetitions in a row. A repeated group that begins
    with a sign of its own, as in (?:'[a-z]+)*, can be read in one way alone and is fine."""
    if len(pattern) > _LONGEST_PATTERN or _BACKWARDS.search(pattern.replace("\\\\", "")):
        return True
    groups: list[_Group] = [_Group()]
    place = 0
    while place < len(pattern):
        found = _SIGN.match(pattern, place)
        assert found is not None
        sign, place = found[0], found.end()
        if sign.startswith("("):
            groups.append(_Group())
        elif sign == "|":
            groups[-1].choose()
        else:
            inner = groups.pop() if sign == ")" and len(groups) > 1 else None
            repeat = _REPEATS.match(pattern, place)
            place = repeat.end() if repeat else place
            if inner is not None and repeat is not None and _is_many(repeat) and inner.is_open:
                return True
            groups[-1].take(inner or sign, repeat)
        if groups[-1].most > _MOST_REPETITIONS:
            return True
    return False


def _is_many(repeat: re.Match[str]) -> bool:
    if repeat[0][0] != "{":
        return repeat[0] != "?"
    return max(int(number or 10**6) for number in repeat.groups()) > 1


def _is_unbounded(repeat: re.Match[str]) -> bool:
    return repeat[0] in "*+" or repeat[0].endswith(",}")


class _Group:
    """What stands in a group so far; `most` are unbounded repetitions in a row."""

    def __init__(self) -> None:
        self.most = self._now = 0
        self._first: str | None = None
        self._repeated: list[str] = []
        self._has_choice = self._has_group = self._is_begun = False

    @property
    def is_open(self) -> bool:
        """Whether what a repetition of the group takes can be divided among its turns in more than one way."""
        if not self._repeated and not self._has_choice:
            return False
        if self._has_choice or self._has_group or self._first is None:
            return True
        signs = _listed(self._first)
        return not signs or any(_takes(one, sign) for one in self._repeated for sign in signs)

    def choose(self) -> None:
        self._has_choice, self._now = True, 0

    def take(self, one: str | _Group, repeat: re.Match[str] | None) -> None:
        if not self._is_begun and repeat is None and isinstance(one, str):
            self._first = one
        self._is_begun = True
        if isinstance(one, _Group):
            self._has_group |= bool(one._repeated) or one._has_choice or repeat is not None
            self._has_choice |= one._has_choice
            self._repeated += one._repeated
            self._now += one.most
        if repeat is not None:
            self._now += _is_unbounded(repeat)
            self._repeated.append(one if isinstance(one, str) else ".")
        self.most = max(self.most, self._now)


def _listed(atom: str) -> str:
    """The signs of a class that names each of them, or a sign itself; "" for what stands for many."""
    if len(atom) == 1:
        return "" if atom in ".^$" else atom
    inner = atom[1:-1]
    is_plain = atom.startswith("[") and not re.search(r"[\\^\-\[&]", inner)
    return inner if is_plain else ""


def _takes(atom: str, sign: str) -> bool:
    """Whether an atom matches a sign, by the very engine that will look for it."""
    try:
        return not pre_tokenizers.Split(Regex(atom), "removed").pre_tokenize_str(sign)
    except Exception:  # noqa: BLE001 - the library raises nothing more special
        return True
