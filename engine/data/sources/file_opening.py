"""Bytes of a file: what may be opened at all, compression by its first bytes, a bounded sample."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from engine.errors import InputError
from engine.messages import Message, message

HEAD_BYTES = 2**20
_SLICE_BYTES = 2**16
NUM_SLICES = 16
_COMPRESSIONS = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_LITTER = re.compile(r"(?i)(^|/)(__MACOSX/|\.|thumbs\.db$|desktop\.ini$)")
_ABOUT = re.compile(r"(?i)(^|/)(read_?me|licen[cs]e|copying|notice|citation)[^/]*$|\.(md|pdf|html?|png|jpe?g)$")
_TABLE = re.compile(r"(?i)\.(csv|tsv|tab|txt|json|jsonl|ndjson|parquet|data)$")
_KINDS = (
    (stat.S_ISDIR, message("This is a folder, not a file.")),
    (stat.S_ISFIFO, message("This is a pipe, not a file.")),
    (stat.S_ISSOCK, message("This is a socket, not a file.")),
    (stat.S_ISCHR, message("This is a device, not a file.")),
    (stat.S_ISBLK, message("This is a device, not a file.")),
)


def shown(path: Path) -> str:
    """The path as a text that can be printed; bytes that are no UTF-8 become replacement marks."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def compression_of(path: Path) -> str:
    """ "gzip", "bzip2", "xz", "zip", or "" for a plain file. Raises InputError for what can't be opened."""
    with path_errors(path):
        refuse_odd(path)
        with path.open("rb") as file:
            head = file.read(8)
    return next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), "")


def refuse_odd(path: Path) -> None:
    """Raises InputError for what is no file: reading a pipe or a device need not ever end."""
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return
    what = next((said for is_such, said in _KINDS if is_such(mode)), message("This is no file."))
    raise InputError(what, shown(path), message("Choose a CSV, TSV, JSON, JSON Lines, Parquet or text file."))


@contextlib.contextmanager
def path_errors(path: Path) -> Iterator[None]:
    """What the disk says about a path, in words. Raises InputError."""
    try:
        yield
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except ValueError as error:  # a zero byte in a path
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError(
        message("The file cannot be read: {reason}.", reason=reason),
        shown(path).replace("\x00", "\ufffd"),
        message("Check the path and that you may read it."),
    )


@contextlib.contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked as they are read. Raises InputError for what cannot be read or unpacked."""
    try:
        with _unpacked(path, compression_of(path)) as file:
            yield file
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise InputError(
            message("The compressed file is damaged or cut short."), shown(path), message("Get the file anew.")
        ) from error
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def is_parquet(path: Path) -> bool:
    with open_bytes(path) as file:
        return file.read(4) == b"PAR1"


def _unpacked(path: Path, compression: str) -> contextlib.AbstractContextManager[IO[bytes]]:
    match compression:
        case "gzip":
            return cast(IO[bytes], gzip.open(path, "rb"))
        case "bzip2":
            return cast(IO[bytes], bz2.open(path, "rb"))
        case "xz":
            return cast(IO[bytes], lzma.open(path, "rb"))
        case "zip":
            return _only_member(path)
    return path.open("rb")


@contextlib.contextmanager
def _only_member(path: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive:
        member = _data_member(archive, path)
        if member.flag_bits & 1:
            raise InputError(
                message("The archive is locked with a password."),
                shown(path),
                message("Unpack it and choose the file or the folder."),
            )
        try:
            opened = archive.open(member)
        except NotImplementedError as error:
            raise InputError(
                message("The archive is packed in a way that is not known here."),
                shown(path),
                message("Unpack it and choose the file or the folder."),
            ) from error
        with opened:
            yield opened


def _data_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The only file of data; what systems and makers lay beside it is passed over."""
    files = [one for one in archive.infolist() if not one.is_dir() and not _LITTER.search(one.filename)]
    if any(one.filename == "[Content_Types].xml" for one in files):
        raise InputError(
            message("This is an Office document, not a table of text."),
            shown(path),
            message("Open it and save the sheet as “CSV UTF-8”."),
        )
    data = [one for one in files if not _ABOUT.search(one.filename)] or files
    tables = [one for one in data if _TABLE.search(one.filename)]
    if len(data) != 1 and len(tables) == 1:
        return tables[0]
    if len(data) != 1:
        names = [one.filename for one in data[:10]]
        raise InputError(
            message("The archive holds {count:plural:file:files}, not one.", count=len(data)),
            shown(path),
            _unpack(names),
        )
    return data[0]


def _unpack(names: list[str]) -> Message:
    if not names:
        return message("Unpack it and choose the file or the folder.")
    return message("Unpack it and choose the file or the folder; it holds: {names}.", names=names)


def read_sample(path: Path) -> bytes:
    """The first megabyte and, of a plain file, 16 slices spread over the rest, each begun after a line end."""
    with open_bytes(path) as file:
        head = file.read(HEAD_BYTES)
        if compression_of(path):
            return head
        size = path.stat().st_size
        parts = [head]
        for place in range(NUM_SLICES if size > 2 * HEAD_BYTES else 0):
            file.seek(HEAD_BYTES + (size - HEAD_BYTES) * place // NUM_SLICES)
            parts.append(file.read(_SLICE_BYTES).partition(b"\n")[2])
    return b"\n".join(parts)
