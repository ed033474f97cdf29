"""The order in which Tab goes through a page: as it is read, wherever its parts were made later than others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QStackedWidget, QWidget


def set_tab_order(whole: QWidget, stops: Sequence[QWidget]) -> None:
    """From the page as a whole to one stop after the other."""
    for one, other in zip([whole, *stops], stops, strict=False):
        QWidget.setTabOrder(one, other)


def tab_stops(part: QWidget) -> Iterator[QWidget]:
    """What takes the keyboard in a part, in the order of its layouts. A part that knows better has `tab_parts`."""
    own = getattr(part, "tab_parts", None)
    if own is not None:
        for stop in own():
            yield from ([part] if stop is part else tab_stops(stop))
    elif part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    elif isinstance(part, QStackedWidget):
        yield from tab_stops(part.currentWidget())
    elif isinstance(part, QScrollArea):
        yield from tab_stops(part.widget())
    elif part.layout() is not None:
        yield from _in_layout(part.layout())


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from tab_stops(widget)
        elif inner is not None:
            yield from _in_layout(inner)
