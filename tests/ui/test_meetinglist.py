"""Questions and actions for the meeting: their order, ticking them, and going to their words."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.meetinglist import MeetingList
from margent.ui.style import Style

TEXT = "one two three four five six seven"


def an(words: str, **values: Any) -> Annotation:
    start = TEXT.index(words)
    return Annotation(id=words, document="d", revision="r", start=start, end=start + len(words), exact=words, **values)


def a_reading(*annotations: Annotation) -> Reading:
    document = Document("A brief", (Block("paragraph", TEXT),))
    return Reading(DocumentRecord(id="d", revision="r", title="A brief"), document, annotations=annotations)


def some() -> Reading:
    return a_reading(
        an("one", kind="action", note="Find out who **pays**"),
        an("two", kind="question", note="By how much?"),
        an("three", note="Only a note"),
        an("four", kind="question", done=True, note="Since when?"),
        an("five", kind="question"),
    )


class Bench:
    """A list whose wishes are fulfilled at once, as the session does."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, reading: Reading | None) -> None:
        self.reading = reading
        self.list = MeetingList(Style(qapp, "light"))
        qtbot.addWidget(self.list)
        model = self.list.model
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
        self.changes: list[Change] = []
        self.list.changeRequested.connect(self.do)
        self.list.resize(248, 300)
        self.list.open(reading)
        with qtbot.waitActive(self.list):
            self.list.show()

    def do(self, change: Change) -> None:
        assert self.reading is not None
        self.changes.append(change)
        self.reading.apply(change)
        self.list.refresh(change)

    def texts(self) -> list[str]:
        model = self.list.model
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def spot(self, text: str, x: int) -> QPoint:
        index = self.list.model.index(self.texts().index(text), 0)
        rect = self.list.view.visualRect(index)
        return QPoint(rect.left() + x, rect.center().y())


def test_open_questions_come_first_then_actions_then_what_is_ticked(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, some())
    assert bench.texts() == ["By how much?", "five", "Find out who pays", "Since when?"]


def test_a_click_on_the_box_ticks_and_unticks(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, some())
    port = bench.list.view.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=bench.spot("By how much?", 12))
    assert [change.label for change in bench.changes] == ["Tick"]
    assert bench.texts() == ["five", "Find out who pays", "By how much?", "Since when?"]
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=bench.spot("By how much?", 12))
    assert [change.label for change in bench.changes] == ["Tick", "Untick"]
    assert bench.texts()[0] == "By how much?"


def test_two_quick_clicks_on_the_box_are_two_ticks(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, a_reading(an("two", kind="question")))
    port, spot = bench.list.view.viewport(), bench.spot("two", 12)
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=spot)
    assert [change.label for change in bench.changes] == ["Tick", "Untick"]


def test_a_click_on_the_words_goes_to_the_annotation(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, some())
    with qtbot.waitSignal(bench.list.annotationRequested) as asked:
        qtbot.mouseClick(bench.list.view.viewport(), Qt.MouseButton.LeftButton, pos=bench.spot("Find out who pays", 80))
    assert asked.args == ["one"]
    assert bench.changes == []


def test_in_a_right_to_left_interface_the_box_is_on_the_right(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, some())
    bench.list.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    port = bench.list.view.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=bench.spot("By how much?", 12))
    assert bench.changes == []
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=bench.spot("By how much?", port.width() - 12))
    assert [change.label for change in bench.changes] == ["Tick"]


def test_keys_move_tick_and_go(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, some())
    view = bench.list.view
    bench.list.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert [list(change.after) for change in bench.changes] == [["five"]]
    assert view.currentIndex().data() == "five", "one goes on standing on what one ticked"
    with qtbot.waitSignal(bench.list.annotationRequested) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == ["five"]


def test_a_tick_by_a_screen_reader_asks_for_the_same_change(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, some())
    model = bench.list.model
    model.setData(model.index_of("one"), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert [(change.label, list(change.after)) for change in bench.changes] == [("Tick", ["one"])]
    assert Qt.CheckState(model.index_of("one").data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked


@pytest.mark.parametrize(
    ("kind", "done", "said"),
    [
        ("question", False, "Open question: words"),
        ("question", True, "Answered question: words"),
        ("action", False, "Open action: words"),
        ("action", True, "Finished action: words"),
    ],
)
def test_kind_and_state_are_said_in_words(qtbot: QtBot, qapp: QApplication, kind: Any, done: bool, said: str) -> None:
    bench = Bench(qtbot, qapp, a_reading(an("two", kind=kind, done=done, note="words")))
    assert bench.list.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == said


def test_what_changes_elsewhere_is_followed(qtbot: QtBot, qapp: QApplication) -> None:
    reading = some()
    bench = Bench(qtbot, qapp, reading)
    bench.do(edits.set_note(reading.annotations["five"], "Which chapters?"))
    assert bench.texts()[1] == "Which chapters?"
    bench.do(edits.set_kind([reading.annotations["three"]], "action"))
    assert "Only a note" in bench.texts()
    deletion = edits.delete([reading.annotations["two"]])
    bench.do(deletion)
    assert "By how much?" not in bench.texts()
    bench.do(deletion.inverse())
    assert bench.texts()[0] == "By how much?"


def test_when_there_is_nothing_a_sentence_says_so(qtbot: QtBot, qapp: QApplication) -> None:
    reading = a_reading(an("two", kind="question"))
    bench = Bench(qtbot, qapp, reading)
    assert not bench.list.empty.isVisible()
    tall = bench.list.height_wanted(248)
    bench.do(edits.set_kind([reading.annotations["two"]], "note"))
    assert bench.list.empty.isVisible()
    assert bench.list.empty.text() == "No open questions or actions"
    assert 0 < bench.list.height_wanted(248) <= tall
    bench.list.open(None)
    assert not bench.list.isVisible()
    assert bench.list.height_wanted(248) == 0
