"""Map files: an attention map as PNG, SVG or CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

from studio.plots.heat_map import picture_of
from studio.plots.map_data import MapData
from studio.plots.saving import png, save, svg

_SIDE = 760


def write_map(path: Path, data: MapData, picture: QImage) -> None:
    """Write by the path's suffix. Raises InputError for an unknown suffix or a place that cannot be written to."""
    save(path, {".png": lambda: png(picture), ".svg": lambda: _svg(data), ".csv": lambda: _csv(data)})


def _svg(data: MapData) -> bytes:
    picture = picture_of(data, QSizeF(_SIDE, _SIDE))
    return svg(QSizeF(_SIDE, picture.height + 8), "Attention map", picture.paint)


def _csv(data: MapData) -> bytes:
    """First row: keys; first column: queries; weights as exact as they are. Opens in spreadsheets as UTF-8."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["", *data.keys])
    for query, row in zip(data.queries, data.weights.tolist(), strict=True):
        writer.writerow([query, *(f"{weight:.8g}" for weight in row)])
    return table.getvalue().encode("utf-8-sig")
