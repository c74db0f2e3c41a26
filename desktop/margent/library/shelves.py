"""Reads for the library view: many documents at once, without their texts, at a cost that ten thousand may have."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Select, func, literal, literal_column, select

from margent.annotations import Annotation, Passage
from margent.dossier import DossierRow, stored_entries
from margent.errors import MargentError
from margent.library import queries, tables
from margent.shelf import RevisionRecord, ShelfRow

_Placed = TypeVar("_Placed", Annotation, Passage)
_annotation, _passage, _filed, _revision = tables.annotation, tables.passage, tables.annotation_theme, tables.revision
_STANDING = queries.standing(_annotation) & _annotation.c.parent.is_(None)
_HIGHLIGHTS = select(_annotation.c.document, func.count(literal(1))).where(_STANDING).group_by(_annotation.c.document)
_NOTES = _HIGHLIGHTS.where(_annotation.c.note != literal_column("''"))
_PASSAGES = (
    select(_passage.c.document, _passage.c.theme, func.count(literal(1)))
    .join_from(_passage, tables.document, tables.document.c.revision == _passage.c.revision)
    .where(queries.standing(_passage), _passage.c.origin != "dismissed")
    .group_by(_passage.c.document, _passage.c.theme)
)
_ANNOTATED = (
    select(_annotation.c.document, _filed.c.theme, func.count(literal(1)))
    .join_from(_filed, _annotation, _annotation.c.id == _filed.c.annotation)
    .where(queries.standing(_annotation))
    .group_by(_annotation.c.document, _filed.c.theme)
)

_FILED = "SELECT document, theme, count(*) FROM search_filed GROUP BY document, theme"
"""The same from what the search keeps: looking up a hundred thousand annotations takes ten times as long."""


def shelf(connection: Connection, *, deleted: bool = False, indexed: bool = False) -> list[ShelfRow]:
    """The documents that stand, or those in the bin, the one read last first, each with what stands in it."""
    records = queries.records(connection, queries.standing(tables.document, deleted=deleted))
    highlights = _counts(connection, _HIGHLIGHTS)
    notes = _counts(connection, _NOTES)
    themes = _themes(connection, indexed=indexed)
    return [
        ShelfRow(record, highlights.get(record.id, 0), notes.get(record.id, 0), themes.get(record.id, ()))
        for record in records
    ]


def _counts(connection: Connection, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _themes(connection: Connection, *, indexed: bool) -> dict[str, tuple[str, ...]]:
    standing = {
        theme.id: place for place, theme in enumerate(queries.themes(connection, queries.standing(tables.theme)))
    }
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    filed = connection.exec_driver_sql(_FILED) if indexed else connection.execute(_ANNOTATED)
    for found in (connection.execute(_PASSAGES).all(), filed.all()):
        for document, theme, count in found:
            if theme in standing:
                here = counts[document]
                here[theme] = here.get(theme, 0) + count
    return {
        document: tuple(sorted(found, key=lambda theme: (-found[theme], standing[theme])))
        for document, found in counts.items()
    }


def dossier(connection: Connection, themes: Sequence[str]) -> list[DossierRow]:
    """The documents that stand with passages or annotations of `themes`, the one read last first."""
    filed = select(_filed.c.annotation).where(_filed.c.theme.in_(themes))
    head = _annotation.c.parent.is_(None) & _annotation.c.id.in_(filed)
    annotations = _by_document(queries.annotations(connection, queries.standing(_annotation), head))
    newest = _passage.c.revision.in_(select(tables.document.c.revision))
    own = (queries.standing(_passage), _passage.c.theme.in_(themes), _passage.c.origin != "dismissed", newest)
    passages = _by_document(queries.passages(connection, *own))
    rows: list[DossierRow] = []
    for record in queries.records(connection, queries.standing(tables.document)):
        here = passages.get(record.id, []), annotations.get(record.id, [])
        if any(here):
            text = queries.text(connection, record.revision) if here[0] else ""
            rows.append(DossierRow(record, tuple(stored_entries(themes, text, *here))))
    return rows


def _by_document(values: Iterable[_Placed]) -> dict[str, list[_Placed]]:
    found: defaultdict[str, list[_Placed]] = defaultdict(list)
    for value in values:
        found[value.document].append(value)
    return found


def latest_notes(connection: Connection, document: str, limit: int) -> list[Annotation]:
    """The annotations and replies of a document that say something, the one written last first, at most `limit`."""
    last = (
        select(_annotation.c.id)
        .where(queries.of_document(_annotation, document), queries.standing(_annotation), _annotation.c.note != "")
        .order_by(_annotation.c.modified.desc(), _annotation.c.id)
        .limit(limit)
    )
    found = queries.annotations(connection, _annotation.c.id.in_(last))
    return sorted(found, key=lambda value: (-value.modified.timestamp(), value.id))


def original(connection: Connection, revision: str) -> bytes:
    """The file that a revision was read from. Raises MargentError when there is no such revision."""
    query = select(tables.original.c.bytes).where(tables.original.c.revision == revision)
    found: bytes | None = connection.scalar(query)
    if found is None:
        raise MargentError(f"There is no revision {revision} in the library.")
    return found


def revisions(connection: Connection, document: str) -> list[RevisionRecord]:
    """The states of a document's text, the first one first."""
    columns = _revision.c
    query = select(
        columns.id, columns.document, columns.number, columns.hash, columns.file, columns.created, columns.text
    )
    found = connection.execute(query.where(columns.document == document).order_by(columns.number))
    return [RevisionRecord(*row[:-1], words=len(row[-1].split())) for row in found]
