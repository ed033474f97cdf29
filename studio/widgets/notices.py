"""notices: what a person should know about how a text was read."""

from __future__ import annotations

from engine.records import AttentionRecord
from studio.translation import tr


def notices(record: AttentionRecord) -> list[str]:
    """One sentence each: words that were cut off, or that the model does not know."""
    found = []
    if record.truncated:
        found.append(
            tr(
                "The text is longer than the model reads: the last {count:plural:token was:tokens were} cut off.",
                count=record.truncated,
            )
        )
    if record.unknown:
        found.append(tr("{count:plural:word is:words are} unknown to the model.", count=record.unknown))
    return found
