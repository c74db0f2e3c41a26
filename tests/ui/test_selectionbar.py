"""The bar at a selection: where it stands, what it says, and that it works by mouse and by keyboard."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from margent.ui.selectionbar import SelectionBar
from margent.ui.style import Style

Made = tuple[SelectionBar, QPlainTextEdit]


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


@pytest.fixture
def bar(qtbot: QtBot, style: Style) -> Iterator[Callable[..., Made]]:
    kept: list[QWidget] = []

    def make(width: int = 800, height: int = 600) -> Made:
        window = QWidget()
        kept.append(window)
        qtbot.addWidget(window)
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        text = QPlainTextEdit("some text")
        column.addWidget(text)
        window.resize(width, height)
        made = SelectionBar(style, text.viewport())
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        text.setFocus()
        return made, text

    yield make
    kept.clear()


def panel(bar: SelectionBar) -> QRect:
    return bar.room().translated(bar.pos())


@pytest.mark.parametrize(
    ("first", "last", "side"),
    [
        (QRect(300, 200, 120, 24), None, "above"),
        (QRect(300, 5, 120, 24), None, "below"),
        (QRect(300, 5, 120, 24), QRect(100, 101, 300, 24), "below"),
        (QRect(300, 570, 120, 24), None, "above"),
        (QRect(0, 200, 20, 24), None, "above"),
        (QRect(780, 200, 20, 24), None, "above"),
    ],
)
def test_it_stands_beside_the_selection_and_inside_the_text(
    bar: Callable[..., Made], first: QRect, last: QRect | None, side: str
) -> None:
    made, text = bar()
    made.show_at(first, last)
    whole = first if last is None else first.united(last)
    assert text.viewport().rect().contains(panel(made))
    assert not panel(made).intersects(whole)
    assert (panel(made).bottom() < first.top()) == (side == "above")


def test_a_selection_taller_than_the_view_still_has_its_bar(bar: Callable[..., Made]) -> None:
    made, text = bar()
    made.show_at(QRect(300, 2, 120, 24), QRect(0, 580, 500, 24))
    assert text.viewport().rect().contains(panel(made))


@pytest.mark.parametrize("y", [-300, 900])
def test_it_scrolls_out_of_sight_with_the_selection(bar: Callable[..., Made], y: int) -> None:
    made, text = bar()
    made.show_at(QRect(300, y, 120, 24))
    assert made.isVisible()
    assert not text.viewport().rect().intersects(panel(made))


@pytest.mark.parametrize(
    "name", ["yellow", "green", "blue", "pink", "purple", "underline", "note", "theme", "copy_quote"]
)
def test_a_click_triggers_and_leaves_the_focus_in_the_text(bar: Callable[..., Made], qtbot: QtBot, name: str) -> None:
    made, text = bar()
    made.show_at(QRect(300, 200, 120, 24))
    with qtbot.waitSignal(made.triggered, timeout=500) as triggered:
        qtbot.mouseClick(made.buttons[name], Qt.MouseButton.LeftButton)
    assert triggered.args == [name]
    assert text.hasFocus()


def test_tips_name_the_action_and_its_key(bar: Callable[..., Made]) -> None:
    made, _ = bar()
    assert made.buttons["yellow"].toolTip() == "Highlight yellow  Ctrl+1"
    assert made.buttons["theme"].text() == "Theme"
    assert all(button.accessibleName() for button in made.buttons.values())


def test_it_works_by_keyboard(bar: Callable[..., Made], qtbot: QtBot) -> None:
    made, text = bar()
    made.show_at(QRect(300, 200, 120, 24))
    made.buttons["yellow"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(made.buttons["yellow"], Qt.Key.Key_Right)
    assert made.buttons["green"].hasFocus()
    QTest.keyClick(made.buttons["green"], Qt.Key.Key_Left)
    QTest.keyClick(made.buttons["yellow"], Qt.Key.Key_Left)
    assert made.buttons["copy_quote"].hasFocus()
    with qtbot.waitSignal(made.triggered, timeout=500) as triggered:
        QTest.keyClick(made.buttons["copy_quote"], Qt.Key.Key_Return)
    assert triggered.args == ["copy_quote"]
    QTest.keyClick(made.buttons["copy_quote"], Qt.Key.Key_Escape)
    assert made.isHidden()
    assert text.hasFocus()


def test_escape_in_the_text_hides_it(bar: Callable[..., Made]) -> None:
    made, text = bar()
    made.show_at(QRect(300, 200, 120, 24))
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert made.isHidden()


def test_a_click_beside_its_buttons_does_not_reach_the_text(bar: Callable[..., Made], qtbot: QtBot) -> None:
    made, text = bar()
    text.selectAll()
    made.show_at(QRect(300, 200, 120, 24))
    gap = QPoint(made.room().left() + 2, made.room().top() + 2)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton, pos=gap)
    assert text.textCursor().hasSelection()
