"""Checks of dialogues: who begins, whether there is an answer to learn, turns of one speaker in a row, empty ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from engine.config.roles import ROLES
from engine.data.columns.dialogues import FLAWS, flaws_of, turns_in
from engine.data.diagnosis.checks.case import Case
from engine.data.splitting.usable_rows import Part
from engine.messages import Message, message
from engine.records import Finding

_READ_ROWS = 2000

_TITLES: dict[str, Callable[[int], Message]] = {
    "begins_with_answer": lambda count: message(
        "{count:plural:dialogue begins:dialogues begin} with an answer", count=count
    ),
    "no_answer": lambda count: message("{count:plural:dialogue has:dialogues have} no answer", count=count),
    "same_speaker": lambda count: message(
        "In {count:plural:dialogue:dialogues} one speaker has two turns in a row", count=count
    ),
    "empty_turn": lambda count: message("{count:plural:dialogue has:dialogues have} an empty turn", count=count),
    "more_speakers": lambda count: message(
        "{count:plural:dialogue has:dialogues have} more than two speakers", count=count
    ),
}
_DETAILS = {
    "begins_with_answer": message("What nobody asked for is read and not learned."),
    "no_answer": message("There is nothing to learn in them: they are left out of training and measures."),
    "same_speaker": message("Such turns are read as one of several lines."),
    "empty_turn": message("Empty turns are left out; those beside them are read on."),
    "more_speakers": message("Everybody but the one who answers is read as the one who asks."),
}


def check_dialogues(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        for column in (one for one in part.given.text_columns if ROLES[one].holds_turns):
            masks = _flaws(part, column)
            for flaw in FLAWS:
                count = int(masks[flaw].sum())
                if count:
                    yield Finding(
                        kind=flaw,
                        severity="warning" if flaw == "no_answer" else "info",
                        title=_TITLES[flaw](count),
                        detail=_DETAILS[flaw],
                        count=count,
                        rows=part.row_index.first_rows(masks[flaw]),
                        split=split,
                    )


def _flaws(part: Part, column: str) -> dict[str, NDArray[np.bool_]]:
    """[rows] for each flaw."""
    found = np.zeros((len(FLAWS), len(part.dataset)), dtype=np.bool_)
    place = 0
    for batch in part.dataset.select_columns([column]).with_format(None).iter(_READ_ROWS):
        for cell in batch[column]:
            for flaw in flaws_of(turns_in(cell)):
                found[FLAWS.index(flaw), place] = True
            place += 1
    return dict(zip(FLAWS, found, strict=True))
