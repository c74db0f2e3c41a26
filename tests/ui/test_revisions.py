"""Newer texts in the window: offered, brought in, taken back, and the notes that are to be checked afterwards."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation
from margent.assets import CONTENT
from margent.comparing import compare
from margent.document import Block, Document
from margent.importing import BRIEF, BUNDLED
from margent.library.store import Library
from margent.reading import Reading
from margent.ui.app import Program
from margent.ui.cardstate import StateBox
from margent.ui.compareview import CompareView
from margent.ui.newerdialog import NewerDialog
from margent.ui.pastview import PastView
from margent.ui.revisionsdialog import RevisionsDialog

Start = Callable[..., Program]

FILLER = "\n\n".join(
    f"Paragraph {n} of the minutes tells what the {n}th speaker of the session said about water and trade."
    for n in range(1, 60)
)
OLD = f"""# Minutes of the session

The council meets every year in spring to review the budget of the programme.

Member states shall send their reports before the end of March.

The annex lists seven measures that were agreed in Almaty.

{FILLER}
"""
NEW = f"""# Minutes of the session

A new first paragraph that nobody had written before stands here.

The council meets every year in spring to review the budget of the programme.

Member states shall send their annual reports before the end of March.

{FILLER}
"""
SAME = "review the budget"
CHANGED = "shall send their reports before the end of March"
GONE = "The annex lists seven measures that were agreed in Almaty."


def reading_of(program: Program) -> Reading:
    assert program.session.reading is not None
    return program.session.reading


def highlight(program: Program, words: str, note: str = "") -> str:
    here = reading_of(program)
    at = here.document.text.index(words)
    change = edits.annotate(here.record, here.document.text, at, at + len(words), note=note)
    assert program.session.do(change)
    (key,) = change.after
    return key


def idle(program: Program) -> bool:
    return not program.session.is_importing and not program.session.jobs.busy


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "minutes.md").write_text(OLD, "utf-8")
    (tmp_path / "minutes v2.md").write_text(NEW, "utf-8")
    return tmp_path / "minutes.md", tmp_path / "minutes v2.md"


@pytest.fixture
def opened(start: Start, qtbot: QtBot, files: tuple[Path, Path]) -> Program:
    """A program that reads the older minutes, with three annotations on them."""
    program = start()
    program.window.open_files([files[0]])
    qtbot.waitUntil(lambda: reading_of(program).record.title == "Minutes of the session", timeout=5000)
    qtbot.waitUntil(lambda: idle(program), timeout=5000)
    for words in (SAME, CHANGED, GONE):
        highlight(program, words, note=f"On “{words[:10]}”")
    return program


def asked(program: Program, qtbot: QtBot) -> NewerDialog:
    def there() -> NewerDialog | None:
        return next((d for d in program.window.findChildren(NewerDialog) if d.isVisible()), None)

    qtbot.waitUntil(lambda: there() is not None, timeout=5000)
    dialog = there()
    assert dialog is not None
    return dialog


def revise(program: Program, qtbot: QtBot, path: Path) -> None:
    program.window.open_files([path])
    asked(program, qtbot).revision.click()
    qtbot.waitUntil(lambda: "A new first paragraph" in reading_of(program).document.text, timeout=5000)
    qtbot.waitUntil(lambda: idle(program), timeout=5000)


def states(reading: Reading) -> list[str]:
    return [annotation.state for annotation in reading.in_order()]


def test_a_newer_file_is_offered_and_nothing_is_done_without_an_answer(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    before = {record.id for record in opened.session.library.records()}
    opened.window.open_files([files[1]])
    dialog = asked(opened, qtbot)
    assert dialog.question.text().startswith("“minutes v2.md” looks like a newer text of “Minutes of the session” (9")
    assert {record.id for record in opened.session.library.records()} == before
    dialog.cancel.click()
    qtbot.waitUntil(lambda: idle(opened), timeout=5000)
    assert {record.id for record in opened.session.library.records()} == before
    assert len(opened.session.library.revisions(reading_of(opened).record.id)) == 1


def test_kept_apart_it_is_a_document_of_its_own_and_is_read(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    first = reading_of(opened).record.id
    opened.window.open_files([files[1]])
    asked(opened, qtbot).own.click()
    qtbot.waitUntil(lambda: reading_of(opened).record.id != first, timeout=5000)
    assert len(reading_of(opened)) == 0
    assert len(opened.session.library.revisions(first)) == 1


def test_a_new_revision_takes_the_notes_along_and_says_what_became_of_them(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    first = reading_of(opened).record
    revise(opened, qtbot, files[1])
    here = reading_of(opened)
    assert here.record.id == first.id
    assert states(here) == ["placed", "moved", "orphaned"]
    assert opened.window.messages.text() == (
        "Revision 2: 1 annotation(s) on the same words, 1 to check, 1 without its words"
    )


def test_undo_leads_back_to_the_older_text_and_redo_to_the_newer_one_and_the_place_is_kept(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    reader = opened.window.read.reader
    reader.scroll_to(reading_of(opened).document.text.index("Paragraph 30 "), "top")
    before = {a.id: replace(a, modified=a.created) for a in reading_of(opened).annotations.values()}
    revise(opened, qtbot, files[1])
    assert reading_of(opened).document.text[reader.place() :].startswith("Paragraph 30 ")
    undo, redo = opened.window.actions_by_name["undo"], opened.window.actions_by_name["redo"]
    assert undo.text() == "Undo: New revision"
    undo.trigger()
    here = reading_of(opened)
    assert "A new first paragraph" not in here.document.text
    assert {a.id: replace(a, modified=a.created) for a in here.annotations.values()} == before
    assert here.document.text[reader.place() :].startswith("Paragraph 30 ")
    redo.trigger()
    assert "A new first paragraph" in reading_of(opened).document.text
    assert states(reading_of(opened)) == ["placed", "moved", "orphaned"]


def test_a_revision_from_another_process_is_followed(opened: Program, qtbot: QtBot, files: tuple[Path, Path]) -> None:
    from margent.formats import read_file

    document, data = read_file(files[1])
    other = Library(opened.session.folders.library)
    other.add_revision(reading_of(opened).record.id, document, origin="minutes v2.md", original=data)
    other.close()
    qtbot.waitUntil(lambda: "A new first paragraph" in reading_of(opened).document.text, timeout=5000)
    assert states(reading_of(opened)) == ["placed", "moved", "orphaned"]


def test_what_is_typed_while_another_process_brings_a_newer_text_lands_on_it(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    from margent.formats import read_file

    session = opened.session
    session._watch.stop()
    old = reading_of(opened).in_order()[0]
    document, data = read_file(files[1])
    other = Library(session.folders.library)
    other.add_revision(reading_of(opened).record.id, document, origin="minutes v2.md", original=data)
    other.close()
    assert session.do(edits.set_note(old, "Typed on the older text"))
    reply = edits.reply(old, "So was this")
    assert session.do(replace(reply, merge="note:new"))
    session.reload()
    now = reading_of(opened).annotations[old.id]
    assert now.note == "Typed on the older text"
    assert now.revision == reading_of(opened).record.revision
    (answer,) = reading_of(opened).replies[old.id]
    assert (answer.note, answer.start) == ("So was this", now.start)


def test_the_menu_makes_a_file_the_newest_text_of_the_open_document(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(files[1]), ""))
    opened.window.actions_by_name["new_revision"].trigger()
    qtbot.waitUntil(lambda: "A new first paragraph" in reading_of(opened).document.text, timeout=10000)
    assert opened.window.messages.text().startswith("Revision 2: ")


def test_several_newer_files_are_asked_about_at_once(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "minutes v2.md").write_text(NEW, "utf-8")
    (folder / "minutes v3.md").write_text(NEW.replace("speaker", "delegate"), "utf-8")
    opened.window.open_files([folder])
    dialog = asked(opened, qtbot)
    assert len(dialog.choices) == 2
    dialog.choices[1].setCurrentIndex(1)
    first = reading_of(opened).record.id
    dialog.revision.click()
    qtbot.waitUntil(lambda: len(opened.session.library.revisions(first)) == 2, timeout=5000)
    qtbot.waitUntil(lambda: idle(opened), timeout=5000)
    records = opened.session.library.records()
    assert [record.title for record in records].count("Minutes of the session") == 2


def check_them(program: Program) -> None:
    (button,) = [b for b in program.window.messages.findChildren(QPushButton) if b.text() == "Check them"]
    button.click()


def test_the_notes_to_check_are_walked_and_settled_one_after_the_other(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    revise(opened, qtbot, files[1])
    view, actions = opened.window.read, opened.window.actions_by_name
    check_them(opened)
    assert view.checks is not None
    moved, lost = [a for a in reading_of(opened).in_order() if a.state != "placed"]
    assert view.current is not None
    assert view.current.id == moved.id
    assert view.checks.findChild(QLabel).text() == "1 of 2 to check: the words changed"  # type: ignore[union-attr]
    actions["next_check"].trigger()
    assert view.current.id == lost.id
    actions["previous_check"].trigger()
    actions["accept"].trigger()
    accepted = reading_of(opened).annotations[moved.id]
    assert (accepted.state, accepted.exact) == ("placed", "shall send their annual reports before the end of March")
    assert view.current.id == lost.id
    assert not actions["attach"].isEnabled()
    at = reading_of(opened).document.text.index("A new first paragraph")
    view.reader.select(at, at + 21)
    actions["attach"].trigger()
    attached = reading_of(opened).annotations[lost.id]
    assert (attached.state, attached.exact) == ("placed", "A new first paragraph")
    assert view.checks.label.text() == "Nothing is left to check."
    view.checks.close_button.click()
    assert view.checks.isHidden()


def test_the_offer_to_check_goes_with_the_first_step_of_the_check(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    revise(opened, qtbot, files[1])
    assert opened.window.messages.text().startswith("Revision 2: ")
    opened.window.actions_by_name["next_check"].trigger()
    assert opened.window.messages.text() == ""
    opened.window.actions_by_name["next_check"].trigger()


def test_where_the_margin_is_folded_the_card_to_check_is_opened(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    opened.window.resize(1024, 640)
    revise(opened, qtbot, files[1])
    opened.window.actions_by_name["next_check"].trigger()

    def shown() -> list[str]:
        boxes = [box for box in opened.window.findChildren(StateBox) if box.isVisible()]
        return [box.label.accessibleName() for box in boxes]

    assert shown() == ["The words changed. Added: “annual”."]
    opened.window.actions_by_name["accept"].trigger()
    assert shown() == [f"No longer in this text: “{GONE}”"]


def test_a_moved_note_is_detached_and_comes_back_with_undo(
    opened: Program, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    revise(opened, qtbot, files[1])
    actions, view = opened.window.actions_by_name, opened.window.read
    (moved,) = [a for a in reading_of(opened).in_order() if a.state == "moved"]
    view.go_to_annotation(moved.id)
    actions["detach"].trigger()
    assert states(reading_of(opened)) == ["placed", "orphaned", "orphaned"]
    actions["undo"].trigger()
    assert isinstance(view.current, Annotation)
    assert states(reading_of(opened)) == ["placed", "moved", "orphaned"]


def test_a_bundled_document_that_came_with_a_newer_text_says_what_became_of_the_notes(
    start: Start, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start()
    words = "Oil, gas and minerals draw European investment"
    highlight(first, words)
    first.window.close()
    qtbot.waitUntil(lambda: not first.session.is_ready, timeout=5000)
    folder = tmp_path / "newer"
    shutil.copytree(CONTENT, folder)
    brief = folder / BUNDLED[BRIEF]
    brief.write_text(brief.read_text("utf-8").replace(words, "Oil and minerals draw some European investment"), "utf-8")
    monkeypatch.setattr("margent.importing.CONTENT", folder)
    again = start()
    qtbot.waitUntil(lambda: "came with a newer text" in again.window.messages.text(), timeout=5000)
    assert again.window.messages.text().endswith(" came with a newer text: 1 to check")
    assert states(reading_of(again)) == ["moved"]
    undo = again.window.actions_by_name["undo"]
    assert undo.text() == "Undo: New revision"
    undo.trigger()
    assert states(reading_of(again)) == ["placed"]
    assert words in reading_of(again).document.text
    again.window.close()
    qtbot.waitUntil(lambda: not again.session.is_ready, timeout=5000)
    third = start()
    qtbot.waitUntil(lambda: third.session.is_ready, timeout=5000)
    assert states(reading_of(third)) == ["placed"], "what was taken back does not come again by itself"


# -- older texts --------------------------------------------------------------------------------------------------


@pytest.fixture
def revised(opened: Program, qtbot: QtBot, files: tuple[Path, Path]) -> Program:
    """A program that reads the newer minutes."""
    revise(opened, qtbot, files[1])
    return opened


def ids(program: Program) -> list[str]:
    return [one.id for one in program.session.library.revisions(reading_of(program).record.id)]


def listed(program: Program, qtbot: QtBot) -> RevisionsDialog:
    program.window.actions_by_name["revisions"].trigger()

    def there() -> RevisionsDialog | None:
        return next((d for d in program.window.findChildren(RevisionsDialog) if d.isVisible()), None)

    qtbot.waitUntil(lambda: there() is not None, timeout=5000)
    dialog = there()
    assert dialog is not None
    return dialog


def rows(dialog: RevisionsDialog) -> list[list[str]]:
    items = [dialog.list.topLevelItem(n) for n in range(dialog.list.topLevelItemCount())]
    return [[item.text(0), item.text(2), item.text(4)] for item in items if item is not None]


def test_the_list_has_the_newest_first_with_the_notes_as_they_stood(revised: Program, qtbot: QtBot) -> None:
    dialog = listed(revised, qtbot)
    assert rows(dialog) == [
        ["2 (shown now)", "minutes v2.md", "1 placed · 1 to check · 1 without words"],
        ["1", "minutes.md", "3 placed"],
    ]
    assert dialog.pair() == tuple(ids(revised))
    dialog.list.selectAll()
    assert dialog.pair() == tuple(ids(revised))
    assert not dialog.read.isEnabled()
    dialog.reject()


def test_a_revision_that_was_taken_back_is_not_in_the_list(revised: Program, qtbot: QtBot) -> None:
    revised.window.actions_by_name["undo"].trigger()
    dialog = listed(revised, qtbot)
    assert rows(dialog) == [["1 (shown now)", "minutes.md", "3 placed"]]
    assert not dialog.compare.isEnabled()
    dialog.reject()


def past_of(program: Program, qtbot: QtBot) -> PastView:
    qtbot.waitUntil(lambda: program.window.view_name == "past", timeout=5000)
    view = program.window.history.past
    assert view is not None
    return view


def test_an_older_text_is_read_with_its_notes_and_takes_no_edits(revised: Program, qtbot: QtBot) -> None:
    revised.window.read.reader.scroll_to(reading_of(revised).document.text.index("Paragraph 30 "), "top")
    dialog = listed(revised, qtbot)
    dialog.read.click()
    view = past_of(revised, qtbot)
    assert view.label.text().startswith("Revision 1 of 2, ")
    assert view.label.text().endswith(" – read only")
    assert view.reader.text.index(CHANGED) > 0
    assert view.reader.text[view.reader.place() :].startswith("Paragraph 30 ")
    assert view.past is not None
    assert states(view.past.reading) == ["placed"] * 3
    announced: list[object] = []
    revised.session.changed.connect(announced.append)
    first = view.past.reading.in_order()[0]
    view.set_current(first.id)
    view.margin.edit(first.id)
    view.margin.reply(first.id)
    view.reader.select(0, 7)
    for name in ("yellow", "underline", "note", "theme", "delete", "private", "reply", "accept", "detach", "resolve"):
        assert not revised.window.actions_by_name[name].isEnabled()
    assert announced == []
    view.back.click()
    assert revised.window.view_name == "read"
    assert "A new first paragraph" in revised.window.read.reader.text


def compare_of(program: Program, qtbot: QtBot) -> CompareView:
    qtbot.waitUntil(lambda: program.window.view_name == "compare", timeout=5000)
    view = program.window.history.compared
    assert view is not None
    return view


def test_two_revisions_are_compared_and_the_changes_walked(revised: Program, qtbot: QtBot) -> None:
    listed(revised, qtbot).compare.click()
    view = compare_of(revised, qtbot)
    actions = revised.window.actions_by_name
    assert view.count.text() == "Change 1 of 3"
    for number in (2, 3, 1):
        actions["next_change"].trigger()
        assert view.count.text() == f"Change {number} of 3"
    actions["previous_change"].trigger()
    assert view.count.text() == "Change 3 of 3"
    assert view.count.accessibleName() == f"Change 3 of 3. Removed: “{GONE}”."
    assert not view.whole.isVisible()
    actions["one_text"].trigger()
    assert view.whole.isVisible()
    assert not view.left.isVisible()
    assert view.count.text() == "Change 3 of 3"
    assert GONE in view.whole.text
    assert "A new first paragraph" in view.whole.text
    assert not actions["next_check"].isEnabled()
    QTest.keyClick(view.whole, Qt.Key.Key_Escape)
    assert revised.window.view_name == "read"


def test_all_of_a_change_is_outlined(revised: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    revised.window.history.compare(*ids(revised))
    view = compare_of(revised, qtbot)
    compared = view._compared
    assert compared is not None
    said = "The commission will report on {} before the winter, and the parties will meet in {} again."
    texts = [
        Document("T", (Block("paragraph", said.format(*words)),)) for words in (("customs", "May"), ("tax", "June"))
    ]
    view.open(compared._replace(comparison=compare(*texts)))
    outlined: list[list[str]] = []
    monkeypatch.setattr(view.whole, "set_current", lambda first, rest=(): outlined.append([first, *rest]))
    view.set_inline(inline=True)
    assert outlined == [["0.0", "0.1", "0.2", "0.3"]]


def test_side_by_side_the_texts_are_level_whichever_is_scrolled(revised: Program, qtbot: QtBot) -> None:
    revised.window.history.compare(*ids(revised))
    view = compare_of(revised, qtbot)
    for moved, other in ((view.left, view.right), (view.right, view.left)):
        moved.scroll_to(moved.text.index("Paragraph 40 "), "top")
        there = other.top_of(other.text.index("Paragraph 40 "))
        assert abs(there - moved.top_of(moved.text.index("Paragraph 40 "))) < 2


def test_other_revisions_can_be_chosen_and_the_same_one_twice_is_none(revised: Program, qtbot: QtBot) -> None:
    first, second = ids(revised)
    revised.window.history.compare(second, first)
    view = compare_of(revised, qtbot)
    assert (view.old.currentData(), view.new.currentData()) == (first, second)
    view.old.setCurrentIndex(1)
    view.old.activated.emit(1)
    assert (view.old.currentData(), view.new.currentData()) == (first, second)


def test_an_older_text_leads_to_its_comparison(revised: Program, qtbot: QtBot) -> None:
    revised.window.history.read(ids(revised)[0])
    past_of(revised, qtbot).compare.click()
    assert compare_of(revised, qtbot).count.text() == "Change 1 of 3"


@pytest.mark.parametrize("appearance", ["light", "sepia", "dark", "contrast"])
def test_the_comparison_is_painted_in_every_appearance(revised: Program, qtbot: QtBot, appearance: str) -> None:
    revised.window.history.compare(*ids(revised))
    view = compare_of(revised, qtbot)
    revised.style.set_appearance(appearance)
    picture = view.right.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(0, 300, 3)}
    assert revised.style.mark("green").name() in colours


WATER = "<p>The river carries less water every year, and the towns along it have begun to count what is left of it.</p>"


def test_an_article_becomes_its_whole_page_with_its_notes_and_one_undo_takes_it_back(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    page = tmp_path / "water.html"
    around = "<html><body><nav><a href='/'>Politics</a></nav><article><h1>Water</h1>{}</article></body></html>"
    shown = "<p><img src='water_files/gauge%201.png' alt='A gauge'></p>"
    page.write_text(around.format(WATER * 6 + shown + WATER * 6), "utf-8")
    (tmp_path / "water_files").mkdir()
    gauge = QImage(40, 30, QImage.Format.Format_RGB32)
    gauge.fill(0x336699)
    assert gauge.save(str(tmp_path / "water_files" / "gauge 1.png"))
    program = start()
    program.window.open_files([page])
    qtbot.waitUntil(lambda: reading_of(program).record.title == "Water", timeout=5000)
    qtbot.waitUntil(lambda: idle(program), timeout=5000)
    highlight(program, "begun to count", note="How?")
    assert "Politics" not in reading_of(program).document.text
    pictures = dict(reading_of(program).document.pictures)
    assert len(pictures) == 1
    shutil.rmtree(tmp_path / "water_files")
    program.window.import_panel._whole.trigger()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "Politics" in reading_of(program).document.text, timeout=5000)
    qtbot.waitUntil(lambda: idle(program), timeout=5000)
    assert states(reading_of(program)) == ["placed"]
    assert dict(reading_of(program).document.pictures) == pictures
    program.window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: "Politics" not in reading_of(program).document.text, timeout=5000)
    assert states(reading_of(program)) == ["placed"]


def test_a_document_that_is_no_article_of_a_page_is_shown_whole_already(opened: Program) -> None:
    opened.window.actions_by_name["whole_page"].trigger()
    assert "is not the article of a web page" in opened.window.messages.text()
    assert len(opened.session.library.revisions(reading_of(opened).record.id)) == 1
