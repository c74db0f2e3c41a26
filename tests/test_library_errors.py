import sqlite3
from pathlib import Path

import pytest

from margent.errors import MargentError
from margent.library.errors import DamagedLibraryError, telling, told

PATH = Path("/home/ana/library.db")


def error(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    made = kind("as SQLite says it")
    made.sqlite_errorcode = code
    return made


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_BUSY, "held by another program"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "held by another program"),
        (sqlite3.SQLITE_LOCKED, "held by another program"),
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_READONLY, "may not be written"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "may not be written"),
        (sqlite3.SQLITE_CANTOPEN, "could not be opened"),
        (sqlite3.SQLITE_IOERR_FSYNC, "the disk failed"),
    ],
)
def test_what_the_disk_is_to_blame_for_is_a_sentence(code: int, says: str) -> None:
    sentence = told(error(code), PATH)
    assert isinstance(sentence, MargentError)
    assert not isinstance(sentence, DamagedLibraryError)
    assert says in str(sentence)
    assert str(PATH) in str(sentence)
    assert "othing was changed" in str(sentence)
    assert str(sentence).endswith(".")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CORRUPT_INDEX, sqlite3.SQLITE_NOTADB])
def test_damage_is_told_with_the_file_and_the_cause(code: int) -> None:
    sentence = told(error(code, sqlite3.DatabaseError), PATH)
    assert isinstance(sentence, DamagedLibraryError)
    assert (sentence.path, sentence.cause) == (PATH, "as SQLite says it")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_MISUSE])
def test_bugs_stay_bugs(code: int) -> None:
    bug = error(code)
    assert told(bug, PATH) is None
    assert told(ValueError("x"), PATH) is None
    assert told(sqlite3.ProgrammingError("no code"), PATH) is None
    with pytest.raises(sqlite3.OperationalError) as caught, telling(PATH):
        raise bug
    assert caught.value is bug


def test_backups_are_named_where_there_are_any(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    assert "Its backups" not in str(DamagedLibraryError(path, "it is cut short"))
    (tmp_path / "backups").mkdir()
    assert str(tmp_path / "backups") in str(DamagedLibraryError(path, "it is cut short"))
