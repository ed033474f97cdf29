"""Check of the corrections that the data name: what they change, and what of them could not be used."""

from __future__ import annotations

from collections.abc import Iterator

from engine.data.splitting.corrections import Corrected
from engine.messages import message
from engine.records import Finding


def check_corrections(told: Corrected) -> Iterator[Finding]:
    for split in told.splits:
        count = told.labels[split] + told.left_out[split]
        if count:
            yield Finding(
                kind="corrections",
                severity="info",
                title=message("{count:plural:row was:rows were} corrected", count=count),
                detail=message(
                    "{labels:plural:label:labels} changed, {rows:plural:row:rows} left out; all else here is said "
                    "of what is left.",
                    labels=told.labels[split],
                    rows=told.left_out[split],
                ),
                count=count,
                split=split,
            )
    for warning, count in zip(told.warnings(), filter(None, (told.num_missing, told.num_unknown)), strict=True):
        yield Finding(
            kind="corrections_unused",
            severity="warning",
            title=message("{count:plural:correction is:corrections are} not used", count=count),
            detail=warning,
            count=count,
        )
