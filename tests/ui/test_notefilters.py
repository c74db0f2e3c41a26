"""The search field, the menu of filters and the chips above the notes."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, DocumentRecord, Theme
from margent.document import Block, Document
from margent.filtering import Filter
from margent.reading import Reading
from margent.ui.notefilters import Chip, FilterBar
from margent.ui.style import Style

TEXT = "one two three four five"


def an(words: str, **values: Any) -> Annotation:
    start = TEXT.index(words)
    return Annotation(id=words, document="d", revision="r", start=start, end=start + len(words), exact=words, **values)


def a_reading() -> Reading:
    themes = [Theme(id="e", name="Energy & oil"), Theme(id="t", name="Trade"), Theme(id="w", name="Unused")]
    annotations = [
        an("one", kind="question", themes=("e",), author="Me"),
        an("two", themes=("t", "gone")),
        an("three", author="A. Novak"),
    ]
    document = Document("A brief", (Block("paragraph", TEXT),))
    return Reading(DocumentRecord(id="d", revision="r", title="A"), document, annotations=annotations, themes=themes)


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> FilterBar:
    bar = FilterBar(Style(qapp, "light"), "Me")
    qtbot.addWidget(bar)
    bar.resize(248, 200)
    bar.open(a_reading())
    with qtbot.waitActive(bar):
        bar.show()
    return bar


def offered(bar: FilterBar) -> dict[str, dict[str, QAction]]:
    bar.menu.aboutToShow.emit()
    menus = [action.menu() for action in bar.menu.actions()]
    found = [menu for menu in menus if isinstance(menu, QMenu)]
    return {menu.title(): {action.text(): action for action in menu.actions()} for menu in found}


def chips(bar: FilterBar) -> list[Chip]:
    return [chip for chip in bar.findChildren(Chip) if chip.isVisible()]


def test_the_menu_offers_what_there_is(bar: FilterBar) -> None:
    menu = offered(bar)
    assert list(menu) == ["Kind", "Colour", "Theme", "Author", "State", "Open or done", "Private"]
    assert list(menu["Kind"]) == ["Note", "Question", "Action", "Position"]
    assert list(menu["Theme"]) == ["Energy && oil", "Trade"]
    assert list(menu["Author"]) == ["You", "A. Novak"]
    assert list(menu["State"]) == ["In its place", "Words changed", "No longer in the text"]


def test_each_choice_is_asked_for_and_becomes_a_chip(bar: FilterBar) -> None:
    offered(bar)["Kind"]["Question"].trigger()
    offered(bar)["Theme"]["Energy && oil"].trigger()
    offered(bar)["Author"]["You"].trigger()
    assert bar.filter == Filter(frozenset({("kind", "question"), ("theme", "e"), ("author", "")}))
    assert [chip.text() for chip in chips(bar)] == ["Question", "Energy & oil", "You"]
    assert offered(bar)["Kind"]["Question"].isChecked()
    offered(bar)["Kind"]["Question"].trigger()
    assert [chip.text() for chip in chips(bar)] == ["Energy & oil", "You"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_chip_goes_by_key_and_the_focus_with_it(qtbot: QtBot, bar: FilterBar, key: Qt.Key) -> None:
    bar.toggle("kind", "action")
    bar.toggle("colour", "blue")
    chip = chips(bar)[0]
    assert chip.accessibleName() == "Remove filter: Action"
    chip.setFocus()
    qtbot.keyClick(chip, key)
    assert bar.filter == Filter(frozenset({("colour", "blue")}))
    assert bar.field.hasFocus()


def test_a_chip_goes_by_a_click(qtbot: QtBot, bar: FilterBar) -> None:
    bar.toggle("kind", "action")
    low = bar.height_wanted(248)
    qtbot.mouseClick(chips(bar)[0], Qt.MouseButton.LeftButton)
    assert not bar.filter
    assert chips(bar) == []
    assert bar.height_wanted(248) < low


def test_words_are_asked_for_as_they_are_typed_and_escape_takes_them_back(qtbot: QtBot, bar: FilterBar) -> None:
    asked: list[str] = []
    bar.changed.connect(lambda: asked.append(bar.filter.words))
    qtbot.keyClicks(bar.field, "oil")
    assert asked == ["o", "oi", "oil"]
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.filter == Filter()
    assert bar.field.text() == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_keys_lead_from_the_field_to_the_list(qtbot: QtBot, bar: FilterBar, key: Qt.Key) -> None:
    with qtbot.waitSignal(bar.leftDownwards, timeout=500):
        qtbot.keyClick(bar.field, key)


def test_how_many_pass_is_said_while_something_is_asked_for(bar: FilterBar) -> None:
    bar.show_count(3, 3)
    assert not bar.count.isVisible()
    bar.toggle("kind", "action")
    bar.show_count(1, 3)
    assert bar.count.isVisible()
    assert bar.count.text() == "1 of 3"


def test_a_theme_that_is_gone_no_longer_narrows(bar: FilterBar) -> None:
    reading = a_reading()
    bar.open(reading)
    bar.toggle("theme", "e")
    bar.toggle("author", "A. Novak")
    reading.apply(edits.delete_theme(reading.themes["e"]))
    bar.prune()
    assert bar.filter == Filter(frozenset({("author", "A. Novak")}))


def test_another_document_begins_with_everything(bar: FilterBar) -> None:
    bar.field.setText("oil")
    bar.toggle("kind", "action")
    bar.open(a_reading())
    assert bar.filter == Filter()
    assert bar.field.text() == ""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_click_in_the_menu_leaves_it_open_for_the_next(qtbot: QtBot, bar: FilterBar) -> None:
    offered(bar)
    menu = next(action.menu() for action in bar.menu.actions() if action.text() == "Kind")
    assert isinstance(menu, QMenu)
    menu.popup(bar.mapToGlobal(bar.rect().center()))
    for action in menu.actions()[1:3]:
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    assert menu.isVisible()
    assert bar.filter.only("kind") == {"question", "action"}
    menu.close()


def test_show_all_takes_every_filter_away(bar: FilterBar) -> None:
    bar.toggle("kind", "action")
    bar.field.setText("x")
    offered(bar)
    clear = bar.menu.actions()[-1]
    assert clear.text() == "Show all"
    clear.trigger()
    assert bar.filter == Filter()
