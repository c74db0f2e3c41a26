"""Copies of the library that are known to open, and the examination of the library itself.

Everything here uses a connection of its own, so it may run in a worker while the library is in use.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from contextlib import closing, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from margent.annotations import new_id
from margent.errors import MargentError
from margent.library.blocks import decode
from margent.library.checking import findings
from margent.library.errors import DamagedLibraryError, telling, told
from margent.library.files import BACKUPS, HEAD, connect, is_derived, library_file, look, make_private, sync, version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from margent.library.store import Library

_DAY = 86_400
_FTS5 = "SELECT 1 FROM pragma_module_list WHERE name = 'fts5'"
_DERIVED = (
    "SELECT name, CASE WHEN sql LIKE 'CREATE VIRTUAL%' THEN 'virtual' ELSE type END FROM sqlite_master "
    "WHERE type IN ('table', 'view')"
)
_DAILY = "library-????-??-??.db"
_ANCHORS = (
    'SELECT id, start, "end", exact, prefix, suffix, state FROM annotation WHERE revision = ? '
    "AND (deleted IS NULL OR exact <> '') ORDER BY start"
)
"""What came from a colleague as deleted has neither words nor a place."""
_PASSAGES = 'SELECT id, start, "end" FROM passage WHERE revision = ? AND (deleted IS NULL OR "end" <> 0) ORDER BY start'
_STRAY = "SELECT d.title FROM document d JOIN revision r ON r.id = d.revision WHERE r.document <> d.id"
_MISPLACED = " UNION ALL ".join(
    f"SELECT '{table}', m.id FROM {table} m JOIN revision r ON r.id = m.revision "  # noqa: S608
    "JOIN document d ON d.id = m.document WHERE r.document <> d.id"
    for table in ("annotation", "passage", "reading_place")
).replace("'reading_place', m.id", "'place', m.document")


def back_up(folder: Path, *, keep: int = 10) -> Path | None:
    """Make the day's backup of the library in `folder` and keep the `keep` newest; its file.

    None when there is one already or no library yet. Raises MargentError when the copy cannot be made or is not
    sound; no older backup is given up then.
    """
    path = library_file(folder)
    target = folder / BACKUPS / f"library-{_now():%Y-%m-%d}.db"
    if target.exists() or not path.exists():
        return None
    _copy(path, target)
    with suppress(OSError):  # the backup is made; one too many of the old ones does no harm
        for old in [*sorted(target.parent.glob(_DAILY), reverse=True)[keep:], *_left_behind(target.parent)]:
            old.unlink(missing_ok=True)
    return target


def back_up_now(folder: Path) -> Path:
    """Make a backup named by the moment, which stays until somebody removes it; its file."""
    return _copy(library_file(folder), folder / BACKUPS / f"library-{_now():%Y-%m-%d-%H%M%S}.db")


def back_up_before(path: Path) -> Path | None:
    """Make a backup of the library at `path` before it is brought up to date to HEAD; None when it holds nothing."""
    with closing(connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        kept = {name for name in names - {"alembic_version", "meta"} if not is_derived(name)}
        holds = any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in kept)  # noqa: S608
    if not holds:
        return None
    return _copy(path, path.parent / BACKUPS / f"library-{_now():%Y-%m-%d-%H%M%S}-before-{HEAD}.db")


def back_up_to(folder: Path, target: Path, *, replace: bool = False) -> Path:
    """Copy the library in `folder` to the file `target`, over an older file only if `replace`; `target`.

    Raises MargentError naming `target` when it is there already, is the library itself or cannot be written.
    """
    path = library_file(folder)
    if target.exists() and path.exists() and target.samefile(path):
        raise MargentError(f"{target} is the library itself. Choose another file for its backup.")
    if target.is_dir() or (target.exists() and not replace):
        raise MargentError(f"{target} is there already and was left as it is. Choose another file for the backup.")
    return _copy(path, target)


def verify(path: Path, blame: Path) -> None:
    """Read all of the database at `path`. Raises DamagedLibraryError on `blame` when it is not a sound library."""
    if not path.is_file() or version(path) is None:
        raise DamagedLibraryError(blame, "there is no library in it")
    with telling(blame):
        connection = look(path)
        if connection is None:
            raise DamagedLibraryError(blame, "somebody has it open, or it was not closed")
        with closing(connection):
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise DamagedLibraryError(blame, str(found))


def check(library: Library) -> list[str]:
    """What is wrong with a library, a sentence each; nothing when it is sound.

    Reads all of it: the database, every text against its blocks and its file, and every anchor against its text.
    """
    with telling(library.path), closing(connect(library.path)) as connection:
        connection.execute("BEGIN")
        damage = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        if damage:
            return [f"The file {library.path} is damaged: {found}." for found in damage]
        return [
            *(
                f"A row of the table {table} refers to a row of {other} that is not there."
                for table, _, other, _ in connection.execute("PRAGMA foreign_key_check")
            ),
            *_check_pictures(connection),
            *_check_documents(connection),
            *findings(connection),
            *_check_index(connection),
        ]


def _check_index(connection: sqlite3.Connection) -> list[str]:
    from margent.library.indexcheck import faults  # noqa: PLC0415 - brings in SQLAlchemy, which a backup does without

    connection.execute("ROLLBACK")
    return faults(connection)


def _check_pictures(connection: sqlite3.Connection) -> Iterator[str]:
    for key, data in connection.execute("SELECT hash, bytes FROM picture"):
        if hashlib.sha256(data).hexdigest() != key:
            yield f"The picture {key[:8]} is not what it was when it came in."


def _check_documents(connection: sqlite3.Connection) -> Iterator[str]:
    for (title,) in connection.execute(_STRAY):
        yield f"“{title}” shows a text that belongs to another document."
    for kind, key in connection.execute(_MISPLACED):
        yield f"The {kind} {key[:8]} is of another document than its text."
    query = (
        "SELECT r.id, d.title, r.number, r.hash, r.text, r.blocks, o.bytes, d.revision, d.words FROM revision r "
        "JOIN document d ON d.id = r.document LEFT JOIN original o ON o.revision = r.id ORDER BY d.created, r.number"
    )
    for key, title, number, digest, text, blocks, original, newest, words in connection.execute(query):
        where = f"“{title}”" if number == 1 else f"“{title}”, revision {number},"
        if original is None:
            yield f"{where} has lost the file it was read from."
        elif hashlib.sha256(original).hexdigest() != digest:
            yield f"{where} was read from a file that is not what it was when it came in."
        if key == newest and words != len(text.split()):
            yield f"{where} has {len(text.split())} words, and {words} are told of."
        try:
            decode(json.loads(blocks), text)
        except (ValueError, KeyError, TypeError) as error:
            yield f"{where} does not hold together: {error}."
        yield from _check_spans(connection, key, where, text)


def _check_spans(connection: sqlite3.Connection, revision: str, where: str, text: str) -> Iterator[str]:
    """An orphan is on no words, and one that was moved quotes the words as they were; the others quote the text."""
    for key, start, end, exact, prefix, suffix, state in connection.execute(_ANCHORS, (revision,)):
        if state != "orphaned" and not 0 <= start < end <= len(text):
            yield f"The annotation {key[:8]} of {where} lies outside the text."
        elif state == "placed" and text[start:end] != exact:
            yield f"The annotation {key[:8]} of {where} stands on other words than it quotes."
        elif state == "placed" and not (text[:start].endswith(prefix) and text.startswith(suffix, end)):
            yield f"The annotation {key[:8]} of {where} stands between other words than it remembers."
    for key, start, end in connection.execute(_PASSAGES, (revision,)):
        if not 0 <= start < end <= len(text):
            yield f"The passage {key[:8]} of {where} lies outside the text."


def _copy(path: Path, target: Path) -> Path:
    """A copy in one file, checked and on disk before it gets its name. A live WAL database is never copied bytewise."""
    if not path.exists():
        raise MargentError(f"There is no library at {path} to back up.")
    draft = target.with_name(f".{target.name}.{new_id()[:8]}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        make_private(draft)
        with closing(connect(path)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        _leave_out_index(draft)
        verify(draft, path)
        sync(draft)
        draft.replace(target)
        sync(target.parent)
    except sqlite3.Error as error:
        damage = told(error, path)
        if isinstance(damage, DamagedLibraryError):
            raise damage from error
        raise MargentError(f"The library could not be copied to {target}: {error}.") from error
    except OSError as error:
        raise MargentError(f"The library could not be copied to {target}: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return target


def _leave_out_index(draft: Path) -> None:
    """Take the search's index out of a copy: a third of it, and made anew by whoever opens it.

    Without a journal, for nobody has the copy yet and a half-made one is thrown away.
    """
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        if connection.execute(_FTS5).fetchone() is None:
            return  # SQLite drops no table whose module it lacks
        made = dict(connection.execute(_DERIVED))
        made = {name: kind for name, kind in made.items() if is_derived(name)}
        if not made:
            return
        virtual = [name for name, kind in made.items() if kind == "virtual"]
        for name in [*sorted(virtual, key=lambda name: name != "found_words"), *made]:
            kind = "VIEW" if made[name] == "view" else "TABLE"
            connection.execute(f"DROP {kind} IF EXISTS {name}")
        connection.execute("DELETE FROM meta WHERE key = 'search'")
        connection.execute("VACUUM")


def _left_behind(folder: Path) -> Iterator[Path]:
    """Copies that a crash interrupted; younger ones may be another process's, at work."""
    for draft in folder.glob(".*.part"):
        if draft.stat().st_mtime < time.time() - _DAY:
            yield draft


def _now() -> datetime:
    return datetime.now().astimezone()
