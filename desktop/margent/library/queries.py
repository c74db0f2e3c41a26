"""Reads, as functions of a connection: within one transaction they see one state of the library."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql.visitors import iterate

from margent.annotations import Annotation, Collection, DocumentRecord, Passage, Theme, Value
from margent.bookmark import carried
from margent.document import Document
from margent.errors import MargentError
from margent.library import rows, tables
from margent.library.errors import DamagedLibraryError
from margent.reading import Reading, Suggest
from margent.revising import Standing

_BATCH = 500
LARGE = 1 << 20
"""From so many bytes or characters on, a statement is given something small afterwards, to no effect: sqlite3 keeps the
statement, and SQLite with it a copy of what it was given last."""
ANCHORED = ("start", "end", "exact", "prefix", "suffix", "state")
"""What of an annotation says where it stands: kept for each revision it has left."""
_document, _revision, _place = tables.document, tables.revision, tables.reading_place
_annotation, _passage, _theme = tables.annotation, tables.passage, tables.theme
_now = _revision.alias("now")
"""The revision that is read."""
_filed, _shelved = tables.annotation_theme, tables.document_collection

_READ: dict[str, ColumnElement[Any]] = {
    "progress": func.coalesce(_place.c.progress, literal_column("0.0")),
    "opened": _place.c.opened,
}
_RECORDS = (
    select(*[_READ[name] if name in _READ else _document.c[name] for name in rows.RECORD])
    .select_from(_document.outerjoin(_place, _place.c.document == _document.c.id))
    .order_by(func.coalesce(_place.c.opened, _document.c.created).desc(), _document.c.created.desc(), _document.c.id)
)
"""Every document, the one that was read last first; one that was never opened stands by when it came in."""


def columns(table: Table, names: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """A selection of the columns `names`, in the order `rows` wants them."""
    return select(*[table.c[name] for name in names])


_ANNOTATIONS = columns(_annotation, rows.ANNOTATION)
_THEMES = columns(_theme, rows.THEME)
_PASSAGES = columns(_passage, rows.PASSAGE)
_COLLECTIONS = columns(tables.collection, rows.COLLECTION)
_SHELVED = select(_shelved.c.document, _shelved.c.collection).order_by(_shelved.c.document, _shelved.c.position)
_FILED = select(_filed.c.annotation, _filed.c.theme).order_by(_filed.c.annotation, _filed.c.position)
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)
_STORED: dict[type[Value], Select[*tuple[Any, ...]]] = {
    DocumentRecord: _RECORDS.where(_document.c.id.in_(_KEYS)),
    Theme: _THEMES.where(_theme.c.id.in_(_KEYS)),
    Annotation: _ANNOTATIONS.where(_annotation.c.id.in_(_KEYS)),
    Passage: _PASSAGES.where(_passage.c.id.in_(_KEYS)),
    Collection: _COLLECTIONS.where(tables.collection.c.id.in_(_KEYS)),
}
_MAKERS: dict[type[Value], Callable[[rows.Row], Value]] = {
    Theme: rows.theme_of,
    Passage: rows.passage_of,
    Collection: rows.collection_of,
}
_FILED_STORED = _FILED.where(_filed.c.annotation.in_(_KEYS))
_SHELVED_STORED = _SHELVED.where(_shelved.c.document.in_(_KEYS))


def records(connection: Connection, *conditions: ColumnElement[bool]) -> list[DocumentRecord]:
    """The documents that meet all `conditions`, the one that was read last first."""
    found = _plain(connection, _RECORDS.where(*conditions))
    if not found:
        return []
    query = _SHELVED
    if conditions:
        query = query.join(_document, _document.c.id == _shelved.c.document).where(*conditions)
    shelved = _linked(connection.execute(query))
    return [rows.record_of(row, shelved.get(row[0], ())) for row in found]


def record(connection: Connection, document_id: str) -> DocumentRecord:
    """The document with this id, deleted or not. Raises MargentError when there is none."""
    found = records(connection, _document.c.id == document_id)
    if not found:
        raise MargentError(f"There is no document {document_id} in the library.")
    return found[0]


def newest(connection: Connection, document_id: str) -> str | None:
    """The revision a document is read in; None when there is no such document."""
    return connection.scalar(select(_document.c.revision).where(_document.c.id == document_id))


def by_hash(connection: Connection, digest: str) -> DocumentRecord | None:
    """The document whose text, or an earlier one, was read from a file with this SHA-256; None when there is none.

    A newer text that was taken back does not count: whoever opens its file again wants it.
    """
    return _of_file(connection, digest, _revision.c.number <= _now.c.number)


def taken_back(connection: Connection, digest: str) -> DocumentRecord | None:
    """The document whose newer text, read from a file with this SHA-256, was taken back; None when there is none."""
    return _of_file(connection, digest, _revision.c.number > _now.c.number)


def _of_file(connection: Connection, digest: str, state: ColumnElement[bool]) -> DocumentRecord | None:
    holds = (
        select(_revision.c.document)
        .join(_document, _document.c.id == _revision.c.document)
        .join(_now, _now.c.id == _document.c.revision)
        .where(_revision.c.hash == digest, state)
    )
    found = records(connection, standing(_document), _document.c.id.in_(holds))
    return found[0] if found else None


def revision_of(connection: Connection, document_id: str, digest: str, new: Document, path: Path) -> str | None:
    """The revision of a document that was read from a file with this SHA-256 and holds what `new` does; None if none.

    Another version of the program may have read another text from the same file.
    """
    query = select(_revision.c.id).where(_revision.c.document == document_id, _revision.c.hash == digest)
    for (key,) in connection.execute(query.order_by(_revision.c.number.desc())):
        if text(connection, key) == new.text and document(connection, key, path).blocks == new.blocks:
            return key
    return None


def text(connection: Connection, revision: str) -> str:
    """The text of a revision. Raises MargentError when there is none."""
    found = connection.execute(select(_revision.c.text).where(_revision.c.id == revision)).scalar()
    if found is None:
        raise MargentError(f"There is no revision {revision} in the library.")
    return found


def document(connection: Connection, revision: str, path: Path) -> Document:
    """A revision as it was read from its file. Raises MargentError when there is none, or it does not hold together."""
    row = connection.execute(columns(_revision, rows.REVISION).where(_revision.c.id == revision)).first()
    if row is None:
        raise MargentError(f"There is no revision {revision} in the library.")

    def pictures(keys: list[str]) -> dict[str, bytes]:
        query = select(tables.picture.c.hash, tables.picture.c.bytes)
        found = (connection.execute(query.where(tables.picture.c.hash.in_(part))) for part in batches(keys))
        return {key: data for result in found for key, data in result}

    try:
        return rows.document_of(row, pictures)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedLibraryError(path, f"the text of revision {revision} does not hold together, {error}") from error


def reading(connection: Connection, document_id: str, path: Path, suggest: Suggest | None) -> Reading:
    """A document with everything that stands in it, ready to be read."""
    found = record(connection, document_id)
    whole = document(connection, found.revision, path)
    return Reading(
        found,
        whole,
        annotations=annotations(connection, standing(_annotation), _annotation.c.revision == found.revision),
        themes=themes(connection, standing(_theme)),
        passages=passages(connection, standing(_passage), _passage.c.revision == found.revision),
        place=min(place(connection, document_id), len(whole.text)),
        suggest=suggest,
    )


def all_of(connection: Connection, document_id: str, path: Path) -> Standing:
    """A document with everything that was ever put on its newest text. Raises MargentError when there is none."""
    found = record(connection, document_id)
    return Standing(
        found,
        document(connection, found.revision, path),
        annotations(connection, _annotation.c.revision == found.revision),
        passages(connection, _passage.c.revision == found.revision),
    )


def digest(connection: Connection, revision: str) -> str:
    """SHA-256 of the file that a revision was read from."""
    return connection.scalar(select(_revision.c.hash).where(_revision.c.id == revision)) or ""


def left(connection: Connection, revision: str, document_id: str | None, *, deleted: bool) -> list[Annotation]:
    """Annotations that have gone on from a revision to another one, as they were anchored in it."""
    anchor = tables.anchor
    query = columns(anchor, ("annotation", *ANCHORED)).where(anchor.c.revision == revision)
    found = {row[0]: dict(zip(ANCHORED, row[1:], strict=True)) for row in connection.execute(query)}
    values = [value for part in batches(list(found)) for value in stored(connection, Annotation, part)]
    return [
        replace(value, revision=revision, **found[value.id])
        for value in values
        if isinstance(value, Annotation)
        and value.revision != revision
        and (value.deleted is not None) == deleted
        and document_id in {None, value.document}
    ]


def states(connection: Connection, document_id: str) -> dict[str, Counter[str]]:
    """How many standing annotations, replies left out, are in each state on each revision of a document.

    On an earlier one, as they stood there when they left it.
    """
    anchor = tables.anchor
    stands = (_annotation.c.document == document_id, standing(_annotation), _annotation.c.parent.is_(None))
    now = select(_annotation.c.revision, _annotation.c.state, func.count()).where(*stands)
    then = select(anchor.c.revision, anchor.c.state, func.count()).join(
        _annotation, _annotation.c.id == anchor.c.annotation
    )
    then = then.where(*stands, anchor.c.revision != _annotation.c.revision)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for query in (
        now.group_by(_annotation.c.revision, _annotation.c.state),
        then.group_by(anchor.c.revision, anchor.c.state),
    ):
        for revision, state, count in connection.execute(query):
            found[revision][state] += count
    return found


def standing(table: Table, *, deleted: bool = False) -> ColumnElement[bool]:
    """The condition that a row stands, or (deleted) that it does not."""
    column = table.c.deleted
    return column.is_not(None) if deleted else column.is_(None)


def of_document(table: Table, document_id: str) -> ColumnElement[bool]:
    """The condition that a row is of any revision of a document, put so that the index on revisions serves it."""
    return table.c.revision.in_(select(_revision.c.id).where(_revision.c.document == document_id))


def annotations(connection: Connection, *conditions: ColumnElement[bool]) -> list[Annotation]:
    """The annotations that meet all `conditions`, in reading order within each revision."""
    order = (_annotation.c.revision, _annotation.c.start, _annotation.c.end, _annotation.c.id)
    found = connection.execute(_ANNOTATIONS.where(*conditions).order_by(*order)).all()
    if not found:
        return []
    query = _FILED.join(_annotation, _annotation.c.id == _filed.c.annotation).where(*conditions)
    filed = _linked(connection.execute(query))
    return [rows.annotation_of(row, filed.get(row[0], ())) for row in found]


def themes(connection: Connection, *conditions: ColumnElement[bool]) -> list[Theme]:
    """The themes that meet all `conditions`, by name."""
    found = [rows.theme_of(row) for row in connection.execute(_THEMES.where(*conditions))]
    return sorted(found, key=lambda theme: (theme.name.casefold(), theme.id))


def collections(connection: Connection, *conditions: ColumnElement[bool]) -> list[Collection]:
    """The collections that meet all `conditions`, by name."""
    found = [rows.collection_of(row) for row in connection.execute(_COLLECTIONS.where(*conditions))]
    return sorted(found, key=lambda collection: (collection.name.casefold(), collection.id))


def passages(connection: Connection, *conditions: ColumnElement[bool]) -> list[Passage]:
    """The passages that meet all `conditions`, in reading order within each revision."""
    order = (_passage.c.revision, _passage.c.start, _passage.c.end, _passage.c.id)
    return [rows.passage_of(row) for row in connection.execute(_PASSAGES.where(*conditions).order_by(*order))]


def stored(connection: Connection, kind: type[Value], keys: Sequence[str]) -> list[Value]:
    """The values of one kind that are there under `keys`. On the way of every edit, so with ready-made statements."""
    found = connection.execute(_STORED[kind], {"keys": keys}).all()
    if not found:
        return []
    if kind is Annotation:
        filed = _linked(connection.execute(_FILED_STORED, {"keys": keys}))
        return [rows.annotation_of(row, filed.get(row[0], ())) for row in found]
    if kind is DocumentRecord:
        shelved = _linked(connection.execute(_SHELVED_STORED, {"keys": keys}))
        return [rows.record_of(row, shelved.get(row[0], ())) for row in found]
    return [_MAKERS[kind](row) for row in found]


def bin_(connection: Connection) -> list[Annotation]:
    """What was deleted, last first, each with its replies after it.

    What was deleted elsewhere before it ever came is remembered without words, and there is nothing to bring back.
    """
    worded = (_annotation.c.exact != "") | (_annotation.c.note != "")
    gone = select(_annotation.c.id).where(standing(_annotation, deleted=True), worded)
    found = annotations(connection, (standing(_annotation, deleted=True) & worded) | _annotation.c.parent.in_(gone))
    heads = {value.id: value for value in found}

    def order(value: Annotation) -> tuple[float, str, bool, float, str]:
        head = heads.get(value.parent or "", value)
        since = head.deleted.timestamp() if head.deleted is not None else 0.0
        return -since, head.id, head is not value, value.created.timestamp(), value.id

    return sorted(found, key=order)


def place(connection: Connection, document_id: str) -> int:
    """Where reading stopped in the text that is read now, in code points; 0 for a document that was never read."""
    query = select(_place.c.position, _place.c.revision, _document.c.revision.label("now"))
    query = query.join(_document, _document.c.id == _place.c.document).where(_place.c.document == document_id)
    found = connection.execute(query).first()
    if found is None:
        return 0
    position, then, newest_ = found
    return position if then == newest_ else carried(text(connection, then), text(connection, newest_), position)


def _plain(connection: Connection, query: Select[*tuple[Any, ...]]) -> Sequence[rows.Row]:
    """The rows of a query as the driver gives them, which `rows` reads as well, in a third of the time."""
    # Queries with values are for few rows; to make the text of one anew costs more than they do.
    if any(isinstance(each, BindParameter) for each in iterate(query)):
        return connection.execute(query).all()
    return connection.exec_driver_sql(str(query.compile(dialect=connection.dialect))).all()


def batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """`keys` in parts small enough to be the parameters of one statement."""
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]


def found_by(reference: str, documents: Iterable[DocumentRecord]) -> DocumentRecord:
    """The one document that `reference` means: its id, the beginning of it, its title or a part of the title.

    Case does not matter. Raises MargentError, listing the candidates, when it means none or several.
    """
    wanted = " ".join(reference.split()).casefold()
    known = list(documents)
    for matches in (
        [found for found in known if found.id == wanted],
        [found for found in known if found.title.casefold() == wanted],
        [found for found in known if wanted and (found.id.startswith(wanted) or wanted in found.title.casefold())],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise MargentError(
                f"“{reference}” means {len(matches)} documents: {_listed(matches)}. Give more of the title, or the id."
            )
    there = f"There are: {_listed(known)}." if known else "The library is empty."
    raise MargentError(f"No document in the library is meant by “{reference}”. {there}")


def _linked(found: Iterable[Row[str, str]]) -> dict[str, list[str]]:
    links: defaultdict[str, list[str]] = defaultdict(list)
    for key, other in found:
        links[key].append(other)
    return links


def _listed(documents: Sequence[DocumentRecord]) -> str:
    shown = [f"“{found.title}” ({found.id[:8]})" for found in documents[:8]]
    return ", ".join(shown) + (f" and {len(documents) - 8} more" if len(documents) > 8 else "")
