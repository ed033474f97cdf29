"""Map files: an attention map as PNG, SVG or CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSaveFile, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine.errors import InputError
from engine.messages import message
from studio.plots.map_picture import MapData, MapPicture
from studio.theme import tokens

SUFFIXES = (".png", ".svg", ".csv")


def write_map(path: Path, data: MapData, picture: QImage) -> None:
    """Write by the path's suffix. Raises InputError for an unknown suffix or a place that cannot be written to."""
    makers = {".png": lambda: _png(picture), ".svg": lambda: _svg(data), ".csv": lambda: _csv(data)}
    if path.suffix.lower() not in makers:
        raise InputError(
            message("A map cannot be written as “{suffix}”.", suffix=path.suffix or path.name),
            str(path),
            message("Choose one of: {choices}.", choices=", ".join(SUFFIXES)),
        )
    content = makers[path.suffix.lower()]()
    file = QSaveFile(str(path))
    is_written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(content) == len(content) and file.commit()
    if not is_written:
        raise InputError(
            message("The file cannot be written: {reason}.", reason=file.errorString()),
            str(path),
            message("Choose another folder, or make room on the disk."),
        )


def _png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(buffer.data().data())


def _svg(data: MapData) -> bytes:
    size = QSizeF(760, 760)
    picture = MapPicture(data, size)
    size.setHeight(picture.height + 8)
    content = QByteArray()
    buffer = QBuffer(content)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(size.width()), round(size.height())))
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle("Attention map")
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(tokens().card))
    MapPicture(data, size).paint(painter)
    painter.end()
    return bytes(buffer.data().data())


def _csv(data: MapData) -> bytes:
    """First row: keys; first column: queries; weights as exact as they are. Opens in spreadsheets as UTF-8."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["", *data.keys])
    for query, row in zip(data.queries, data.weights.tolist(), strict=True):
        writer.writerow([query, *(f"{weight:.8g}" for weight in row)])
    return table.getvalue().encode("utf-8-sig")
