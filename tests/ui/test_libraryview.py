"""The library view in a running program: shelves, edits with undo, the preview, search, and the way to the page."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import status_of
from margent.document import Block, Document
from margent.errors import MargentError
from margent.importing import BRIEF, GUIDE, seed
from margent.library.backup import back_up
from margent.library.store import Library
from margent.query import SearchResult
from margent.settings import Settings, folders
from margent.ui.app import Program
from margent.ui.idle import Idle
from margent.ui.metadatadialog import MetadataDialog
from margent.ui.searcher import Searcher
from margent.ui.shelfmodel import DOCUMENTS
from margent.ui.shelfrows import COLLECTION, COLLECTIONS, OTHER_THEMES, THEMES

from .conftest import end

if TYPE_CHECKING:
    from margent.ui.collectionspane import CollectionsPane
    from margent.ui.libraryview import LibraryView

Start = Callable[..., Program]
KEY = Qt.Key


class Bench:
    """A program that looks at its library of two bundled documents."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program, self.qtbot = program, qtbot
        program.window.show_library()
        assert program.window.librarian is not None
        self.view: LibraryView = program.window.librarian.view
        self.pane: CollectionsPane = self.view.pane
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.program.session.jobs.busy and self.view.reader.is_settled, timeout=10_000)
        self.qtbot.wait(90)
        self.qtbot.waitUntil(lambda: not self.program.session.jobs.busy, timeout=10_000)

    def undo(self) -> None:
        self.program.window.actions_by_name["undo"].trigger()
        self.settle()

    def search(self, text: str) -> None:
        self.view.search.setText(text)
        self.settle()

    def make(self, name: str) -> str:
        """The id of a new collection."""
        change = edits.make_collection(name)
        self.program.session.do(change)
        self.settle()
        return next(iter(change.after))


@pytest.fixture
def bench(start: Start, qtbot: QtBot) -> Bench:
    return Bench(start(), qtbot)


def test_it_shows_every_document_and_stands_on_the_one_that_is_read(bench: Bench) -> None:
    assert set(bench.view.model.keys()) == {BRIEF, GUIDE}
    assert bench.view.table.chosen_keys() == [BRIEF]
    assert bench.view.table.hasFocus()
    assert bench.view.status.leading.text().startswith("2 document")
    assert bench.view.preview.title.text() == bench.program.session.library.record(BRIEF).title
    assert bench.view.preview.summary.text()


def test_enter_reads_and_escape_goes_back_to_the_page(bench: Bench) -> None:
    window = bench.program.window
    bench.view.table.choose([GUIDE])
    bench.qtbot.keyClick(bench.view.table, KEY.Key_Return)
    bench.qtbot.waitUntil(lambda: window.view_name == "read")
    reading = bench.program.session.reading
    assert reading is not None
    assert reading.record.id == GUIDE
    window.show_library()
    bench.settle()
    assert bench.view.table.chosen_keys() == [GUIDE]
    bench.qtbot.keyClick(bench.view.table, KEY.Key_Escape)
    assert window.view_name == "read"


def test_delete_moves_to_the_bin_undo_and_restore_bring_back(bench: Bench) -> None:
    bench.view.table.choose([GUIDE])
    bench.qtbot.keyClick(bench.view.table, KEY.Key_Delete)
    bench.settle()
    assert list(bench.view.model.keys()) == [BRIEF]
    assert bench.view.table.chosen_keys() == [BRIEF]
    assert bench.program.window.messages.text()
    bench.undo()
    assert set(bench.view.model.keys()) == {BRIEF, GUIDE}
    bench.view.table.choose([GUIDE])
    bench.view.doing.delete()
    bench.settle()
    bench.pane.choose("bin")
    assert list(bench.view.model.keys()) == [GUIDE]
    bench.view.table.choose([GUIDE])
    bench.view.preview.restore_button.click()
    bench.settle()
    assert bench.program.session.library.record(GUIDE).deleted is None


def test_a_new_title_is_written_and_can_be_taken_back(bench: Bench) -> None:
    before = bench.program.session.library.record(BRIEF).title
    bench.view.model.renamed.emit(BRIEF, "What Astana wants")
    bench.settle()
    reading = bench.program.session.reading
    assert reading is not None
    assert reading.record.title == "What Astana wants"
    bench.undo()
    assert bench.program.session.library.record(BRIEF).title == before


@pytest.mark.parametrize("state", ["to_read", "reading", "finished"])
def test_a_state_that_is_chosen_moves_documents_to_its_shelf(bench: Bench, state: str) -> None:
    bench.view.table.selectAll()
    menu = bench.view.doing.menu()
    names = {"to_read": "To read", "reading": "Reading", "finished": "Finished"}
    next(action for action in menu.actions() if action.text() == names[state]).trigger()
    bench.settle()
    assert {status_of(row.record) for row in bench.view.shelves.rows} == {state}
    bench.pane.choose(state)
    assert len(bench.view.model.keys()) == 2
    bench.undo()
    assert {row.record.status for row in bench.view.shelves.rows} == {""}


@pytest.mark.parametrize(("key", "state"), [(KEY.Key_1, "to_read"), (KEY.Key_2, "reading"), (KEY.Key_3, "finished")])
def test_keys_give_all_chosen_documents_a_state_and_undo_takes_it_back(bench: Bench, key: Qt.Key, state: str) -> None:
    before = [status_of(row.record) for row in bench.view.shelves.rows]
    bench.view.table.selectAll()
    bench.qtbot.keyClick(bench.view.table, key, Qt.KeyboardModifier.ControlModifier)
    assert {status_of(row.record) for row in bench.view.shelves.rows} == {state}
    assert bench.program.window.messages.text().startswith("2 document")
    assert bench.program.window.actions_by_name["undo"].text() == "Undo: Change status"
    bench.qtbot.keyClick(bench.view.table, KEY.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert {row.record.status for row in bench.view.shelves.rows} == {""}
    bench.undo()
    bench.undo()
    assert [status_of(row.record) for row in bench.view.shelves.rows] == before


def test_a_message_that_offers_undo_goes_with_the_view_in_which_it_would_undo_that(bench: Bench) -> None:
    bench.view.doing.set_status("finished")
    assert bench.program.window.messages.text()
    bench.qtbot.keyClick(bench.view.table, KEY.Key_Escape)
    assert bench.program.window.view_name == "read"
    assert not bench.program.window.messages.text()


def test_keys_of_states_do_nothing_in_the_bin(bench: Bench) -> None:
    bench.view.table.choose([GUIDE])
    bench.view.doing.delete()
    bench.pane.choose("bin")
    bench.view.table.choose([GUIDE])
    bench.qtbot.keyClick(bench.view.table, KEY.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert bench.program.session.library.record(GUIDE).status == ""


def test_undo_tells_and_takes_back_what_was_done_where_one_is(bench: Bench) -> None:
    window, session = bench.program.window, bench.program.session
    undo = window.actions_by_name["undo"]
    assert not undo.isEnabled()
    window.show_article()
    reading = session.reading
    assert reading is not None
    session.do(edits.annotate(reading.record, reading.document.text, 0, 20, note="Who pays?"))
    assert undo.text() == "Undo: Highlight"
    window.show_library()
    assert (undo.text(), undo.isEnabled()) == ("Undo", False)
    assert next(row for row in bench.view.shelves.rows if row.record.id == BRIEF).notes == 1
    session.do(edits.make_collection("Council"))
    assert (undo.text(), undo.isEnabled()) == ("Undo: New collection", True)
    window.show_article()
    assert undo.text() == "Undo: Highlight"
    window.show_library()
    undo.trigger()
    assert not bench.view.shelves.collections
    assert next(row for row in bench.view.shelves.rows if row.record.id == BRIEF).notes == 1


def test_a_newer_text_of_what_is_read_leaves_undo_to_the_library(bench: Bench) -> None:
    session = bench.program.session
    document = Document("Brief", (Block("paragraph", "Another text."),))
    session.library.add_revision(BRIEF, document, origin="new.md", original=b"new")
    bench.settle()
    assert bench.program.window.view_name == "library"
    bench.view.table.choose([GUIDE])
    bench.view.doing.set_status("finished")
    bench.undo()
    assert session.library.record(GUIDE).status == ""


def test_documents_dropped_on_a_collection_are_filed_there(bench: Bench) -> None:
    key = bench.make("Council")
    data = QMimeData()
    data.setData(DOCUMENTS, f"{BRIEF}\n{GUIDE}".encode())
    drop(bench, data, "c:" + key)
    bench.settle()
    assert all(row.record.collections == (key,) for row in bench.view.shelves.rows)
    bench.pane.choose("c:" + key)
    assert set(bench.view.model.keys()) == {BRIEF, GUIDE}


def test_a_collection_is_put_into_another_by_dropping_and_out_by_dropping_on_the_heading(bench: Bench) -> None:
    outer, inner = bench.make("Council"), bench.make("Annexes")
    data = QMimeData()
    data.setData(COLLECTION, inner.encode())
    drop(bench, data, "c:" + outer)
    bench.settle()
    entry = bench.pane.model.get("c:" + inner)
    assert entry is not None
    assert entry.depth == 1
    drop(bench, data, COLLECTIONS)
    bench.settle()
    entry = bench.pane.model.get("c:" + inner)
    assert entry is not None
    assert entry.depth == 0


def test_a_collection_that_holds_others_cannot_go_into_one_and_the_reader_is_told(bench: Bench) -> None:
    outer, inner, third = bench.make("Council"), bench.make("Annexes"), bench.make("Else")
    collections = {c.id: c for c in bench.view.shelves.collections}
    bench.pane.move_collection(collections[inner], collections[outer])
    bench.settle()
    collections = {c.id: c for c in bench.view.shelves.collections}
    bench.pane.move_collection(collections[outer], collections[third])
    assert "Council" in bench.program.window.messages.text()


def drop(bench: Bench, data: QMimeData, key: str) -> None:
    spot = bench.pane.view.visualRect(bench.pane.model.index_of(key)).center()
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(spot), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    bench.pane.view.dropEvent(event)
    assert event.isAccepted()


def test_the_heading_makes_a_collection_that_is_named_in_its_row(bench: Bench) -> None:
    bench.pane._opened(bench.pane.model.index_of(COLLECTIONS))
    (made,) = bench.view.shelves.collections
    assert made.name == "New collection"
    field = bench.pane.view.viewport().findChild(QLineEdit)
    assert field is not None
    field.setText(" Council ")
    bench.qtbot.keyClick(field, KEY.Key_Return)
    bench.qtbot.waitUntil(lambda: [c.name for c in bench.view.shelves.collections] == ["Council"])
    bench.pane.view.setCurrentIndex(bench.pane.model.index_of("c:" + made.id))
    bench.qtbot.keyClick(bench.pane.view, KEY.Key_Delete)
    bench.settle()
    assert not bench.view.shelves.collections
    bench.undo()
    assert [c.name for c in bench.view.shelves.collections] == ["Council"]


def test_a_theme_narrows_the_table_and_offers_its_dossier(bench: Bench) -> None:
    asked: list[str] = []
    assert bench.program.window.librarian is not None
    bench.program.window.librarian.dossierRequested.connect(asked.append)
    row = next(row for row in bench.view.shelves.rows if row.record.id == BRIEF)
    bench.pane.choose("t:" + row.themes[0])
    assert list(bench.view.model.keys()) == [BRIEF]
    assert bench.view.bar.isVisible()
    bench.view.bar.button.click()
    assert asked == [row.themes[0]]
    bench.pane.choose("all")
    assert not bench.view.bar.isVisible()


def test_an_empty_shelf_says_what_to_do(bench: Bench) -> None:
    bench.pane.choose("bin")
    assert bench.view.pages.currentWidget() is bench.view.empty
    bench.pane.choose("all")
    assert bench.view.pages.currentWidget() is not bench.view.empty


def test_a_hit_is_shown_on_the_page_with_the_words_lit(bench: Bench) -> None:
    bench.search("minerals")
    assert bench.view.pages.currentWidget() is bench.view.results
    bench.qtbot.keyClick(bench.view.search, KEY.Key_Return)
    bench.qtbot.waitUntil(lambda: bench.program.window.view_name == "read")
    find = bench.program.window.read.finding
    assert find is not None
    bench.qtbot.waitUntil(lambda: bool(find.hits.spans))
    reading = bench.program.session.reading
    assert reading is not None
    start, end = find.hits.spans[find.hits.current]
    assert reading.document.text[start:end].casefold() == "minerals"
    assert find.edit.text().casefold() == "minerals"


def test_arrows_walk_through_places_and_escape_returns_to_the_table(bench: Bench) -> None:
    bench.search("energy")
    results = bench.view.results
    places = [row for row in results.model.values() if row.hit is not None]
    assert len(places) > 1
    first = results.view.currentIndex().row()
    bench.qtbot.keyClick(bench.view.search, KEY.Key_Down)
    assert results.view.currentIndex().row() > first
    assert results.model.value(results.view.currentIndex()).hit is not None
    bench.qtbot.keyClick(bench.view.search, KEY.Key_Escape)
    assert bench.view.search.text() == ""
    assert bench.view.pages.currentWidget() is not results
    assert bench.program.window.view_name == "library"


def test_all_places_of_a_document_fold_out_by_a_key(bench: Bench) -> None:
    bench.search("energy")
    results = bench.view.results
    (group, *_) = (row.group for row in results.model.values() if row.more)
    results._stand_on(results.model.index_of(f"{group.document}:0"))
    bench.qtbot.keyClick(results.view, KEY.Key_Right)
    bench.qtbot.waitUntil(lambda: results.model.row(f"{group.document}:more") < 0)
    hits = [row.hit for row in results.model.values() if row.hit is not None and row.group.document == group.document]
    shown = {(hit.where, hit.start, hit.end, hit.annotation) for hit in hits}
    assert len(shown) == len(hits) == group.total
    assert {(hit.where, hit.start, hit.end, hit.annotation) for hit in group.hits} <= shown


@pytest.mark.parametrize("query", ["zzzz", '"', "theme:", "before:99999", "-", "in:", "(((", "*", "a OR"])
def test_anything_may_be_typed_and_nothing_found_is_said(bench: Bench, query: str) -> None:
    bench.search(query)
    assert bench.view.pages.currentWidget() is bench.view.results
    if query == "zzzz":
        assert "zzzz" in bench.view.results.heading.text()


def test_what_was_overtaken_is_never_shown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def search(query: str, limit: int = 50) -> SearchResult:
        asked.append(query)
        return SearchResult(problem=query)

    monkeypatch.setattr(bench.program.session.library, "search", search)
    shown: list[tuple[str, str]] = []
    searcher = Searcher(bench.program.session)
    searcher.found.connect(lambda query, result: shown.append((query, result.problem)))
    for query in ("e", "en", "ene", "ener"):
        searcher.ask(query)
    bench.qtbot.waitUntil(lambda: bool(shown))
    assert shown == [("ener", "ener")]
    assert asked == ["e", "ener"]


def test_latest_notes_are_cards_that_lead_to_the_note(bench: Bench) -> None:
    session = bench.program.session
    reading = session.reading
    assert reading is not None
    change = edits.annotate(reading.record, reading.document.text, 0, 20, note="Who pays?")
    session.do(change)
    bench.settle()
    (card,) = bench.view.preview.cards
    assert "Who pays?" in card.accessibleName()
    bench.qtbot.keyClick(card, KEY.Key_Return)
    bench.qtbot.waitUntil(lambda: bench.program.window.view_name == "read")
    assert bench.program.window.read.current is not None
    assert bench.program.window.read.current.note == "Who pays?"


def test_details_are_one_change_with_the_status(bench: Bench) -> None:
    record = bench.program.session.library.record(BRIEF)
    dialog = MetadataDialog(bench.program.style, record)
    bench.qtbot.addWidget(dialog)
    assert not dialog.change().after
    dialog.title.setText("Other")
    dialog.authors.setText("A. Novak; B. Serik ;")
    dialog.language.setEditText("German")
    dialog.status.setCurrentIndex(dialog.status.findData("finished"))
    change = dialog.change()
    assert bench.program.session.do(change)
    now = bench.program.session.library.record(BRIEF)
    assert (now.title, now.authors, now.language, now.status) == ("Other", ("A. Novak", "B. Serik"), "de", "finished")
    bench.undo()
    assert bench.program.session.library.record(BRIEF).title == record.title
    dialog.title.clear()
    assert not dialog._save.isEnabled()


def test_several_documents_are_told_of_together(bench: Bench) -> None:
    bench.view.table.selectAll()
    assert bench.view.preview.title.text().startswith("2 document")
    assert not bench.view.toolbar.read_button.isEnabled()
    assert bench.view.preview.open_button.isHidden()


def test_the_preview_folds_away_where_there_is_little_room_and_comes_when_asked_for(bench: Bench) -> None:
    bench.program.window.resize(1024, 640)
    bench.qtbot.waitUntil(lambda: not bench.view.preview.isVisible())
    bench.view.toolbar.preview_button.click()
    assert bench.view.preview.isVisible()
    bench.program.window.resize(1440, 900)
    bench.qtbot.waitUntil(bench.view.preview.isVisible)


@pytest.mark.parametrize("width", [720, 1024, 1440])
def test_nothing_is_cut_in_the_toolbar(bench: Bench, width: int) -> None:
    bench.program.window.resize(width, 640)
    bench.qtbot.wait(50)
    buttons = [b for b in bench.view.toolbar.findChildren(QToolButton) if b.parent() is not bench.view.search]
    for button in buttons:
        assert button.width() >= button.minimumSizeHint().width()
    bar = bench.view.toolbar
    right = bench.view.toolbar.read_button.mapTo(bar, bench.view.toolbar.read_button.rect().topRight()).x()
    assert right < width


def dropped(bench: Bench, target: QWidget, paths: list[Path]) -> None:
    """Files as a file manager brings them: over a widget, which may leave them to those around it, and down on it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none, left, copy = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    middle = target.rect().center()
    enter = QDragEnterEvent(middle, copy, data, left, none)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(middle), copy, data, left, none)
    QApplication.sendEvent(target, drop)
    assert drop.isAccepted()
    bench.qtbot.waitUntil(lambda: not bench.program.session.is_importing, timeout=20_000)


def notes(folder: Path, count: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"note{number}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(f"# Note {number}\n\nSome words of number {number}.")
    return paths


@pytest.mark.parametrize("where", ["table", "pane", "preview"])
def test_several_files_dropped_on_it_are_shown_and_chosen_there(bench: Bench, tmp_path: Path, where: str) -> None:
    target = {"table": bench.view.table.viewport(), "pane": bench.pane.view.viewport(), "preview": bench.view.preview}
    bench.pane.choose("finished")
    dropped(bench, target[where], notes(tmp_path, 3))
    assert bench.program.window.view_name == "library"
    assert bench.pane.shelf == "all"
    assert len(bench.view.model.keys()) == 5
    chosen = {row.record.title for row in bench.view.chosen()}
    assert chosen == {"Note 0", "Note 1", "Note 2"}
    assert bench.view.table.hasFocus()


def test_a_folder_dropped_on_a_collection_that_is_shown_is_filed_there_and_undo_takes_it_out(
    bench: Bench, tmp_path: Path
) -> None:
    key = bench.make("Council")
    bench.pane.choose("c:" + key)
    notes(tmp_path / "minutes", 4)
    dropped(bench, bench.view.empty, [tmp_path / "minutes"])
    assert bench.pane.shelf == "c:" + key
    assert len(bench.view.table.chosen_keys()) == 4
    bench.undo()
    assert bench.view.model.rowCount() == 0
    bench.pane.choose("all")
    assert bench.view.model.rowCount() == 6


def test_of_very_many_documents_that_come_into_a_collection_none_is_left_out(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = bench.make("Council")
    bench.pane.choose("c:" + key)
    monkeypatch.setattr("margent.ui.shelfreader._AT_ONCE", 0)
    dropped(bench, bench.view.empty, notes(tmp_path, 4))
    bench.settle()
    filed = [record for record in bench.program.session.library.records() if record.collections == (key,)]
    assert len(filed) == 4


def test_one_file_dropped_on_it_is_read(bench: Bench, tmp_path: Path) -> None:
    dropped(bench, bench.view.table.viewport(), notes(tmp_path, 1))
    bench.qtbot.waitUntil(lambda: bench.program.window.view_name == "read", timeout=10_000)
    reading = bench.program.session.reading
    assert reading is not None
    assert reading.record.title == "Note 0"
    bench.program.window.show_library()
    assert bench.view.model.rowCount() == 3


def test_one_file_that_is_on_the_page_already_is_gone_to(bench: Bench, tmp_path: Path) -> None:
    files = notes(tmp_path, 1)
    dropped(bench, bench.view.table.viewport(), files)
    bench.qtbot.waitUntil(lambda: bench.program.window.view_name == "read", timeout=10_000)
    bench.program.window.show_library()
    bench.settle()
    dropped(bench, bench.view.table.viewport(), files)
    bench.qtbot.waitUntil(lambda: bench.program.window.view_name == "read", timeout=10_000)


def test_files_that_are_known_already_are_chosen_too(bench: Bench, tmp_path: Path) -> None:
    paths = notes(tmp_path, 3)
    dropped(bench, bench.view.table.viewport(), paths)
    bench.view.table.choose([BRIEF])
    dropped(bench, bench.view.table.viewport(), paths[1:])
    assert {row.record.title for row in bench.view.chosen()} == {"Note 1", "Note 2"}


def test_every_widget_that_takes_the_keyboard_has_a_name(bench: Bench, qapp: QApplication) -> None:
    view, bar = bench.view, bench.view.toolbar
    for widget in (
        view.search, view.table, bench.pane.view, view.results.view,
        bar.import_button, bar.side_button, bar.preview_button, bar.help_button, bar.read_button,
    ):  # fmt: skip
        assert widget.accessibleName() or getattr(widget, "text", str)(), widget


def test_the_shelves_are_filled_before_anybody_looks(start: Start, qtbot: QtBot) -> None:
    window = start().window
    assert window.librarian is None
    qtbot.waitUntil(lambda: window.librarian is not None, timeout=15_000)
    view = window.library().view
    qtbot.waitUntil(lambda: set(view.model.keys()) == {BRIEF, GUIDE}, timeout=15_000)
    assert window.view_name == "read"
    window.show_library()
    assert view.pages.currentIndex() == 0
    assert view.table.chosen_keys() == [BRIEF]


def test_who_comes_while_the_shelves_are_filled_does_not_wait_for_their_own_keys(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rest(_self: Idle) -> float:
        """Somebody types all the time, as far as the worker can tell."""
        return 0.0 if threading.current_thread() is threading.main_thread() else 60.0

    window = start().window
    monkeypatch.setattr(Idle, "_rest", rest)
    qtbot.waitUntil(lambda: window.librarian is not None and window.librarian._complete, timeout=15_000)
    reader = window.library().view.reader
    qtbot.waitUntil(lambda: reader._reading, timeout=10_000)
    qtbot.wait(300)
    assert not reader.is_settled
    # In this order there are no first documents to be shown before the rest.
    window.library().view.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    window.show_library()
    qtbot.waitUntil(lambda: reader.is_settled, timeout=10_000)
    assert len(reader.shelves.rows) == 2


def test_a_backup_that_is_made_meanwhile_is_told(bench: Bench) -> None:
    assert bench.view.status.state.text() == "Not backed up"
    back_up(bench.program.session.folders.library)
    bench.qtbot.waitUntil(lambda: bench.view.status.state.text().startswith("Backed up today"), timeout=10_000)


def test_themes_without_documents_stand_apart_and_can_be_chosen(bench: Bench) -> None:
    change = edits.new_theme("Fisheries", "navy")
    bench.program.session.do(change)
    bench.settle()
    keys = list(bench.pane.model.keys())
    (theme,) = change.after
    assert keys.index("t:" + theme) > keys.index(OTHER_THEMES) > keys.index(THEMES)
    bench.pane.choose("t:" + theme)
    assert bench.pane.shelf == "t:" + theme
    assert bench.view.pages.currentWidget() is bench.view.empty


@pytest.mark.parametrize("steps", range(7))
def test_a_view_that_is_being_made_bears_what_comes_to_a_window(start: Start, qtbot: QtBot, steps: int) -> None:
    program = start()
    window = program.window
    view = window.library(by_steps=True).view
    for _ in range(steps):
        view.step()
    window.resize(1100, 700)
    window.grab()  # sends what is pending to widgets that are not shown as well
    view.show()
    view.hide()
    program.style.set_appearance("dark")
    qtbot.wait(10)
    window.show_library()
    assert window.view_name == "library"
    qtbot.waitUntil(lambda: view.reader.is_settled and view.model.rowCount() == 2, timeout=5000)


def test_what_is_done_beside_a_hit_is_done_to_the_document_it_stands_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited: list[str] = []
    monkeypatch.setattr(MetadataDialog, "exec", lambda dialog: edited.append(dialog.title.text()))
    bench.view.table.choose([GUIDE])
    bench.search("Kazakhstan minerals")
    assert bench.view.results.document() == BRIEF
    bench.view.preview.edit_button.click()
    assert edited == [bench.program.session.library.record(BRIEF).title]
    bench.program.window.actions_by_name["finished"].trigger()
    bench.settle()
    library = bench.program.session.library
    assert (library.record(BRIEF).status, library.record(GUIDE).status) == ("finished", "")


def test_what_is_found_while_the_bin_is_looked_at_is_not_in_it(bench: Bench) -> None:
    bench.program.session.do(edits.delete_documents([bench.program.session.library.record(GUIDE)]))
    bench.settle()
    bench.pane.choose("bin")
    bench.view.table.choose([GUIDE])
    assert not bench.view.preview.restore_button.isHidden()
    bench.search("Kazakhstan minerals")
    assert bench.view.preview.restore_button.isHidden()
    with bench.qtbot.waitSignal(bench.view.openRequested) as asked:
        bench.view.preview.open_button.click()
    assert asked.args == [BRIEF]


def test_it_stays_in_step_after_the_window_was_an_icon(bench: Bench) -> None:
    window = bench.program.window
    window.showMinimized()
    bench.qtbot.wait(20)
    window.showNormal()
    bench.qtbot.wait(20)
    bench.program.session.do(edits.edit_document(bench.program.session.library.record(GUIDE), title="Another"))
    row = bench.view.model.get(GUIDE)
    assert row is not None
    assert row.record.title == "Another"


def test_a_document_that_was_left_is_shown_as_read_as_far_as_it_was(bench: Bench) -> None:
    session, window = bench.program.session, bench.program.window
    window.show_article()
    session.keep_place(50, 0.7)
    session.open_document(GUIDE)
    bench.qtbot.waitUntil(lambda: session.reading is not None and session.reading.record.id == GUIDE)
    window.show_library()
    bench.settle()
    row = bench.view.model.get(BRIEF)
    assert row is not None
    assert row.record.progress == session.library.record(BRIEF).progress == 0.7


def test_no_shelf_is_called_empty_before_it_has_been_read(bench: Bench) -> None:
    bench.view.reader.shelves = replace(bench.view.shelves, rows=(), partial=True)
    bench.pane.choose("bin")
    assert bench.view.pages.currentWidget() is not bench.view.empty
    bench.view.reader.shelves = replace(bench.view.shelves, partial=False)
    bench.pane.choose("finished")
    assert bench.view.pages.currentWidget() is bench.view.empty


def test_a_dossier_that_is_asked_for_before_the_library_is_open_comes_with_it(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = folders()
    with closing(Library.open(where.library)) as library:
        seed(library)
    go_on, opened = threading.Event(), Library.open
    monkeypatch.setattr(Library, "open", lambda folder: (go_on.wait(20), opened(folder))[1])
    program = Program(qapp, where, Settings(daily_backup=False, appearance="light"))
    program.window.resize(1440, 900)
    program.show()
    qtbot.waitUntil(lambda: program.window.menus is not None and program.window.read.margin is not None, timeout=10_000)
    program.window.show_library()
    assert program.window.librarian is not None
    view = program.window.librarian.view
    assert view.shelves.partial
    view.show_dossier(view.shelves.themes[0].id)
    go_on.set()
    assert view.dossier is not None
    loader = view.dossier.loader
    qtbot.waitUntil(lambda: loader.theme is not None and not program.session.jobs.busy, timeout=20_000)
    assert loader.stored or loader.suggested()
    end(program)


def test_notes_in_the_preview_say_what_was_written_last(bench: Bench) -> None:
    session = bench.program.session
    record = session.library.record(BRIEF)
    session.do(edits.annotate(record, session.library.text(record.revision), 0, 5, note="Before"))
    bench.settle()
    (note,) = session.library.annotations(BRIEF)
    session.do(edits.set_note(note, "After"))
    bench.settle()
    (card,) = bench.view.preview.cards
    assert card.accessibleName().endswith("After")


def test_what_was_typed_last_is_looked_for_although_the_search_before_it_failed(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, go_on = bench.program.session.library, threading.Event()
    search = library.search

    def broken(query: str, limit: int) -> SearchResult:
        if query == "first":
            go_on.wait(10)
            raise MargentError("The disk is slow.")
        return search(query, limit)

    monkeypatch.setattr(library, "search", broken)
    searcher = Searcher(bench.program.session, bench.view)
    failed: list[str] = []
    searcher.failed.connect(failed.append)
    searcher.ask("first")
    searcher.ask("second")
    with qtbot.waitSignal(searcher.found, timeout=10_000) as found:
        go_on.set()
    assert found.args is not None
    assert found.args[0] == "second"
    searcher.ask("first")
    qtbot.waitUntil(lambda: bool(failed), timeout=10_000)
    assert failed == ["The disk is slow."]
