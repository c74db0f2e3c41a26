"""The whole window, driven as a person does: select, annotate, undo, close, come back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation
from margent.library.store import Library
from margent.settings import Settings, folders
from margent.ui.actions import ACTIONS, MENUS
from margent.ui.app import Program
from margent.ui.briefpoints import PointRow
from margent.ui.chrome import IconButton, Toolbar
from margent.ui.pagemenu import page_menu
from margent.ui.typography import TypographyPopover

Start = Callable[..., Program]

BRIEF = "EU–Kazakhstan: what an upgraded partnership would cover"


def trigger(program: Program, name: str) -> None:
    program.window.actions_by_name[name].trigger()


def select(program: Program, words: str) -> None:
    reading = program.session.reading
    assert reading is not None
    at = reading.document.text.index(words)
    program.window.read.reader.select(at, at + len(words))


def only(program: Program) -> Annotation:
    assert program.session.reading is not None
    (value,) = program.session.reading.annotations.values()
    return value


def stored() -> list[Annotation]:
    library = Library.open(folders().library)
    try:
        return library.annotations()
    finally:
        library.close()


def test_a_first_start_shows_the_bundled_brief(start: Start) -> None:
    program = start()
    assert program.session.reading is not None
    assert program.session.reading.record.title == BRIEF
    assert program.window.windowTitle() == f"{BRIEF} — Margent"
    assert program.window.read.status.state.text() == "Saved"


def test_every_action_stands_in_a_menu() -> None:
    for spec in ACTIONS:
        assert spec.menu in MENUS


def test_no_two_actions_of_a_view_share_a_key() -> None:
    for view in ("read", "brief"):
        keys = [key for spec in ACTIONS if spec.view in {"", view} for key in spec.keys]
        assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)


def test_highlighting_inherits_the_theme_and_survives_a_restart(start: Start) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "green")
    value = only(program)
    assert (value.exact, value.colour) == ("Oil, gas and minerals", "green")
    assert program.session.reading is not None
    assert [program.session.reading.themes[t].name for t in value.themes] == ["Energy & raw materials"]
    program.window.close()
    assert [v.exact for v in stored()] == ["Oil, gas and minerals"]
    again = start()
    assert only(again).id == value.id


def test_a_selection_without_words_is_refused_in_a_sentence(start: Start) -> None:
    program = start()
    reading = program.session.reading
    assert reading is not None
    gap = reading.document.text.index("\n")
    program.window.read.reader.select(gap, gap + 1)
    program.window.actions_by_name["note"].trigger()
    assert "no words in that selection" in program.window.messages.text()
    assert len(reading) == 0


@pytest.mark.parametrize(
    ("name", "field", "after"),
    [
        ("blue", "colour", "blue"),
        ("underline", "style", "underline"),
        ("question", "kind", "question"),
        ("private", "private", True),
    ],
)
def test_keys_act_on_the_current_annotation_and_can_be_undone(
    start: Start, name: str, field: str, after: object
) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    before = only(program)
    trigger(program, name)
    assert getattr(only(program), field) == after
    trigger(program, "undo")
    assert getattr(only(program), field) == getattr(before, field)
    trigger(program, "redo")
    assert getattr(only(program), field) == after


def test_undo_is_named_and_goes_back_to_nothing(start: Start) -> None:
    program = start()
    undo = program.window.actions_by_name["undo"]
    assert not undo.isEnabled()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    assert undo.text() == "Undo: Highlight"
    trigger(program, "undo")
    assert program.session.reading is not None
    assert not program.session.reading.annotations
    assert program.window.actions_by_name["redo"].text() == "Redo: Highlight"
    trigger(program, "redo")
    assert only(program).exact == "Oil, gas and minerals"


def test_a_note_being_typed_is_on_disk_soon_after(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "note")
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClicks(focus, "By how much?")
    assert program.window.read.status.state.text() == "Saving…"
    qtbot.waitUntil(lambda: only(program).note == "By how much?", timeout=500)
    assert program.window.read.status.state.text() == "Saved"
    reader = Library.open(folders().library)
    assert [value.note for value in reader.annotations()] == ["By how much?"]
    reader.close()


def test_closing_saves_the_note_at_once(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "note")
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClicks(focus, "Not lost")
    program.window.close()
    assert [value.note for value in stored()] == ["Not lost"]


def test_deleting_goes_to_the_bin_and_comes_back(start: Start) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    trigger(program, "delete")
    assert program.session.reading is not None
    assert not program.session.reading.annotations
    assert [value.exact for value in program.session.bin()] == ["Oil, gas and minerals"]
    program.session.do(edits.restore(program.session.bin()))
    assert only(program).exact == "Oil, gas and minerals"


def test_the_window_shows_what_another_process_wrote(start: Start, qtbot: QtBot) -> None:
    program = start()
    assert program.session.reading is not None
    record, text = program.session.reading.record, program.session.reading.document.text
    other = Library.open(folders().library)
    at = text.index("Kazakhstan")
    other.apply(edits.annotate(record, text, at, at + 10, note="From elsewhere"))
    other.close()
    qtbot.waitUntil(lambda: len(program.session.reading or []) == 1, timeout=4000)
    assert only(program).note == "From elsewhere"


def test_a_change_against_what_another_process_changed_is_refused(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    value = only(program)
    other = Library.open(folders().library)
    other.apply(edits.set_note(value, "Theirs"))
    other.close()
    assert not program.session.do(edits.set_note(replace(value), "Mine"))
    assert only(program).note == "Theirs"
    assert program.window.messages.text()


def test_a_dropped_file_is_read(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    path = tmp_path / "News of the day.txt"
    path.write_text("Rail corridor agreed\n\nMinisters agreed on a rail corridor.\n\nNobody asked who pays.\n", "utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    enter = QDragEnterEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    program.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    program.window.dropEvent(
        QDropEvent(
            QPointF(300, 300),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: "Rail corridor" in program.window.windowTitle(), timeout=5000)


def test_a_file_on_the_command_line_is_read_and_found_again(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("# Own title\n\nSome words.\n", "utf-8")
    program = start(path)
    assert program.session.reading is not None
    first = program.session.reading.record
    assert first.title == "Own title"
    program.window.close()
    again = start(path)
    assert again.session.reading is not None
    assert again.session.reading.record.id == first.id


def test_a_file_that_cannot_be_read_is_named(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    path = tmp_path / "broken.bin"
    path.write_bytes(bytes(range(256)) * 8)
    program.window.open_files([path])
    qtbot.waitUntil(lambda: "broken.bin" in program.window.messages.text(), timeout=5000)
    assert program.session.reading is not None
    assert program.session.reading.record.title == BRIEF


def test_find_counts_and_walks(start: Start, qtbot: QtBot) -> None:
    program = start()
    trigger(program, "find")
    finding = program.window.read.finding
    assert finding is not None
    qtbot.keyClicks(finding.edit, "ENERGY")
    qtbot.waitUntil(lambda: len(finding.hits.spans) > 2, timeout=2000)
    first = finding.hits.current
    trigger(program, "find_next")
    assert finding.hits.current == first + 1
    assert "of" in finding.count.text()
    qtbot.keyClick(finding.edit, Qt.Key.Key_Escape)
    assert finding.hits.spans == []


def test_text_size_changes_live_and_is_remembered(start: Start) -> None:
    program = start()
    trigger(program, "larger")
    trigger(program, "larger")
    assert program.session.settings.size == 20
    trigger(program, "normal")
    assert program.session.settings.size == Settings().size


def test_the_place_is_kept(start: Start, qtbot: QtBot) -> None:
    program = start()
    assert program.session.reading is not None
    program.window.read.reader.scroll_to(2000, "top")
    qtbot.wait(50)
    shown = program.window.read.reader.place()
    assert shown > 500
    program.window.close()
    again = start()
    qtbot.wait(50)
    assert abs(again.window.read.reader.place() - shown) < 120


def test_copying_a_quote_brings_its_source(start: Start) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "copy_quote")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("> Oil, gas and minerals")
    assert BRIEF in text


def test_the_brief_leaves_private_notes_out_and_is_written(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "question")
    program.session.do(edits.set_note(only(program), "By how much?"))
    select(program, "largest country of Central Asia")
    trigger(program, "pink")
    assert program.session.reading is not None
    secret = next(a for a in program.session.reading.annotations.values() if a.colour == "pink")
    program.session.do(edits.set_private([secret], True))
    trigger(program, "brief")
    brief = program.window.brief
    assert brief is not None
    text = brief.markdown()
    assert "> Oil, gas and minerals" in text
    assert "- [ ] " in text
    assert secret.exact not in text
    target = tmp_path / "brief.md"
    brief.write_to(target)
    qtbot.waitUntil(target.exists, timeout=5000)
    assert target.read_text("utf-8") == text
    trigger(program, "article")
    assert program.window.views.currentWidget() is program.window.read


def test_menus_name_every_action_once(start: Start) -> None:
    program = start()
    texts: list[str] = []
    assert program.window.menus is not None
    for top in program.window.menus.main.actions():
        menu = top.menu()
        assert menu is not None
        texts += [action.text() for action in menu.actions() if not action.isSeparator()]  # type: ignore[attr-defined]
    assert len(texts) == len(ACTIONS)


def test_what_was_arranged_for_a_brief_is_there_the_next_time(start: Start, qtbot: QtBot) -> None:
    program = start()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    trigger(program, "brief")
    brief = program.window.brief
    assert brief is not None
    qtbot.keyClicks(brief.introduction, "For Tuesday.")
    brief.points.ticked.emit([only(program).id], False)
    program.window.close()
    again = start()
    trigger(again, "brief")
    assert again.window.brief is not None
    text = again.window.brief.markdown()
    assert "For Tuesday." in text
    assert "> Oil" not in text


def test_the_offer_to_undo_goes_when_it_would_undo_something_else(start: Start) -> None:
    program = start()
    program.window.show()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    trigger(program, "delete")
    assert program.window.messages.text() == "Deleted. It is in the bin."
    trigger(program, "undo")
    assert not program.window.messages.text()
    assert program.window.read.current == only(program), "what came back is what keys act on"


def test_undo_goes_to_where_it_shows(start: Start) -> None:
    program = start()
    program.window.show()
    reader = program.window.read.reader
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    trigger(program, "green")
    reader.clear_selection()
    reader.scroll_to(10**6, "top")
    trigger(program, "undo")
    start_, end = reader.visible_span()
    assert only(program).colour == "yellow"
    assert start_ <= only(program).start < end


def test_a_message_lies_over_the_page_and_moves_nothing(start: Start) -> None:
    program = start()
    program.window.show()
    before = program.window.read.geometry()
    program.window.messages.fail("report.png is a picture. " * 12)
    assert program.window.read.geometry() == before
    bar = program.window.messages
    assert program.window.centralWidget().rect().contains(bar.geometry())
    assert bar.geometry().bottom() < program.window.read.status.geometry().top() + 1


def test_nothing_in_the_toolbar_is_cut_in_a_small_window(start: Start, qtbot: QtBot) -> None:
    program = start()
    window = program.window
    window.resize(800, 600)
    window.show()
    trigger(program, "find")
    trigger(program, "brief")
    assert window.brief is not None
    qtbot.wait(20)
    for view in (window.brief, window.read):
        window.views.setCurrentWidget(view)
        qtbot.wait(20)
        for button in view.findChildren(QAbstractButton):
            if button.isVisible() and view.findChild(Toolbar).isAncestorOf(button):
                wanted = 32 if isinstance(button, IconButton) else button.minimumSizeHint().width()
                assert button.width() >= wanted, button.accessibleName()
                assert not button.visibleRegion().isEmpty()


def test_the_find_field_stays_where_it_is_when_its_buttons_come(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.resize(1440, 900)
    program.window.show()
    find = program.window.read.finding
    assert find is not None
    qtbot.wait(20)
    before = find.edit.mapTo(program.window, QPoint())
    trigger(program, "find")
    qtbot.wait(20)
    assert find.following.isVisible()
    assert find.edit.mapTo(program.window, QPoint()) == before


def test_the_keyboard_goes_from_the_bar_back_to_the_page(start: Start, qtbot: QtBot) -> None:
    program = start()
    read = program.window.read
    program.window.show()
    program.window.activateWindow()
    assert read.bar is not None
    select(program, "The European Union")
    read.reader.selectionSettled.emit()
    read.bar.buttons["green"].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(read.bar.buttons["green"], Qt.Key.Key_Return)
    assert only(program).colour == "green"
    assert program.window.focusWidget() is read.reader


@pytest.mark.parametrize("answer", ["Cancel", "Replace"])
def test_a_file_of_somebody_else_is_replaced_only_when_told_to(
    start: Start, qtbot: QtBot, tmp_path: Path, answer: str
) -> None:
    program = start()
    program.window.show()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    trigger(program, "brief")
    path = tmp_path / "theirs.md"
    path.write_text("Theirs\n", "utf-8")

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.defaultButton().text().replace("&", "") == "Cancel"
        next(b for b in box.buttons() if b.text().replace("&", "") == answer).click()

    QTimer.singleShot(50, click)
    assert program.window.brief is not None
    program.window.brief.write_to(path)
    qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=5000)
    assert (path.read_text("utf-8") == "Theirs\n") == (answer == "Cancel")


def test_a_text_that_is_known_is_news_and_no_failure(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "known.md"
    path.write_text("# Known\n\nSome words.\n", "utf-8")
    program = start(path)
    failed: list[str] = []
    program.session.failed.connect(failed.append)
    program.window.open_files([path])
    said = "known.md is already in your library, as “Known”."
    qtbot.waitUntil(lambda: program.window.messages.text() == said, timeout=5000)
    qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=5000)
    assert failed == []


def test_what_is_said_of_a_library_being_opened_goes_when_it_is_open(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start()
    window, session = program.window, program.session
    waiting: list[Callable[[], None]] = []
    with monkeypatch.context() as patch:
        patch.setattr(session, "when_ready", waiting.append)
        session.delayed.emit("It takes a while.")
        assert window.messages.text() == "It takes a while."
        assert not window.messages._timer.isActive()
        (call,) = waiting
        call()
        assert window.messages.text() == ""
        session.delayed.emit("It takes a while.")
        window.messages.fail("Something else.")
        waiting[-1]()
        session.delayed.emit("It takes a while.")
    assert window.messages.text() == "Something else."


def test_full_screen_comes_back_to_what_was_before(start: Start) -> None:
    program = start()
    program.window.showMaximized()
    trigger(program, "full_screen")
    assert program.window.isFullScreen()
    trigger(program, "full_screen")
    assert program.window.isMaximized()
    assert not program.window.isFullScreen()


def test_the_menu_of_the_page_offers_what_can_be_done_there(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QPoint] = []
    monkeypatch.setattr(QMenu, "popup", lambda _menu, at: shown.append(at))
    program = start()
    read = program.window.read

    def offered(marking: bool) -> set[str]:
        menu = page_menu(program.window.actions_by_name, program.window, marking=marking)
        return {action.objectName() for action in menu.actions() if not action.isSeparator()}

    assert "select_all" in offered(marking=False)
    select(program, "Oil, gas and minerals")
    assert {"yellow", "note", "theme", "copy_quote"} <= offered(marking=True)
    assert "delete" not in offered(marking=True)
    trigger(program, "yellow")
    read.set_current("")
    value = only(program)
    at = read.reader.rect_of(value.start, value.end).center()
    read.reader.contextMenuRequested.emit(read.reader.viewport().mapToGlobal(at), value.start)
    assert len(shown) == 1
    assert read.current == value
    assert {"reply", "private", "delete"} <= offered(marking=True)


def test_a_line_shows_where_a_dragged_point_would_go(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.show()
    for words in ("The European Union", "Oil, gas and minerals"):
        select(program, words)
        trigger(program, "yellow")
    trigger(program, "brief")
    assert program.window.brief is not None
    points = program.window.brief.points
    rows = points.rows
    first, second = (n for n in range(rows.rowCount()) if isinstance(rows.value(rows.index(n, 0)), PointRow))
    mime = rows.mimeData([rows.index(second, 0)])
    area = points.visualRect(rows.index(first, 0))
    before = points.viewport().grab().toImage()
    for kind in (QDragEnterEvent, QDragMoveEvent):
        event = kind(
            area.topLeft() + QPoint(60, 1),
            Qt.DropAction.MoveAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        (points.dragEnterEvent if kind is QDragEnterEvent else points.dragMoveEvent)(event)
    after = points.viewport().grab().toImage()
    assert after.pixelColor(60, area.top() - 1) == program.style.colour("accent")
    points.dragLeaveEvent(QDragLeaveEvent())
    assert points.viewport().grab().toImage() == before


def test_steps_with_nowhere_to_go_are_not_offered(start: Start) -> None:
    program = start()
    window = program.window
    actions = window.actions_by_name
    assert not actions["next_note"].isEnabled()
    assert not actions["next_passage"].isEnabled()
    select(program, "Oil, gas and minerals")
    trigger(program, "yellow")
    assert actions["next_note"].isEnabled()
    assert window.read.sidebar is not None
    pane = window.read.sidebar.themes
    pane.view.opened.emit(pane.model.index(0, 0))
    assert actions["next_passage"].isEnabled()
    trigger(program, "next_passage")
    assert "passage" in window.read.status.leading.text()
    pane.view.opened.emit(pane.model.index(0, 0))
    assert not actions["next_passage"].isEnabled()


def test_finding_on_with_nothing_sought_asks_what(start: Start) -> None:
    program = start()
    program.window.show()
    program.window.activateWindow()
    trigger(program, "find_next")
    assert program.window.read.finding is not None
    assert program.window.focusWidget() is program.window.read.finding.edit


def test_escape_in_the_page_takes_away_first_the_message_then_the_theme(start: Start, qtbot: QtBot) -> None:
    program = start()
    window = program.window
    window.show()
    assert window.read.sidebar is not None
    pane = window.read.sidebar.themes
    pane.view.opened.emit(pane.model.index(0, 0))
    window.messages.fail("report.png is a picture.")
    qtbot.keyClick(window.read.reader, Qt.Key.Key_Escape)
    assert not window.messages.text()
    assert window.read.status.leading.text()
    qtbot.keyClick(window.read.reader, Qt.Key.Key_Escape)
    assert not window.read.status.leading.text()


def test_the_keyboard_comes_to_the_appearance_that_is_chosen(start: Start, qtbot: QtBot) -> None:
    program = start(settings=Settings(daily_backup=False, appearance="sepia"))
    popover = TypographyPopover(program.style, program.session.settings, program.window)
    stops = [b for b in popover.appearances.buttons() if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [b.objectName() for b in stops] == ["sepia"]
    popover.changed.connect(program.session.set_settings)
    popover.setWindowFlags(Qt.WindowType.Widget)
    popover.show()
    stops[0].setFocus()
    qtbot.keyClick(stops[0], Qt.Key.Key_Right)
    assert program.session.settings.appearance == "dark"
