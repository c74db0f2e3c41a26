"""What stands round the page: the toolbar's middle stays in the middle, messages are said, read and gone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from margent.ui import chrome
from margent.ui.chrome import IconButton, MessageBar, StatusBar, Toolbar
from margent.ui.style import Style
from margent.ui.surface import SHADOW

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def centre(widget: QWidget, bar: QWidget) -> int:
    return widget.mapTo(bar, widget.rect().center()).x()


@pytest.mark.parametrize("lopsided", [1, 6])
def test_the_middle_stays_in_the_middle_while_there_is_room(qtbot: QtBot, lopsided: int) -> None:
    bar = Toolbar()
    qtbot.addWidget(bar)
    field = QPushButton("in the middle")
    field.setFixedWidth(290)
    bar.add_middle(field)
    bar.add_left(QPushButton("left"))
    for _ in range(lopsided):
        bar.add_right(QPushButton("r"))
    bar.resize(1400, 44)
    bar.show()
    assert abs(centre(field, bar) - 700) <= 2


def test_no_button_of_the_toolbar_is_cut_when_there_is_no_room(qtbot: QtBot) -> None:
    bar = Toolbar()
    qtbot.addWidget(bar)
    field = QPushButton("in the middle")
    field.setMinimumWidth(120)
    bar.add_middle(field)
    buttons = [QPushButton(f"a longer name {number}") for number in range(4)]
    for button in buttons:
        bar.add_right(button)
    bar.resize(bar.minimumSizeHint().width(), 44)
    bar.show()
    for button in buttons:
        assert button.width() >= button.minimumSizeHint().width()
        assert button.mapTo(bar, QPoint(button.width(), 0)).x() <= bar.width()


def test_the_toolbar_is_mirrored_from_right_to_left(qtbot: QtBot) -> None:
    bar = Toolbar()
    qtbot.addWidget(bar)
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    first = QPushButton("first")
    bar.add_left(first)
    bar.resize(900, 44)
    bar.show()
    assert centre(first, bar) > 700


def test_what_is_put_into_the_status_bar_stands_behind_its_first_words(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.leading.setText("Bundled brief")
    bar.counts.setText("3 annotations")
    bar.state.setText("Saved")
    button = QPushButton("x")
    bar.insert_leading(button)
    bar.resize(900, 26)
    bar.show()
    places = [centre(part, bar) for part in (bar.leading, button, bar.counts, bar.state)]
    assert places == sorted(places)
    assert bar.height() == 26


class Held:
    """A window with a message bar in it."""

    def __init__(self, style: Style, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1000, 600)
        self.bar = MessageBar(style, self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def button(self) -> QPushButton | None:
        found = [button for button in self.bar.findChildren(QPushButton) if button.isVisible()]
        return found[0] if found else None


@pytest.fixture
def held(style: Style, qtbot: QtBot) -> Held:
    return Held(style, qtbot)


def test_a_message_stands_above_the_floor_and_in_the_middle_wherever_the_window_goes(held: Held) -> None:
    held.bar.set_floor(26)
    held.bar.say("Imported.")
    for width, height in ((1000, 600), (720, 480)):
        held.window.resize(width, height)
        QApplication.processEvents()
        box = held.bar.geometry()
        assert box.bottom() < height - 25
        assert abs(box.center().x() - width // 2) <= 1


def test_a_long_message_is_broken_and_shown_whole(held: Held) -> None:
    held.window.resize(720, 480)
    held.bar.fail("The file could not be read because of a very long reason. " * 6)
    assert held.bar.width() <= 720
    assert held.bar.heightForWidth(held.bar.width()) <= held.bar.height()
    assert held.bar.room().height() > 80


def test_a_message_without_breaks_is_not_read_as_markup(held: Held) -> None:
    held.bar.fail("<b>a</b>.md is empty & done")
    assert held.bar.text() == "<b>a</b>.md is empty & done"
    assert held.bar.accessibleName() == "<b>a</b>.md is empty & done"


def test_news_goes_by_itself_and_what_went_wrong_stays(
    held: Held, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chrome, "_NEWS_MS", 10)
    other = Held(held.bar.look, qtbot)
    other.bar.say("News.")
    with qtbot.waitSignal(other.bar.closed, timeout=2000):
        pass
    assert other.bar.text() == ""
    other.bar.say("News.")
    other.bar.fail("Wrong.")
    qtbot.wait(60)
    assert other.bar.text() == "Wrong."


def test_news_stays_while_the_keyboard_is_on_it(held: Held, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chrome, "_NEWS_MS", 10)
    other = Held(held.bar.look, qtbot)
    action = QAction("Undo", other.window)
    other.bar.say("Deleted.", action)
    button = other.button()
    assert button is not None
    button.setFocus()
    qtbot.wait(60)
    assert other.bar.text() == "Deleted."
    other.window.setFocus()
    button.clearFocus()
    qtbot.waitUntil(lambda: other.bar.text() == "", timeout=2000)


def test_the_button_does_its_action_once_and_takes_the_message_away(held: Held, qtbot: QtBot) -> None:
    action = QAction("Undo", held.window)
    done: list[bool] = []
    action.triggered.connect(lambda: done.append(True))
    held.bar.say("Deleted.", action)
    button = held.button()
    assert button is not None
    assert button.text() == "Undo"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [True]
    assert held.bar.text() == ""


def test_a_message_whose_button_would_do_something_else_goes(held: Held) -> None:
    held.bar.say("Deleted.", QAction("Undo", held.window))
    held.bar.outdate()
    assert held.bar.text() == ""
    held.bar.say("Imported.")
    held.bar.outdate()
    assert held.bar.text() == "Imported."
    assert held.button() is None


def test_escape_and_the_cross_close_it(held: Held, qtbot: QtBot) -> None:
    held.bar.fail("Wrong.")
    with qtbot.waitSignal(held.bar.closed):
        qtbot.keyClick(held.bar, Qt.Key.Key_Escape)
    held.bar.fail("Wrong.")
    cross = held.bar.findChild(QToolButton)
    assert cross is not None
    with qtbot.waitSignal(held.bar.closed):
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    held.bar.fail("Wrong.")
    qtbot.keyClick(held.bar, Qt.Key.Key_A)
    assert held.bar.text() == "Wrong."


def test_clicks_on_the_shadow_are_for_the_text_below(held: Held, qtbot: QtBot) -> None:
    pressed: list[QPoint] = []
    held.window.mousePressEvent = lambda event: pressed.append(event.position().toPoint())  # type: ignore[method-assign]
    held.bar.fail("Wrong.")
    qtbot.mousePress(held.bar, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert len(pressed) == 1
    qtbot.mousePress(held.bar, Qt.MouseButton.LeftButton, pos=QPoint(SHADOW + 4, SHADOW + 4))
    assert len(pressed) == 1


def test_an_icon_button_follows_the_appearance_and_says_its_name(style: Style, qtbot: QtBot) -> None:
    button = IconButton(style, "x", "Close message")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Close message", "Close message")
    light = button.icon().pixmap(16, 16).toImage()
    style.set_appearance("dark")
    assert button.icon().pixmap(16, 16).toImage() != light


def test_an_icon_button_of_an_action_does_what_the_action_does(style: Style, qtbot: QtBot) -> None:
    action = QAction("Undo")
    done: list[bool] = []
    action.triggered.connect(lambda: done.append(True))
    button = IconButton(style, "undo-2", "Undo", action=action)
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [True]
    action.setEnabled(False)
    assert not button.isEnabled()
