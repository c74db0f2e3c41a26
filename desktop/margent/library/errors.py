"""What goes wrong with a database file, told in sentences; one table of causes for every part of the library."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from margent.errors import MargentError


class DamagedLibraryError(MargentError):
    """The file at `path` cannot be used as a library; `cause` says what is wrong with it. It has not been touched."""

    def __init__(self, path: Path, cause: str) -> None:
        self.path = path
        self.cause = cause
        backups = path.parent / "backups"
        kept = f" Its backups are in {backups}." if backups.is_dir() else ""
        super().__init__(f"The library {path} cannot be used: {cause}. It was left as it is.{kept}")


_SENTENCES = {
    sqlite3.SQLITE_BUSY: "is held by another program, so nothing was changed. Close that program or try again later",
    sqlite3.SQLITE_LOCKED: "is held by another program, so nothing was changed. Close that program or try again later",
    sqlite3.SQLITE_FULL: "could not be written because the disk is full. Nothing was changed; make room and try again",
    sqlite3.SQLITE_READONLY: "may not be written, so nothing was changed. Check the permissions of the file and folder",
    sqlite3.SQLITE_PERM: "may not be opened, so nothing was changed. Check the permissions of the file and folder",
    sqlite3.SQLITE_AUTH: "may not be opened, so nothing was changed. Check the permissions of the file and folder",
    sqlite3.SQLITE_CANTOPEN: "could not be opened, so nothing was changed. Check that its folder is there and writable",
    sqlite3.SQLITE_IOERR: "could not be read or written because the disk failed. Nothing was changed; check the disk",
}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}


def told(error: BaseException, path: Path) -> MargentError | None:
    """The sentence for a database error on the file at `path`; None when the error is a bug of the program."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None:
        return None
    primary = code & 0xFF
    if primary in _DAMAGE:
        return DamagedLibraryError(path, str(error))
    sentence = _SENTENCES.get(primary)
    return MargentError(f"The library {path} {sentence}.") if sentence is not None else None


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn errors of sqlite3 on the file at `path` into sentences; bugs pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        sentence = told(error, path)
        if sentence is None:
            raise
        raise sentence from error
