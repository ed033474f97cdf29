"""Words of the page: a token as it stands alone, and the sentence under the title."""

from __future__ import annotations

import math

from engine.records import WritingFigures
from studio.pages.write.session import Text, most_surprising
from studio.translation import tr

_SHOWN = 22


def shown_token(text: str) -> str:
    """A token by itself: white space and what cannot be seen as signs."""
    if text in ("", "\n"):
        return "⏎"
    bare = text.strip()
    if not bare:
        return "␣"
    return bare if len(bare) <= _SHOWN else f"{bare[: _SHOWN - 1]}…"


def sentence(figures: WritingFigures | None, text: Text) -> str:
    """How sure it is of texts that it never saw, and what surprised it most in this one."""
    parts = []
    if figures is not None:
        told = {"own": f"{figures.perplexity.value:.3g}"}
        if figures.ngram_perplexity is not None and math.isfinite(figures.ngram_perplexity):
            parts.append(
                tr(
                    "At each step it hesitates as if between {own} equally likely tokens, an n-gram between {ngram}.",
                    ngram=f"{figures.ngram_perplexity:.3g}",
                    **told,
                )
            )
        else:
            parts.append(tr("At each step it hesitates as if between {own} equally likely tokens.", **told))
    one = most_surprising(text.tokens)
    if one is not None:
        parts.append(
            tr("“{token}” surprised it most, {bits} bits.", token=shown_token(one.text), bits=f"{one.bits:.1f}")
        )
    if not parts:
        return tr("Begin a text, and it writes on; or paste one, and it says how surprising each word is.")
    return " ".join(parts)
