"""Choosing themes: what is listed and ticked, and what keys and clicks ask for."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from margent.annotations import Annotation, Change, DocumentRecord, Theme
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.style import Style
from margent.ui.thememenu import ThemeMenu

THEMES = (
    Theme(id="e", name="Energy", colour="amber"),
    Theme(id="s", name="Sécurité", colour="forest"),
    Theme(id="t", name="Trade", colour="navy"),
)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
ON, PARTLY, OFF = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


@pytest.fixture
def reading() -> Reading:
    plain = Annotation(id="a", document="d", revision="r", start=0, end=5, exact="words", themes=("e", "s"))
    other = replace(plain, id="b", start=10, end=15, themes=("e",))
    document = Document("T", (Block("paragraph", "words and more words"),))
    return Reading(DocumentRecord(id="d", revision="r", title="T"), document, annotations=[plain, other], themes=THEMES)


Open = Callable[..., tuple[ThemeMenu, list[Change]]]


@pytest.fixture
def opened(qtbot: QtBot, style: Style, reading: Reading) -> Iterator[Open]:
    kept: list[QWidget] = []

    def make(*annotations: str) -> tuple[ThemeMenu, list[Change]]:
        window = QWidget()
        kept.append(window)
        qtbot.addWidget(window)
        window.show()
        menu = ThemeMenu(style, reading, annotations, window)
        changes: list[Change] = []

        def do(change: Change) -> None:
            changes.append(change)
            reading.apply(change)
            menu.refresh(change)

        menu.changeRequested.connect(do)
        menu.popup(QPoint(10, 10))
        qtbot.waitExposed(menu)
        return menu, changes

    yield make
    kept.clear()


def rows(menu: ThemeMenu) -> list[str]:
    return [menu.list.item(n).text() for n in range(menu.list.count())]


def states(menu: ThemeMenu) -> list[Qt.CheckState]:
    return [menu.list.item(n).checkState() for n in range(menu.list.count())]


def test_ticks_say_all_some_or_none(opened: Open) -> None:
    menu, _ = opened("a", "b")
    assert rows(menu) == ["Energy", "Sécurité", "Trade"]
    assert states(menu) == [ON, PARTLY, OFF]


def test_typing_narrows_the_list_without_regard_to_accents(opened: Open, qtbot: QtBot) -> None:
    menu, _ = opened("a")
    qtbot.keyClicks(menu.filter, "secu")
    assert rows(menu) == ["Sécurité", "New theme “secu”"]


def test_enter_ticks_and_unticks_and_the_menu_stays(opened: Open, reading: Reading, qtbot: QtBot) -> None:
    menu, changes = opened("a", "b")
    qtbot.keyClick(menu.filter, Qt.Key.Key_Down)
    qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert reading.annotations["b"].themes == ("e", "s")
    assert states(menu)[1] == ON
    qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert reading.annotations["a"].themes == ("e",)
    assert reading.annotations["b"].themes == ("e",)
    assert [change.label for change in changes] == ["Add theme", "Remove theme"]
    assert menu.isVisible()


def test_a_click_ticks(opened: Open, reading: Reading, qtbot: QtBot) -> None:
    menu, _ = opened("a")
    where = menu.list.visualItemRect(menu.list.item(2)).center()
    qtbot.mouseClick(menu.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert reading.annotations["a"].themes == ("e", "s", "t")


def test_a_name_that_is_not_there_makes_a_theme_in_one_change(opened: Open, reading: Reading, qtbot: QtBot) -> None:
    menu, changes = opened("a", "b")
    qtbot.keyClicks(menu.filter, "Water  rights")
    assert rows(menu) == ["New theme “Water rights”"]
    qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    (change,) = changes
    (made,) = (value for value in change.after.values() if isinstance(value, Theme))
    assert (made.name, made.colour) == ("Water rights", "plum")
    assert all(made.id in reading.annotations[key].themes for key in ("a", "b"))
    assert menu.filter.text() == ""
    assert "Water rights" in rows(menu)
    reading.apply(change.inverse())
    assert made.id not in reading.themes
    assert reading.annotations["b"].themes == ("e",)


@pytest.mark.parametrize("typed", ["Energy", "energy", "SÉCURITÉ", "securite"])
def test_a_name_that_is_there_makes_no_second_theme(opened: Open, qtbot: QtBot, typed: str) -> None:
    menu, _ = opened("a")
    qtbot.keyClicks(menu.filter, typed)
    assert len(rows(menu)) == 1
    assert not rows(menu)[0].startswith("New")


def test_for_a_bare_selection_it_says_what_was_chosen_and_closes(opened: Open, qtbot: QtBot) -> None:
    menu, changes = opened()
    with qtbot.waitSignal(menu.themeChosen, timeout=500) as chosen:
        qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert chosen.args == ["e"]
    assert changes == []


def test_for_a_bare_selection_a_new_name_is_passed_on(opened: Open, qtbot: QtBot) -> None:
    menu, _ = opened()
    qtbot.keyClicks(menu.filter, "Water")
    with qtbot.waitSignal(menu.newThemeRequested, timeout=500) as asked:
        qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert asked.args == ["Water"]


def test_escape_closes(opened: Open, qtbot: QtBot) -> None:
    menu, _ = opened("a")
    qtbot.keyClick(menu.filter, Qt.Key.Key_Escape)
    assert not menu.isVisible()
