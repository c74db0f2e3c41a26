"""The editor of notes: whatever the library says meanwhile, text and cursor come out right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.ui import noteeditor
from margent.ui.noteeditor import NoteEditor

NOTES = st.text(alphabet="ab\n é🙂\u00a0ش", max_size=12)


@settings(max_examples=150, deadline=None)
@given(old=NOTES, new=NOTES)
def test_a_text_from_elsewhere_is_shown_letter_by_letter(qapp: QApplication, old: str, new: str) -> None:
    editor = NoteEditor(old)
    editor.take(new)
    assert editor.text() == new
    assert not editor.unsaved


@settings(max_examples=150, deadline=None)
@given(head=NOTES, middle=NOTES, tail=NOTES, new=NOTES)
def test_the_cursor_stays_before_what_follows_it(
    qapp: QApplication, head: str, middle: str, tail: str, new: str
) -> None:
    editor = NoteEditor(head + middle + tail)
    editor.take(head + new + tail)
    cursor = editor.textCursor()
    assert cursor.atEnd()


@settings(max_examples=100, deadline=None)
@given(old=NOTES, mine=st.text(alphabet="xyz", min_size=1, max_size=3), theirs=NOTES)
def test_neither_typing_nor_what_another_wrote_meanwhile_is_overwritten(
    qapp: QApplication, old: str, mine: str, theirs: str
) -> None:
    editor = NoteEditor(old)
    saved: list[str] = []
    editor.saveRequested.connect(saved.append)
    editor.insertPlainText(mine)
    editor.take(theirs)
    both = editor.text()
    assert both.startswith(old + mine)
    assert theirs in both
    assert theirs != old or both == old + mine
    editor.flush()
    assert saved == ([both] if both != theirs else [])
    editor.take(both)
    editor.flush()
    assert len(saved) <= 1


def test_undo_takes_back_what_was_typed_between_two_pauses(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noteeditor, "PAUSE_MS", 150)
    editor = NoteEditor("")
    qtbot.addWidget(editor)
    qtbot.keyClicks(editor, "one")
    qtbot.wait(200)
    qtbot.keyClicks(editor, " two")
    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(editor, *undo)
    assert editor.text() == "one"
    qtbot.keyClick(editor, *undo)
    assert editor.text() == ""


@pytest.mark.parametrize("pasted", ["a\x00b", "a\ud83db"])
def test_what_no_file_can_hold_is_left_out(qtbot: QtBot, pasted: str) -> None:
    editor = NoteEditor("")
    qtbot.addWidget(editor)
    editor.insertPlainText(pasted)
    assert editor.text().encode("utf-8") in {b"ab", "a\ufffdb".encode()}
    editor.take(editor.text())
    assert not editor.unsaved
    editor.take("other")
    assert editor.text() == "other"


def test_typing_that_is_taken_back_is_nothing_to_save(qtbot: QtBot) -> None:
    editor = NoteEditor("a")
    qtbot.addWidget(editor)
    said: list[bool] = []
    saved: list[str] = []
    editor.unsavedChanged.connect(said.append)
    editor.saveRequested.connect(saved.append)
    qtbot.keyClicks(editor, "b")
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    editor.flush()
    assert said == [True, False]
    assert saved == []


@pytest.mark.parametrize(
    ("key", "held", "typed", "claimed"),
    [
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "b", True),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "", False),
        (Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier, "b", False),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "", True),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "", True),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "", True),
        (Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier, "", False),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier, "", False),
    ],
)
def test_only_keys_of_the_editor_are_kept_from_the_program(
    qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier, typed: str, claimed: bool
) -> None:
    editor = NoteEditor("a")
    qtbot.addWidget(editor)
    editor.insertPlainText(typed)
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, held)
    event.ignore()
    QApplication.sendEvent(editor, event)
    assert event.isAccepted() == claimed
