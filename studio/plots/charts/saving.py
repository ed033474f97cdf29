"""Saving what a plot shows: the content as bytes, the file written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSaveFile, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine.errors import InputError
from engine.messages import message
from studio.theme import tokens


def save(path: Path, makers: Mapping[str, Callable[[], bytes]]) -> None:
    """Write what the path's suffix asks for. Raises InputError for an unknown suffix or a place that takes no file."""
    make = makers.get(path.suffix.lower())
    if make is None:
        raise InputError(
            message("It cannot be written as “{suffix}”.", suffix=path.suffix or path.name),
            str(path),
            message("Choose one of: {choices}.", choices=", ".join(makers)),
        )
    content = make()
    file = QSaveFile(str(path))
    is_written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(content) == len(content) and file.commit()
    if not is_written:
        raise InputError(
            message("The file cannot be written: {reason}.", reason=file.errorString()),
            str(path),
            message("Choose another folder, or make room on the disk."),
        )


def png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(buffer.data().data())


def svg(size: QSizeF, title: str, paint: Callable[[QPainter], None]) -> bytes:
    """What `paint` draws, on the card's colour. SVG 1.1, as the older one forgets clipping."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(size.width()), round(size.height())))
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(tokens().card))
    paint(painter)
    painter.end()
    return bytes(buffer.data().data())
