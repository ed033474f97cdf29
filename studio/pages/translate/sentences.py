"""What the translate page says in sentences."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from engine.records import Translation
from studio.numbers import likelihood
from studio.plots.translation.alignment_arcs import SHOWN_FROM, Aligned
from studio.translation import tr

_FEW = 4


def sentence(found: Translation) -> str:
    """The output, its least sure word, and what greedy would have written."""
    if not found.words:
        return tr("It writes nothing for this text.")
    least = min((word for word in found.words if not word.is_given), key=lambda one: one.probability, default=None)
    said = tr("“{text}”", text=found.text)
    if least is not None:
        sure = likelihood(least.probability)
        said += " " + tr("It is least sure of “{word}” ({sure})", word=least.text, sure=sure)
        return f"{said}; {_greedy(found)}"
    return said


def _greedy(found: Translation) -> str:
    if found.greedy.text == found.text:
        return tr("word by word (greedy) it writes the same.")
    other = _differing(found.text.split() or [found.text], found.greedy.text.split() or [found.greedy.text])
    return tr("word by word (greedy) it would have written “{other}”.", other=other or found.greedy.text)


def _differing(words: Sequence[str], others: Sequence[str]) -> str:
    """The words of the other text where it differs in few words at one place; else ""."""
    matcher = difflib.SequenceMatcher(a=words, b=others, autojunk=False)
    blocks = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    if len(blocks) != 1 or blocks[0][4] - blocks[0][3] not in range(1, _FEW + 1) or len(others) <= _FEW:
        return ""
    return " ".join(others[blocks[0][3] : blocks[0][4]])


def comes_from(aligned: Aligned, target: int) -> str:
    """Where a written word looked, the strongest two."""
    looks = [(aligned.source[place], weight) for place, weight in aligned.looks(target) if weight >= SHOWN_FROM]
    word = aligned.target[target]
    if not looks:
        return tr("{word} looks at no word of the text (the ends of the text get the rest)", word=word)
    first = {"word": word, "first": looks[0][0], "weight": f"{looks[0][1]:.2f}"}
    if len(looks) == 1:
        return tr("{word} comes from {first} {weight}", **first)
    second = {"second": looks[1][0], "less": f"{looks[1][1]:.2f}"}
    return tr("{word} comes from {first} {weight} and {second} {less}", **first, **second)


def goes_to(aligned: Aligned, source: int) -> str:
    """Which written words looked at a word of the source."""
    if aligned.weights is None:
        return ""
    column = aligned.weights[:, source]
    words = [aligned.target[place] for place in (-column).argsort()[:2] if column[place] >= SHOWN_FROM]
    word = aligned.source[source]
    if not words:
        return tr("no written word looks at {word}", word=word)
    return tr("{word} is looked at by {words}", word=word, words=", ".join(words))


def notices(found: Translation) -> list[str]:
    """Words that were cut off, or that the model does not know."""
    told = []
    if found.cut_at is not None:
        last = found.source[: found.cut_at].split()[-1:] or [""]
        told.append(
            tr(
                "It reads {read} of {count} tokens: nothing behind “{word}”.",
                read=found.num_read,
                count=found.num_tokens,
                word=last[0],
            )
        )
    unknown = [word.text for word in found.source_words if word.is_unknown]
    if unknown:
        told.append(
            tr("{count:plural:word is:words are} unknown to the model: {words}.", count=len(unknown), words=unknown[:5])
        )
    return told
