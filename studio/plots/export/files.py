"""Files of what a plot shows: a picture (PNG), a drawing (SVG) or its figures (CSV), written whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRectF, QSaveFile, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from engine.errors import InputError
from engine.messages import message
from engine.runs.spreadsheets import harmless
from studio.theme import tokens

_SCALE = 2.0


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


def picture_of(widget: QWidget) -> QImage:
    """What a widget shows, on the card's colour, at twice its size."""
    image = QImage(widget.size() * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(QColor(tokens().card))
    QWidget.render(widget, image, QPoint())  # a graphics view has another one of its own
    return image


def save_plot(path: Path, widget: QWidget, title: str, make_table: Callable[[], bytes]) -> None:
    """Write what a plot shows by the path's suffix; `make_table` makes its CSV. Raises InputError as `save` does."""

    def draw(painter: QPainter) -> None:
        QWidget.render(widget, painter, QPoint())

    makers = {
        ".png": lambda: png(picture_of(widget)),
        ".svg": lambda: svg(QSizeF(widget.size()), title, draw),
        ".csv": make_table,
    }
    save(path, makers)


Column = tuple[str, Sequence[str] | np.ndarray]
"""(name, words or numbers)"""


def table_of(columns: Sequence[Column]) -> bytes:
    """CSV of columns of one length; empty where a number is not finite. UTF-8 for sheets."""
    import pyarrow as pa  # only who exports needs it
    from pyarrow import csv

    arrays = [
        pa.array(cells, mask=~np.isfinite(cells)) if isinstance(cells, np.ndarray) else pa.array(map(harmless, cells))
        for _, cells in columns
    ]
    written = io.BytesIO()
    csv.write_csv(pa.Table.from_arrays(arrays, names=[harmless(name) for name, _ in columns]), written)
    return b"\xef\xbb\xbf" + written.getvalue()
