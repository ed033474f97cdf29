"""Fields for numbers: how they look, and that nothing else makes one."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import studio
from studio.widgets.number_box import DecimalBox, NumberBox

Make = Callable[[], QWidget]


def _first_figure(field: QWidget, qtbot: QtBot) -> int:
    """How far from the left border the first dark pixel of the figures is."""
    qtbot.addWidget(field)
    field.resize(120, 32)
    field.show()
    image = field.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    middle = rows[10:-10, 3:80]
    return 3 + int(np.flatnonzero((middle < 90).any(axis=0))[0])


@pytest.mark.parametrize(
    "box",
    [
        lambda: NumberBox("count", "How many", 0, 100, 8),
        lambda: DecimalBox("share", "Share", 0.0, 100.0, 8.0, step=0.5, decimals=1),
    ],
)
def test_figures_stand_as_far_from_the_border_as_in_other_fields(qtbot: QtBot, look: QApplication, box: Make) -> None:
    line = QLineEdit("8")
    assert abs(_first_figure(box(), qtbot) - _first_figure(line, qtbot)) <= 3


def test_a_decimal_is_written_with_a_point_and_within_its_range(qtbot: QtBot) -> None:
    box = DecimalBox("topP", "Top-p", 0.05, 1.0, 0.9, step=0.05, decimals=2)
    qtbot.addWidget(box)
    assert (box.objectName(), box.accessibleName(), box.text()) == ("topP", "Top-p", "0.90")
    box.stepUp()
    box.stepUp()
    box.stepUp()
    assert box.value() == 1.0


def test_spin_boxes_are_made_in_one_place() -> None:
    root = Path(studio.__file__).parent
    made = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bQ(?:Double)?SpinBox\(", path.read_text(encoding="utf-8"))
    }
    assert made == set()
