"""What a training says of how its files were read: what is not sure, what was left out, what could not be read well."""

from __future__ import annotations

from engine.data.sources.source_splits import SPLIT_NAMES, SourceSplits
from engine.messages import Message, message


def reading_notes(given: SourceSplits) -> list[Message]:
    """Doubts, headers that came again, marks that were never closed; nothing of a file that is as it should be."""
    table, split = given.table, SPLIT_NAMES[given.split]
    notes = [message("{split}: {doubt}", split=split, doubt=doubt) for doubt in table.doubts]
    if table.repeated.count:
        notes.append(
            message(
                "{split}: {count:plural:row that repeats:rows that repeat} the header left out (first: row {row}).",
                split=split,
                count=table.repeated.count,
                row=table.repeated.rows[0],
            )
        )
    if table.bad_quotes.count:
        notes.append(
            message(
                "{split}: {count:plural:row has:rows have} a quotation mark without its other half (first: row {row}).",
                split=split,
                count=table.bad_quotes.count,
                row=table.bad_quotes.rows[0],
            )
        )
    return notes
