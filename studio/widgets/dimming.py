"""Dimming: an old answer, while the new one is being worked out."""

from __future__ import annotations

from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

_PALE = 0.45


def dim(widget: QWidget, *, is_dim: bool) -> None:
    """Paler with all that is in it, or as it is."""
    if is_dim == (widget.graphicsEffect() is not None):
        return
    if not is_dim:
        widget.setGraphicsEffect(None)  # type: ignore[arg-type]
        return
    effect = QGraphicsOpacityEffect(widget)
    effect.setOpacity(_PALE)
    widget.setGraphicsEffect(effect)
