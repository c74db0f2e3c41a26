import os
import random
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from margent import edits
from margent.document import Block, Document
from margent.errors import MargentError
from margent.library import files
from margent.library.backup import back_up_now, back_up_to
from margent.library.errors import DamagedLibraryError
from margent.library.files import library_file
from margent.library.recovery import restore_backup
from margent.library.store import Library

TEXT = Document("Brief", tuple(Block("paragraph", f"Paragraph {n} of the brief. " * 40) for n in range(30)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a library that was closed."""
    with closing(Library.open(tmp_path / "the library #1?")) as library:
        record = library.add_document(TEXT, origin="brief.md", original=TEXT.text.encode())
        for start in range(0, 2000, 20):
            library.apply(edits.annotate(record, TEXT.text, start, start + 15, note="A note of some length. " * 10))
    return library.folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def notes(folder: Path) -> int:
    with closing(Library.open(folder)) as library:
        return len(library.annotations())


def test_an_empty_or_missing_folder_becomes_a_library(tmp_path: Path) -> None:
    with closing(Library.open(tmp_path / "a" / "b")) as library:
        assert library.path == tmp_path / "a" / "b" / "library.db"
        assert library.records() == []
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "library.db").touch()
    with closing(Library.open(tmp_path / "empty")) as library:
        assert library.records() == []


def test_a_commit_is_on_disk_when_it_returns(folder: Path) -> None:
    with closing(files.connect(folder / "library.db")) as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "trusted_schema": 0,
    }  # fmt: skip


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)


def too_short(path: Path) -> None:
    os.truncate(path, 50)


def page_of_zeros(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(bytes(4096))


def noise(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(1).randbytes(path.stat().st_size - 4096))


def another_programs(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name)")


def a_table_is_gone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE annotation_theme")
    connection.close()


def main_file_gone(path: Path) -> None:
    path.unlink()
    path.with_name("library.db-wal").write_bytes(b"x" * 100)


def emptied_beside_its_wal(path: Path) -> None:
    os.truncate(path, 0)
    path.with_name("library.db-wal").write_bytes(b"x" * 100)


def emptied_beside_backups(path: Path) -> None:
    (path.parent / "backups").mkdir()
    shutil.copyfile(path, path.parent / "backups" / "library-2026-11-24.db")
    os.truncate(path, 0)


@pytest.mark.parametrize(
    "damage",
    [
        cut, no_database, too_short, page_of_zeros, noise, another_programs, a_table_is_gone, main_file_gone,
        emptied_beside_its_wal, emptied_beside_backups,
    ],
)  # fmt: skip
def test_a_damaged_library_is_told_and_not_touched(folder: Path, damage: Callable[[Path], None]) -> None:
    path = folder / "library.db"
    damage(path)
    before = contents(folder)
    for _ in range(2):
        with pytest.raises(DamagedLibraryError) as caught:
            Library.open(folder)
        assert caught.value.path == path
        assert str(path) in str(caught.value)
        assert caught.value.cause
    assert contents(folder) == before


def test_damage_that_shows_only_later_is_told_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A big library is not read through when it is opened."""
    monkeypatch.setattr(files, "_CHECK_BYTES", 0)
    noise(folder / "library.db")
    with pytest.raises(DamagedLibraryError) as caught, closing(Library.open(folder)) as library:
        library.annotations()
    assert caught.value.path == folder / "library.db"


def test_a_library_of_a_newer_program_is_left_byte_for_byte(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = contents(folder)
    with pytest.raises(MargentError, match="newer Margent") as caught:
        Library.open(folder)
    assert not isinstance(caught.value, DamagedLibraryError)
    assert contents(folder) == before


def test_a_newer_library_that_is_in_use_is_left_alone_too(folder: Path) -> None:
    path = folder / "library.db"
    with closing(files.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        main, wal = path.read_bytes(), path.with_name("library.db-wal").read_bytes()
        with pytest.raises(MargentError, match="newer Margent"):
            Library.open(folder)
        assert (path.read_bytes(), path.with_name("library.db-wal").read_bytes()) == (main, wal)


def test_what_a_crash_leaves_is_read_on(folder: Path) -> None:
    """The write-ahead log holds commits that the main file does not have yet; with or without its index."""
    count = notes(folder)
    crashed = folder.with_name("crashed")
    with closing(Library.open(folder)) as library:
        library.apply(edits.delete(library.annotations()[:1]))
        shutil.copytree(folder, crashed)
    assert (crashed / "library.db-wal").stat().st_size
    for leave_index in (True, False):
        copy = folder.with_name(f"copy {leave_index}")
        shutil.copytree(crashed, copy)
        if not leave_index:
            (copy / "library.db-shm").unlink()
        assert notes(copy) == count - 1


def test_a_rollback_journal_that_a_crash_left_is_played_back(folder: Path) -> None:
    path = folder / "library.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE annotation SET note = 'lost'")
        crashed = folder.with_name("crashed")
        shutil.copytree(folder, crashed)
        connection.execute("ROLLBACK")
    assert (crashed / "library.db-journal").stat().st_size
    with closing(Library.open(crashed)) as library:
        assert {value.note[:6] for value in library.annotations()} == {"A note"}


def test_a_library_that_goes_away_is_not_made_anew(folder: Path) -> None:
    """What another program moves away must not be answered with an empty library in its place."""
    with closing(Library.open(folder)) as library:
        library._engine.pool.dispose()
        for path in folder.iterdir():
            path.rename(folder.with_name(path.name))
        with pytest.raises(MargentError, match="could not be opened"):
            library.records()
        assert list(folder.iterdir()) == []


# -- folders and files that cannot be used ----------------------------------------------------------------------------


@pytest.fixture
def public(folder: Path) -> Iterator[Path]:
    """The library in a place that everybody may reach; a test that runs as root goes on as nobody."""
    place = Path(tempfile.mkdtemp(prefix="margent-test-"))
    place.chmod(0o777)
    copy = place / "library"
    shutil.copytree(folder, copy)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    yield copy
    if root:
        os.seteuid(0)
    for path in (copy, *copy.rglob("*")):
        path.chmod(stat.S_IRWXU)
    shutil.rmtree(place)


def become_anyone() -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.seteuid(65534)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_library_that_may_not_be_written_is_told(public: Path) -> None:
    (public / "library.db").chmod(0o444)
    public.chmod(0o555)
    before = contents(public)
    become_anyone()
    with pytest.raises(MargentError, match=r"library\.db") as caught, closing(Library.open(public)) as library:
        library.touch_opened(library.records()[0].id)
    assert "nothing was changed" in str(caught.value)
    assert contents(public) == before


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_library_that_may_not_be_read_is_told(public: Path) -> None:
    (public / "library.db").chmod(0)
    become_anyone()
    with pytest.raises(MargentError, match="Permission denied"):
        Library.open(public)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_folder_that_cannot_be_made_is_told(public: Path) -> None:
    public.chmod(0o555)
    become_anyone()
    with pytest.raises(MargentError, match="cannot be made: Permission denied"):
        Library.open(public / "deeper")


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    with pytest.raises(MargentError, match=r"library\.db"):
        Library.open(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "library").touch()
    with pytest.raises(MargentError, match="cannot be made"):
        Library.open(tmp_path / "library")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/home/ana/библиотека/a b#c?d%.db", "file:///home/ana/%D0%B1%D0%B8%D0%B1"),
        ("//server/share/library.db", "file:////server/share/library.db"),
        ("C:/Users/Ana/library.db", "file:///C:/Users/Ana/library.db"),
    ],
)
def test_addresses_are_of_the_form_sqlite_takes(path: str, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class There:
        def absolute(self) -> "There":
            return self

        def as_posix(self) -> str:
            return path

    found = files._uri(There())  # type: ignore[arg-type]
    assert found.startswith(uri)
    assert "#" not in found
    assert "?" not in found


@pytest.mark.skipif(os.name == "nt", reason="Windows gives folders of a user to nobody else")
def test_nobody_else_may_read_a_library_its_backups_and_what_they_are_restored_to(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    before = os.umask(0o022)
    try:
        with closing(Library.open(folder)):
            readable = {path for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077}
        backup = back_up_now(folder)
        outside = back_up_to(folder, tmp_path / "copy.db")
        restore_backup(folder, backup)
    finally:
        os.umask(before)
    assert not readable
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (backup, outside, library_file(folder))} == {0o600}
