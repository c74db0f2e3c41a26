"""The rows of the library view, read with the standard sqlite3 alone: ten thousand documents at a cost one may have.

SQLAlchemy makes a row object of each of them, and `first` is asked for before it has been imported. The statements
lean on the indexes of `tables`; the tests hold what they find to what the library tells of each document.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from margent.annotations import FINISHED, Collection, Theme
from margent.library import rows
from margent.library.files import library_file
from margent.library.glance import RECORDS, looking
from margent.shelf import ShelfRow
from margent.shelving import Shelves, title_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from margent.annotations import DocumentRecord
    from margent.shelving import Field

_Named = TypeVar("_Named", Theme, Collection)
_PART = 200
"""Documents that are read in one go: about a millisecond."""
_BATCH = 500
_READ = f"CASE WHEN d.status = 'finished' OR (d.status = '' AND p.progress >= {FINISHED}) THEN 1.0 ELSE p.progress END"
_ORDER = "coalesce(p.opened, d.created) DESC, d.created DESC, d.id"
"""The document that was read last first; one that was never opened stands by when it came in."""
# SQLite, left to choose without statistics, takes the larger of the two indexes for both counts.
_HIGHLIGHTS, _NOTES = (
    f"SELECT document, count(*) AS n FROM annotation INDEXED BY {index} "  # noqa: S608 - names and constants, here and below
    f"WHERE deleted IS NULL AND parent IS NULL{more} {{}} GROUP BY document"
    for index, more in (("ix_annotation_standing", ""), ("ix_annotation_noted", " AND note != ''"))
)
_PASSAGES = (
    "SELECT d.id, s.theme, count(*) FROM passage s JOIN document d ON d.revision = s.revision "
    "WHERE s.deleted IS NULL AND s.origin != 'dismissed' {} GROUP BY d.id, s.theme"
)
_FILED = (
    "SELECT a.document, f.theme, count(*) FROM annotation_theme f JOIN annotation a ON a.id = f.annotation "
    "WHERE a.deleted IS NULL {} GROUP BY a.document, f.theme"
)
_INDEXED = "SELECT document, theme, count(*) FROM search_filed GROUP BY document, theme"
"""The same from what the search keeps: looking up a hundred thousand annotations takes ten times as long."""
_SHELVED = "SELECT document, collection FROM document_collection {} ORDER BY document, position"
_OF = "SELECT id FROM revision WHERE document IN ({})"
"""What stands in a document is found by its revisions, which are indexed."""
_THEMES = f"SELECT {', '.join(rows.THEME)} FROM theme WHERE deleted IS NULL"  # noqa: S608
_COLLECTIONS = f"SELECT {', '.join(rows.COLLECTION)} FROM collection WHERE deleted IS NULL"  # noqa: S608
_KEYS: Mapping[Field, str] = {
    "title": "title_key(d.title)",
    "highlights": "h.n",
    "notes": "h.n",
    "read": _READ,
    "opened": "p.opened",
}
"""What the table can be ordered by in one statement; ordering by themes takes all that stands in all documents."""


def shelf(
    connection: sqlite3.Connection,
    *,
    deleted: bool = False,
    indexed: bool = False,
    only: Sequence[str] | None = None,
    between: Callable[[], object] = bool,
) -> list[ShelfRow]:
    """The documents that stand, or those in the bin, the one read last first, each with what stands in it.

    Of the documents `only` (ids) when they are given. `indexed` says that the search has an index. `between` is called
    after each millisecond's work or so. Raises sqlite3.Error and rows.UnreadableError.
    """
    records = list(_records(connection, deleted=deleted, only=only, between=between))
    if not records:
        return []
    highlights, notes = ({row[0]: row[1] for row in _counts(connection, q, only)} for q in (_HIGHLIGHTS, _NOTES))
    between()
    themes = _themes(connection, indexed=indexed, only=only)
    between()
    return [ShelfRow(r, highlights.get(r.id, 0), notes.get(r.id, 0), themes.get(r.id, ())) for r in records]


def first(folder: Path, field: Field, *, descending: bool, limit: int) -> Shelves | None:
    """The first `limit` documents of the library in `folder` in an order, before it has been opened.

    With all collections and themes, and without what is in the bin. None when that is not easy (see `glance`), and for
    the order of themes.
    """
    key = _KEYS.get(field)
    if key is None:
        return None

    def read(connection: sqlite3.Connection) -> Shelves:
        connection.create_function("title_key", 1, title_key, deterministic=True)
        counts = {"highlights": _HIGHLIGHTS, "notes": _NOTES}.get(field, "")
        joined = f"LEFT JOIN ({counts.format('')}) h ON h.document = d.id" if counts else ""
        how = "DESC" if descending else "ASC"
        found = connection.execute(
            f"SELECT d.id FROM document d LEFT JOIN reading_place p ON p.document = d.id {joined} "  # noqa: S608
            f"WHERE d.deleted IS NULL ORDER BY coalesce({key}, 0) {how}, {_ORDER} LIMIT ?",
            (limit,),
        )
        keys = [document for (document,) in found]
        by_key = {row.record.id: row for row in shelf(connection, only=keys)}
        collections = _named(map(rows.collection_of, connection.execute(_COLLECTIONS)))
        return Shelves([by_key[document] for document in keys], (), collections, _theme_list(connection), partial=True)

    return looking(library_file(folder), read)


def _theme_list(connection: sqlite3.Connection) -> list[Theme]:
    return _named(map(rows.theme_of, connection.execute(_THEMES)))


def _named(values: Iterable[_Named]) -> list[_Named]:
    return sorted(values, key=lambda value: (value.name.casefold(), value.id))


def _records(
    connection: sqlite3.Connection, *, deleted: bool, only: Sequence[str] | None, between: Callable[[], object]
) -> Iterator[DocumentRecord]:
    shelved: defaultdict[str, list[str]] = defaultdict(list)
    for document, collection in _of(connection, _SHELVED, "WHERE document IN ({})", only):
        shelved[document].append(collection)
    standing = f"{RECORDS} WHERE d.deleted IS {'NOT ' if deleted else ''}NULL {{}} ORDER BY {_ORDER}"
    found = (
        connection.execute(standing.format("")) if only is None else _of(connection, standing, "AND d.id IN ({})", only)
    )
    for number, row in enumerate(found, 1):
        yield rows.record_of(row, shelved.get(row[0], ()))
        if number % _PART == 0:
            between()


def _counts(connection: sqlite3.Connection, query: str, only: Sequence[str] | None) -> Iterable[Any]:
    return _of(connection, query, "AND document IN ({})", only)


def _themes(connection: sqlite3.Connection, *, indexed: bool, only: Sequence[str] | None) -> dict[str, tuple[str, ...]]:
    standing = {theme.id: place for place, theme in enumerate(_theme_list(connection))}
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    filed: Iterable[Any]
    if indexed and only is None:
        filed = connection.execute(_INDEXED)
    else:
        filed = _of(connection, _FILED, f"AND a.revision IN ({_OF})", only)
    passages = _of(connection, _PASSAGES, "AND d.id IN ({})", only)
    for found in (passages, filed):
        for document, theme, count in found:
            if theme in standing:
                here = counts[document]
                here[theme] = here.get(theme, 0) + count
    return {
        document: tuple(sorted(found, key=lambda theme: (-found[theme], standing[theme])))
        for document, found in counts.items()
    }


def _of(connection: sqlite3.Connection, query: str, condition: str, only: Sequence[str] | None) -> Iterator[Any]:
    """The rows of a query with a place for a condition, of all documents or of some of them."""
    if only is None:
        yield from connection.execute(query.format(""))
        return
    for start in range(0, len(only), _BATCH):
        part = only[start : start + _BATCH]
        yield from connection.execute(query.format(condition.format(", ".join("?" * len(part)))), part)
