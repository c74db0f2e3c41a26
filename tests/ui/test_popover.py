"""A pop-over keeps to the screen, opens upwards where it must, and goes on Escape."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from margent.ui.popover import Popover

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def popover(qtbot: QtBot) -> Iterator[Popover]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    made = Popover(window, "Themes")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.body.addWidget(QLabel("Words"))
    made.body.addWidget(QLineEdit())
    made.body.addWidget(QPushButton("Go"))
    yield made
    made.close()
    window.close()


def screen() -> tuple[int, int]:
    area = QApplication.primaryScreen().availableGeometry()
    return area.width(), area.height()


def test_it_opens_with_its_corner_at_the_anchor(popover: Popover) -> None:
    popover.popup(QPoint(100, 80))
    assert popover.pos() == QPoint(100, 80)
    popover.close()
    popover.popup(QPoint(400, 80), align_right=True)
    assert popover.x() + popover.width() == 400


@pytest.mark.parametrize("corner", [(-50, -50), (10_000, 10), (10, 10_000), (10_000, 10_000)])
def test_it_stays_on_the_screen(popover: Popover, corner: tuple[int, int]) -> None:
    popover.popup(QPoint(*corner))
    wide, high = screen()
    assert 0 <= popover.x() <= wide - popover.width()
    assert 0 <= popover.y() <= high - popover.height()


def test_where_there_is_no_room_below_it_opens_upwards_and_leaves_in_sight_what_it_belongs_to(
    popover: Popover,
) -> None:
    _, high = screen()
    anchor = QPoint(100, high - 20)
    popover.popup(anchor, clear=24)
    assert popover.y() + popover.height() == anchor.y() - 24


def test_one_that_opened_upwards_grows_upwards(popover: Popover) -> None:
    _, high = screen()
    popover.popup(QPoint(100, high - 20), clear=24)
    foot = popover.y() + popover.height()
    popover.resize(popover.width(), popover.height() + 60)
    assert popover.y() + popover.height() == foot


def test_one_that_opened_downwards_grows_downwards(popover: Popover) -> None:
    popover.popup(QPoint(100, 80), clear=24)
    popover.resize(popover.width(), popover.height() + 60)
    assert popover.y() == 80


def test_the_first_field_has_the_keyboard_and_escape_closes(popover: Popover, qtbot: QtBot) -> None:
    popover.popup(QPoint(100, 80))
    qtbot.waitUntil(lambda: popover.focusWidget() is not None)
    assert isinstance(popover.focusWidget(), QLineEdit)
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def test_it_says_its_name(popover: Popover) -> None:
    assert popover.accessibleName() == "Themes"
    assert popover.windowFlags() & Qt.WindowType.Popup
