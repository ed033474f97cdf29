"""What the system and other libraries raise when a disk or the memory is full, as errors for a person.

Libraries written in Rust and C++ say such things only in their text: safetensors' error for a full disk is no OSError,
torch's for a lack of memory is a RuntimeError. So a problem is known by its type where that is enough, else by what
the system's own number or words in it say.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import traceback
from collections.abc import Iterator
from pathlib import Path

from engine.errors import AttuneError, DiskError, Fault, MemoryShortage
from engine.messages import Message, message

_NUMBER = re.compile(r"\((?:os )?error (\d+)\)|\[(?:E|e)rrno (\d+)\]|Error code (\d+) \(")
_TEXTS = {
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
    "Read-only file system": errno.EROFS,
    "PytorchStreamWriter failed writing": errno.ENOSPC,
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_MOST_REASON = 300
"""Letters of a library's own words that are shown."""

_LITTLE = 64 * 2**20
"""Free bytes above which their number would not explain why the disk is full."""

_SHORT_WRITE = re.compile(r"\d+ requested and \d+ written")
"""numpy's words when not all of an array fitted; it names no number."""

_SHORTAGE = re.compile(
    r"MemoryError|bad_alloc|not enough memory|out of memory|can't allocate memory|cannot allocate memory"
    r"|failed to allocate"
    r"|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED|unable to allocate|Invalid buffer size"
    r"|Storage size calculation overflowed|numel: integer multiplication overflow|can't start new thread"
    r"|failed to map segment from shared object|array is too big|maximum possible size"
    r"|paging file is too small|insufficient memory",
    re.IGNORECASE,
)
_ASKED = re.compile(r"tried to allocate (\d+) bytes|Tried to allocate ([\d.]+ [KMGT]iB)|of size (\d+) failed")
_TELLING = (RuntimeError, ValueError, ImportError, OSError)
"""Python's own types under which a library tells of a lack of memory in words."""


def in_words(problem: BaseException, place: Path | str = "") -> AttuneError | None:
    """The error for a person, where the disk or the memory is at fault; None for anything else."""
    if isinstance(problem, AttuneError):
        return problem
    if is_memory(problem):
        return memory_error(problem, str(place))
    number = disk_number(problem)
    return None if number is None else disk_error(problem, Path(place) if place else None)


def fault(problem: BaseException) -> Fault:
    """An error that nobody planned for, in words; its traceback is kept as the copyable detail (a note)."""
    reason = " ".join(str(problem).split())[:_MOST_REASON]
    kind = type(problem).__name__
    error = Fault(
        message("Something went wrong that should not: {reason}", reason=f"{kind}: {reason}" if reason else kind),
        message("inside Attune"),
        message("Please report it with the details below."),
    )
    error.__cause__ = problem
    error.add_note("".join(traceback.format_exception(problem)))
    return error


# --- the disk ---------------------------------------------------------------------------------------------------


def disk_number(problem: BaseException) -> int | None:
    """The system's number (errno) of what a disk refused; None where no disk did. Any OSError counts; a full disk also
    where something else failed because of it."""
    direct = next((found for one in _chain(problem, contexts=False) if (found := _number(one)) is not None), None)
    if direct is not None:
        return direct
    return next((found for one in _chain(problem) if (found := _number(one)) in _FULL), None)


def _number(one: BaseException) -> int | None:
    if isinstance(one, OSError) and one.errno is not None:
        return one.errno
    if isinstance(one, OSError) and _SHORT_WRITE.search(str(one)):
        return errno.ENOSPC
    found = None if isinstance(one, AttuneError) else number_in(str(one))
    return None if found == errno.ENOMEM else found


def number_in(text: str) -> int | None:
    """The system's number that a library's message names: “… (os error 28)”, “[Errno 28] …”."""
    found = _NUMBER.search(text)
    if found is not None:
        return int(next(group for group in found.groups() if group))
    return next((number for words, number in _TEXTS.items() if words in text), None)


def disk_error(problem: BaseException, path: Path | None, mend: Message | None = None, needed: int = 0) -> DiskError:
    """What the disk refused at `path`; where that is not known, the file that the problem names. `mend` instead of the
    usual advice for a full disk, `needed` bytes if that is known."""
    number = disk_number(problem)
    place = str(_named_file(problem) or "") if path is None else str(path)
    if number in _FULL:
        told = _full(number, Path(place) if place else None, needed)
        advice = message("Free some space, then try again: what was there before is still there.")
        return DiskError(told, place, mend or advice, is_full=True)
    reason = os.strerror(number) if number else str(problem)
    told = message("Writing failed: {reason}.", reason=reason)
    if path is None:
        told = message("Reading or writing failed: {reason}.", reason=reason)
    return DiskError(told, place, _advice(number))


def _advice(number: int | None) -> Message:
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return message("Choose a place that you may use, or ask whoever owns this one.")
    if number == errno.ENAMETOOLONG:
        return message("Choose a shorter name.")
    if number in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE):
        return message("Check whether it was moved or deleted, or whether its disk is gone.")
    return message("Check that the folder is there and that you may write to it.")


def _full(number: int | None, path: Path | None, needed: int) -> Message:
    if number == errno.EFBIG:
        return message("The disk takes no file as large as this one.")
    if number == errno.EDQUOT:
        return message("Your share of the disk is used up.")
    free = free_bytes(path) if path is not None else None
    if free is None or free > max(needed, _LITTLE):
        return message("The disk is full.")
    if not needed:
        return message("The disk is full. {free} are free.", free=size(free))
    return message("The disk is full. {free} are free, {needed} are needed.", free=size(free), needed=size(needed))


def free_bytes(path: Path) -> int | None:
    """On the disk of a path, or of the first folder above it that is there; None where the system does not say."""
    for one in (path, *path.absolute().parents):
        try:
            return shutil.disk_usage(one).free
        except OSError:
            continue
    return None


def size(count: int) -> str:
    """“12 kB”, “3.4 MB”, “1.2 GB”."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:,.0f} TB" if amount >= 10 else f"{amount:.1f} TB"


def _named_file(problem: BaseException) -> str | None:
    names = (getattr(one, "filename", None) for one in _chain(problem))
    return next((os.fsdecode(name) for name in names if isinstance(name, str | bytes)), None)


# --- the memory -------------------------------------------------------------------------------------------------


def is_memory(problem: BaseException) -> bool:
    """Whether memory ran out, or could never do for what was asked, in whichever library."""
    return any(_is_shortage(one) for one in _chain(problem))


def memory_error(problem: BaseException, place: str = "", mend: Message | None = None) -> MemoryShortage:
    """`mend` instead of the advice that fits every verb."""
    asked = next((found for one in _chain(problem) if (found := _ASKED.search(str(one)))), None)
    if asked is None:
        told = message("The memory is full.")
    else:
        amount = next(group for group in asked.groups() if group)
        needed = size(int(amount)) if amount.isdigit() else amount
        told = message("The memory is full: a piece of {needed} was asked for at once.", needed=needed)
    advice = message("Close other programs, or use a smaller model, shorter texts (“Longest text”) or fewer rows.")
    return MemoryShortage(told, place or message("this computer's memory"), mend or advice)


def _is_shortage(problem: BaseException) -> bool:
    if isinstance(problem, MemoryError) or type(problem).__name__ == "OutOfMemoryError":
        return True
    if getattr(problem, "errno", None) == errno.ENOMEM or number_in(str(problem)) == errno.ENOMEM:
        return True
    is_told = isinstance(problem, _TELLING) or type(problem).__module__ != "builtins"
    return is_told and _SHORTAGE.search(str(problem)) is not None


def _chain(problem: BaseException, *, contexts: bool = True) -> Iterator[BaseException]:
    """The problem, what it was raised from, and (with `contexts`) what was being handled then."""
    seen: set[int] = set()
    one: BaseException | None = problem
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        handled = one.__context__ if contexts and not one.__suppress_context__ else None
        one = one.__cause__ or handled
