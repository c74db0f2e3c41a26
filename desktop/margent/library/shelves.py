"""Reads for the library view: many documents at once, without their texts, at a cost that ten thousand may have."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, select

from margent.annotations import Annotation, Passage
from margent.dossier import DossierRow, stored_entries
from margent.errors import MargentError
from margent.library import queries, tables
from margent.shelf import RevisionRecord

_Placed = TypeVar("_Placed", Annotation, Passage)
_annotation, _passage, _filed, _revision = tables.annotation, tables.passage, tables.annotation_theme, tables.revision
_FEW = 500
"""Documents that are asked for one by one; with more it is as quick to read all."""


def dossier(connection: Connection, themes: Sequence[str]) -> list[DossierRow]:
    """The documents that stand with passages or annotations of `themes`, the one read last first."""
    filed = select(_filed.c.annotation).where(_filed.c.theme.in_(themes))
    head = _annotation.c.parent.is_(None) & _annotation.c.id.in_(filed)
    annotations = _by_document(queries.annotations(connection, queries.standing(_annotation), head))
    newest = _passage.c.revision.in_(select(tables.document.c.revision))
    own = (queries.standing(_passage), _passage.c.theme.in_(themes), _passage.c.origin != "dismissed", newest)
    passages = _by_document(queries.passages(connection, *own))
    standing = queries.standing(tables.document)
    found = sorted({*passages, *annotations})
    if len(found) > _FEW:
        records = queries.records(connection, standing)
    else:
        records = queries.records(connection, standing, tables.document.c.id.in_(found))
    rows: list[DossierRow] = []
    for record in records:
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
