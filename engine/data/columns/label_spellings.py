"""Spellings of labels: which differ by invisible signs or ways of writing alone, and which say that there is none."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.data.columns.label_lists import single_labels
from engine.records import TargetKind
from engine.targets import target_of

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0100-\U000e01ef\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_JOINING = re.compile("(?<=[^\x00-\x7f])[\u200c\u200d\ufe0f](?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\ufe0f")
"""Signs that belong to Persian words and to pictures of several parts; elsewhere they are litter."""

_ALIKE = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("‘’‛′", "'") | dict.fromkeys("“”„″", '"'))
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,15})?(?:[eE][+-]?[0-9]{1,2})?")
_COMMA_ZERO = re.compile(r"([+-]?[0-9]{1,15}),0{1,2}")
_GAPS = re.compile(r"(?<=\w)[-_\s]+(?=\w)")

_NEVER_LABELS = frozenset(
    (
        *("nan", "-nan", "<na>", "<nan>", "<none>", "<null>", "nat", "(null)", "[null]", "(blank)", "\\n", "1.#qnan"),
        *("#n/a", "#na", "#n/a n/a", "#name?", "#value!", "#ref!", "#div/0!", "#num!", "#null!", "-1.#ind"),
        *("[]", "{}", "()", "set()", "[nan]", "['']", '[""]', "[none]"),
    )
)
_SELDOM_LABELS = frozenset(
    (
        *("none", "null", "nil", "n/a", "na", "n.a.", "n.a", "-", "--", "---", "?", "??", "???", ".", "..", "...", "…"),
        *("missing", "not available", "not applicable", "undefined", "unlabelled", "unlabeled", "tbd"),
        *("无", "空", "缺失", "未标注"),
    )
)
_MOST_LABELS = 100_000
"""A column of more different values holds no labels; looking at each would take long."""

_TRUTHS = (("1", "0"), ("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"), ("on", "off"))
_SIDES = {word: side for pair in _TRUTHS for side, word in enumerate(pair)}
_FAMILY = {word: place for place, pair in enumerate(_TRUTHS) for word in pair}


@dataclass(frozen=True)
class Spellings:
    """How the labels of a source are read. `right` maps each that is read otherwise than it is written to its label, or
    to "" where it says that there is none.

    Whatever the mends say, `forms` are those that differ from another by their way of writing alone, `missing` are
    words for “nothing”, and `doubtful` are such words that are frequent enough for a label.
    """

    right: Mapping[str, str] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


def tidied(label: str) -> str:
    """The label without litter: signs that nobody sees, spaces around it and more than one within; letters that are
    made of several signs become one."""
    if label.isascii() and label.isalnum():
        return label
    bare = label.removeprefix("ï»¿")
    joining = {found.start() for found in _JOINING.finditer(bare)}
    kept = _INVISIBLE.sub(lambda found: found[0] if found.start() in joining else "", bare)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def form(label: str) -> str:
    """Equal for labels that differ by their way of writing alone: full-width letters, dashes, 1 and 1.0 and 1e0."""
    if label.isascii() and label.isalpha():
        return label
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", label.removeprefix("ï»¿"))).translate(_ALIKE)
    text = " ".join(text.split())
    return _whole(text) or text


def label_spelling(label: str) -> str:
    """Equal for labels that also differ by case, by what joins their words, or by zeros before a number."""
    text = form(label).casefold()
    if _NUMBER.fullmatch(text):
        return format(Decimal(text).normalize(), "f")
    return _GAPS.sub(" ", text)


def _whole(text: str) -> str:
    """A whole number as one writes it; "" for all else, and for numbers that begin with 0, which may be codes."""
    text = _COMMA_ZERO.sub(r"\1", text) if "," in text else text
    if not _NUMBER.fullmatch(text) or re.match(r"[+-]?0[0-9]", text):
        return ""
    value = Decimal(text)
    return str(int(value)) if value == value.to_integral_value() else ""


def spellings(
    counts: Mapping[str, int],
    mends: Mapping[str, str],
    *,
    kind: TargetKind = "one",
    known: Collection[str] = (),
    places: Sequence[str] = (),
) -> Spellings:
    """How labels are read that so many rows have. Where labels are `known` already, theirs are the right ones.

    Ways of writing are brought together and words for “nothing” are none, unless `mends` say “keep”; spellings that
    differ by more only where they say “merge”. `places` are the names of the places in lists of 0 and 1.
    """
    target = target_of(kind)
    if not target.is_categorical:
        return _of_numbers(counts, mends)
    if len(counts) > _MOST_LABELS:
        return Spellings()
    unwrapped = single_labels(list(counts), places) if target.is_exclusive else {}
    read = {label: unwrapped.get(label, label) for label in counts if label.strip()}
    occurring: Counter[str] = Counter()
    for label, inner in read.items():
        occurring[inner] += counts[label]
    missing, doubtful = _words_for_nothing(occurring, known)
    lost = (missing if mends.get("missing_words") != "keep" else set()) | {""}
    lost |= doubtful if mends.get("label_or_missing") == "drop" else set()
    names = {label: count for label, count in occurring.items() if label not in lost}
    tidy = _tidy(names, known)
    final = tidy if mends.get("label_forms") != "keep" else {name: name for name in names}
    final = _merged(names, final, known) if mends.get("label_spelling") == "merge" else final
    right = {label: final.get(inner, "") for label, inner in read.items()}
    return Spellings(
        right={label: name for label, name in right.items() if label != name},
        forms=_sorted(label for label, inner in read.items() if tidy.get(inner, inner) != inner),
        missing=_sorted(label for label, inner in read.items() if inner in missing),
        doubtful=_sorted(label for label, inner in read.items() if inner in doubtful),
    )


def _sorted(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(labels))


def _of_numbers(counts: Collection[str], mends: Mapping[str, str]) -> Spellings:
    """No word is a number: those for “nothing” say that there is none."""
    words = [label for label in counts if label.strip() and not label.strip()[-1].isdigit()]
    missing = _sorted(label for label in words if form(label).casefold() in _NEVER_LABELS | _SELDOM_LABELS | {""})
    return Spellings({} if mends.get("missing_words") == "keep" else dict.fromkeys(missing, ""), missing=missing)


def _words_for_nothing(counts: Mapping[str, int], known: Collection[str]) -> tuple[set[str], set[str]]:
    """Those that say that there is no label, and those that may say so but are labels as so many rows have them:
    “none” and the like, where at least half as many rows have it as have the rarest of the others."""
    words = {label: form(label).casefold() for label in counts}
    theirs = {form(label).casefold() for label in known}
    never = {label for label, word in words.items() if (word in _NEVER_LABELS or not word) and word not in theirs}
    seldom = {label for label, word in words.items() if word in _SELDOM_LABELS and word not in theirs}
    others: Counter[str] = Counter()
    for label in counts.keys() - never:
        others[words[label]] += counts[label]
    least = min((count for word, count in others.items() if count and word not in _SELDOM_LABELS), default=0)
    rare = {label for label in seldom if others[words[label]] < max(2, least / 2)}
    return never | rare, seldom - rare


def _tidy(counts: Mapping[str, int], known: Collection[str]) -> dict[str, str]:
    """From each label to the one that it is a way of writing of."""
    theirs = {form(label): label for label in known} | {label: label for label in known}
    families: dict[str, list[str]] = {}
    for label in counts:
        families.setdefault(form(label), []).append(label)
    names = {key: _preferred(family, counts) for key, family in families.items()}
    tidy = {
        label: theirs.get(label, theirs.get(key, names[key])) for key, family in families.items() for label in family
    }
    totals: Counter[str] = Counter()
    for label, name in tidy.items():
        totals[name] += counts[label]
    truths = _truths(totals, known)
    return {label: truths.get(name, name) for label, name in tidy.items()}


def _preferred(family: Sequence[str], counts: Mapping[str, int]) -> str:
    """The most frequent of its tidied spellings; of equally frequent ones the shortest."""
    totals: Counter[str] = Counter()
    for label in family:
        totals[tidied(label)] += counts[label]
    return min(totals, key=lambda name: (-totals[name], len(name), name))


def _truths(counts: Mapping[str, int], known: Collection[str]) -> dict[str, str]:
    """0, false and no are one label, 1, true and yes the other, where all labels are of this kind and there are more
    than two."""
    all_of_them = {*counts, *known}
    words = {label: form(label).casefold() for label in all_of_them}
    found = set(words.values())
    if len(all_of_them) < 3 or not found <= _SIDES.keys() or len({_SIDES[word] for word in found}) < 2:
        return {}
    lonely = any(len(word) == 1 and word.isalpha() and not set(_TRUTHS[_FAMILY[word]]) <= found for word in found)
    if lonely:
        return {}
    ranked = sorted(
        all_of_them,
        key=lambda label: (
            label not in known,
            _rank(words[label], words, counts),
            -counts.get(label, 0),
            label.swapcase(),
        ),
    )
    sides: dict[int, str] = {}
    for label in ranked:
        sides.setdefault(_SIDES[words[label]], label)
    return {label: sides[_SIDES[words[label]]] for label in counts if label not in known}


def _rank(word: str, words: Mapping[str, str], counts: Mapping[str, int]) -> tuple[int, int, int]:
    """Both sides of a pair are best, then the frequent pair, then the first."""
    pair = _TRUTHS[_FAMILY[word]]
    total = sum(counts.get(label, 0) for label, one in words.items() if one in pair)
    return (-len(set(pair) & set(words.values())), -total, _FAMILY[word])


def _merged(counts: Mapping[str, int], tidy: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """Of each looser spelling the most frequent one; a known label first."""
    totals: Counter[str] = Counter()
    for label, name in tidy.items():
        totals[name] += counts[label]
    theirs = {label_spelling(label): label for label in known} | {label: label for label in known}
    best = best_spellings(totals)
    return {
        label: theirs.get(name, theirs.get(label_spelling(name), best.get(name, name))) for label, name in tidy.items()
    }


def best_spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """From each of several looser spellings of a label to the most frequent of them."""
    families: dict[str, list[str]] = {}
    for label in counts:
        if label.strip():
            families.setdefault(label_spelling(label), []).append(label)
    return {label: _most(family, counts) for family in families.values() if len(family) > 1 for label in family}


def _most(family: Iterable[str], counts: Mapping[str, int]) -> str:
    return min(family, key=lambda label: (-counts[label], label)).strip()
