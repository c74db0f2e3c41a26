"""Writes, as functions of a connection that is inside one immediate transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, bindparam

from margent.annotations import Annotation, Change, Collection, DocumentRecord, Passage, Theme, Value, now, same
from margent.errors import StaleError
from margent.library import exchanging, queries, rows, tables

TICK = timedelta(milliseconds=1)
"""The finest step of time that is stored."""

_TABLES: dict[type[Value], Table] = {
    DocumentRecord: tables.document,
    Theme: tables.theme,
    Annotation: tables.annotation,
    Passage: tables.passage,
    Collection: tables.collection,
}
_INSERTS = {kind: table.insert() for kind, table in _TABLES.items()}
_UPDATES = {kind: table.update().where(table.c.id == bindparam("_id")) for kind, table in _TABLES.items()}
_LINKS: tuple[tuple[type[Value], str, Table], ...] = (
    (Annotation, "themes", tables.annotation_theme),
    (DocumentRecord, "collections", tables.document_collection),
)
"""Lists of ids in a value that are rows of a table of their own: whose, in which order, to what."""
_LINK = {table: table.insert() for *_, table in _LINKS}
_UNLINK = {table: table.delete().where(table.primary_key.columns[0] == bindparam("_id")) for *_, table in _LINKS}
_ANCHOR = tables.anchor
_LEAVE = _ANCHOR.insert()
_LEFT = _ANCHOR.delete().where(
    _ANCHOR.c.annotation == bindparam("_annotation"), _ANCHOR.c.revision == bindparam("_revision")
)


def apply(connection: Connection, change: Change, last: datetime) -> tuple[Change, datetime]:
    """Write a change; it as it was written, and the moment to be given as `last` the next time.

    What is written carries a `modified` that is later than `last` and than what was stored. A note that came from a
    clock ahead of ours makes that later than the present, for itself alone: nothing else is dated by it.

    Raises StaleError when a stored value is not what the change was made against, and for a new annotation on a text
    or a reply to a note that is not there any more: nobody would see it.
    """
    touched = {**change.before, **change.after}
    stored = _stored(connection, {key: change.after.get(key) or change.before.get(key) for key in touched})
    for key in touched:
        _compare(change.before.get(key), stored.get(key))
    present = max(now(), last + TICK)
    moment = max([present, *(value.modified + TICK for value in stored.values())])
    after: dict[str, Value | None] = {}
    writes: dict[str, Value] = {}
    for key, value in change.after.items():
        old = stored.get(key)
        if value is not None:
            kept = change.dated and not isinstance(value, DocumentRecord)
            after[key] = writes[key] = rows.settled(value if kept else replace(value, modified=moment))
        else:
            after[key] = None
            if old is not None and old.deleted is None:
                writes[key] = _grounded(replace(old, deleted=moment, modified=moment), change)
    _check_ground(connection, [value for key, value in writes.items() if key not in stored], writes)
    save(connection, writes, stored)
    exchanging.remember(connection, {key: after for key, (_, after) in change.lineage.items()})
    return replace(change, after=after), present


def save(connection: Connection, values: Mapping[str, Value], stored: Mapping[str, Value]) -> None:
    """Write `values` by id: over those that are `stored`, anew the others."""
    for kind in _TABLES:
        new: list[dict[str, Any]] = []
        old: list[dict[str, Any]] = []
        for key, value in values.items():
            if isinstance(value, kind):
                row = rows.row_of(value)
                if key in stored:
                    row["_id"] = row.pop("id")
                    old.append(row)
                else:
                    new.append(row)
        if new:
            connection.execute(_INSERTS[kind], new)
        if old:
            connection.execute(_UPDATES[kind], old)
    for kind, name, table in _LINKS:
        _save_links(connection, [value for value in values.values() if isinstance(value, kind)], stored, name, table)
    _save_anchors(connection, values.values(), stored)


def _save_links(
    connection: Connection, values: Iterable[Value], stored: Mapping[str, Value], name: str, table: Table
) -> None:
    emptied: list[dict[str, str]] = []
    linked: list[dict[str, Any]] = []
    key, _, other = (column.name for column in table.columns)
    for value in values:
        after = getattr(value, name)
        before = getattr(stored[value.id], name) if value.id in stored else ()
        if after != before:
            if before:
                emptied.append({"_id": value.id})
            linked += [{key: value.id, "position": place, other: link} for place, link in enumerate(after)]
    if emptied:
        connection.execute(_UNLINK[table], emptied)
    if linked:
        connection.execute(_LINK[table], linked)


def _save_anchors(connection: Connection, values: Iterable[Value], stored: Mapping[str, Value]) -> None:
    """Keep where an annotation stood in the revision that it leaves for another."""
    left: list[dict[str, Any]] = []
    for value in values:
        old = stored.get(value.id)
        if isinstance(value, Annotation) and isinstance(old, Annotation) and value.revision != old.revision:
            where = {name: getattr(old, name) for name in queries.ANCHORED}
            left.append({"annotation": old.id, "revision": old.revision, **where})
    if left:
        connection.execute(_LEFT, [{"_annotation": row["annotation"], "_revision": row["revision"]} for row in left])
        connection.execute(_LEAVE, left)


def _stored(connection: Connection, touched: Mapping[str, Value | None]) -> dict[str, Value]:
    """What the library holds under the ids of `touched`, which tell the tables to look in."""
    found: dict[str, Value] = {}
    for kind in _TABLES:
        keys = [key for key, value in touched.items() if isinstance(value, kind)]
        for part in queries.batches(keys):
            found.update((value.id, value) for value in queries.stored(connection, kind, part))
    return found


def _grounded(value: Value, change: Change) -> Value:
    """What goes to the bin with the text that it came with, in the text that is read then: no place is known there."""
    home = change.after.get(value.document) if isinstance(value, Annotation) else None
    if not isinstance(value, Annotation) or not isinstance(home, DocumentRecord) or home.revision == value.revision:
        return value
    return replace(value, revision=home.revision, start=0, end=0, state="orphaned")


def _check_ground(connection: Connection, new: Iterable[Value], written: Mapping[str, Value]) -> None:
    """See that what new annotations stand on is there: their document's newest text, and what replies answer."""
    made = [value for value in new if isinstance(value, Annotation)]
    homes = {key: written.get(key) for key in {value.document for value in made}}
    newest = {
        key: home.revision if isinstance(home, DocumentRecord) else queries.newest(connection, key)
        for key, home in homes.items()
    }
    parents = [value.parent for value in made if value.parent is not None and value.parent not in written]
    heads = {
        value.id: value for part in queries.batches(parents) for value in queries.stored(connection, Annotation, part)
    }
    for value in made:
        head = heads.get(value.parent or "")
        if newest[value.document] != value.revision or (head is not None and head.deleted is not None):
            raise _stale()


def _stale() -> StaleError:
    return StaleError(
        "Something else has changed this in the library meanwhile, so nothing was written. "
        "Look at it as it is now, then try again."
    )


def _compare(expected: Value | None, stored: Value | None) -> None:
    """Where a document has been read to is not part of an edit: it moves on while edits wait to be undone."""
    if isinstance(expected, DocumentRecord) and isinstance(stored, DocumentRecord):
        stored = replace(stored, progress=expected.progress, opened=expected.opened)
    if not same(expected, stored):
        raise _stale()
