"""Widgets in lines: they wrap where there is no more room, in the direction of the interface."""

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from margent.ui.flow import FlowLayout


class Box(QWidget):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.wide = width

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self.wide, 20)


def a_holder(qtbot: QtBot, widths: list[int], width: int) -> tuple[QWidget, FlowLayout, list[Box]]:
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = FlowLayout(holder, gap=5)
    boxes = [Box(wide) for wide in widths]
    for box in boxes:
        layout.addWidget(box)
    holder.resize(width, 200)
    holder.show()
    QApplication.processEvents()
    return holder, layout, boxes


@pytest.mark.parametrize(
    ("widths", "places", "height"),
    [
        ([40, 40], [(0, 0), (45, 0)], 20),
        ([40, 55], [(0, 0), (45, 0)], 20),
        ([40, 56], [(0, 0), (0, 25)], 45),
        ([40, 40, 40], [(0, 0), (45, 0), (0, 25)], 45),
        ([300, 10], [(0, 0), (0, 25)], 45),
    ],
)
def test_widgets_wrap_where_there_is_no_more_room(
    qtbot: QtBot, widths: list[int], places: list[tuple[int, int]], height: int
) -> None:
    _, layout, boxes = a_holder(qtbot, widths, 100)
    assert [(box.x(), box.y()) for box in boxes] == places
    assert layout.heightForWidth(100) == height
    assert all(box.width() <= 100 for box in boxes)


def test_in_a_right_to_left_interface_lines_begin_on_the_right(qtbot: QtBot) -> None:
    holder, layout, boxes = a_holder(qtbot, [40, 30], 100)
    holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    layout.setGeometry(QRect(0, 0, 100, 20))
    assert [box.x() for box in boxes] == [60, 25]


def test_what_is_taken_out_is_no_longer_placed(qtbot: QtBot) -> None:
    _, layout, boxes = a_holder(qtbot, [40, 40, 40], 100)
    item = layout.takeAt(0)
    assert item is not None
    assert item.widget() is boxes[0]
    assert layout.count() == 2
    assert layout.takeAt(7) is None
    assert layout.itemAt(-1) is None
    assert layout.heightForWidth(100) == 20
