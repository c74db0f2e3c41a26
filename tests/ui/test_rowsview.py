"""The list that lays out many rows: geometry, keys, scrolling, painting only what is seen, and what a reader hears."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from margent.ui.rowpaint import is_on
from margent.ui.rows import Index, Rows
from margent.ui.rowsview import ClickedRows, RowDelegate, RowsView
from margent.ui.style import Style


class Numbers(Rows[int]):
    """Rows whose value is their height in pixels; a height of 13 cannot be stood on."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"row {self.key(index)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.value(index) == 13:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class Plain(RowDelegate):
    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.asked = 0
        self.painted: list[str] = []
        self.ringed = ""

    def heights(self, rows: Rows[Any], _width: int) -> list[int]:
        self.asked += 1
        return list(rows.values())

    def paint(self, _painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.painted.append(index.data())
        if is_on(option, QStyle.StateFlag.State_HasFocus):
            self.ringed = index.data()


def a_view(
    qtbot: QtBot, qapp: QApplication, heights: list[int], height: int = 100, kind: type[RowsView] = RowsView
) -> tuple[RowsView, Numbers, Plain]:
    model, delegate = Numbers(), Plain(Style(qapp, "light"))
    view = kind(model, delegate, "Numbers")
    model.setParent(view)
    qtbot.addWidget(view)
    model.put((str(number), value) for number, value in enumerate(heights))
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.resize(200, height)
    with qtbot.waitActive(view):
        view.show()
    view.setFocus()
    QApplication.processEvents()
    return view, model, delegate


def test_rows_lie_below_one_another(qtbot: QtBot, qapp: QApplication) -> None:
    view, model, _ = a_view(qtbot, qapp, [20, 30, 10, 40])
    width = view.viewport().width()
    rects = [view.visualRect(model.index(row, 0)) for row in range(4)]
    assert rects == [QRect(0, y, width, h) for y, h in ((0, 20), (20, 30), (50, 10), (60, 40))]
    assert view.content_height() == 100
    for y, row in ((0, 0), (19, 0), (20, 1), (55, 2), (99, 3), (100, -1)):
        assert view.indexAt(QPoint(5, y)).row() == row


def test_only_rows_in_sight_are_painted(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, delegate = a_view(qtbot, qapp, [20] * 10000)
    delegate.painted.clear()
    view.verticalScrollBar().setValue(100_010)
    view.viewport().grab()
    assert set(delegate.painted) == {f"row {number}" for number in range(5000, 5006)}


def test_all_that_is_seen_is_painted_anew_when_the_list_is_scrolled(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, delegate = a_view(qtbot, qapp, [20] * 50)
    qtbot.wait(20)
    delegate.painted.clear()
    view.verticalScrollBar().setValue(30)
    qtbot.waitUntil(lambda: bool(delegate.painted))
    assert delegate.painted == [f"row {number}" for number in range(1, 7)]


def test_heights_are_asked_once_for_a_width_and_again_for_another(qtbot: QtBot, qapp: QApplication) -> None:
    view, model, delegate = a_view(qtbot, qapp, [20] * 50)
    delegate.asked = 0
    view.resize(200, 90)
    QApplication.processEvents()
    assert delegate.asked == 0
    view.resize(220, 90)
    QApplication.processEvents()
    assert delegate.asked == 1
    with qtbot.waitSignal(view.contentHeightChanged):
        model.put((str(number), 25) for number in range(50))
    assert view.content_height() == 1250


@pytest.mark.parametrize(
    ("start", "keys", "row"),
    [
        (0, [Qt.Key.Key_Down], 1),
        (0, [Qt.Key.Key_Up], 0),
        (1, [Qt.Key.Key_Down], 3),
        (3, [Qt.Key.Key_Up], 1),
        (0, [Qt.Key.Key_End], 29),
        (9, [Qt.Key.Key_Home], 0),
        (4, [Qt.Key.Key_PageDown], 9),
        (9, [Qt.Key.Key_PageUp], 4),
        (28, [Qt.Key.Key_PageDown], 29),
        (29, [Qt.Key.Key_PageDown], 29),
        (1, [Qt.Key.Key_PageUp], 0),
        (0, [Qt.Key.Key_Down] * 3, 4),
    ],
)
def test_keys_move_over_rows_that_can_be_stood_on(
    qtbot: QtBot, qapp: QApplication, start: int, keys: list[Qt.Key], row: int
) -> None:
    view, model, _ = a_view(qtbot, qapp, [20, 20, 13, *[20] * 27])
    view.setCurrentIndex(model.index(start, 0))
    for key in keys:
        qtbot.keyClick(view, key)
    assert view.currentIndex().row() == row
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_an_empty_list_takes_keys_calmly(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, _ = a_view(qtbot, qapp, [])
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(view, key)
    assert not view.currentIndex().isValid()
    assert view.content_height() == 0


@pytest.mark.parametrize(
    ("hint", "top"),
    [
        (QAbstractItemView.ScrollHint.EnsureVisible, 80),
        (QAbstractItemView.ScrollHint.PositionAtTop, 0),
        (QAbstractItemView.ScrollHint.PositionAtBottom, 80),
        (QAbstractItemView.ScrollHint.PositionAtCenter, 40),
    ],
)
def test_a_row_is_brought_where_the_hint_says(
    qtbot: QtBot, qapp: QApplication, hint: QAbstractItemView.ScrollHint, top: int
) -> None:
    view, model, _ = a_view(qtbot, qapp, [20] * 50)
    view.scrollTo(model.index(20, 0), hint)
    assert view.visualRect(model.index(20, 0)).top() == pytest.approx(top, abs=1)


def test_a_row_higher_than_the_list_shows_its_beginning(qtbot: QtBot, qapp: QApplication) -> None:
    view, model, _ = a_view(qtbot, qapp, [20, 300, 20])
    view.scrollTo(model.index(1, 0))
    assert view.visualRect(model.index(1, 0)).top() == 0


def test_dragging_and_shift_choose_a_stretch(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, _ = a_view(qtbot, qapp, [20] * 5)
    port = view.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(5, 85))
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(5, 45))
    assert view.selected_keys() == ["2", "3", "4"]
    region = view.visualRegionForSelection(view.selectionModel().selection())
    assert region.boundingRect() == QRect(0, 40, port.width(), 60)


def test_enter_and_double_click_open(qtbot: QtBot, qapp: QApplication) -> None:
    view, model, _ = a_view(qtbot, qapp, [20] * 5)
    opened: list[str] = []
    view.opened.connect(lambda index: opened.append(model.key(index)))
    view.setCurrentIndex(model.index(2, 0))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(view, key)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 65))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 65))
    assert opened == ["2", "2", "3"]


def test_a_click_counts_when_it_ends_where_it_began(qtbot: QtBot, qapp: QApplication) -> None:
    view, model, _ = a_view(qtbot, qapp, [20] * 5, kind=ClickedRows)
    assert isinstance(view, ClickedRows)
    clicked: list[str] = []
    view.clickedAt.connect(lambda index, _: clicked.append(model.key(index)))
    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(5, 45))
    assert clicked == []
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(5, 45))
    qtbot.mouseClick(port, Qt.MouseButton.RightButton, pos=QPoint(5, 45))
    assert clicked == ["2"]


def test_the_row_one_stands_on_gets_a_ring_on_the_first_focus(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, _ = a_view(qtbot, qapp, [13, 20, 20])
    assert view.currentIndex().row() == 1, "the first row that can be stood on"


def test_a_screen_reader_finds_a_named_list_with_named_rows(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, _ = a_view(qtbot, qapp, [20] * 5)
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.role() == QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Numbers"
    assert interface.childCount() == 5
    row = interface.child(2)
    assert row.role() == QAccessible.Role.ListItem
    assert row.text(QAccessible.Text.Name) == "row 2"
    assert row.rect().height() == 20


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_scroll_bar_takes_nothing_of_the_rows_where_there_is_a_gutter(
    qtbot: QtBot, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    widths, edges = [], []
    for count in (3, 300):
        model = Numbers()
        view = RowsView(model, Plain(Style(qapp, "light")), "Numbers", gutter=14)
        model.setParent(view)
        qtbot.addWidget(view)
        view.setLayoutDirection(direction)
        model.put((str(number), 20) for number in range(count))
        view.resize(200, 100)
        view.show()
        QApplication.processEvents()
        widths.append(view.viewport().width())
        edges.append(view.viewport().geometry().left())
        assert view.verticalScrollBar().isVisible() is (count == 300)
    assert widths == [186, 186]
    assert edges == ([0, 0] if direction == Qt.LayoutDirection.LeftToRight else [14, 14])


def test_the_ring_is_there_for_keys_and_not_for_the_pointer(qtbot: QtBot, qapp: QApplication) -> None:
    view, _, delegate = a_view(qtbot, qapp, [20] * 5)

    def ringed() -> str:
        delegate.ringed = ""
        view.viewport().grab()
        return delegate.ringed

    assert ringed() == "row 0"
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 45))
    assert ringed() == ""
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert ringed() == "row 3"
    view.clearFocus()
    assert ringed() == ""
