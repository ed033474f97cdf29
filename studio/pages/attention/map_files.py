"""Map files: an attention map as PNG, SVG or CSV; all maps of a text as NPZ."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPainter

from engine.records import AttentionRecord
from engine.runs.spreadsheets import Sheet, digits
from studio.plots.attention.heat_map import picture_of
from studio.plots.attention.map_data import MapData
from studio.plots.export.files import png, save, svg

_SIDE = 760


Drawing = tuple[QSizeF, Callable[[QPainter], None]]
"""A picture's size and what paints it."""


def write_map(
    path: Path,
    data: MapData,
    picture: QImage,
    record: AttentionRecord | None = None,
    drawing: Drawing | None = None,
) -> None:
    """Write by the path's suffix; NPZ holds every map of the record, SVG the drawing (None: the heat map).

    Raises InputError for an unknown suffix or a place that cannot be written to.
    """
    makers = {".png": lambda: png(picture), ".svg": lambda: _svg(data, drawing), ".csv": lambda: _csv(data)}
    if record is not None:
        makers[".npz"] = lambda: _npz(record)
    save(path, makers)


def _svg(data: MapData, drawing: Drawing | None) -> bytes:
    if drawing is not None:
        return svg(drawing[0], "Attention map", drawing[1])
    picture = picture_of(data, QSizeF(_SIDE, _SIDE))
    return svg(QSizeF(_SIDE, picture.height + 8), "Attention map", picture.paint)


def _csv(data: MapData) -> bytes:
    """First row: keys; first column: queries; weights as exact as they are. Opens in spreadsheets as UTF-8."""
    table = io.StringIO()
    sheet = Sheet(table)
    sheet.write(["", *data.keys])
    for query, row in zip(data.queries, data.weights.tolist(), strict=True):
        sheet.write([query, *(digits(weight, ".8g") for weight in row)])
    return table.getvalue().encode("utf-8-sig")


def _npz(record: AttentionRecord) -> bytes:
    """One float32 array [layer, head, query, key] a map, under its name, and `about`: a JSON string with the text, the
    tokens, the prediction and what was switched off. `numpy.load` opens it without unpickling anything."""
    about = {
        "text": record.text,
        "tokens": record.tokens,
        "prediction": record.prediction.to_json(),
        "bin_size": {one.name: one.bin_size for one in record.maps},
        "muted": sorted(record.switches.muted),
        "uniform": record.switches.uniform,
    }
    buffer = io.BytesIO()
    arrays = {one.name: one.weights for one in record.maps}
    np.savez_compressed(buffer, about=np.array(json.dumps(about, ensure_ascii=False)), **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()
