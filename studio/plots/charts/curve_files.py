"""Curve files: the curves that are shown as a table, their picture as PNG or SVG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QSizeF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from engine.runs.spreadsheets import harmless
from studio.plots.charts.panel import Trace
from studio.plots.charts.saving import png, save, svg
from studio.theme import tokens

_SCALE = 2.0


def write_curves(path: Path, traces: Sequence[Trace], picture: QWidget) -> None:
    """Write by the path's suffix. Raises InputError for an unknown suffix or a place that cannot be written to."""
    makers = {".png": lambda: png(_image(picture)), ".svg": lambda: _svg(picture), ".csv": lambda: table(traces)}
    save(path, makers)


def table(traces: Sequence[Trace]) -> bytes:
    """CSV: a row for each step that any trace has, a column a trace, empty where it has none. UTF-8 for sheets."""
    import pyarrow as pa  # only who exports needs it
    from pyarrow import csv

    steps = np.unique(np.concatenate([np.empty(0), *(trace.xs for trace in traces)]))
    columns = [pa.array(steps.astype(np.int64))]
    for trace in traces:
        values = np.full(len(steps), np.nan)
        values[np.searchsorted(steps, trace.xs)] = trace.ys
        columns.append(pa.array(values, mask=~np.isfinite(values)))
    written = io.BytesIO()
    names = ["step", *(harmless(trace.label) for trace in traces)]
    csv.write_csv(pa.Table.from_arrays(columns, names=names), written)
    return b"\xef\xbb\xbf" + written.getvalue()


def _image(picture: QWidget) -> QImage:
    image = QImage(picture.size() * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(QColor(tokens().card))
    QWidget.render(picture, image, QPoint())  # a graphics view has another one of its own
    return image


def _svg(picture: QWidget) -> bytes:
    return svg(QSizeF(picture.size()), "Curves", lambda painter: QWidget.render(picture, painter, QPoint()))
