"""How labels are named in sentences: also those that have no name, or one that cannot be seen."""

from __future__ import annotations

from collections.abc import Iterable

from studio.translation import tr

_SEEN = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "⏎", "\u00a0": "␣", "\u3000": "␣"}


def label_name(label: str) -> str:
    """As it stands alone. What is all blank is shown by signs; nothing at all is said in words."""
    if label.strip():
        return label
    return "".join(_SEEN.get(sign, "␣") for sign in label) or tr("(no name)")


def quoted(label: str) -> str:
    """“spam”, as it stands in a sentence."""
    return tr("“{label}”", label=label_name(label)) if label else tr("the label without a name")


def all_quoted(labels: Iterable[str]) -> str:
    """“cold”, “slow”."""
    return tr(", ").join(quoted(label) for label in labels)
