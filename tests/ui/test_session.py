"""The session without a window: the library, the open document, undo, and what is announced."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, Value
from margent.errors import MargentError
from margent.importing import BRIEF, GUIDE
from margent.library.errors import DamagedLibraryError
from margent.library.files import library_file
from margent.library.store import Library
from margent.reading import Reading
from margent.settings import Folders, Settings, load
from margent.ui.session import Session

WORDS = "Oil, gas and minerals"

Make = Callable[..., Session]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    where = Folders(tmp_path / "library", tmp_path / "config")
    where.library.mkdir()
    return where


@pytest.fixture
def make(qapp: object, qtbot: QtBot, folders: Folders) -> Iterator[Make]:
    """Makes sessions on this test's library that have opened a document, and closes them."""
    made: list[Session] = []

    def call(document: str | None = BRIEF, **settings: object) -> Session:
        session = Session(folders, replace(Settings(daily_backup=False), **settings))  # type: ignore[arg-type]
        made.append(session)
        session._watch.setInterval(40)
        session._place_timer.setInterval(100)
        session.start()
        qtbot.waitUntil(lambda: session.is_ready, timeout=10000)
        if document is not None:
            session.open_document(document)
            settle(qtbot, session)
            assert reading(session).record.id == document
        return session

    yield call
    for session in made:
        session.close()
        qtbot.waitUntil(lambda session=session: not session.jobs.busy, timeout=10000)  # type: ignore[misc]


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.busy, timeout=10000)


def reading(session: Session) -> Reading:
    assert session.reading is not None
    return session.reading


def highlight(session: Session, words: str = WORDS, note: str = "") -> Annotation:
    here = reading(session)
    at = here.document.text.index(words)
    change = edits.annotate(here.record, here.document.text, at, at + len(words), note=note)
    assert session.do(change)
    (key,) = change.after
    return here.annotations[key]


def heard(signal: object) -> list[object]:
    """What a signal says from now on."""
    said: list[object] = []
    signal.connect(said.append)  # type: ignore[attr-defined]
    return said


def test_before_the_library_is_open_nothing_can_be_changed_and_calls_wait(qapp: object, folders: Folders) -> None:
    session = Session(folders, Settings())
    failed = heard(session.failed)
    waiting: list[str] = []
    session.when_ready(lambda: waiting.append("called"))
    assert not session.is_ready
    assert session.recent() == []
    assert waiting == []
    assert not session.do(edits.new_theme("Energy", "amber"))
    assert len(failed) == 1
    assert "try again" in str(failed[0])
    with pytest.raises(MargentError):
        session.library  # noqa: B018
    session.close()


def test_an_opened_library_has_the_bundled_documents_and_calls_what_waited(
    qapp: object, qtbot: QtBot, folders: Folders, make: Make
) -> None:
    session = make(None)
    assert {record.id for record in session.recent()} == {BRIEF, GUIDE}
    called: list[int] = []
    session.when_ready(lambda: called.append(1))
    assert called == [1]


def test_a_change_is_on_disk_in_the_reading_and_announced(make: Make, folders: Folders) -> None:
    session = make()
    changed = heard(session.changed)
    value = highlight(session)
    assert reading(session).annotations[value.id].exact == WORDS
    assert [list(change.after) for change in changed] == [[value.id]]  # type: ignore[attr-defined]
    other = Library.open(folders.library)
    assert [found.id for found in other.annotations()] == [value.id]
    other.close()


def test_a_change_of_nothing_is_no_step_to_undo(make: Make) -> None:
    session = make()
    value = highlight(session)
    assert not session.do(edits.set_colour([value], value.colour))
    assert session.undo_group.undoText() == "Highlight"
    session.undo_group.undo()
    assert not session.undo_group.canUndo()


def test_each_document_has_its_own_history(make: Make, qtbot: QtBot) -> None:
    session = make()
    highlight(session)
    session.open_document(GUIDE)
    settle(qtbot, session)
    assert not session.undo_group.canUndo()
    highlight(session, reading(session).document.text[:12].strip())
    session.open_document(BRIEF)
    settle(qtbot, session)
    session.undo_group.undo()
    assert len(reading(session)) == 0
    assert not session.undo_group.canUndo()
    session.open_document(GUIDE)
    settle(qtbot, session)
    assert len(reading(session)) == 1
    assert session.undo_group.canUndo()


def test_with_no_document_open_there_is_nothing_to_undo(make: Make) -> None:
    session = make()
    highlight(session)
    session.show(None)
    assert not session.undo_group.canUndo()


def test_typing_is_one_step_until_the_sitting_ends(make: Make) -> None:
    session = make()
    value = highlight(session)
    for text in ("B", "By", "By how"):
        assert session.do(edits.set_note(reading(session).annotations[value.id], text))
    session.end_sitting()
    assert session.do(edits.set_note(reading(session).annotations[value.id], "By how much?"))
    notes = []
    while session.undo_group.canUndo():
        notes.append(reading(session).annotations[value.id].note)
        session.undo_group.undo()
    assert notes == ["By how much?", "By how", ""]


def test_another_change_in_between_ends_the_step(make: Make) -> None:
    session = make()
    value = highlight(session)
    session.do(edits.set_note(value, "One"))
    session.do(edits.set_colour([reading(session).annotations[value.id]], "pink"))
    session.do(edits.set_note(reading(session).annotations[value.id], "One two"))
    session.undo_group.undo()
    assert (reading(session).annotations[value.id].note, reading(session).annotations[value.id].colour) == (
        "One",
        "pink",
    )


def test_what_another_process_wrote_arrives_by_itself(make: Make, qtbot: QtBot, folders: Folders) -> None:
    session = make()
    value = highlight(session)
    here = reading(session)
    reloaded: list[int] = []
    session.reloaded.connect(lambda: reloaded.append(1))
    other = Library.open(folders.library)
    other.apply(edits.set_note(value, "Theirs"))
    other.close()
    qtbot.waitUntil(lambda: bool(reloaded), timeout=3000)
    assert session.reading is here, "the views keep their reference"
    assert here.annotations[value.id].note == "Theirs"


def test_a_change_against_what_another_wrote_is_refused_and_shown_as_it_is(make: Make, folders: Folders) -> None:
    session = make()
    value = highlight(session)
    failed = heard(session.failed)
    other = Library.open(folders.library)
    other.apply(edits.set_note(value, "Theirs"))
    other.close()
    assert not session.do(edits.set_note(value, "Mine"))
    assert "nothing was written" in str(failed[0])
    assert reading(session).annotations[value.id].note == "Theirs"


def test_an_undo_against_what_another_wrote_is_refused_and_leaves_the_history(make: Make, folders: Folders) -> None:
    session = make()
    value = highlight(session)
    session.do(edits.set_colour([value], "green"))
    failed = heard(session.failed)
    other = Library.open(folders.library)
    (stored,) = other.annotations()
    other.apply(edits.set_note(stored, "Theirs"))
    other.close()
    session.undo_group.undo()
    assert len(failed) == 1
    assert session.undo_group.undoText() == "Highlight"
    assert reading(session).annotations[value.id].note == "Theirs"
    assert reading(session).annotations[value.id].colour == "green"


def test_a_worker_s_change_heard_late_does_not_put_an_older_note_over_a_newer_one(make: Make) -> None:
    session = make()
    note = highlight(session, note="first")
    library = session.library
    worker = threading.Thread(target=lambda: library.apply(edits.set_note(note, "by a worker")))
    worker.start()
    worker.join()
    newest = next(value for value in library.annotations(BRIEF) if value.id == note.id)
    library.apply(edits.set_note(newest, "by the reader"))  # the worker's word is still on its way
    QCoreApplication.sendPostedEvents()
    assert reading(session).annotations[note.id].note == "by the reader"


def test_saved_is_said_when_nothing_typed_waits(make: Make) -> None:
    session = make()
    saved = heard(session.saved)
    session.typing(True)
    session.typing(True)
    value = highlight(session)
    assert saved == [False], "a change that is not the typed one does not save it"
    session.typing(False)
    session.do(edits.set_private([value], True))
    assert saved == [False, True, True]


def test_the_place_is_written_when_the_document_is_left(make: Make, qtbot: QtBot, folders: Folders) -> None:
    session = make()
    session.keep_place(700, 0.25)
    session.keep_place(900, 0.2)
    assert reading(session).record.progress == 0.25, "progress is the furthest point"
    session.open_document(GUIDE)
    settle(qtbot, session)
    assert session.library.place(BRIEF) == 900
    assert session.library.record(BRIEF).progress == 0.25
    session.keep_place(33, 0.5)
    session.close()
    other = Library.open(folders.library)
    assert other.place(GUIDE) == 33
    other.close()


def test_the_place_is_written_a_moment_later(make: Make, qtbot: QtBot) -> None:
    session = make()
    session.keep_place(700, 0.25)
    assert session.library.place(BRIEF) == 0
    qtbot.waitUntil(lambda: session.library.place(BRIEF) == 700, timeout=2500)


def test_the_document_read_last_opens_again(make: Make, qtbot: QtBot) -> None:
    make(GUIDE).close()
    session = make(None)
    session.open_last()
    settle(qtbot, session)
    assert reading(session).record.id == GUIDE


def test_a_document_that_is_not_there_is_told(make: Make, qtbot: QtBot) -> None:
    session = make()
    failed = heard(session.failed)
    session.open_document("f" * 32)
    settle(qtbot, session)
    assert len(failed) == 1
    assert reading(session).record.id == BRIEF


def test_files_come_in_one_after_the_other_and_failures_are_named(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    session = make()
    reports, imported = heard(session.imports.ended), heard(session.imported)
    good = tmp_path / "good.md"
    good.write_text("# Good\n\nSome words.\n", "utf-8")
    bad = tmp_path / "bad.bin"
    bad.write_bytes(bytes(range(256)) * 8)
    session.import_files([bad, good, tmp_path / "gone.md"])
    qtbot.waitUntil(lambda: not session.is_importing and not session.jobs.busy, timeout=10000)
    assert reading(session).record.title == "Good"
    assert len(imported) == 1
    (report,) = reports
    assert [failed.name for failed in report.failed] == ["bad.bin", "gone.md"]


def test_a_folder_comes_in_and_the_reader_stays_where_they_were(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    session = make()
    here = reading(session)
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(f"# Number {number}\n", "utf-8")
    imported = heard(session.imported)
    session.import_files([folder])
    session.import_files([folder / "1.md"])
    qtbot.waitUntil(lambda: not session.is_importing and not session.jobs.busy, timeout=10000)
    assert [record.title for record in imported] == ["Number 0", "Number 1", "Number 2"]
    assert reading(session).record.title == "Number 1", "the second import named one document, and it was there"
    assert here.record.id == BRIEF


def test_of_two_files_given_one_after_the_other_the_second_is_read(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    session = make()
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n", "utf-8")
        session.import_files([tmp_path / f"{name}.md"])
    qtbot.waitUntil(lambda: not session.is_importing and not session.jobs.busy, timeout=10000)
    assert reading(session).record.title == "two"


def test_whoever_reads_on_meanwhile_is_not_taken_away(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    session = make()
    path = tmp_path / "a.md"
    path.write_text("# New\n", "utf-8")
    session.import_files([path])
    session.open_document(GUIDE)
    qtbot.waitUntil(lambda: not session.is_importing and not session.jobs.busy, timeout=10000)
    assert reading(session).record.id == GUIDE


def test_closing_stops_an_import_at_once_and_keeps_what_came_in(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"import sys; sys.path[:] = {sys.path!r}; from margent.formats import apart\n"
    code += "def reader(*_):\n    while True: pass\napart.serve(reader)"
    monkeypatch.setattr("margent.formats.apart.command", lambda: [sys.executable, "-c", code])
    (tmp_path / "1.md").write_text("# One\n", "utf-8")
    (tmp_path / "2.md").write_text("# Two\n\n" + "Words. " * 5000, "utf-8")
    session = make()
    imported = heard(session.imported)
    folder = session.folders.library
    session.import_files([tmp_path / "1.md", tmp_path / "2.md"])
    qtbot.waitUntil(lambda: len(imported) == 1, timeout=10000)
    start = time.monotonic()
    session.close()
    assert time.monotonic() - start < 1
    qtbot.waitUntil(lambda: not session.jobs.busy, timeout=5000)
    library = Library.open(folder)
    titles = {record.title for record in library.records()}
    library.close()
    assert "One" in titles
    assert "Two" not in titles


@pytest.mark.parametrize("suggested", [False, True])
def test_suggestions_arrive_later_and_leave_a_document_that_was_left_alone(
    make: Make, qtbot: QtBot, suggested: bool
) -> None:
    session = make()
    if suggested:
        here = reading(session)
        (theme,) = [t for t in here.themes.values() if t.words][:1]
        before = here.passages(theme.id)
        session.do(edits.set_words(theme, [*theme.words, "Kazakhstan"]))
        assert len(here.passages(theme.id)) > len(before), "new words are matched at once"
    else:
        old = reading(session)
        session.open_document(BRIEF)
        session.open_document(GUIDE)
        settle(qtbot, session)
        assert reading(session).record.id == GUIDE
        assert reading(session) is not old


def test_settings_are_announced_and_written(make: Make, folders: Folders) -> None:
    session = make()
    told = heard(session.settings_changed)
    session.set_settings(replace(session.settings, author="Ana Ruiz"))
    session.set_settings(replace(session.settings, author="Ana Ruiz"))
    assert len(told) == 1
    assert load(folders.settings).author == "Ana Ruiz"


@pytest.mark.parametrize("content", [b"this is = = not toml", b"\xff\xfe\x00"])
def test_settings_that_cannot_be_mended_are_told_and_left_alone(make: Make, folders: Folders, content: bytes) -> None:
    session = make()
    folders.config.mkdir(parents=True, exist_ok=True)
    folders.settings.write_bytes(content)
    failed = heard(session.failed)
    session.set_settings(replace(session.settings, author="Ana Ruiz"))
    assert session.settings.author == "Ana Ruiz"
    assert len(failed) == 1
    assert str(folders.settings) in str(failed[0])
    assert folders.settings.read_bytes() == content


def test_a_damaged_library_is_said_with_its_error(qapp: object, qtbot: QtBot, folders: Folders) -> None:
    library_file(folders.library).write_bytes(b"not a database at all" * 200)
    session = Session(folders, Settings())
    damaged = heard(session.damaged)
    session.start()
    qtbot.waitUntil(lambda: bool(damaged), timeout=5000)
    assert isinstance(damaged[0], DamagedLibraryError)
    assert not session.is_ready
    session.close()


def test_a_backup_is_made_once_a_day(make: Make, qtbot: QtBot, folders: Folders) -> None:
    for _ in range(2):
        session = make(daily_backup=True)
        settle(qtbot, session)
        session.close()
    assert len(list((folders.library / "backups").glob("library-*.db"))) == 1


def test_a_backup_that_fails_is_told_and_nothing_stops(
    make: Make, qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folders.library / "backups").write_text("in the way")
    session = Session(folders, Settings())
    failed = heard(session.failed)
    session.start()
    qtbot.waitUntil(lambda: bool(failed), timeout=10000)
    assert "backups" in str(failed[0])
    assert session.is_ready
    session.close()


def test_a_library_that_takes_long_to_open_is_told_once(
    qapp: object, qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    opened = Library.open
    monkeypatch.setattr(Library, "open", lambda folder: (go_on.wait(10), opened(folder))[1])
    session = Session(folders, Settings(daily_backup=False))
    session._opening.setInterval(20)
    said = heard(session.delayed)
    session.start()
    qtbot.waitUntil(lambda: bool(said), timeout=3000)
    assert not session.is_ready
    go_on.set()
    settle(qtbot, session)
    assert session.is_ready
    assert not session._opening.isActive()
    session.close()
    assert len(said) == 1


def test_a_library_that_opens_as_usual_is_not_worth_a_word(make: Make) -> None:
    session = make()
    assert not session._opening.isActive()


def test_closing_while_the_library_opens_leaves_nothing_open(qapp: object, qtbot: QtBot, folders: Folders) -> None:
    session = Session(folders, Settings())
    session.start()
    session.close()
    settle(qtbot, session)
    assert not session.is_ready
    assert not (folders.library / "backups").exists()
    assert not library_file(folders.library).with_name("library.db-wal").exists(), "somebody has it open still"


def test_closing_while_a_document_opens_shows_nothing_more(make: Make, qtbot: QtBot) -> None:
    session = make()
    session.open_document(GUIDE)
    session.close()
    opened = heard(session.opened)
    failed = heard(session.failed)
    settle(qtbot, session)
    assert (opened, failed) == ([], [])


def test_a_failing_disk_while_looking_elsewhere_is_told_once(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make()
    failed = heard(session.failed)

    def broken(_: Library) -> bool:
        raise MargentError("The library could not be read because the disk failed.")

    monkeypatch.setattr(Library, "changed_elsewhere", broken)
    qtbot.waitUntil(lambda: bool(failed), timeout=3000)
    qtbot.wait(160)
    assert len(failed) == 1


# -- much at once -----------------------------------------------------------------------------------------------------


def many(session: Session, count: int = 600) -> Change:
    """So many highlights as one change, which is done."""
    reading = session.reading
    assert reading is not None
    before: dict[str, Value | None] = {}
    after: dict[str, Value | None] = {}
    for start in range(count):
        made = edits.annotate(reading.record, reading.document.text, start, start + 30, note=f"Note {start}")
        before.update(made.before)
        after.update(made.after)
    change = Change("Merge annotations", before, after)
    assert session.do(change)
    return change


def test_the_window_goes_on_being_painted_while_much_is_undone(make: Make, qtbot: QtBot) -> None:
    session = make()
    many(session)
    assert session.reading is not None
    ticks: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(len(ticks)))
    timer.start(1)
    session.undo_group.undo()
    assert len(ticks) > 3
    timer.stop()
    qtbot.waitUntil(lambda: len(session.reading) == 0, timeout=10000)  # type: ignore[arg-type]
    session.undo_group.redo()
    qtbot.waitUntil(lambda: len(session.reading) == 600, timeout=10000)  # type: ignore[arg-type]


def test_much_that_can_no_longer_be_taken_back_is_told(make: Make, qtbot: QtBot) -> None:
    session = make()
    change = many(session)
    failures: list[str] = []
    session.failed.connect(failures.append)
    first = next(value for value in session.library.annotations() if value.id == next(iter(change.after)))
    session.library.apply(edits.set_note(first, "Changed meanwhile."))
    session.undo_group.undo()
    assert len(failures) == 1
    assert not session.undo_group.canUndo()
    assert session.reading is not None
    qtbot.waitUntil(lambda: len(session.reading) == 600, timeout=10000)  # type: ignore[arg-type]


def test_a_library_in_which_the_bundled_documents_cannot_be_put_is_let_go(
    qapp: object, qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Library] = []

    def full(library: Library) -> None:
        opened.append(library)
        raise MargentError("The disk is full.")

    monkeypatch.setattr("margent.importing.seed", full)
    session = Session(folders, Settings(daily_backup=False))
    with qtbot.waitSignal(session.damaged):
        session.start()
    with pytest.raises(MargentError, match="closed"):
        opened[0].records()
    session.close()


def test_of_two_readings_afresh_the_later_one_stays(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make()
    session._watch.stop()
    highlight(session)
    here = reading(session)
    monkeypatch.setattr("margent.ui.session._MANY", 0)
    read, second, calls = session.library.reading, threading.Event(), iter(range(9))

    def slow(document: str) -> Reading:
        found = read(document)
        if next(calls) == 0:
            second.wait(10)
        return found

    def again() -> None:
        with closing(Library(session.folders.library)) as other:
            text = here.document.text
            at = text.index("partnership")
            other.apply(edits.annotate(here.record, text, at, at + 11, note="From elsewhere"))
        session.reload()
        second.set()

    monkeypatch.setattr(session.library, "reading", slow)
    QTimer.singleShot(0, session, again)
    session.reload()
    assert sorted(value.note for value in here.annotations.values()) == ["", "From elsewhere"]


def test_what_another_document_was_read_afresh_for_leaves_the_one_that_is_read(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make()
    highlight(session)
    monkeypatch.setattr("margent.ui.session._MANY", 0)
    guide = session.library.reading(GUIDE)
    read = session.library.reading

    def newer(document: str) -> Reading:
        found = read(document)
        found.record = replace(found.record, revision="another")
        return found

    monkeypatch.setattr(session.library, "reading", newer)
    QTimer.singleShot(0, session, lambda: session.show(guide))
    session.reload()
    assert reading(session).record.id == GUIDE


def test_what_a_worker_has_written_while_much_is_undone_can_be_undone_after_it(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make()
    highlight(session)
    here = reading(session)
    monkeypatch.setattr("margent.ui.session._MANY", 0)
    text = here.document.text
    made = edits.annotate(here.record, text, 0, 5, note="Merged")

    def come() -> None:
        session.did(session.library.apply(made), here.record.id)

    QTimer.singleShot(0, session, come)
    stack = session.undo_group.activeStack()
    stack.undo()
    qtbot.waitUntil(lambda: stack.index() == 1, timeout=5000)
    assert [value.note for value in here.annotations.values()] == ["Merged"]
    stack.undo()
    assert not here.annotations
    assert stack.count() == 1


def test_closed_sessions_can_be_collected_in_any_order(tmp_path: Path) -> None:
    """The collector would free a command before the stack that counts on it, were the stacks not emptied."""
    code = f"""
import gc, pathlib, random
from PySide6.QtGui import QGuiApplication
from margent.annotations import Change
from margent.settings import Folders, Settings
from margent.ui.session import Session
app = QGuiApplication([])
for seed in range(200):
    random.seed(seed)
    session = Session(Folders(pathlib.Path({str(tmp_path)!r}), pathlib.Path({str(tmp_path)!r})), Settings())
    held = []
    for number in range(6):
        stack = session._stack(str(number % 2))
        session._remember(Change("Highlight", {{}}, {{}}), stack)
        if random.random() < 0.5:
            held.append(stack.command(stack.count() - 1))
        if random.random() < 0.5:
            gc.collect(random.randrange(3))
    session.close()
    whole = [session]
    whole.append(whole)
    gc.collect()
    del session, held, whole, stack
    gc.collect()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
