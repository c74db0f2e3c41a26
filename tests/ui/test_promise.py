"""The promise, tried: sequences after which a note might be lost or stand on other words."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from margent import edits, importing
from margent.annotations import Annotation, Change
from margent.assets import CONTENT
from margent.errors import MargentError
from margent.importing import BRIEF, GUIDE
from margent.library.store import Library
from margent.settings import folders
from margent.ui.app import Program

Start = Callable[..., Program]

WORDS = "Oil, gas and minerals"


def trigger(program: Program, name: str) -> None:
    program.window.actions_by_name[name].trigger()


def select(program: Program, words: str = WORDS) -> None:
    reading = program.session.reading
    assert reading is not None
    at = reading.document.text.index(words)
    program.window.read.reader.select(at, at + len(words))


def write(program: Program, qtbot: QtBot, words: str, action: str = "note") -> QPlainTextEdit:
    """Open an editor by an action, and type."""
    trigger(program, action)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QPlainTextEdit)
    qtbot.keyClicks(focus, words)
    return focus


def notes(*, deleted: bool = False) -> list[str]:
    """What the library says, as another process finds it."""
    with closing(Library.open(folders().library)) as library:
        return [value.note for value in library.annotations(deleted=deleted)]


def elsewhere(edit: Callable[[list[Annotation]], Change]) -> None:
    """Edit what the library holds as another process does."""
    with closing(Library.open(folders().library)) as library:
        library.apply(edit(library.annotations()))


def said(program: Program) -> str:
    return program.window.read.status.state.text()


def saved(program: Program) -> bool:
    return said(program) == "Saved"


def test_a_bundled_text_that_was_renewed_is_read_in_its_new_text_at_once(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first page shows the old one; an annotation on that would not be there the next time."""
    start().window.close()
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    brief = content / importing.BUNDLED[BRIEF]
    brief.write_text(brief.read_text("utf-8").replace("Oil, gas", "Coal, gas"), "utf-8")
    monkeypatch.setattr(importing, "CONTENT", content)
    program = start()
    select(program, "Coal, gas and minerals")
    trigger(program, "yellow")
    program.window.close()
    again = start().session.reading
    assert again is not None
    assert [value.exact for value in again.annotations.values()] == ["Coal, gas and minerals"]


def test_what_is_marked_while_the_document_is_opened_again_is_shown(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.session.open_document(BRIEF)
    program.session.jobs.wait()
    select(program)
    trigger(program, "yellow")
    qtbot.waitUntil(lambda: not program.session.jobs.busy)
    assert program.session.reading is not None
    assert len(program.session.reading.annotations) == 1


def test_undo_right_after_typing_takes_back_the_note_and_redo_brings_all_of_it(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program)
    write(program, qtbot, "Who pays?")
    trigger(program, "undo")
    assert notes() == [""]
    trigger(program, "undo")
    assert (notes(), notes(deleted=True)) == ([], [""])
    trigger(program, "redo")
    trigger(program, "redo")
    assert notes() == ["Who pays?"]


def test_deleting_right_after_typing_takes_the_words_along_to_the_bin(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program)
    write(program, qtbot, "Who pays?")
    trigger(program, "delete")
    assert (notes(), notes(deleted=True)) == ([], ["Who pays?"])


@pytest.mark.parametrize("name", ["question", "private", "blue", "underline"])
def test_changing_a_note_while_it_is_written_loses_no_letter(start: Start, qtbot: QtBot, name: str) -> None:
    program = start()
    select(program)
    editor = write(program, qtbot, "Who ")
    trigger(program, name)
    qtbot.keyClicks(editor, "pays?")
    qtbot.waitUntil(lambda: saved(program), timeout=1500)
    assert notes() == ["Who pays?"]


def test_themes_merged_while_a_note_is_written_lose_no_letter(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program)
    editor = write(program, qtbot, "Who ")
    reading = program.session.reading
    assert reading is not None
    assert program.window.read.sidebar is not None
    (theme,) = next(iter(reading.annotations.values())).themes
    into = next(key for key in reading.themes if key != theme)
    program.window.read.sidebar.mergeRequested.emit(theme, into)
    qtbot.keyClicks(editor, "pays?")
    program.window.flush()
    assert notes() == ["Who pays?"]
    assert [value.themes for value in reading.annotations.values()] == [(into,)]


def test_leaving_a_document_while_writing_saves_in_the_right_place(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program)
    write(program, qtbot, "Of the brief")
    program.session.open_document(GUIDE)
    qtbot.waitUntil(lambda: program.session.reading is not None and program.session.reading.record.id == GUIDE)
    assert notes() == ["Of the brief"]
    assert saved(program)
    assert not program.window.messages.text()
    select(program, "Margent")
    write(program, qtbot, "Of the guide")
    program.window.show_document(BRIEF)
    assert sorted(notes()) == ["Of the brief", "Of the guide"]
    qtbot.waitUntil(lambda: not program.session.jobs.busy)


def test_a_window_made_narrow_and_wide_while_writing_loses_no_letter(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program)
    write(program, qtbot, "one ")
    for width, words in ((1000, "two "), (1300, "three "), (900, "four")):
        program.window.resize(width, 700)
        editor = QApplication.focusWidget()
        assert isinstance(editor, QPlainTextEdit)
        qtbot.keyClicks(editor, words)
    program.window.flush()
    assert notes() == ["one two three four"]


@pytest.mark.parametrize("late", [False, True], ids=["seen before the save", "found by the save"])
def test_what_another_process_wrote_into_the_note_meanwhile_stays(start: Start, qtbot: QtBot, late: bool) -> None:
    program = start()
    select(program)
    editor = write(program, qtbot, "mine")
    program.window.flush()
    qtbot.keyClicks(editor, " too")
    elsewhere(lambda found: edits.set_note(found[0], "theirs"))
    if not late:
        program.session.reload()
    program.window.flush()
    program.window.flush()
    assert notes() == ["mine too\n\ntheirs"]
    trigger(program, "undo")
    assert notes() == ["theirs"]


@pytest.mark.parametrize("late", [False, True], ids=["seen before the save", "found by the save"])
@pytest.mark.parametrize("reply", [False, True])
def test_what_is_being_written_brings_a_note_back_that_another_process_deleted(
    start: Start, qtbot: QtBot, reply: bool, late: bool
) -> None:
    program = start()
    select(program)
    editor = write(program, qtbot, "mine")
    program.window.flush()
    if reply:
        editor = write(program, qtbot, "", "reply")
    elsewhere(edits.delete)
    qtbot.keyClicks(editor, " too")
    if not late:
        program.session.reload()
    program.window.flush()
    assert (sorted(notes()), notes(deleted=True)) == ([" too", "mine"] if reply else ["mine too"], [])
    assert saved(program)
    assert "deleted elsewhere" in program.window.messages.text()
    trigger(program, "undo")
    assert notes() == []


def test_what_a_full_disk_refuses_is_kept_shown_as_unsaved_and_tried_again(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start()
    select(program)
    editor = write(program, qtbot, "Who ")
    program.window.flush()
    with monkeypatch.context() as full:
        full.setattr(program.session.library, "apply", refuse)
        qtbot.keyClicks(editor, "pays?")
        program.window.flush()
        assert program.window.messages.text() == "The disk is full."
        assert (editor.toPlainText(), saved(program)) == ("Who pays?", False)
        program.window.show_document(GUIDE)
        qtbot.waitUntil(lambda: not program.session.jobs.busy)
        assert not saved(program)
    program.window.flush()
    assert notes() == ["Who pays?"]
    assert saved(program)


def test_closing_over_words_that_cannot_be_saved_asks_first(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start()
    select(program)
    write(program, qtbot, "Who pays?")
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.detailedText())
        wanted = answers.pop(0)
        next(button for button in box.buttons() if button.text() == wanted).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    answers = ["Go back", "Close and lose it"]
    with monkeypatch.context() as full:
        full.setattr(program.session.library, "apply", refuse)
        assert not program.window.close()
        assert program.session.is_ready
    program.window.flush()
    assert notes() == ["Who pays?"]
    write(program, qtbot, " Who else?")
    with monkeypatch.context() as full:
        full.setattr(program.session.library, "apply", refuse)
        assert program.window.close()
    assert asked == ["Who pays?", "Who pays? Who else?"]
    assert notes() == ["Who pays?"]


def refuse(_change: Change) -> Change:
    raise MargentError("The disk is full.")
