"""The headings of a document: their order and depth, the place one reads at, and going to one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.annotations import DocumentRecord
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.contentspane import ContentsPane, heading_rows
from margent.ui.style import Style


def a_reading(*blocks: Block) -> Reading:
    document = Document("A brief", blocks)
    return Reading(DocumentRecord(id="d", revision="r", title="A brief"), document)


def heading(text: str, level: int) -> Block:
    return Block("heading", text, level=level)


BRIEF = a_reading(
    Block("paragraph", "Before any heading."),
    heading("Energy", 2),
    Block("paragraph", "Oil and gas."),
    heading("Pipelines", 3),
    Block("paragraph", "From there to here."),
    heading("", 3),
    heading("Trade", 2),
    Block("paragraph", "And so on."),
)


def a_pane(qtbot: QtBot, qapp: QApplication, reading: Reading | None) -> ContentsPane:
    pane = ContentsPane(Style(qapp, "light"))
    qtbot.addWidget(pane)
    QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal, pane)
    pane.resize(248, 300)
    pane.open(reading)
    with qtbot.waitActive(pane):
        pane.show()
    return pane


def marked(pane: ContentsPane) -> list[str]:
    return [index.data() for index in pane.view.selectionModel().selectedIndexes()]


def start_of(reading: Reading, words: str) -> int:
    return reading.document.text.index(words)


def test_headings_are_listed_in_order_with_their_depth_below_the_outermost() -> None:
    rows = heading_rows(BRIEF)
    assert [(row.text, row.depth) for row in rows] == [("Energy", 0), ("Pipelines", 1), ("Trade", 0)]
    assert [row.start for row in rows] == [start_of(BRIEF, row.text) for row in rows]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Before", []), ("Energy", ["Energy"]), ("Oil", ["Energy"]), ("From", ["Pipelines"]), ("so on", ["Trade"])],
)
def test_the_heading_over_the_place_is_marked(
    qtbot: QtBot, qapp: QApplication, words: str, expected: list[str]
) -> None:
    pane = a_pane(qtbot, qapp, BRIEF)
    pane.set_place(start_of(BRIEF, words))
    assert marked(pane) == expected


def test_a_click_asks_for_the_place_of_a_heading(qtbot: QtBot, qapp: QApplication) -> None:
    pane = a_pane(qtbot, qapp, BRIEF)
    spot = pane.view.visualRect(pane.model.index(1, 0)).center()
    with qtbot.waitSignal(pane.positionRequested) as asked:
        qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert asked.args == [start_of(BRIEF, "Pipelines")]


def test_keys_move_and_enter_asks(qtbot: QtBot, qapp: QApplication) -> None:
    pane = a_pane(qtbot, qapp, BRIEF)
    pane.set_place(0)
    pane.setFocus()
    qtbot.keyClick(pane.view, Qt.Key.Key_End)
    qtbot.keyClick(pane.view, Qt.Key.Key_Up)
    with qtbot.waitSignal(pane.positionRequested) as asked:
        qtbot.keyClick(pane.view, Qt.Key.Key_Return)
    assert asked.args == [start_of(BRIEF, "Pipelines")]
    assert marked(pane) == [], "moving through the list does not move the mark of the place"
    qtbot.keyClick(pane.view, Qt.Key.Key_T)
    assert pane.view.currentIndex().data() == "Trade"


def test_the_mark_stays_in_sight_while_one_reads(qtbot: QtBot, qapp: QApplication) -> None:
    reading = a_reading(*(heading(f"Heading {number}", 1) for number in range(60)))
    pane = a_pane(qtbot, qapp, reading)
    pane.view.clearFocus()
    pane.set_place(start_of(reading, "Heading 50"))
    rect = pane.view.visualRect(pane.model.index(50, 0))
    assert pane.view.viewport().rect().contains(rect)


def test_a_long_heading_takes_two_lines(qtbot: QtBot, qapp: QApplication) -> None:
    reading = a_reading(heading("Short", 1), heading("A heading that goes on and on " * 4, 1))
    pane = a_pane(qtbot, qapp, reading)
    low, high = (pane.view.visualRect(pane.model.index(row, 0)).height() for row in range(2))
    assert high > low


def test_without_headings_a_sentence_says_so(qtbot: QtBot, qapp: QApplication) -> None:
    pane = a_pane(qtbot, qapp, a_reading(Block("paragraph", "Only words.")))
    assert pane.empty.isVisible()
    assert not pane.view.isVisible()
    assert pane.height_wanted(248) >= pane.empty.fontMetrics().height()
    pane.open(BRIEF)
    assert not pane.empty.isVisible()
    assert pane.view.isVisible()
    pane.open(None)
    assert not pane.empty.isVisible()


def test_depth_is_told_to_a_screen_reader(qtbot: QtBot, qapp: QApplication) -> None:
    pane = a_pane(qtbot, qapp, BRIEF)
    assert pane.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Pipelines, level 2"
