"""The database file itself, with the standard sqlite3 alone: where it is, how it is opened, whether it is a library."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from margent.errors import MargentError
from margent.library.errors import DamagedLibraryError, telling

NAME = "library.db"
BACKUPS = "backups"
VERSIONS = ("0001", "0002")
"""Schema versions this program knows, oldest first: the revision ids of `migrations`."""
HEAD = VERSIONS[-1]
APPLICATION = 0x4D524754
"""SQLite's application id of a library, "MRGT"; tools like file(1) show it."""
BUSY_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_TRIES = 5
_CHECK_BYTES = 32 << 20
"""Up to this size a library is checked whenever it is opened; bigger ones when they are backed up."""
_MAGIC = b"SQLite format 3\x00"
_TABLES = frozenset(
    {"document", "revision", "original", "picture", "theme", "passage", "annotation", "annotation_theme"}
    | {"reading_place", "meta"}
)
_ADDED = {"0002": {"anchor", "collection", "document_collection", "exchanged"}}
"""Tables by the version that brought them."""


def library_file(folder: Path) -> Path:
    """The library's file in `folder`."""
    return folder / NAME


def sidecar(path: Path, suffix: str) -> Path:
    """SQLite's own file beside `path`: "-wal", "-shm" or "-journal"."""
    return path.with_name(path.name + suffix)


def is_derived(name: str) -> bool:
    """Whether a table, view or index of the database belongs to the search, and holds nothing of the reader's."""
    return name.removeprefix("sqlite_autoindex_").removeprefix("ix_").startswith(("search_", "found_"))


def make_folder(folder: Path) -> None:
    """Make a folder where nobody but its owner may look; one that is there stays as it is. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private(path: Path) -> None:
    """Make an empty file that nobody but its owner may read, for SQLite to fill. Raises OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def sync(path: Path) -> None:
    """Have a file, or what a folder lists, on disk before going on. Windows knows no such thing for folders."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def connect(path: Path, *, foreign_keys: bool = True, create: bool = False) -> sqlite3.Connection:
    """A connection on which a commit is on disk when it returns; transactions are begun by hand.

    It may be used from any thread, one at a time. Raises MargentError when the file cannot be opened; a file that is
    gone is not made anew unless `create`.
    """
    how = f"{_uri(path)}?mode={'rwc' if create else 'rw'}"
    with telling(path):
        connection = sqlite3.connect(how, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have the file keep a write-ahead log. Only the first time changes anything, and does not wait by itself."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def look(path: Path) -> sqlite3.Connection | None:
    """A connection that cannot write and makes no file; None where that is not possible.

    SQLite makes a WAL and its index even for a reader, and leaves them. Without a WAL nobody has the library open, and
    `immutable` reads the file as it stands; who relies on that checks with `stamp` that it kept standing.
    """
    wal = sidecar(path, "-wal").exists()
    if sidecar(path, "-journal").exists() or (wal and not sidecar(path, "-shm").exists()) or not path.is_file():
        return None
    return _reader(path, "mode=ro" if wal else "immutable=1")


class Stamp(NamedTuple):
    """What changes when somebody writes to a file that nobody had open."""

    node: int
    size: int
    written: int
    wal: bool


def stamp(path: Path) -> Stamp:
    """The stamp of the library at `path` now. Raises OSError when it is not there."""
    found = path.stat()
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns, sidecar(path, "-wal").exists())


def version(path: Path) -> str | None:
    """The schema version of the library at `path`; None when there is no library yet.

    Only reads. Raises DamagedLibraryError when the file is something else or broken, MargentError when a newer
    program made it or it cannot be read.
    """
    for _ in range(_TRIES):
        before = _seen(path)
        try:
            return _examine(path)
        except DamagedLibraryError:
            if _seen(path) == before:
                raise
    return _examine(path)


def _seen(path: Path) -> Stamp | None:
    try:
        return stamp(path)
    except OSError:
        return None


def _examine(path: Path) -> str | None:
    """What `version` tells, of a file that nobody writes to meanwhile: pages of two states look like damage."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
        wal = sidecar(path, "-wal").stat().st_size if sidecar(path, "-wal").exists() else 0
    except FileNotFoundError:
        if sidecar(path, "-wal").exists():
            raise DamagedLibraryError(path, "it is missing, while its newest pages are still there") from None
        return None
    except OSError as error:
        raise MargentError(f"The library {path} cannot be read: {error.strerror}.") from error
    found = None
    if start and start != _MAGIC:
        raise DamagedLibraryError(path, "the file is not a database")
    if start:
        with telling(path), closing(look(path) or _rescuer(path)) as connection:
            found = _version(connection, path)
    elif wal:
        raise DamagedLibraryError(path, "it is empty, while its newest pages are still there")
    if found is None and any((path.parent / BACKUPS).glob("library-*.db")):
        raise DamagedLibraryError(path, "the file is empty, although there are backups of it")
    return found


def _version(connection: sqlite3.Connection, path: Path) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION or "alembic_version" not in tables:
        raise DamagedLibraryError(path, "the file is a database of another program")
    found: str | None = next((row[0] for row in connection.execute("SELECT version_num FROM alembic_version")), None)
    if found is not None and found not in VERSIONS:
        raise MargentError(
            f"The library {path} was made by a newer Margent and was left as it is. Use that Margent, or a newer one."
        )
    if found is None or not tables >= _tables_of(found):
        raise DamagedLibraryError(path, "some of its tables are missing")
    _check(connection, path)
    return found


def _tables_of(found: str) -> frozenset[str]:
    return _TABLES.union(*(names for added, names in _ADDED.items() if added <= found))


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Find what a torn copy or a failing disk leaves behind, before anything is written on top of it."""
    size = path.stat().st_size
    pages, page = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if size < pages * page and not sidecar(path, "-wal").exists():
        raise DamagedLibraryError(path, f"the file is cut short, {size} of {pages * page} bytes are there")
    if size <= _CHECK_BYTES:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise DamagedLibraryError(path, str(found))


def _rescuer(path: Path) -> sqlite3.Connection:
    """A reader of a file that a crash left unfinished: a rollback journal can only be played back by a writer."""
    return connect(path) if sidecar(path, "-journal").exists() else _reader(path, "mode=ro")


def _reader(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{_uri(path)}?{how}", uri=True, timeout=_LOOK_SECONDS, isolation_level=None)


def _uri(path: Path) -> str:
    """An address SQLite takes on every system; Path.as_uri makes a host of a Windows share, which it refuses."""
    name = path.absolute().as_posix()
    return "file://" + quote(name if name.startswith("/") else f"/{name}", safe="/:")
