"""What the first screen shows, read with the standard sqlite3 alone: SQLAlchemy takes longer than all the rest.

A glance makes no file, waits for nobody and never fails: whenever something is unusual it gives None, and the library
is opened in full, which tells what is wrong.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from margent.bookmark import carried
from margent.library import rows
from margent.library.files import APPLICATION, HEAD, library_file, look, stamp
from margent.reading import Reading

_T = TypeVar("_T")
_READ = {"progress": "coalesce(p.progress, 0.0)", "opened": "p.opened"}
RECORDS = (
    f"SELECT {', '.join(_READ.get(name, f'd.{name}') for name in rows.RECORD)} "  # noqa: S608 - names of columns
    "FROM document d LEFT JOIN reading_place p ON p.document = d.id"
)
"""Every document, deleted or not."""
_STANDING = f"{RECORDS} WHERE d.deleted IS NULL"
_ANNOTATIONS, _PASSAGES = (
    f"SELECT {', '.join(map(json.dumps, names))} FROM {table} "  # noqa: S608
    'WHERE deleted IS NULL AND revision = ? ORDER BY start, "end", id'
    for names, table in ((rows.ANNOTATION, "annotation"), (rows.PASSAGE, "passage"))
)
_FILED = (
    "SELECT f.annotation, f.theme FROM annotation_theme f JOIN annotation a ON a.id = f.annotation "
    "WHERE a.deleted IS NULL AND a.revision = ? ORDER BY f.annotation, f.position"
)
_THEMES = f"SELECT {', '.join(rows.THEME)} FROM theme WHERE deleted IS NULL"  # noqa: S608
_OF_FILE = (
    "SELECT h.document FROM revision h JOIN document o ON o.id = h.document JOIN revision n ON n.id = o.revision "
    "WHERE h.hash = ? AND h.number <= n.number"
)
_PLACE = "SELECT revision, position FROM reading_place WHERE document = ?"
_MARKS = ("PRAGMA application_id", "SELECT version_num FROM alembic_version")
_SHELVED = "SELECT collection FROM document_collection WHERE document = ? ORDER BY position"
_LAST = " ORDER BY coalesce(p.opened, d.created) DESC, d.created DESC, d.id LIMIT 1"


def glance(folder: Path, document_id: str | None = None) -> Reading | None:
    """The document that was read last, or the one named, as `Library.reading` gives it; None when that is not easy."""

    def read(connection: sqlite3.Connection) -> Reading | None:
        if document_id is None:
            row = connection.execute(_STANDING + _LAST).fetchone()
        else:
            row = connection.execute(f"{_STANDING} AND d.id = ?", (document_id,)).fetchone()
        return _reading(connection, row) if row is not None else None

    return looking(library_file(folder), read)


def document_of_file(folder: Path, file: Path) -> str | None:
    """The id of the document that was read from a file of the same content; None when there is none, or no telling."""
    import hashlib  # noqa: PLC0415 - loads a library of its own, which the first page does not need

    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None
    query = f"{_STANDING} AND d.id IN ({_OF_FILE}){_LAST}"

    def read(connection: sqlite3.Connection) -> str | None:
        row = connection.execute(query, (digest,)).fetchone()
        return row[0] if row is not None else None

    return looking(library_file(folder), read)


def looking(path: Path, read: Callable[[sqlite3.Connection], _T | None]) -> _T | None:
    """What `read` finds in the library's file at one moment; None when anything about the file is unusual."""
    try:
        before = stamp(path)
        connection = look(path)
        if connection is None:
            return None
        with closing(connection):
            connection.execute("BEGIN")
            marks = [connection.execute(query).fetchone() for query in _MARKS]
            found = read(connection) if marks == [(APPLICATION,), (HEAD,)] else None
        after = stamp(path)
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if before == after or (before.wal and after.wal) else None


def _reading(connection: sqlite3.Connection, row: rows.Row) -> Reading:
    shelved = connection.execute(_SHELVED, row[:1])
    record = rows.record_of(row, [collection for (collection,) in shelved])

    def of_revision(sql: str) -> list[Any]:
        return connection.execute(sql, (record.revision,)).fetchall()

    def pictures(keys: list[str]) -> dict[str, bytes]:
        found = (connection.execute("SELECT bytes FROM picture WHERE hash = ?", (key,)).fetchone() for key in keys)
        return {key: data[0] for key, data in zip(keys, found, strict=True) if data is not None}

    (text,) = of_revision(f"SELECT {', '.join(rows.REVISION)} FROM revision WHERE id = ?")  # noqa: S608
    document = rows.document_of(text, pictures)
    filed: defaultdict[str, list[str]] = defaultdict(list)
    for annotation, theme in of_revision(_FILED):
        filed[annotation].append(theme)
    then, place = connection.execute(_PLACE, (record.id,)).fetchone() or (record.revision, 0)
    if then != record.revision:
        (before,) = connection.execute("SELECT text FROM revision WHERE id = ?", (then,)).fetchone()
        place = carried(before, document.text, place)
    themes = [rows.theme_of(found) for found in connection.execute(_THEMES)]
    return Reading(
        record,
        document,
        annotations=[rows.annotation_of(found, filed.get(found[0], ())) for found in of_revision(_ANNOTATIONS)],
        themes=sorted(themes, key=lambda theme: (theme.name.casefold(), theme.id)),
        passages=[rows.passage_of(found) for found in of_revision(_PASSAGES)],
        place=min(place, len(document.text)),
    )
