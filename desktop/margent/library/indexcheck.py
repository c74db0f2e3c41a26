"""Whether the index of the search says what the library says, for `check`. Reads all of it and writes nothing."""

import sqlite3
from collections.abc import Iterator

from margent.library.index import KEY, VERSION
from margent.themes import language_in

_MISSING = """
SELECT count(*) FROM document d LEFT JOIN search_text s ON s.document = d.id AND s.part = 0
    WHERE s.id IS NULL OR s.revision <> d.revision OR s.title <> d.title;
SELECT count(*) FROM annotation a LEFT JOIN search_note s ON s.annotation = a.id
    WHERE a.deleted IS NULL AND (s.id IS NULL OR s.note <> a.note OR s.quote <> a.exact AND a.parent IS NULL);
SELECT count(*) FROM search_note s LEFT JOIN annotation a ON a.id = s.annotation AND a.deleted IS NULL
    WHERE a.id IS NULL;
SELECT count(*) FROM search_text s LEFT JOIN document d ON d.id = s.document WHERE d.id IS NULL;
SELECT count(*) FROM annotation_theme f JOIN annotation a ON a.id = f.annotation AND a.deleted IS NULL
    LEFT JOIN search_filed s ON s.annotation = f.annotation AND s.theme = f.theme WHERE s.theme IS NULL;
SELECT count(*) FROM search_filed s LEFT JOIN annotation_theme f ON f.annotation = s.annotation AND f.theme = s.theme
    LEFT JOIN annotation a ON a.id = s.annotation AND a.deleted IS NULL WHERE f.theme IS NULL OR a.id IS NULL
"""
_LANGUAGES = """
SELECT d.title, d.language, s.language, substr(r.text, 1, 20000) FROM search_text s
    JOIN document d ON d.id = s.document JOIN revision r ON r.id = s.revision ORDER BY d.created, s.part
"""
_PAGE_BITS, _SEGMENT_BITS = 31, 37
"""Where, in the id of one of FTS5's pages, its number in its segment ends, and where the segment's number begins."""


def faults(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the index, a sentence each. Has to hold the library for a moment."""
    version = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    if version is None or version[0] != VERSION:
        return []  # there is none, or it is made anew when the library is opened
    missing = sum(connection.execute(query).fetchone()[0] for query in _MISSING.split(";"))
    found = [f"The search does not know of {missing} texts or notes as they are now."] if missing else []
    found += _misread(connection)
    if not all(_agrees(connection, name) and _is_found(connection, name) for name in ("found_text", "found_note")):
        found.append("The search's index does not say what the texts and notes say.")
    return found


def _misread(connection: sqlite3.Connection) -> Iterator[str]:
    """Texts whose words were stemmed as those of another language."""
    for title, stated, indexed, text in connection.execute(_LANGUAGES):
        if language_in(text, stated) != indexed:
            yield f"The search takes “{title}” for a text in “{indexed}”, which is not its language."


def _agrees(connection: sqlite3.Connection, name: str) -> bool:
    """Whether SQLite finds in an index what its rows say, which it tells only to who could write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL):
            raise
        return False
    finally:
        connection.execute("ROLLBACK")
    return True


def _is_found(connection: sqlite3.Connection, name: str) -> bool:
    """Whether an index is led to each of its pages; SQLite's own check reads them one after another.

    A page on which a word begins is longer than it says in its third and fourth byte that its words are, for a list of
    where they begin follows, and has a row in `_idx` (https://www.sqlite.org/fts5.html, and fts5_index.c).
    """
    led = {(row[0], row[1] >> 1) for row in connection.execute(f"SELECT segid, pgno FROM {name}_idx")}  # noqa: S608
    pages = connection.execute(f"SELECT id, length(block), substr(block, 3, 2) FROM {name}_data")  # noqa: S608
    for key, length, words in pages:
        segment, page = key >> _SEGMENT_BITS, key & ((1 << _SEGMENT_BITS) - 1)
        leaf = segment > 0 and page >> _PAGE_BITS == 0
        if leaf and length > int.from_bytes(words, "big") and (segment, page) not in led:
            return False
    return True
