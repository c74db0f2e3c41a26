import os
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import DocumentRecord
from margent.document import Block, Document, GivenTheme
from margent.errors import MargentError
from margent.library import backup as module
from margent.library.backup import back_up, back_up_now, back_up_to, check
from margent.library.errors import DamagedLibraryError
from margent.library.files import is_derived
from margent.library.glance import glance
from margent.library.recovery import restore_backup
from margent.library.store import Library

TEXT = Document(
    "Brief",
    (Block("paragraph", "Some words to mark. " * 50), Block("paragraph", "And more.")),
    themes=(GivenTheme("Energy", spans=((0, 4),)),),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library")) as opened:
        yield opened


@pytest.fixture
def brief(library: Library) -> DocumentRecord:
    record = library.add_document(TEXT, origin="brief.md", original=b"brief")
    library.apply(edits.annotate(record, TEXT.text, 0, 4, note="first"))
    return record


def notes(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return sorted(note for (note,) in connection.execute("SELECT note FROM annotation"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Clock:
    """The day the backups think it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = datetime(2026, 11, 1, 9, tzinfo=UTC)
        monkeypatch.setattr(module, "_now", lambda: self.day)

    def pass_days(self, count: int) -> None:
        self.day += timedelta(days=count)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


# -- making them ------------------------------------------------------------------------------------------------------


def test_a_backup_is_one_file_with_everything(library: Library, brief: DocumentRecord) -> None:
    """What is in the log only, while the library is in use, is in it too."""
    made = back_up(library.folder)
    assert made is not None
    assert made.name == f"library-{datetime.now().astimezone():%Y-%m-%d}.db"
    assert names(made.parent) == [made.name]
    assert notes(made) == ["first"]
    assert made.read_bytes()[18:20] == b"\x01\x01", "the copy needs no log beside it"


def test_one_a_day(library: Library, brief: DocumentRecord, clock: Clock) -> None:
    first = back_up(library.folder)
    assert first is not None
    before = first.read_bytes()
    library.apply(edits.annotate(brief, TEXT.text, 0, 4, note="second"))
    assert back_up(library.folder) is None
    assert first.read_bytes() == before
    clock.pass_days(1)
    second = back_up(library.folder)
    assert second is not None
    assert notes(second) == ["first", "second"]
    assert names(second.parent) == ["library-2026-11-01.db", "library-2026-11-02.db"]


def test_the_newest_are_kept_and_those_made_by_hand_stay(library: Library, brief: DocumentRecord, clock: Clock) -> None:
    by_hand = back_up_now(library.folder)
    for _ in range(5):
        back_up(library.folder, keep=3)
        clock.pass_days(40)
    assert names(by_hand.parent) == [
        "library-2026-11-01-090000.db",
        "library-2027-01-20.db",
        "library-2027-03-01.db",
        "library-2027-04-10.db",
    ]


def test_no_library_no_backup(tmp_path: Path) -> None:
    assert back_up(tmp_path) is None
    assert names(tmp_path) == []
    for make in (back_up_now, lambda folder: back_up_to(folder, folder / "copy.db")):
        with pytest.raises(MargentError, match="no library"):
            make(tmp_path)
    assert names(tmp_path) == []


def test_a_backup_does_not_disturb_the_library_in_use(library: Library, brief: DocumentRecord) -> None:
    with ThreadPoolExecutor(1) as worker:
        made = worker.submit(back_up_now, library.folder)
        for _ in range(20):
            library.apply(edits.annotate(brief, TEXT.text, 0, 4))
        copy = made.result()
    assert not library.changed_elsewhere()
    assert len(library.annotations()) == 21
    assert 1 <= len(notes(copy)) <= 21


def test_a_damaged_library_is_told_and_costs_no_older_backup(
    library: Library, brief: DocumentRecord, clock: Clock
) -> None:
    for _ in range(2):
        back_up(library.folder)
        clock.pass_days(1)
    library.close()
    before = {path: path.read_bytes() for path in (library.folder / "backups").iterdir()}
    with library.path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(random.Random(1).randbytes(4096 * 12))
    with pytest.raises(DamagedLibraryError) as caught:
        back_up(library.folder, keep=1)
    assert caught.value.path == library.path
    assert {path: path.read_bytes() for path in (library.folder / "backups").iterdir()} == before


@pytest.mark.parametrize("step", ["verify", "sync"])
def test_a_backup_that_fails_leaves_nothing_half_made(
    library: Library, brief: DocumentRecord, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, step, fail)
    with pytest.raises(MargentError, match="No space left on device") as caught:
        back_up(library.folder)
    assert "library-" in str(caught.value)
    assert names(library.folder / "backups") == []


def test_what_a_crash_left_half_made_is_cleared_away(library: Library, brief: DocumentRecord) -> None:
    folder = library.folder / "backups"
    folder.mkdir()
    for name, age in ((".library-2026-01-01.db.aaaa.part", 2), (".library-2026-01-02.db.bbbb.part", 0)):
        (folder / name).touch()
        moment = datetime.now(UTC).timestamp() - age * 86_400
        os.utime(folder / name, (moment, moment))
    made = back_up(library.folder)
    assert made is not None
    assert names(folder) == [".library-2026-01-02.db.bbbb.part", made.name]


# -- to a file of the reader's choice ---------------------------------------------------------------------------------


def test_a_copy_to_a_chosen_file(library: Library, brief: DocumentRecord, tmp_path: Path) -> None:
    target = tmp_path / "stick" / "my library.db"
    assert back_up_to(library.folder, target) == target
    assert notes(target) == ["first"]
    assert names(target.parent) == ["my library.db"]


def test_a_file_that_is_there_is_replaced_only_when_asked(
    library: Library, brief: DocumentRecord, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    target.write_text("something else")
    with pytest.raises(MargentError, match=r"copy\.db is there already"):
        back_up_to(library.folder, target)
    assert target.read_text() == "something else"
    back_up_to(library.folder, target, replace=True)
    assert notes(target) == ["first"]


@pytest.mark.parametrize("way", ["itself", "a link", "a folder"])
def test_the_library_is_never_written_over_by_its_copy(library: Library, brief: DocumentRecord, way: str) -> None:
    target = library.path
    if way == "a link":
        target = library.folder / "link.db"
        target.symlink_to(library.path)
    elif way == "a folder":
        target = library.folder
    with pytest.raises(MargentError, match="Choose another file"):
        back_up_to(library.folder, target, replace=True)
    assert len(library.annotations()) == 1


def test_a_place_that_cannot_be_written_is_told(library: Library, brief: DocumentRecord, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MargentError, match=r"could not be copied to .*copy\.db"):
        back_up_to(library.folder, tmp_path / "file" / "copy.db")


# -- examining the library --------------------------------------------------------------------------------------------


def test_a_sound_library_has_nothing_to_tell(library: Library, brief: DocumentRecord) -> None:
    library.apply(edits.delete(library.annotations()))
    assert check(library) == []
    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(check, library).result() == []


FAULTS = {
    "stands on other words": "UPDATE annotation SET exact = 'Same'",
    "stands between other words": "UPDATE annotation SET prefix = 'Same'",
    "stands between other words than": "UPDATE annotation SET suffix = 'Same'",
    "kind of the annotation": "UPDATE annotation SET kind = 'wish'",
    "colour of the annotation": "UPDATE annotation SET colour = 'beige'",
    "style of the annotation": "UPDATE annotation SET style = ''",
    "state of the annotation": "UPDATE annotation SET state = 'lost'",
    "colour of the theme": "UPDATE theme SET colour = 'beige'",
    "origin of the passage": "UPDATE passage SET origin = 'guessed'",
    "status of the document": "UPDATE document SET status = 'lost'",
    "“created” of the annotation": "UPDATE annotation SET created = 'yesterday'",
    "“modified” of the document": "UPDATE document SET modified = '2026-13-01 00:00:00.000000'",
    "words, and 7000 are told of": "UPDATE document SET words = 7000",
    "where reading stopped": ("INSERT INTO reading_place SELECT id, revision, 5000, 0.5, NULL FROM document"),
    "deeper than once": (
        "INSERT INTO collection VALUES ('a', 'A', NULL, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', "
        "NULL); INSERT INTO collection SELECT 'b', 'B', 'a', created, modified, NULL FROM collection; "
        "INSERT INTO collection SELECT 'c', 'C', 'b', created, modified, NULL FROM collection WHERE id = 'a'"
    ),
    "or in itself": (
        "INSERT INTO collection VALUES ('a', 'A', 'a', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', "
        "NULL)"
    ),
    "in one that was deleted": (
        "INSERT INTO collection VALUES ('a', 'A', NULL, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', "
        "'2026-01-01 00:00:00.000000'); "
        "INSERT INTO collection SELECT 'b', 'B', 'a', created, modified, NULL FROM collection"
    ),
    "themes of the annotation": "INSERT INTO annotation_theme SELECT a.id, 1, t.id FROM annotation a, theme t",
    "older text": (
        "INSERT INTO revision SELECT 'x', document, 2, hash, file, created, about, blocks, text FROM revision; "
        "INSERT INTO original SELECT 'x', bytes FROM original; UPDATE document SET revision = 'x'; "
        "UPDATE search_text SET revision = 'x'"
    ),
    "An earlier place": "INSERT INTO anchor SELECT id, revision, 0, 5000, exact, '', '', state FROM annotation",
    "row of the table document_collection": "INSERT INTO document_collection SELECT id, 0, 'nobody' FROM document",
    "nothing of that name": "INSERT INTO exchanged VALUES ('nobody', '{\"seen\":[],\"past\":[]}')",
    "of the exchange of": "INSERT INTO exchanged SELECT id, '{\"seen\":[' FROM annotation",
    "remembered of the exchange": "INSERT INTO exchanged SELECT id, '[]' FROM theme",
    "The search does not know": "UPDATE document SET title = 'other'",
    "lies outside the text": 'UPDATE annotation SET start = 5000, "end" = 5004',
    "The passage": 'UPDATE passage SET start = 5000, "end" = 5004',
    "does not hold together": "UPDATE revision SET blocks = '[1, 2]'",
    "is not what it was when it came in": "UPDATE original SET bytes = x'00'",
    "has lost the file": "DELETE FROM original",
    "The picture": "INSERT INTO picture VALUES ('abcdef', x'00')",
    "row of the table annotation refers to a row of document": "UPDATE annotation SET document = 'nobody'",
    "of another document than its text": (
        "INSERT INTO document SELECT 'other', 'x', 'Other', authors, date, language, source, summary, origin, words, "
        "created, modified, deleted, status FROM document; "
        "INSERT INTO revision SELECT 'x', 'other', 1, hash, file, created, about, blocks, text FROM revision; "
        "INSERT INTO original SELECT 'x', bytes FROM original; "
        "UPDATE annotation SET document = 'other'"
    ),
    "shows a text that belongs to another document": (
        "INSERT INTO document SELECT 'other', revision, 'Other', authors, date, language, source, summary, origin, "
        "words, created, modified, deleted, status FROM document"
    ),
}


@pytest.mark.parametrize("says", FAULTS)
def test_what_is_wrong_is_told_in_a_sentence(library: Library, brief: DocumentRecord, says: str) -> None:
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.executescript(FAULTS[says])
    found = check(library)
    assert all(sentence.endswith(".") for sentence in found)
    # What the search knows is compared as well, and differs from what was written behind its back.
    (sentence,) = [one for one in found if not one.startswith("The search") or says.startswith("The search")]
    assert says in sentence


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE annotation SET kind = 'wish'", "“wish”"),
        ("UPDATE annotation SET created = 'yesterday'", "“yesterday”"),
        ("UPDATE theme SET colour = 'beige'", "“beige”"),
        ("UPDATE document SET status = 'lost'", "“lost”"),
    ],
)
def test_a_value_that_nobody_can_have_written_is_told_in_a_sentence(
    library: Library, brief: DocumentRecord, sql: str, says: str
) -> None:
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(sql)
    with pytest.raises(MargentError, match=says):
        library.reading(brief.id)
    with pytest.raises(MargentError, match="margent check"):
        library.apply(edits.new_theme("x", "teal")) and library.reading(brief.id)
    assert glance(library.folder) is None
    assert len(check(library)) == 1


def test_what_has_moved_or_lost_its_words_quotes_others_rightly(library: Library, brief: DocumentRecord) -> None:
    (value,) = library.annotations()
    for state, start in (("moved", 5), ("orphaned", 9000)):
        with closing(sqlite3.connect(library.path)) as connection, connection:
            connection.execute(f"UPDATE annotation SET state = '{state}', start = {start}, \"end\" = {start + 5}")
        assert check(library) == [], state
    assert value.state == "placed"


def test_a_damaged_file_is_told_with_its_name(library: Library, brief: DocumentRecord) -> None:
    library.close()
    with library.path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(bytes(4096 * 4))
    reopened = object.__new__(Library)
    reopened.path = library.path
    try:
        sentences = check(reopened)
    except DamagedLibraryError as error:
        sentences = [str(error)]
    assert sentences
    assert all("library.db" in sentence for sentence in sentences)


def test_a_backup_leaves_the_index_out_and_is_searched_when_it_is_restored(
    library: Library, brief: DocumentRecord
) -> None:
    found = [(group.document, group.total) for group in library.search("first").groups]
    assert found
    copy = back_up_now(library.folder)
    with closing(sqlite3.connect(copy)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        assert not [name for name in names if is_derived(name)]
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    library.close()
    restore_backup(library.folder, copy)
    with closing(Library.open(library.folder)) as again:
        assert [(group.document, group.total) for group in again.search("first").groups] == found
        assert check(again) == []
        assert [record.id for record in again.records()] == [brief.id]
