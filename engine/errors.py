"""What can go wrong and be mended by a person: every error says what happened, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.messages import Message, message


class AttuneError(Exception):
    """An error for a person: `what` happened, `where` (file, row, field), how to `mend` it. All three are shown."""

    exit_code = 1

    def __init__(self, what: Message, where: Message | str = "", mend: Message | str = "") -> None:
        self.what = what
        self.where = where if isinstance(where, Message) else message("{place}", place=where)
        self.mend = mend if isinstance(mend, Message) else message("{advice}", advice=mend)
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what.english(), self.where.english(), self.mend.english()]
        return " | ".join(part for part in parts if part)

    def to_json(self) -> dict[str, str]:
        return {"what": self.what.english(), "where": self.where.english(), "mend": self.mend.english()}


class InputError(AttuneError):
    """The person's input (a file, a value, a name) cannot be used as it is. Exit code 2."""

    exit_code = 2


class RunFailure(AttuneError):
    """A run that had begun could not go on. Exit code 1."""


class NotFinite(RunFailure):
    """Numbers that are none (not a number, or infinite) came out for these rows of a split."""

    def __init__(self, what: Message, rows: Sequence[int], mend: Message | str = "") -> None:
        shown = [str(row) for row in rows[:20]] + (["…"] if len(rows) > 20 else [])
        self.rows = tuple(rows)
        super().__init__(what, message("rows {rows}", rows=shown), mend or _CALMER)


_CALMER = message("The training ran away: lower the learning rate or clip the gradient, and look at these rows.")


class DiskError(RunFailure):
    """A disk refused to write. `is_full`: with more space it would have."""

    def __init__(
        self, what: Message, where: Message | str = "", mend: Message | str = "", *, is_full: bool = False
    ) -> None:
        super().__init__(what, where, mend)
        self.is_full = is_full


class MemoryShortage(RunFailure):
    """The memory of the computer, or of the device that computes, ran out."""


class Fault(AttuneError):
    """Something that nobody planned for: a fault of the program itself. Its cause is what was raised."""
