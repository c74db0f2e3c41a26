import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from margent import edits
from margent.document import Block, Document
from margent.errors import MargentError
from margent.library.backup import back_up, back_up_now
from margent.library.errors import DamagedLibraryError
from margent.library.files import connect
from margent.library.recovery import backups, restore_backup, start_anew
from margent.library.store import Library

TEXT = Document("Brief", (Block("paragraph", "Some words to mark."),))


def write(folder: Path, note: str) -> None:
    with closing(Library.open(folder)) as library:
        record = library.add_document(TEXT, origin="brief.md", original=b"brief")
        library.apply(edits.annotate(record, TEXT.text, 0, 4, note=note))


def notes(folder: Path) -> list[str]:
    with closing(Library.open(folder)) as library:
        return sorted(value.note for value in library.annotations())


def spoil(folder: Path) -> bytes:
    (folder / "library.db").write_bytes(b"Dear diary, " * 1000)
    return (folder / "library.db").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with a backup, and a note that was written after it."""
    folder = tmp_path / "library"
    write(folder, "first")
    assert back_up(folder) is not None
    write(folder, "second")
    return folder


def test_backups_come_newest_first(tmp_path: Path) -> None:
    assert backups(tmp_path) == []
    (tmp_path / "backups").mkdir()
    days = ["2026-11-20", "2026-11-23", "2025-12-31", "2026-11-23-101500", "2026-11-23-090000-before-0001"]
    for day in days:
        (tmp_path / "backups" / f"library-{day}.db").touch()
    (tmp_path / "backups" / ".library-2026-11-24.db.part").touch()
    times = {"2026-11-23-101500": 3, "2026-11-23": 2, "2026-11-23-090000-before-0001": 1}
    for day, time in times.items():
        os.utime(tmp_path / "backups" / f"library-{day}.db", (time, time))
    assert [path.stem.removeprefix("library-") for path in backups(tmp_path)] == [*times, "2026-11-20", "2025-12-31"]


def test_a_backup_takes_the_place_of_a_damaged_library(folder: Path) -> None:
    damaged = spoil(folder)
    (folder / "library.db-wal").write_bytes(b"newest pages")
    with pytest.raises(DamagedLibraryError):
        Library.open(folder)
    kept = restore_backup(folder, backups(folder)[0])
    assert kept is not None
    assert kept.read_bytes() == damaged
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"newest pages"
    assert notes(folder) == ["first"]
    assert len(backups(folder)) == 1
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["backups", "library.db", kept.name, kept.name + "-wal"]
    )


def test_restoring_twice_keeps_both_old_files(folder: Path) -> None:
    kept = []
    for _ in range(3):
        spoil(folder)
        kept.append(restore_backup(folder, backups(folder)[0]))
    assert len(set(kept)) == 3
    assert all(path is not None and path.exists() for path in kept)
    assert notes(folder) == ["first"]


def test_a_backup_is_restored_where_the_library_is_gone(folder: Path) -> None:
    (folder / "library.db").unlink()
    assert restore_backup(folder, backups(folder)[0]) is None
    assert notes(folder) == ["first"]


def test_a_backup_that_is_damaged_itself_is_not_restored(folder: Path) -> None:
    (backup,) = backups(folder)
    os.truncate(backup, 5000)
    before = spoil(folder)
    for wrong in (backup, folder / "backups" / "library-1999-01-01.db"):
        with pytest.raises(DamagedLibraryError) as caught:
            restore_backup(folder, wrong)
        assert wrong.name in str(caught.value)
        assert (folder / "library.db").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["backups", "library.db"]


def test_a_restore_that_fails_leaves_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = spoil(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(MargentError, match="No space left"):
        restore_backup(folder, backups(folder)[0])
    assert (folder / "library.db").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["backups", "library.db"]


def test_starting_anew_keeps_the_old_file(folder: Path) -> None:
    damaged = spoil(folder)
    kept = start_anew(folder)
    assert kept is not None
    assert kept.read_bytes() == damaged
    assert notes(folder) == []
    assert len(backups(folder)) == 1


def test_starting_anew_where_nothing_is(tmp_path: Path) -> None:
    assert start_anew(tmp_path) is None
    assert notes(tmp_path) == []


def test_a_sound_library_set_aside_can_be_opened_where_it_is_kept(folder: Path, tmp_path: Path) -> None:
    with closing(connect(folder / "library.db")) as crashed:
        crashed.execute("UPDATE annotation SET note = 'in the log' WHERE note = 'second'")
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
    kept = start_anew(copy)
    assert kept is not None
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in copy.glob(f"{kept.name}*"):
        path.rename(elsewhere / path.name.replace(kept.name, "library.db"))
    assert notes(elsewhere) == ["first", "in the log"]


def test_what_the_reader_backed_up_by_hand_is_offered_too(folder: Path) -> None:
    made = back_up_now(folder)
    assert backups(folder)[0] == made
    spoil(folder)
    restore_backup(folder, made)
    assert notes(folder) == ["first", "second"]
