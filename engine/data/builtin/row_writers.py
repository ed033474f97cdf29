"""ROW_WRITERS: built-in topics whose rows are several texts; a new one is a file beside this one and a line here."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from engine.config.data import BuiltinTexts
from engine.data.builtin.dates import write_dates
from engine.data.builtin.dialogues import write_dialogues
from engine.data.builtin.manuals import manuals
from engine.data.builtin.stories import write_stories

RowWriter = Callable[[BuiltinTexts, random.Random], Iterator[Mapping[str, str]]]
"""`spec.num_rows` different rows, each a text a role; the same chance gives the same ones."""

ROW_WRITERS: Mapping[str, RowWriter] = {
    "stories": write_stories,
    "manuals": manuals,
    "dates": write_dates,
    "dialogues": write_dialogues,
}
"""By the topic's name."""
