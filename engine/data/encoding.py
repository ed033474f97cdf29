"""Bytes of a file as text: compression by its first bytes, character encoding by a bounded sample."""

from __future__ import annotations

import bz2
import codecs
import contextlib
import gzip
import io
import itertools
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from charset_normalizer import from_bytes

from engine.errors import InputError
from engine.messages import message

HEAD_BYTES = 2**20
_SLICE_BYTES = 2**16
_NUM_SLICES = 16
_CANDIDATES = ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1252", "cp1251", "cp1250", "cp1253", "cp1256"]
_WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ£€¥§©®°²³¡¿«»‘’‚“”„–—…•·´™½\xa0")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMPRESSIONS = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"))


def compression_of(path: Path) -> str:
    """ "gzip", "bzip2", "xz", "zip", or "" for a plain file."""
    with path.open("rb") as file:
        head = file.read(8)
    return next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), "")


@contextlib.contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked as they are read. Raises InputError for what cannot be read or unpacked."""
    try:
        with _unpacked(path, compression_of(path)) as file:
            yield file
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise InputError(
            message("The compressed file is damaged or cut short."), str(path), message("Get the file anew.")
        ) from error
    except OSError as error:
        raise InputError(
            message("The file cannot be read: {reason}.", reason=error.strerror or str(error)),
            str(path),
            message("Check the path and that you may read it."),
        ) from error


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
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
        if "[Content_Types].xml" in names:
            raise InputError(
                message("This is an Office document, not a table of text."),
                str(path),
                message("Open it and save the sheet as “CSV UTF-8”."),
            )
        data = [name for name in names if "readme" not in name.lower()] or names
        if len(data) != 1:
            raise InputError(
                message("The archive holds {count:plural:file:files}, not one.", count=len(data)),
                str(path),
                message("Unpack it and choose the file or the folder."),
            )
        with archive.open(data[0]) as member:
            yield member


def read_sample(path: Path) -> bytes:
    """The first megabyte and, of a plain file, 16 slices spread over the rest, each begun after a line end."""
    with open_bytes(path) as file:
        head = file.read(HEAD_BYTES)
        if compression_of(path):
            return head
        size = path.stat().st_size
        parts = [head]
        for place in range(_NUM_SLICES if size > 2 * HEAD_BYTES else 0):
            file.seek(HEAD_BYTES + (size - HEAD_BYTES) * place // _NUM_SLICES)
            parts.append(file.read(_SLICE_BYTES).partition(b"\n")[2])
    return b"\n".join(parts)


def encoding_of(sample: bytes) -> str | None:
    """The name of the encoding for Python's codecs; None when the bytes are no text."""
    for mark, name in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if b"\x00" in sample:
        return _utf16_without_mark(sample)
    if _share_of_control_bytes(sample) > 0.05:
        return None
    if _is_utf8(sample):
        return "utf-8"
    return _legacy_encoding(sample)


def _utf16_without_mark(sample: bytes) -> str | None:
    """Western UTF-16 has zeros in every second byte, nearly all on one side."""
    even, odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    half = max(1, min(len(sample), 4096) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _share_of_control_bytes(sample: bytes) -> float:
    controls = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1b")
    return controls / max(1, len(sample))


def _is_utf8(sample: bytes) -> bool:
    """Line by line, as slices may begin and end within a character; one broken line in a hundred is forgiven (it is
    read with replacement marks, which the doctor reports)."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    broken = [line for line in lines if not _decodes(line, "utf-8")]
    cut = 1 + (_NUM_SLICES if len(sample) > HEAD_BYTES else 0)
    allowed = len(lines) // 100 + (cut if len(sample) >= HEAD_BYTES else 0)
    return len(broken) <= allowed and len(broken) < max(1, len(lines))


def _legacy_encoding(sample: bytes) -> str:
    """Western first: charset-normalizer cannot tell a few accents from Polish or Japanese. Only lines with foreign
    bytes tell anything."""
    telling = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())[:_SLICE_BYTES]
    if _looks_western(telling):
        return "cp1252" if _decodes(sample, "cp1252") else "latin-1"
    telling = telling.rpartition(b"\n")[0] or telling
    best = from_bytes(telling, cp_isolation=_CANDIDATES, threshold=0.3).best()
    return str(best.encoding) if best else "latin-1"


def _looks_western(telling: bytes) -> bool:
    """Foreign characters stand alone within words, and are the common ones of Western Europe."""
    foreign = [character for character in telling.decode("cp1252", errors="ignore") if character > "\x7f"]
    usual = sum(character in _WESTERN for character in foreign)
    pairs = sum(first >= 0x80 and second >= 0x80 for first, second in itertools.pairwise(telling))
    return usual >= 0.9 * len(foreign) and pairs <= 0.4 * len(foreign)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def text_lines(path: Path, encoding: str, line_end: str) -> Iterator[str]:
    """The lines with their ends; only `line_end` ("\\n" or "\\r") ends one. Undecodable bytes become U+FFFD."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding, errors="replace", newline=line_end) as text:
        yield from text
